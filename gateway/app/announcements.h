#pragma once
// What providers learn of stops of the line, put together: notices and who read them, CalendarService, the published
// files. A changed window becomes a notice before its change is answered; a notice that cannot be written raises the
// alarm app.announce and is tried again. Thread-safe; owned by the gateway.

#include <functional>
#include <memory>

#include "gateway/app/catch_up_watch.h"
#include "gateway/app/publisher.h"
#include "gateway/app/timer.h"
#include "gateway/intake/calendar_service.h"
#include "store/store.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class Announcements {
 public:
  struct Parts {
    Store& store;
    const Calendar& calendar;
    const Sealer& sealer;
    Clock& clock;
    ProviderCalls::Parts calls;
    std::function<LineView()> view;  // what dispatch knows of the line
  };
  // calendar.damaged
  static Result<std::unique_ptr<Announcements>> Make(const config::v1::Config& config, Parts parts);
  ~Announcements() { Stop(); }

  void Start();            // makes what notices a crash left out, and the first files
  void CalendarChanged();  // windows or modes; blocks on the store
  void PhaseChanged();
  // What other gateways of the same store told, and who read it through them.
  Status Follow() { return notices_->Follow(); }
  Status FollowReaders(const std::vector<std::string>& ids) { return readers_->Follow(ids); }
  void StopStreams() { service_->Stop(); }
  void Stop();

  CalendarService& service() { return *service_; }
  const CalendarAnswers& answers() const { return *answers_; }
  const Notices& notices() const { return *notices_; }
  const NoticeReaders& readers() const { return *readers_; }

 private:
  explicit Announcements(Parts parts);
  void MakeRest(const config::v1::Config& config);
  void Announce();
  void TryAgain();
  Published Look(const std::string& gateway) const;
  void AddForecast(CatchUpFacts& facts) const;

  const Parts parts_;
  LineId line_;
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<NoticeReaders> readers_;
  std::unique_ptr<CalendarAnswers> answers_;
  std::unique_ptr<CalendarService> service_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<CatchUpWatch> catch_up_;
  Gauge& alarm_;
  Timer retry_;  // last: stopped before the rest goes
};

}  // namespace tvan
