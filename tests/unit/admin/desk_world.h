#pragma once
// A desk on a store in memory, with a dispatcher that sends nothing. For the tests of the desk; one thread.

#include <gmock/gmock.h>

#include "gateway/admin/desk.h"
#include "gateway/dispatch/watch_rules.h"
#include "gateway/intake/convert.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"
#include "tests/support/memory_store.h"

namespace tvan {

// Keeps what it was told; sends nothing.
class StillDispatcher : public Dispatcher {
 public:
  void Start(const Fence&) override {}
  void Stop() override {}
  void Wake() override {}
  void LineDown(Reason, const std::string&, const MessageId&) override {}
  Status Resolve(const MessageId& id, const std::string& decision, const std::string& author) override {
    resolved = id.value() + " " + decision + " " + author;
    return {};
  }
  View view() const override {
    View view = shown;
    view.down_reason = "line.timeout";
    view.census = census;
    return view;
  }
  Standing standing(const MessageMeta& meta) const override {
    return StandingOf(meta, {.now = now, .open_since = Time{}}, ClassPolicy());
  }
  std::shared_ptr<const Census> census = std::make_shared<const Census>();
  View shown;
  Time now;
  std::string resolved;
};

class DeskTest : public testing::Test {
 protected:
  DeskTest() {
    MemoryStoreOptions options;
    options.manual_flush = true;
    store_ = MakeMemoryStore(options, *clock_);
    contracts_ = *ContractBook::Load(*store_);
    changes_ = std::make_unique<ContractChanges>(*store_, *contracts_, *clock_, ContractChanges::Options());
    calendar_ = *Calendar::Load(*store_, PhaseRules());
    desk_ = std::make_unique<Desk>(
        Desk::Parts{*store_, *contracts_, *changes_, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_});
  }
  static admin::v1::PutProviderContractRequest Contract(const std::string& provider, char certificate = 'a') {
    admin::v1::PutProviderContractRequest request;
    auto& contract = *request.mutable_contract();
    contract.set_provider(provider);
    contract.set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
    contract.add_tax_codes("0109999999");
    contract.add_certificates(std::string(64, certificate));
    contract.add_message_types(203);
    contract.set_max_in_flight(7);
    ToProto(*ParseDate("2026-01-01"), *contract.mutable_from());
    request.set_reason("signed");
    return request;
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<ContractBook> contracts_;
  std::unique_ptr<ContractChanges> changes_;
  std::unique_ptr<Calendar> calendar_;
  StillDispatcher dispatcher_;
  std::unique_ptr<Desk> desk_;
};

}  // namespace tvan
