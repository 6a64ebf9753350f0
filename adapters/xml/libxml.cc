#include "adapters/xml/libxml.h"

#include <libxml/catalog.h>
#include <libxml/parser.h>

#include <atomic>
#include <mutex>

namespace tvan {
namespace {

std::atomic<uint64_t> load_attempts{0};

xmlParserInputPtr RefuseToLoad(const char*, const char*, xmlParserCtxtPtr) {
  load_attempts.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

void Silent(void*, const char*, ...) {}

}  // namespace

void StartLibxml() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
    xmlSetExternalEntityLoader(RefuseToLoad);
    // What has no handler of its own (canonicalisation) would be written to stderr. The setting is each thread's.
    xmlSetGenericErrorFunc(nullptr, Silent);
    xmlThrDefSetGenericErrorFunc(nullptr, Silent);
  });
}

uint64_t ExternalLoadAttempts() { return load_attempts.load(std::memory_order_relaxed); }

}  // namespace tvan
