#pragma once
// Kinds of text values: "file", "secret file", "path", "listen", "mst", "id", "sha256", "clock", "code", "host",
// "tax code source", "time", "date", "date or time".
// Looks at the file system for the file kinds only.

#include <string>
#include <string_view>

namespace tvan::config {

struct KindVerdict {
  std::string value;  // as to be kept: paths absolute
  std::string error;  // not empty: why it is refused
  std::string warning;
};
// `kind` empty, or a choice: anything goes here.
KindVerdict CheckKind(std::string_view kind, const std::string& text, const std::string& folder);

}  // namespace tvan::config
