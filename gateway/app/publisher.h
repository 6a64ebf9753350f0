#pragma once
// Publisher: writes calendar.json, calendar.jws and calendar.ics for a plain web server, each whole or not at all, on a
// thread of its own: when told, before what they say of the phase grows old, and every five minutes. What cannot be
// written raises the alarm app.publish, leaves the older files, and is tried again; nobody waits for it. Thread-safe;
// owned by the gateway.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "gateway/app/timer.h"
#include "gateway/calendar/published.h"
#include "gateway/core/digest.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "gateway/seal/seal.h"

namespace tvan {

class Publisher {
 public:
  struct Parts {
    std::function<Published()> look;  // at the calendar; no look at the store
    const Sealer& sealer;
    const Digester& digester;
    Clock& clock;
    Metrics& metrics;
  };
  // `folder` empty: nothing is ever written.
  Publisher(std::string folder, Parts parts);
  ~Publisher() { Stop(); }

  void Changed();  // returns at once; also the first time
  void Stop();

 private:
  void Publish();  // on the thread
  Status Write(const Published& published) const;
  void Tell(const Status& status);

  const std::string folder_;
  const Parts parts_;
  Gauge& alarm_;
  std::string told_;  // the failure that was logged last; of the thread alone
  std::unique_ptr<Executor> thread_;
  Timer next_;
};

}  // namespace tvan
