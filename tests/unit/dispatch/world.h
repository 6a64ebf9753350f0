#pragma once
// Everything that a dispatcher needs, in memory and in hand-moved time. Members may be changed before Start.

#include <gtest/gtest.h>

#include "gateway/core/log.h"
#include "gateway/dispatch/dispatcher.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline Status CutOff() { return Status::InDoubt("line.cut"_reason, "cut"); }
inline Status NoConnection() { return Status::Transient("line.connect"_reason, "refused"); }
inline Status LineRefuses() { return Status::Permanent("line.refused"_reason, "certificate"); }

class DispatchWorld : public testing::Test {
 protected:
  DispatchWorld()
      : clock(MakeTestClock()),
        metrics(Metrics::Make()),
        store(MakeMemoryStore({.manual_flush = true}, *clock)),
        authority(*clock) {
    SetLogLevel(LogLevel::kError);
    options.our_mst = TaxCode::Trusted(kFakeOurMst);
    options.line = LineId::Trusted("main");
    calendar = Calendar::Load(*store, rules).value();
  }
  ~DispatchWorld() override {
    if (dispatcher) dispatcher->Stop();
  }

  void Start() {
    dispatcher = Dispatcher::Make(options, *store, *calendar, contracts, authority, search, digester, *clock, *metrics);
    calendar->SetListener([this] { dispatcher->Wake(); });
    fence_ = store->TakeOwnership();
    dispatcher->Start(fence_);
    clock->Settle();
  }
  // A kill and a new start on what was flushed.
  void Restart() {
    dispatcher->Stop();
    dispatcher.reset();
    store->Crash();
    store = store->Reopen();
    calendar = Calendar::Load(*store, rules).value();
    Start();
  }
  MessageId Accept(const FakeMessage& spec) {
    const MessageId id = AcceptFake(*store, spec, digester, clock->Now());
    if (dispatcher) {
      dispatcher->Wake();
      clock->Settle();
    }
    return id;
  }
  void Close(Span from_now, Span length, std::vector<MessageClass> classes = {}) {
    Window w;
    w.id = "w" + std::to_string(++windows_);
    w.start = clock->Now() + from_now;
    w.end = w.start + length;
    w.classes = std::move(classes);
    ASSERT_TRUE(calendar->Put(w, "ops", "test", clock->Now()).ok());
  }
  // An answer or 999 as feedback would store it.
  void Answer(const MessageId& id, Stage stage, EventKind event = EventKind::kAnswer) {
    IncomingAnswer answer;
    answer.answer_id = "answer-" + std::to_string(++answers_);
    answer.line = options.line;
    answer.position = std::to_string(answers_);
    answer.bytes = std::make_shared<const std::string>("x");
    answer.received_at = clock->Now();
    AnswerEffect effect;
    effect.gateway_id = id;
    effect.event = event;
    effect.stage = stage;
    answer.effects.push_back(effect);
    ASSERT_TRUE(store->ReceiveAnswers(fence_, options.line, {answer}, "").ok());
  }
  size_t SentCount(const MessageId& id) const {
    size_t count = 0;
    for (const auto& s : authority.sent()) count += s.mtdiep == id.value() ? 1 : 0;
    return count;
  }
  std::vector<std::string> Order() const {
    std::vector<std::string> order;
    for (const auto& s : authority.sent()) order.push_back(s.mtdiep);
    return order;
  }
  Stage At(const MessageId& id) const { return StageOf(*store, id); }
  std::string Log(const MessageId& id) const { return LogOf(*store, id); }

  std::unique_ptr<TestClock> clock;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<MemoryStore> store;
  PhaseRules rules;
  std::unique_ptr<Calendar> calendar;
  FakeContracts contracts;
  FakeAuthority authority;
  FakeSearch search;
  FakeDigester digester;
  Dispatcher::Options options;
  std::unique_ptr<Dispatcher> dispatcher;

  Fence fence_;

 private:
  int windows_ = 0, answers_ = 0;
};

}  // namespace tvan
