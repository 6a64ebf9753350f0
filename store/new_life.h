#pragma once
// The first act of a store that is a copy: another incarnation, and the record of where it comes from. Used by every
// backend's restore. Pure but for the writes it is given.

#include <string>
#include <string_view>

#include "store/recovery.h"
#include "store/write_set.h"

namespace tvan {

struct NewLife {
  Recovery::Reason reason = Recovery::Reason::kRestore;
  std::string incarnation;  // of the new store, 32 hex digits
  Time as_of;               // what the older store did before it was copied
  Time made_at;
};
// Errors stick in writes.status(). store.argument: the incarnation is the old one's.
Status BeginNewLife(const NewLife& life, WriteSet& writes);

std::string Encode(const Recovery& recovery);
Result<Recovery> DecodeRecovery(std::string_view bytes);

}  // namespace tvan
