#pragma once
// How many submits of each provider are on their way: the bound of DESIGN section 6. Thread-safe.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

#include "gateway/core/clock.h"
#include "gateway/core/ids.h"

namespace tvan {

class InFlight {
 public:
  explicit InFlight(Clock& clock) : clock_(clock) {}
  enum class Entry { kTaken, kProviderFull, kClosed };
  Entry TryEnter(const ProviderId& provider, uint32_t limit);
  void Leave(const ProviderId& provider);
  // Lets nobody in any more and waits until all have left, at most `patience`; answers how many remain.
  uint64_t CloseAndWait(Span patience);

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::map<ProviderId, uint32_t> counts_;
  uint64_t total_ = 0;
  bool closed_ = false;
};

}  // namespace tvan
