#pragma once
// Trust that changes while the gateway runs: has the verifiers look at their files every so often, on a thread of its
// own, and says what came of it. What cannot be read leaves in force what was loaded. Owned by the gateway, which
// starts and stops it from one thread; the verifiers outlive it.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/signature.h"
#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"

namespace tvan {

class TrustWatch {
 public:
  struct List {
    std::string name;  // "sellers", "authority": a label
    SignatureVerifier& verifier;
    std::function<void()> changed = {};  // after other files came into force; on the thread, short
  };
  TrustWatch(Span every, const std::vector<List>& lists, Clock& clock, Metrics& metrics);
  ~TrustWatch();

  void Also(std::function<void()> look) { also_ = std::move(look); }  // at each look, behind the lists; before Start
  void Start();  // says what is loaded; the first look comes after `every`
  void Stop();   // waits for a running look
  // Lists whose files could not be taken at the last look, and why: what was loaded before is in force. Any thread.
  std::map<std::string, std::string> Refused() const;

 private:
  struct Watched {
    std::string name;
    SignatureVerifier& verifier;
    std::function<void()> changed;
    Counter& loads;
    Counter& failures;
    Gauge& roots;
    Gauge& next_update;
    Time expired = {};  // "next update" of the lists that were logged as expired
  };
  void Arm();
  void LookAtAll();  // on the thread
  void LookAt(Watched& list);
  void Failed(Watched& list, const Status& status);
  std::string Note(const std::string& list, const std::string& failure);  // answers what was noted before
  void Show(const Watched& list);                                         // facts that are in force: gauges, log
  void WarnOfExpired(Watched& list);

  const Span every_;
  Clock& clock_;
  std::function<void()> also_;
  std::vector<Watched> lists_;  // of Start, then of the thread alone
  mutable std::mutex mutex_;
  std::map<std::string, std::string> refused_;  // by list; the last failure that was logged
  std::unique_ptr<Executor> thread_;
  Timer next_;
};

}  // namespace tvan
