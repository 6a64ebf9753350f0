#pragma once
// libxml2's canonical form of one element: the measure for our own canonicaliser, and what tests sign with. Pure.

#include <optional>
#include <string>

typedef struct _xmlNode xmlNode;  // libxml/tree.h

namespace tvan {

enum class C14nMode { kInclusive, kExclusive, kInclusive11 };

struct C14nRequest {
  const xmlNode* apex = nullptr;
  const xmlNode* left_out = nullptr;  // nullptr: nothing is
  C14nMode mode = C14nMode::kInclusive;
  bool comments = false;
  std::string inclusive_prefix = {};  // kExclusive only; empty: none
};
// nullopt: libxml2 refuses, which it does of any relative namespace name in the document.
std::optional<std::string> CanonicalByLibxml(const C14nRequest& request);

}  // namespace tvan
