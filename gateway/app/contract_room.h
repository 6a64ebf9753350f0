#pragma once
// What operators do with contracts, put together: the one door for changes, the desk, and the watch that says what ends
// soon, once a minute. Thread-safe; owned by the gateway, borrows its parts.

#include "gateway/admin/contract_desk.h"
#include "gateway/admin/contract_expiry.h"
#include "gateway/app/certificate_ends.h"
#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class ContractRoom {
 public:
  struct Parts {
    Store& store;
    ContractBook& contracts;
    Calendar& calendar;
    Clock& clock;
    Executor& pool;  // for what blocks
    Metrics& metrics;
    std::function<AllInForce()> in_force{};  // none: what the files say
  };
  ContractRoom(const config::v1::Config& config, Parts parts);
  ~ContractRoom() { Stop(); }

  void Start() { Plan(); }
  void Stop() { look_.Stop(); }
  ContractChanges& changes() { return changes_; }
  ContractDesk& desk() { return desk_; }

 private:
  std::vector<NightScreen::Ending> Certificates() const;  // read anew
  void Plan();

  const config::v1::Config config_;
  const Parts parts_;
  ContractChanges changes_;
  ContractDesk desk_;
  ExpiryWatch watch_;  // of the running look alone
  Timer look_;         // last: stopped before the rest goes
};

// Unknown words were refused when the configuration was read.
ContractChanges::Options ChangeSettings(const config::v1::Contracts& contracts);

}  // namespace tvan
