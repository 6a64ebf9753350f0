#pragma once
// The nodes of documents that are gone, kept for the next ones: to ask malloc for each and to give each back is half of
// what a tree costs. Each thread keeps its own until it ends, at most kMostSpareNodes. Each is a block of libxml2's
// allocator, so that libxml2 may free any of them itself.

#include <libxml/parser.h>

#include <cstddef>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__)
#define TVAN_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TVAN_ADDRESS_SANITIZER 1
#endif
#endif

namespace tvan {

// 128 KB a thread, the nodes of a message of 14 KB. None under AddressSanitizer: it is to see a node that is used after
// its document.
#ifdef TVAN_ADDRESS_SANITIZER
inline constexpr size_t kMostSpareNodes = 0;
#else
inline constexpr size_t kMostSpareNodes = 1024;
#endif

// xmlCtxtReadMemory on UTF-8 text, from the nodes that this thread keeps.
xmlDoc* ReadDocument(xmlParserCtxt* context, std::string_view text, int options);

// xmlFreeDoc, but this thread keeps the nodes. Of a document that libxml2's SAX2 handlers built; each element that they
// did not build (signing puts some in) has no _private.
void FreeDocument(xmlDoc* document);

}  // namespace tvan
