#pragma once
// A file of contract records, YAML: `records:` and a list below it (proto/tvan/config/v1/book.proto). Unknown keys are
// refused; every problem is reported at once, each with file:line:column. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "config/loader.h"
#include "tvan/config/v1/book.pb.h"

namespace tvan {

struct BookFile {
  std::vector<config::v1::BookEntry> records;  // complete when there are no errors
  ConfigReport report;                         // errors only; its `config` is empty
};

inline constexpr size_t kMostRecordsOfAFile = 100'000;

// `file` is what the problems are reported against.
BookFile ParseBook(std::string_view yaml, const std::string& file);
// What ParseBook reads as the same, with the list's key in front when `first`.
std::string WriteBook(const config::v1::BookEntry& record, bool first);

}  // namespace tvan
