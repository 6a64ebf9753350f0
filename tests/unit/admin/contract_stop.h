#pragma once
// A contract desk in front of a planned stop, with messages that wait. For tests; one thread.

#include "adapters/signature.h"
#include "gateway/core/digest.h"
#include "tests/support/fake_messages.h"
#include "tests/unit/admin/contract_world.h"

namespace tvan {

class ContractStopTest : public ContractDeskTest {
 protected:
  // The night of 2026-11-25, 00:00 to 03:45, checked until 05:00. Now it is the 21st, 10:00.
  void PutStop(const std::string& day = "2026-11-25") {
    Window stop;
    stop.id = "night";
    stop.start = *ParseDate(day);
    stop.end = stop.start + std::chrono::minutes(225);
    stop.verify_until = stop.start + std::chrono::hours(5);
    stop.reason = "upgrade";
    ASSERT_TRUE(calendar_->Put(stop, "Lan", "announced", clock_->Now()).ok());
  }
  void Accept(const std::string& id, const std::string& mst) {
    AcceptFake(*store_, {.id = id, .type = 203, .mst = mst}, *digester_, clock_->Now());
  }
  std::unique_ptr<Digester> digester_ = MakeDigester();
};

}  // namespace tvan
