#pragma once
// What providers may ask about stops of the line, free of gRPC. Nothing here looks at the store but Acknowledge, which
// writes to it (blocking: run it on the read pool). A provider never sees what belongs to another. Thread-safe.

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/notice_readers.h"
#include "gateway/calendar/notices.h"
#include "gateway/core/clock.h"
#include "tvan/v1/calendar.pb.h"

namespace tvan {

// What dispatch knows of the line: of all that waits, not of one provider.
struct LineView {
  std::optional<ProbeRound> last_probe;
  std::optional<v1::GetLineStatusResponse::Forecast> forecast;
};

class CalendarAnswers {
 public:
  static constexpr size_t kMostStops = 1000;  // of one answer
  struct Parts {
    const Calendar& calendar;
    Notices& notices;
    NoticeReaders& readers;
    LineId line;
    std::string incarnation;  // of the store
    const Clock& clock;
    std::function<LineView()> view{};  // short; none: neither probe nor forecast is known
  };
  explicit CalendarAnswers(Parts parts) : parts_(std::move(parts)) {}

  // intake.bad_request: to not after from, more than 400 days or 1000 stops.
  Result<v1::ListWindowsResponse> List(const v1::ListWindowsRequest& request) const;
  // Made anew when it is a second old, or something was told to have changed: a flood of questions costs one answer.
  v1::GetLineStatusResponse LineStatus() const;
  void LineChanged() { ++changes_; }  // phase, windows or modes; from any thread, waits for nobody
  // calendar.no_notice, store.*
  Result<v1::AcknowledgeNoticeResponse> Acknowledge(const ProviderId& provider, uint64_t number);

  // The number after which a cursor goes on. Empty, or of another life of the store: all that the provider has not
  // acknowledged, from the first. intake.bad_request: not one of ours.
  Result<uint64_t> After(const ProviderId& provider, const std::string& cursor) const;
  // The next notice after `number`, as this provider gets it; nullopt: none yet.
  std::optional<v1::Notice> Next(const ProviderId& provider, uint64_t number) const;

 private:
  v1::GetLineStatusResponse MakeLineStatus() const;

  const Parts parts_;
  std::atomic<uint64_t> changes_{0};
  mutable std::mutex mutex_;  // guards the next; held while a status is made: who asks meanwhile gets the same
  mutable std::optional<v1::GetLineStatusResponse> status_;
  mutable uint64_t status_changes_ = 0;  // as counted before it was made
  mutable Steady status_at_{};
};

}  // namespace tvan
