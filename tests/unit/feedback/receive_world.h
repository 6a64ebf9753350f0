#pragma once
// The receiver on a store in memory, in front of a fake authority; time is the test's. Each test owns its world.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/log.h"
#include "gateway/feedback/receiver.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class Receive : public testing::Test {
 protected:
  Receive()
      : clock(MakeTestClock()),
        metrics(Metrics::Make()),
        store(MakeMemoryStore({.manual_flush = true}, *clock)),
        authority(*clock) {
    SetLogLevel(LogLevel::kError);
    options.our_mst = TaxCode::Trusted(kFakeOurMst);
    options.message_id_key = kFakeKey;
    options.refusal_codes = {"1000"};
    authority.on_send = [this](const OutboundMessage&) { return own_999_delivery; };
  }
  ~Receive() override {
    if (receiver) receiver->Stop();
  }
  void Start() { StartOn(authority); }
  void StartOn(AuthorityChannel& channel) {
    Receiver::Hooks hooks;
    hooks.may_receive = [this](Time) { return open.load(); };
    hooks.on_system_code = [this](Reason, const std::string& detail, const MessageId&) {
      system_codes.push_back(detail);
      if (on_system_code) on_system_code();
    };
    hooks.not_after = [this] { return last_instant.load(); };
    hooks.read_by = [this] { return last_read.load(); };
    hooks.on_stored = [this] { ++stored; };
    receiver = Receiver::Make(options, *store, *book, channel, reader, digester, *clock, *metrics, hooks);
    fence = store->TakeOwnership();
    receiver->Start(fence);
    clock->Settle();
  }
  // Accepted and sent once.
  MessageId Sent(const FakeMessage& spec) {
    const MessageId id = AcceptFake(*store, spec, digester, clock->Now());
    if (fence.counter == 0) fence = store->TakeOwnership();
    AttemptIntent intent{.gateway_id = id, .at = clock->Now(), .not_after = kForever, .line = authority.line()};
    EXPECT_TRUE(store->RecordAttempts(fence, {intent}).value()[0].ok());
    EXPECT_TRUE(store->Settle(fence, {{id, 1, Settlement::Outcome::kSent, clock->Now(), "", ""}}).ok());
    return id;
  }
  FakeAnswer Answer(int type, const MessageId& id, AnswerVerdict verdict = AnswerVerdict::kAccepted) {
    FakeAnswer answer;
    answer.type = type;
    answer.mtdiep = "TCT" + std::to_string(++answers);
    answer.mtdtchieu = id.value();
    answer.verdict = verdict;
    return answer;
  }
  void Put(const FakeAnswer& answer) { authority.Answer(answer.Bytes()); }
  std::vector<MailboxItem> Mailbox(const std::string& provider) const {
    return store->ReadMailbox(ProviderId::Trusted(provider), "main", 0, 1000).value();
  }
  std::string Parked() const {
    const auto parked = store->Parked(10).value();
    return parked.empty() ? "" : parked.front().answer.parked_reason;
  }

  std::unique_ptr<TestClock> clock;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<MemoryStore> store;
  FakeContracts contracts;
  ContractBook* book = &contracts;
  FakeAuthority authority;
  FakeAnswerReader reader;
  FakeDigester digester;
  Receiver::Options options;
  std::unique_ptr<Receiver> receiver;
  Fence fence;
  std::atomic<bool> open{true};
  FakeAuthority::Delivery own_999_delivery{};
  std::vector<std::string> system_codes;
  std::function<void()> on_system_code;
  std::atomic<Steady> last_read{kSteadyForever};
  std::atomic<Steady> last_instant{kSteadyForever};
  int stored = 0, answers = 0;
};

}  // namespace tvan
