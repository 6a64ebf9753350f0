#pragma once
// The lexical pass before libxml2 sees a document: one linear walk over the bytes that enforces UTF-8 and every limit,
// refuses DOCTYPE and processing instructions, and records where each element stands. In XML without a DOCTYPE the
// places of tags follow from the bytes alone, so the n-th start tag here is the n-th element of the parser; the caller
// compares names and count and refuses a document on which the two disagree. Pure, any thread.

#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/xml_document.h"

namespace tvan {

// One element, offsets into the scanned bytes; `tag_end` and `end` stand behind the '>'.
struct ElementSpan {
  uint32_t start = 0;
  uint32_t tag_end = 0;
  uint32_t end = 0;
  uint32_t name_size = 0;  // bytes of the qualified name that follows '<'
};

// All elements in document order. Errors: those of XmlDocument (adapters/xml_document.h), all permanent; besides the
// listed limits, namespace declarations in scope at one place are bounded by max_attributes (canonicalisation walks
// them for each element).
Result<std::vector<ElementSpan>> ScanXml(std::string_view bytes, const XmlLimits& limits);

// True when `bytes` is UTF-8 (no overlong forms, no surrogates, at most U+10FFFF) without NUL.
bool IsUtf8Text(std::string_view bytes);

}  // namespace tvan
