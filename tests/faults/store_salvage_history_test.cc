// Salvage and the history: relations, codes and ranges are kept, and made again from messages and answers where their
// own records are lost. What then is not known forbids nothing.
#include <future>

#include "adapters/signature.h"
#include "store/keys.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_backend.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

using Kind = RelationKind;
using testing::ElementsAre;
using testing::IsEmpty;

InvoiceKey Invoice(int n) { return FaultMessage(n, 10).claims.front(); }
std::string Code(int n) { return "M1-26-A1B2C-0000000000" + std::to_string(n); }

class SalvagedHistory : public StoreFaults {
 protected:
  NewMessage Message(int n) const {
    NewMessage m = FaultMessage(n, 100);
    m.digest = digester_->Sha256Of(*m.payload);
    return m;
  }
  NewMessage Replacing(int n, int original) const {
    NewMessage message = Message(n);
    message.relations = {{Kind::kReplaces, Invoice(original), Invoice(n)}};
    return message;
  }
  NewMessage Coded(int n, int code) const {
    NewMessage message = Message(n);
    message.codes = {{Code(code), Invoice(n)}};
    return message;
  }
  void Accept(Store& store, const NewMessage& message) {
    std::promise<AcceptAnswer> done;
    store.Accept(message, [&](Result<AcceptAnswer> answer) { done.set_value(*std::move(answer)); });
    ASSERT_EQ(done.get_future().get().outcome, AcceptAnswer::Outcome::kAccepted);
  }
  // Message n is partly accepted: not for this invoice.
  void Refuse(Store& store, int n, const InvoiceKey& invoice) {
    IncomingAnswer answer;
    answer.bytes = std::make_shared<const std::string>("answer to " + std::to_string(n));
    answer.answer_id = digester_->Sha256Of(*answer.bytes).Hex();
    answer.line = LineId::Trusted("main");
    answer.position = std::to_string(n);
    answer.received_at = {1000000};
    answer.register_range = RegisterRange{TaxCode::Trusted("0101234567"), "A1B2C"};
    AnswerEffect effect;
    effect.gateway_id = Message(n).gateway_id;
    effect.stage = Stage::kPartly;
    effect.released_claims = {invoice};
    answer.effects = {effect};
    const Fence fence = store.TakeOwnership();
    ASSERT_TRUE(store.ReceiveAnswers(fence, answer.line, {answer}, answer.position).ok());
  }
  // 2 replaces 1. Of the package 3, 4 the first was refused; they replace 5 and 6. A notice cancels 7 and 8; of that,
  // 7 was refused.
  void Fill(const std::string& path) {
    auto store = Open(path, true);
    for (int n : {1, 5, 6, 7, 8}) Accept(**store, Message(n));
    Accept(**store, Replacing(2, 1));
    NewMessage package = Message(3);
    package.claims = {Invoice(3), Invoice(4)};
    package.codes = {{Code(3), Invoice(3)}, {Code(4), Invoice(4)}};
    package.relations = {{Kind::kReplaces, Invoice(5), Invoice(3)}, {Kind::kReplaces, Invoice(6), Invoice(4)}};
    Accept(**store, package);
    NewMessage notice = Message(9);
    notice.claims.clear();
    notice.relations = {{Kind::kCancels, Invoice(7), {}}, {Kind::kCancels, Invoice(8), {}}};
    Accept(**store, notice);
    Refuse(**store, 3, Invoice(3));
    Refuse(**store, 9, Invoice(7));
    ASSERT_TRUE((*store)->Close().ok());
  }
  void LoseRecords(const std::string& path) {
    RocksStoreOptions options;
    options.path = path;
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok());
    auto& db = *(*database)->db;
    const auto of = [&](Family family) { return (*database)->families[static_cast<size_t>(family)]; };
    for (int n : {5, 6, 7, 8}) ASSERT_TRUE(db.Delete({}, of(Family::kClaim), keys::Followers(Invoice(n))).ok());
    ASSERT_TRUE(db.Put({}, of(Family::kClaim), keys::Followers(Invoice(1)), "\xff\xff\xff").ok());
    for (int n : {3, 4}) ASSERT_TRUE(db.Delete({}, of(Family::kClaim), keys::CodeClaim(Code(n))).ok());
    for (const char* mst : {"0101234567", "0209999999"})  // the second one's answers are purged
      ASSERT_TRUE(db.Put({}, of(Family::kIndex), keys::Ranges(TaxCode::Trusted(mst)), "\xff\xff\xff").ok());
  }
  std::unique_ptr<Store> Salvaged(const std::string& path) {
    const std::string to = root_ + "/saved";
    const auto report =
        SalvageStore({path, to, std::string(32, 'f'), clock_->Now(), *digester_, {}}, [](const SalvageLoss&) {});
    EXPECT_TRUE(report.ok()) << report.status().ToString();
    return *Open(to);
  }
  static std::vector<std::string> Asked(Store& store, const NewMessage& message) {
    std::vector<std::string> rules;
    const auto asked = store.AskHistory(message);
    EXPECT_TRUE(asked.ok()) << asked.status().ToString();
    if (!asked.ok()) return {"error"};
    for (const HistoryFinding& finding : *asked) rules.emplace_back(finding.rule.text());
    return rules;
  }
  void ExpectKept(Store& store) {
    EXPECT_THAT(Asked(store, Replacing(20, 1)), ElementsAre("guard.replaced_twice"));
    EXPECT_THAT(Asked(store, Replacing(20, 5)), ElementsAre("history.unknown")) << "its replacement was refused";
    EXPECT_THAT(Asked(store, Replacing(20, 6)), ElementsAre("guard.replaced_twice"));
    EXPECT_THAT(Asked(store, Replacing(20, 7)), ElementsAre("history.unknown")) << "its cancellation was refused";
    EXPECT_THAT(Asked(store, Coded(20, 3)), IsEmpty());
    EXPECT_THAT(Asked(store, Coded(20, 4)), ElementsAre("invoice.code_taken"));
    NewMessage other = Message(20);
    other.codes = {{"M1-26-ZZZZZ-00000000001", Invoice(20)}};
    EXPECT_THAT(Asked(store, other), ElementsAre("history.unknown")) << "a 103 may have been lost";
  }

  std::unique_ptr<Digester> digester_ = MakeDigester();
};

