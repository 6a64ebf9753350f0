#pragma once
// libxml2 for the rooms that link it (adapters/xml, adapters/signature): started once, silent, without catalogs and
// with an external entity loader that refuses and counts. Any thread.

#include <cstdint>

namespace tvan {

// Idempotent. Called by MakeXmlParser.
void StartLibxml();

// How often libxml2 was asked to open a file or an address since the start of the process; always refused.
uint64_t ExternalLoadAttempts();

}  // namespace tvan
