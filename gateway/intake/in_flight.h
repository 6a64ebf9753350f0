#pragma once
// What each provider has on its way, counted and weighed: the bound of DESIGN section 6. Thread-safe.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "gateway/core/clock.h"
#include "gateway/core/ids.h"
#include "gateway/core/metrics.h"

namespace tvan {

class InFlight {
 public:
  // Gauges are told of every change; null: nobody is.
  explicit InFlight(Clock& clock, Gauge* count = nullptr, Gauge* bytes = nullptr)
      : clock_(clock), count_gauge_(count), bytes_gauge_(bytes) {}
  enum class Entry { kTaken, kProviderFull, kFull, kClosed };
  struct Limits {
    uint32_t count = UINT32_MAX;         // of one provider
    uint64_t bytes = UINT64_MAX;         // of one provider; its first one may exceed it
    uint64_t bytes_of_all = UINT64_MAX;  // kFull beyond it
  };
  // A place among those in flight, given back when it goes away; ends before the InFlight.
  class Place {
   public:
    Place(InFlight& in_flight, ProviderId provider, uint64_t bytes)
        : in_flight_(in_flight), provider_(std::move(provider)), bytes_(bytes) {}
    ~Place() { in_flight_.Leave(provider_, bytes_, under_way_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    // There is an outcome: its bytes are gone, nobody waits for it any more, the place is kept. By its one owner.
    void Unload() { in_flight_.Unload(provider_, std::exchange(bytes_, 0), std::exchange(under_way_, false)); }

   private:
    InFlight& in_flight_;
    const ProviderId provider_;
    uint64_t bytes_;
    bool under_way_ = true;
  };
  // `place` is set when the entry is taken.
  Entry TryEnter(const ProviderId& provider, const Limits& limits, uint64_t bytes, std::shared_ptr<Place>& place);
  Entry TryEnter(const ProviderId& provider, uint32_t limit, std::shared_ptr<Place>& place) {
    return TryEnter(provider, Limits{limit}, 0, place);
  }
  // Lets nobody in any more and waits until all have an outcome or have left, at most `patience`; answers how many
  // have neither. An outcome that its client does not read is not waited for.
  uint64_t CloseAndWait(Span patience);

 private:
  struct Load {
    uint32_t count = 0;
    uint64_t bytes = 0;
  };
  void Leave(const ProviderId& provider, uint64_t bytes, bool was_under_way);
  void Unload(const ProviderId& provider, uint64_t bytes, bool was_under_way);
  void Decided(bool was_under_way);  // mutex_ held
  void Tell() const;                 // mutex_ held
  Clock& clock_;
  Gauge* const count_gauge_;
  Gauge* const bytes_gauge_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::map<ProviderId, Load> loads_;
  uint64_t total_ = 0, total_bytes_ = 0, under_way_ = 0;
  bool closed_ = false;
};

}  // namespace tvan
