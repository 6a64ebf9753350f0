#include "adapters/simulator/windows.h"

namespace tvan::sim {

Windows::Windows(std::vector<WindowEntry> entries, Clock& clock, Transcript& transcript)
    : entries_(std::move(entries)), clock_(clock), transcript_(transcript) {
  Time now = clock_.Now();
  Steady steady = clock_.SteadyNow();
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].end <= now) continue;
    if (entries_[i].start <= now)
      Announce("window_open", i);
    else
      timers_.push_back(clock_.RunAt(steady + (entries_[i].start - now), [this, i] { Announce("window_open", i); }));
    timers_.push_back(clock_.RunAt(steady + (entries_[i].end - now), [this, i] { Announce("window_close", i); }));
  }
}

Windows::~Windows() {
  for (TimerId timer : timers_) clock_.Cancel(timer);
}

int Windows::OpenAt(Time t) const {
  for (size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].start <= t && t < entries_[i].end) return int(i) + 1;
  return 0;
}

void Windows::Announce(const char* kind, size_t index) {
  const WindowEntry& entry = entries_[index];
  transcript_.Write(Event(kind)
                        .Number("window", int64_t(index) + 1)
                        .At("start", entry.start)
                        .At("end", entry.end)
                        .Text("mode", ToString(entry.mode)));
}

}  // namespace tvan::sim
