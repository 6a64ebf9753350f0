#pragma once
// The audit chain as bytes: store/AUDIT.md. An entry is stored as its hash and then what is hashed. store.damaged: it
// cannot be read, or would not be written so. Pure functions.

#include <string>
#include <string_view>

#include "store/audit.h"

namespace tvan {

std::string Encode(const AuditEntry& entry);
Result<AuditEntry> DecodeAuditEntry(std::string_view bytes);
std::string Encode(const AuditHead& head);
Result<AuditHead> DecodeAuditHead(std::string_view bytes);

}  // namespace tvan
