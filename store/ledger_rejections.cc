// The ring of rejections: the newest of each provider, over the oldest.
#include "store/codec.h"
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {

void Ledger::NoteRejections(const std::vector<Rejection>& rejections) {
  for (const Rejection& rejection : rejections) {
    if (rejection.provider.empty()) continue;
    Rejection numbered = rejection;
    numbered.number = writes_.Add(Family::kControl, keys::RejectionCount(rejection.provider), 1);
    const uint64_t place = numbered.number % kRejectionsKept;
    writes_.Put(Family::kIndex, keys::RejectionEntry(rejection.provider, place), Encode(numbered));
  }
}

}  // namespace tvan
