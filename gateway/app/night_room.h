#pragma once
// What operators do, see and write down around a stop, put together: their desk, the night's screen, the records, the
// alarm of an overdue contact sheet. Once a minute it looks at what changes slowly: certificates, the sheets, the rate
// of intake. Thread-safe; owned by the gateway, borrows its parts.

#include <functional>
#include <mutex>
#include <vector>

#include "gateway/admin/night_desk.h"
#include "gateway/admin/night_records.h"
#include "gateway/admin/night_screen.h"
#include "gateway/app/certificate_ends.h"
#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "gateway/intake/calendar_answers.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class NightRoom {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    ContractBook& contracts;
    Dispatcher& dispatcher;
    const CalendarAnswers& answers;  // what providers are told of the line
    const Notices& notices;
    const NoticeReaders& readers;
    Clock& clock;
    Executor& pool;  // for what blocks
    Metrics& metrics;
    std::function<std::string()> signature_alarm;
    std::function<AllInForce()> in_force{};  // none: what the files say
  };
  NightRoom(const config::v1::Config& config, Parts parts);
  ~NightRoom() { Stop(); }

  void Start();
  void Stop();
  NightDesk& desk() { return desk_; }
  NightScreen& screen() { return screen_; }
  NightRecords& records() { return records_; }

 private:
  NightDesk::Parts DeskParts() const;
  NightRecords::Parts RecordParts() const;
  NightScreen::Parts ScreenParts();
  std::vector<NightScreen::Ending> Certificates() const;
  void Look();  // on the pool
  void Plan();

  const config::v1::Config config_;
  const LineId line_;
  const Parts parts_;
  std::mutex mutex_;  // guards the next
  std::vector<NightScreen::Ending> certificates_;
  NightDesk desk_;
  NightRecords records_;
  NightScreen screen_;
  ContactWatch contacts_;  // of the running Look alone
  Timer look_;             // last: stopped before the rest goes
};

}  // namespace tvan
