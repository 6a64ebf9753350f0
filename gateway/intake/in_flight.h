#pragma once
// How many submits of each provider are on their way: the bound of DESIGN section 6. Thread-safe.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "gateway/core/clock.h"
#include "gateway/core/ids.h"

namespace tvan {

class InFlight {
 public:
  explicit InFlight(Clock& clock) : clock_(clock) {}
  enum class Entry { kTaken, kProviderFull, kClosed };
  // A place among those in flight, given back when it goes away; ends before the InFlight.
  class Place {
   public:
    Place(InFlight& in_flight, ProviderId provider) : in_flight_(in_flight), provider_(std::move(provider)) {}
    ~Place() { in_flight_.Leave(provider_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    InFlight& in_flight_;
    const ProviderId provider_;
  };
  // `place` is set when the entry is taken.
  Entry TryEnter(const ProviderId& provider, uint32_t limit, std::shared_ptr<Place>& place);
  // Lets nobody in any more and waits until all have left, at most `patience`; answers how many remain.
  uint64_t CloseAndWait(Span patience);

 private:
  void Leave(const ProviderId& provider);
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::map<ProviderId, uint32_t> counts_;
  uint64_t total_ = 0;
  bool closed_ = false;
};

}  // namespace tvan
