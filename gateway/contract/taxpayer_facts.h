#pragma once
// What the facts of a taxpayer say at a time, read from the record's body without making a Taxpayer of it: asked for
// every message. Pure. Internal to the room.

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/contract/contracts.h"
#include "gateway/contract/stop_decisions.h"

namespace tvan {

// Views into the body.
struct TaxpayerFacts {
  struct Status {
    std::string_view code;
    Time since, known_at;
  };
  // Of all accepted registrations that had begun: bit n of a class or of a KHMSHDon digit. 0: not known of one of them,
  // or there is none.
  struct Registered {
    uint32_t classes = 0, kinds = 0;
  };
  std::optional<Status> status;  // the last one that had begun
  std::optional<StopView> stop;  // the last one that had begun, of those that stand
  Registered registered;
};
TaxpayerFacts FactsAt(std::string_view body, Time at);

}  // namespace tvan
