#pragma once
// Inclusive Canonical XML 1.0 (http://www.w3.org/TR/2001/REC-xml-c14n-20010315) without comments, for the subset that
// passes our parser (no DTD, no entities, no processing instructions): one element with all that stands in it, less at
// most one subtree. Private to adapters/signature; pure, any thread; nothing is changed in the document.
// Why our own: libxml2 walks the whole document with a set of nodes for each element digested (ARCHITECTURE.md).

#include <string>
#include <string_view>

struct _xmlNode;
typedef struct _xmlNode xmlNode;  // libxml2's

namespace tvan {

// Appends the canonical form of `apex` without `left_out` (nullptr: nothing is left out) to `*out`. False: something
// in it or around it is outside of the subset (a namespace name that is not plain, a node of another kind); then
// `*out` means nothing.
[[nodiscard]] bool AppendCanonical(const xmlNode* apex, const xmlNode* left_out, std::string* out);

// "http://…", "https://…" or "urn:…" of plain characters, or empty.
bool IsPlainNamespaceName(std::string_view name);

// Whether a comment stands anywhere in `node`.
bool HoldsComment(const xmlNode* node);

}  // namespace tvan