TEST_F(SalvagedHistory, OfAWholeStoreIsTheSame) {
  Fill(root_ + "/store");
  const auto store = Salvaged(root_ + "/store");
  ExpectKept(*store);
  EXPECT_THAT(Asked(*store, Replacing(20, 8)), ElementsAre("guard.replaced_cancelled"));
}

TEST_F(SalvagedHistory, IsMadeAgainFromMessagesAndAnswers) {
  Fill(root_ + "/store");
  LoseRecords(root_ + "/store");
  const auto store = Salvaged(root_ + "/store");
  ExpectKept(*store);
  EXPECT_THAT(Asked(*store, Replacing(20, 8)), ElementsAre("history.unknown"))
      << "for which invoices the notice was refused is lost";
  NewMessage other = Coded(20, 5);
  other.mst = TaxCode::Trusted("0209999999");
  EXPECT_THAT(Asked(*store, other), ElementsAre("history.unknown"));
}

// What a taxpayer sends next waits for its registrations, in the order of their acceptance.
TEST_F(SalvagedHistory, RegistrationsAreHeldAgain) {
  const auto registration = [this](int n) {
    NewMessage message = Message(n);
    message.mltdiep = 100;
    message.claims.clear();
    return message;
  };
  const std::string claim = keys::Claim(RegistrationOf(Message(1).mst));
  {
    auto store = Open(root_ + "/store", true);
    for (int n : {20, 3, 11}) Accept(**store, registration(n));
    ASSERT_TRUE((*store)->Close().ok());
    RocksStoreOptions options;
    options.path = root_ + "/store";
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok());
    const auto claims = (*database)->families[static_cast<size_t>(Family::kClaim)];
    ASSERT_TRUE((*database)->db->Delete({}, claims, claim).ok());
  }
  const auto store = Salvaged(root_ + "/store");
  const auto holder = store->ClaimHolder(RegistrationOf(Message(1).mst));
  ASSERT_TRUE(holder.ok() && *holder);
  EXPECT_EQ((*holder)->gateway_id, Message(11).gateway_id);
}

}  // namespace
}  // namespace tvan
