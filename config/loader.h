#pragma once
// The configuration loader: YAML on disk, walked against the protobuf schema (proto/tvan/config/v1) by reflection.
// Unknown keys are refused; every problem of a file is reported at once, each with file:line:column. Nothing is opened
// but the files that fields name. Pure apart from reading files; called once at start, by app and tvanctl.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/time.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

struct ConfigProblem {
  int line = 0;      // from 1; 0: the file as a whole
  int column = 0;    // from 1
  std::string path;  // "provider_api.listen"; empty: the file as a whole
  std::string text;
};

struct ConfigReport {
  config::v1::Config config;  // complete (defaults filled in, paths absolute) when there are no errors
  std::string file;
  std::vector<ConfigProblem> errors;
  std::vector<ConfigProblem> warnings;
  bool ok() const { return errors.empty(); }
  // One line per problem: "gateway.yaml:12:3: provider_api.listen: not HOST:PORT". Errors first.
  std::string Text() const;
  void SortByPlace();
};

ConfigReport LoadConfig(const std::string& file);
// The same from memory; relative paths start at `folder`, `file` is what the problems are reported against.
ConfigReport ParseConfig(std::string_view yaml, const std::string& file, const std::string& folder);

// config/REFERENCE.md: every field with default, bounds, reloadable or not, and its sentence.
std::string ConfigReference();

inline Span SpanOf(const google::protobuf::Duration& d) {
  return std::chrono::seconds(d.seconds()) + std::chrono::microseconds(d.nanos() / 1000);
}

}  // namespace tvan
