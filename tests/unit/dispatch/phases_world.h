#pragma once
// The world of tests that live through the phases of a line: probes that can be red, and what was written.

#include "tests/unit/dispatch/world.h"

namespace tvan {

class PhasesWorld : public DispatchWorld {
 protected:
  PhasesWorld() {
    authority.on_probe = [this] { return red ? NoConnection() : Status(); };
  }
  Phase Now(MessageClass cls = MessageClass::kCoded) const {
    return calendar->At(options.line, cls, clock->Now()).phase;
  }
  // Every phase of coded invoices that was written, oldest first.
  std::string Written() const {
    std::string text;
    std::optional<Phase> last;
    const std::vector<PhaseRecord> history = calendar->PhaseHistory(options.line).value();
    for (const PhaseRecord& record : history) {
      const Phase phase = record.classes.at(MessageClass::kCoded).phase;
      if (phase != last) text += (text.empty() ? "" : " ") + std::string(ToString(phase));
      last = phase;
    }
    return text;
  }
  // The check after it is planned to last `verified`.
  void Stop(Span from_now, Span length, Span verified) {
    Window w;
    w.id = "night";
    w.start = clock->Now() + from_now;
    w.end = w.start + length;
    w.verify_until = w.end + verified;
    ASSERT_TRUE(calendar->Put(w, "ops", "test", clock->Now()).ok());
  }
  bool Shows(const std::string& line) const { return metrics->Render().find(line + "\n") != std::string::npos; }

  std::atomic<bool> red{false};
};

}  // namespace tvan
