#pragma once
// What operators see and write down around a stop, put together: the night's screen, the records, the alarm of an
// overdue contact sheet. Once a minute it looks at what changes slowly: certificates, the sheets, the rate of intake.
// Thread-safe; owned by the gateway.

#include <functional>
#include <mutex>
#include <vector>

#include "gateway/admin/night_desk.h"
#include "gateway/admin/night_records.h"
#include "gateway/admin/night_screen.h"
#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// Certificates in the files of this configuration: of our listeners and our line, whatever their dates; of the trust
// lists those that are good at `now`, since an old one there is no fault.
std::vector<NightScreen::Ending> CertificateEnds(const config::v1::Config& config, Time now);

class NightRoom {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    ContractBook& contracts;
    Dispatcher& dispatcher;
    NightDesk& desk;  // asked for the board of a drain, and who has read the newest notice
    Clock& clock;
    Executor& pool;  // for what blocks
    Metrics& metrics;
    std::function<std::string()> signature_alarm;
  };
  NightRoom(const config::v1::Config& config, Parts parts);
  ~NightRoom() { Stop(); }

  void Start();
  void Stop();
  NightScreen& screen() { return screen_; }
  NightRecords& records() { return records_; }

 private:
  NightRecords::Parts RecordParts() const;
  NightScreen::Parts ScreenParts();
  void Look();  // on the pool
  void Plan();

  const config::v1::Config config_;
  const Parts parts_;
  std::mutex mutex_;  // guards the next
  std::vector<NightScreen::Ending> certificates_;
  NightRecords records_;
  NightScreen screen_;
  ContactWatch contacts_;  // of the running Look alone
  Timer look_;             // last: stopped before the rest goes
};

}  // namespace tvan
