#pragma once
// Calendar: the windows, the written phase of each line, and what both allow now. Whoever asks gets the stricter of the
// two: closed as soon as the windows say so, open only when the record does (P6). Thread-safe.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/calendar/phase.h"
#include "gateway/core/clock.h"
#include "store/store.h"

namespace tvan {

// What the gateway does with new messages of a class while its line does not send (P5).
enum class IntakeMode { kHold, kRefuseNew };

struct VersionedWindow {
  Window window;
  uint64_t version = 0;
  Time changed_at;
  std::string author, reason;  // of this version
};

class Calendar {
 public:
  static Result<std::unique_ptr<Calendar>> Load(Store& store, const PhaseRules& rules);  // calendar.damaged
  virtual ~Calendar() = default;
  virtual LineState At(const LineId& line, MessageClass cls, Time now) const = 0;
  // True while at least one class may be sent or answers may be read on this line; also while it is verified or down.
  bool MayReceive(const LineId& line, Time now) const { return now < ReceiveUntil(line, now); }
  // Until when the first byte of a read may leave, as long as the windows stay as they are; 0: not now.
  virtual Time ReceiveUntil(const LineId& line, Time now) const = 0;
  virtual std::vector<Window> Windows() const = 0;  // as they are entered: a recurring one once
  virtual std::vector<VersionedWindow> VersionedWindows() const = 0;
  virtual const PhaseRules& rules() const = 0;
  // Durable, then visible. `expected_version` is the version that the change was made from; none: whatever there is.
  // created_at is kept from the first version, first_end from the last one before it began. Errors: calendar.invalid
  // (CheckWindow), store.conflict (another version stands there by now), calendar.over (a stop that is over is not
  // changed any more).
  virtual Result<uint64_t> Put(const Window& window, const std::string& author, const std::string& reason, Time now,
                               std::optional<uint64_t> expected_version = std::nullopt) = 0;

  // The step of a line's one owner: what phase follows for each class; written when it is another. True: something is.
  // Not OK: nothing opens; what closes is closed by the windows anyway. An order to break glass is taken from the
  // store.
  virtual Result<bool> Advance(const LineId& line, LineFacts facts) = 0;
  virtual PhaseRecord Phases(const LineId& line) const = 0;
  // Written versions of the line's phases, oldest first; their epochs are the versions. calendar.damaged, store.io
  virtual Result<std::vector<PhaseRecord>> PhaseHistory(const LineId& line, const HistoryPage& page = {}) const = 0;
  // One operator opens a line that is verified or down, without green. calendar.reason_missing (fewer than 10 bytes),
  // calendar.not_verifying (it is open, or a window closes it: end that early instead). True: in force; false: a second
  // operator must say the same within fifteen minutes (rules.break_glass_persons).
  virtual Result<bool> Order(const LineId& line, const BreakGlass& order) = 0;

  // One audited switch per class. Default: hold.
  virtual IntakeMode ModeOf(MessageClass cls) const = 0;
  virtual Status SetMode(MessageClass cls, IntakeMode mode, const std::string& author, const std::string& reason,
                         Time now) = 0;
  // The longer of it and stop_margin is kept free of first bytes before a stop; bounded to ten minutes. From the owner,
  // measured: the 95th percentile of the time to a 999.
  virtual void SetLastCall(MessageClass cls, Span last_call) = 0;

  // Reads again what other gateways of the same store may have written, and tells the listeners what moved. Not OK:
  // what was known stays.
  virtual Status Follow() = 0;

  // Called after each change of windows, modes or orders, from the changing thread; once, before use.
  virtual void SetListener(std::function<void()> on_change) = 0;
  // Called after each change of a line's phases, from the thread of its owner or of Follow; short; once, before use.
  virtual void SetPhaseListener(std::function<void(const PhaseRecord&)> on_phase) = 0;
};

}  // namespace tvan
