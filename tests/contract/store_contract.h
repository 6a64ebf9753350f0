#pragma once
// The suite that every Store must pass. A backend's test file names a way to open, reopen and kill one; the tests are
// in store_contract_*.cc and know nothing else of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "store/kv.h"
#include "store/store.h"

namespace tvan {

// One store with its place on disk (or what stands for it).
class StoreHome {
 public:
  struct Options {
    uint64_t buffer_limit_bytes = 0;
  };
  virtual ~StoreHome() = default;
  virtual Store& store() = 0;
  virtual void Reopen() = 0;         // Close, then open again
  virtual void KillAndReopen() = 0;  // as after kill -9: without Close
  // Reopens with this record overwritten by bytes that decode to nothing. False: there is none.
  virtual bool Damage(Family family, const std::string& key) = 0;
  virtual void BackUp() = 0;                                 // of the open store
  virtual void Restore(const std::string& incarnation) = 0;  // of the last backup; the store is lost, this one opened
};

struct StoreMaker {
  std::string name;
  std::function<std::unique_ptr<StoreHome>(StoreHome::Options)> make;
};

class StoreContract : public testing::TestWithParam<StoreMaker> {
 protected:
  StoreContract() { Make({}); }
  void Make(StoreHome::Options options) {
    home_ = GetParam().make(options);
    fence_ = store().TakeOwnership();
  }
  Store& store() { return home_->store(); }
  void Reopen() {
    home_->Reopen();
    fence_ = store().TakeOwnership();
  }
  void KillAndReopen() {
    home_->KillAndReopen();
    fence_ = store().TakeOwnership();
  }

  void Damage(Family family, const std::string& key) {
    ASSERT_TRUE(home_->Damage(family, key));
    fence_ = store().TakeOwnership();
  }

  // Message `n` of a provider: MTDiep, payload, digest and invoice all follow from n.
  static NewMessage Message(int n, const std::string& provider = "alpha");
  static MessageId Id(int n, const std::string& provider = "alpha") { return Message(n, provider).gateway_id; }
  Result<AcceptAnswer> TryAccept(NewMessage message);
  AcceptAnswer Accept(NewMessage message);
  AcceptAnswer Accept(int n) { return Accept(Message(n)); }

  MessageView View(const MessageId& id);
  MessageMeta Meta(const MessageId& id) { return View(id).meta; }
  Stage StageOf(const MessageId& id) { return Meta(id).stage; }
  std::vector<EventKind> EventsOf(const MessageId& id);

  Status Attempt(const MessageId& id, const std::string& search_from = "p0");
  Status Settle(const MessageId& id, Settlement::Outcome outcome, uint32_t attempt = 1);
  Status Change(const MessageId& id, StageChange change);
  // Queue → attempt → sent.
  void Send(const MessageId& id);

  static IncomingAnswer Answer(int n, const std::string& position);
  static AnswerEffect Effect(const MessageId& id, Stage stage, EventKind kind = EventKind::kAnswer);
  static Delivery DeliveryTo(const std::string& provider, const MessageId& id);
  // Answer n with one effect, delivered to the owner.
  ReceiveReport Receive(int n, const AnswerEffect& effect, const std::string& provider = "alpha");
  ReceiveReport Receive(const IncomingAnswer& answer);

  // Retention (store_contract_purge.cc). Purge goes to the end: what all chunks removed.
  PurgeReport Purge(Time before, uint32_t limit = 64);
  void Answered(int n, Stage stage = Stage::kAnswered);
  void AcknowledgeAll(const std::string& provider = "alpha");
  size_t Items(const std::string& provider = "alpha");

  // Every counter of Measure equals what a walk over all messages counts.
  void ExpectCountersEqualARecount();

  std::unique_ptr<StoreHome> home_;
  Fence fence_;
};

inline const LineId kLine = LineId::Trusted("main");
inline Time At(int64_t seconds) { return {seconds * 1000000}; }
inline InvoiceKey Invoice(int n) { return {TaxCode::Trusted("0101234567"), "1", "C26TAA", std::to_string(n)}; }

}  // namespace tvan
