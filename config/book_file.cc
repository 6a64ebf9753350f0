#include "config/book_file.h"

#include "config/list_file.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr char kList[] = "records";

std::string Quoted(const std::string& text) { return "\"" + JsonEscape(text) + "\""; }

}  // namespace

BookFile ParseBook(std::string_view yaml, const std::string& file) {
  BookFile read;
  read.report.file = file;
  config::Walker walker(read.report, "");
  try {
    const YAML::Node list = config::ListOf(YAML::Load(std::string(yaml)), kList, kMostRecordsOfAFile, walker);
    read.records.reserve(list.size());
    size_t i = 0;
    for (const YAML::Node& entry : list)
      walker.Walk(entry, std::string(kList) + "[" + std::to_string(i++) + "]", read.records.emplace_back());
  } catch (const YAML::Exception& e) {
    walker.Error(e.mark, "", "not YAML: " + e.msg);
  }
  read.report.SortByPlace();
  return read;
}

std::string WriteBook(const config::v1::BookEntry& record, bool first) {
  std::string out = first ? std::string(kList) + ":\n" : "";
  out += "  - kind: " + record.kind() + "\n    id: " + Quoted(record.id()) + "\n    set:\n";
  for (const std::string& set : record.set()) out += "      - " + Quoted(set) + "\n";
  return out;
}

}  // namespace tvan
