#pragma once
// Everything that an operator needs at one look around a stop of the line, in one answer (NightService.GetNight). What
// nobody knows is left out, never made up. Blocking; thread-safe. Borrows its parts.

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/admin/disk_facts.h"
#include "gateway/calendar/calendar.h"
#include "gateway/calendar/contact_sheet.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/dispatch/dispatcher.h"
#include "store/store.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan {

// How many messages a second come in, from counts that are taken now and then. Thread-safe.
class IntakeRate {
 public:
  void Take(Steady now, uint64_t accepted_total);
  std::optional<double> PerSecond() const;  // over the last ten minutes; nullopt: less than ten seconds were seen

 private:
  static constexpr Span kLeast = std::chrono::seconds(10), kKept = std::chrono::minutes(10);
  static constexpr Span kApart = std::chrono::seconds(5);
  mutable std::mutex mutex_;
  std::deque<std::pair<Steady, uint64_t>> seen_;  // at most kKept / kApart
};

class NightScreen {
 public:
  struct Ending {
    std::string what, name;  // certificate, trust, contract
    Time at{};
    std::string unreadable{};  // why it is not known when; `at` is 0 then
  };
  struct Parts {
    Store& store;
    Calendar& calendar;
    ContractBook& contracts;
    Dispatcher& dispatcher;
    LineId line;
    const Clock& clock;
    Span contact_before = kContactBefore;
    // What others know. Not given, or no answer: unknown.
    std::function<std::optional<admin::v1::Drain>()> drain{};
    std::function<std::optional<admin::v1::ListAcknowledgementsResponse>()> newest_notice{};
    std::function<std::optional<DiskFacts>()> disk{};
    std::function<std::vector<Ending>()> certificates{};  // all that we use; unset: what ends is unknown
    std::function<std::string()> signature_alarm{};
  };
  explicit NightScreen(Parts parts) : parts_(std::move(parts)) {}

  admin::v1::Night Get();
  void Look();  // for the rate of intake; every minute, so that the first question has an answer

 private:
  LineState FillLine(Time now, admin::v1::Night& night) const;  // answers that of its most open class
  void FillWindow(const Window& window, Time now, Phase phase, admin::v1::Night& night) const;
  void FillOnCall(const Window& window, Time now, admin::v1::Night& night) const;
  void FillLineKnowledge(const Dispatcher::View& view, admin::v1::Night& night) const;
  void FillUnread(admin::v1::Night& night) const;
  void FillDisk(admin::v1::Night& night);
  void FillEndings(Time now, Time before, admin::v1::Night& night) const;
  void FillRecords(Time now, admin::v1::Night& night) const;

  const Parts parts_;
  IntakeRate intake_;
};

// Before when a certificate or contract must not end: 05:00 of the night, or the end of the check if that is later.
// Without a stop: a day from now.
Time LookEndingsUntil(const std::optional<Window>& night, Time now);

}  // namespace tvan
