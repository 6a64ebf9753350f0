#pragma once
// The shared vectors folder ($TVAN_SHARED/vectors, or ../shared/vectors beside the source tree): data that others made,
// each folder with an EXPECTED.tsv. Tests that need it are skipped loudly when it is not there. Single thread.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace tvan {

using VectorRow = std::map<std::string, std::string>;  // column name -> value

inline std::optional<std::filesystem::path> VectorsFolder() {
  namespace fs = std::filesystem;
  const char* shared = std::getenv("TVAN_SHARED");
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  fs::path folder;
  if (shared != nullptr) {
    folder = fs::path(shared) / "vectors";
  } else if (source != nullptr) {
    folder = fs::path(source) / ".." / "shared" / "vectors";
  }
  return !folder.empty() && fs::is_directory(folder) ? std::optional(folder) : std::nullopt;
}

inline std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::vector<std::string> SplitTabs(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
  return cells;
}

inline std::vector<VectorRow> ReadExpected(const std::filesystem::path& folder) {
  std::vector<VectorRow> rows;
  std::ifstream file(folder / "EXPECTED.tsv");
  std::string line;
  std::getline(file, line);
  const auto names = SplitTabs(line);
  while (std::getline(file, line)) {
    const auto cells = SplitTabs(line);
    VectorRow row;
    for (size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
    if (!row["file"].empty()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tvan

#define TVAN_NEEDS_VECTORS(folder)                                                                 \
  const auto folder = ::tvan::VectorsFolder();                                                     \
  if (!folder) {                                                                                   \
    GTEST_SKIP() << "NOT RUN: the shared vectors are not on this machine (set TVAN_SHARED to the " \
                    "folder that holds vectors/)";                                                 \
  }                                                                                                \
  static_assert(true, "")
