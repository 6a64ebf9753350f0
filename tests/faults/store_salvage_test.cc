// Salvage of damaged stores: what is kept is whole, what is not is named, and the result is a store that works.
#include <filesystem>
#include <future>
#include <set>

#include "adapters/signature.h"
#include "store/keys.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_backend.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

constexpr int kMessages = 60;

class StoreSalvage : public StoreFaults {
 protected:
  NewMessage Message(int n) const {
    NewMessage m = FaultMessage(n, 3000);
    m.digest = digester_->Sha256Of(*m.payload);
    return m;
  }
  static IncomingAnswer AnswerTo(const NewMessage& message, const Digester& digester) {
    IncomingAnswer answer;
    answer.bytes = std::make_shared<const std::string>("answer to " + message.gateway_id.value());
    answer.answer_id = digester.Sha256Of(*answer.bytes).Hex();
    answer.line = LineId::Trusted("main");
    answer.position = message.provider_mtdiep;
    answer.mtdtchieu = message.gateway_id.value();
    answer.received_at = {1000000};
    AnswerEffect effect;
    effect.gateway_id = message.gateway_id;
    effect.stage = Stage::kAnswered;
    answer.effects = {effect};
    answer.deliveries = {{message.key.provider, message.provider_mtdiep, message.gateway_id, "<TDiep/>"}};
    return answer;
  }
  bool Accept(Store& store, int n) {
    std::promise<bool> done;
    store.Accept(Message(n), [&](Result<AcceptAnswer> answer) {
      done.set_value(answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted);
    });
    return done.get_future().get();
  }
  // Half of the messages are answered.
  void Fill(const std::string& path) {
    auto store = Open(path, true);
    ASSERT_TRUE(store.ok());
    const Fence fence = (*store)->TakeOwnership();
    for (int n = 0; n < kMessages; ++n) {
      ASSERT_TRUE(Accept(**store, n));
      if (n % 2 != 0) continue;
      const IncomingAnswer answer = AnswerTo(Message(n), *digester_);
      ASSERT_TRUE((*store)->ReceiveAnswers(fence, answer.line, {answer}, answer.position).ok());
    }
  }
  // The database of a closed store.
  void Raw(const std::string& path,
           const std::function<void(rocksdb::DB&, const std::array<rocksdb::ColumnFamilyHandle*, kFamilies>&)>& act) {
    RocksStoreOptions options;
    options.path = path;
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok()) << database.status().ToString();
    act(*(*database)->db, (*database)->families);
  }
  void Receive(Store& store, const Fence& fence, int n) {
    IncomingAnswer answer = AnswerTo(Message(n), *digester_);
    answer.received_at = {5'000'000 - n * 1'000'000};
    ASSERT_TRUE(store.ReceiveAnswers(fence, answer.line, {answer}, answer.position).ok());
  }
  // The families were not flushed together: the answers to 1 to 4 are kept, 1 is gone, 2 is as before its answer, and
  // 4, which is answered, no longer says by what.
  void FillWithAnswersAhead(const std::string& path) {
    {
      auto store = Open(path, true);
      for (int n : {1, 2, 3, 4}) ASSERT_TRUE(Accept(**store, n));
      ASSERT_TRUE((*store)->Close().ok());
    }
    std::string two;
    Raw(path, [&](auto& db, const auto& families) {
      const auto meta = families[static_cast<size_t>(Family::kMeta)];
      ASSERT_TRUE(db.Get({}, meta, Message(2).gateway_id.value(), &two).ok());
    });
    {
      auto store = Open(path);
      const Fence fence = (*store)->TakeOwnership();
      for (int n : {1, 2, 3, 4}) Receive(**store, fence, n);
      ASSERT_TRUE((*store)->Close().ok());
    }
    Raw(path, [&](auto& db, const auto& families) {
      const auto of = [&](Family family) { return families[static_cast<size_t>(family)]; };
      const NewMessage one = Message(1);
      ASSERT_TRUE(db.Delete({}, of(Family::kMeta), one.gateway_id.value()).ok());
      for (const std::string& key : {keys::Idempotency(one.key), keys::DigestEntry(one.digest, 1),
                                     keys::SentDigest(one.sent_digest), keys::ListEntry(one.key.provider, 1)})
        ASSERT_TRUE(db.Delete({}, of(Family::kIndex), key).ok());
      ASSERT_TRUE(db.Put({}, of(Family::kMeta), Message(2).gateway_id.value(), two).ok());
      for (uint64_t acceptance : {1, 2, 4})
        ASSERT_TRUE(db.Delete({}, of(Family::kEvent), keys::EventOf(acceptance, 1)).ok());
    });
  }
  void FlipIn(const std::string& file, double where) {
    std::string bytes = ReadFile(file);
    const size_t at = static_cast<size_t>(static_cast<double>(bytes.size()) * where);
    for (size_t i = at; i < std::min(at + 8, bytes.size()); ++i) bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    WriteFile(file, bytes);
  }
  SalvageReport Salvage(const std::string& from, const std::string& to) {
    losses_.clear();
    const auto report = SalvageStore({from, to, std::string(32, 'f'), clock_->Now(), *digester_, {}},
                                     [&](const SalvageLoss& loss) { losses_.push_back(loss); });
    EXPECT_TRUE(report.ok()) << report.status().ToString();
    return report.ok() ? *report : SalvageReport();
  }
  bool Lost(const std::string& mtdiep) const {
    for (const SalvageLoss& loss : losses_)
      if (loss.mtdiep == mtdiep) return true;
    return false;
  }
  // Every message is kept whole or named; what is kept can be read, sent and answered; lost ones can come again.
  int ExpectWorks(const std::string& path) {
    auto opened = Open(path);
    EXPECT_TRUE(opened.ok()) << opened.status().ToString();
    if (!opened.ok()) return 0;
    Store& store = **opened;
    EXPECT_EQ(store.recovery().value()->reason, Recovery::Reason::kSalvage);
    int kept = 0;
    std::map<Stage, uint64_t> stages;
    for (int n = 0; n < kMessages; ++n) {
      const NewMessage sent = Message(n);
      const auto found = store.Find({.gateway_id = sent.gateway_id});
      EXPECT_TRUE(found.ok()) << n << found.status().ToString();
      if (!found.ok()) continue;
      if (found->messages.empty()) {
        EXPECT_TRUE(Lost(sent.gateway_id.value()) || cut_) << n << " is gone and nobody says so";
        continue;
      }
      ++kept;
      ++stages[found->messages[0].meta.stage];
      const auto payload = store.LoadPayload(sent.gateway_id);
      EXPECT_TRUE(payload.ok() ? **payload == *sent.payload : Lost(sent.gateway_id.value())) << n;
      EXPECT_TRUE(payload.ok() || found->messages[0].meta.stage != Stage::kQueued) << n;
      EXPECT_EQ(store.Find({.kind = FindBy::Kind::kProviderKey, .provider_key = sent.key})->messages.size(), 1u) << n;
      EXPECT_TRUE(store.ClaimHolder(sent.claims[0]).ok()) << n;
    }
    ExpectCounters(store, stages);
    ExpectMailboxes(store);
    for (int n = 0; n < kMessages; ++n) {
      const bool there = !store.Find({.gateway_id = Message(n).gateway_id})->messages.empty();
      EXPECT_TRUE(there || Accept(store, n)) << n << " can come again";
    }
    EXPECT_TRUE(Accept(store, 10'000));
    return kept;
  }
  void ExpectCounters(Store& store, std::map<Stage, uint64_t> stages) {
    const auto measures = store.Measure().value();
    for (const auto& [stage, count] : measures.stages) EXPECT_EQ(count, stages[stage]) << ToString(stage);
    uint64_t queued = 0;
    for (const QueueDepth& depth : measures.queues) queued += depth.messages;
    EXPECT_EQ(queued, stages[Stage::kQueued]);
    for (const Stage stage : {Stage::kQueued, Stage::kWorkItem}) {
      const auto listed = store.InStage(stage, 0, 1000);
      ASSERT_TRUE(listed.ok()) << listed.status().ToString();
      EXPECT_EQ(listed->size(), stages[stage]) << ToString(stage);
    }
  }
  void ExpectMailboxes(Store& store) {
    for (const std::string provider : {"p0", "p1", "p2"}) {
      const auto items = store.ReadMailbox(ProviderId::Trusted(provider), "main", 0, 1000);
      ASSERT_TRUE(items.ok()) << items.status().ToString();
      for (const MailboxItem& item : *items) EXPECT_TRUE(store.LoadAnswer(item.answer_id).ok());
    }
  }

  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::vector<SalvageLoss> losses_;
  bool cut_ = false;  // the log was: what came after the cut is gone
};

TEST_F(StoreSalvage, AWholeStoreIsKeptWhole) {
  const std::string path = root_ + "/store";
  Fill(path);
  const SalvageReport report = Salvage(path, root_ + "/saved");
  EXPECT_TRUE(losses_.empty()) << losses_.front().what << " " << losses_.front().detail;
  EXPECT_EQ(report.messages, static_cast<uint64_t>(kMessages));
  EXPECT_EQ(report.answers, static_cast<uint64_t>(kMessages / 2));
  EXPECT_EQ(report.mailbox_items, static_cast<uint64_t>(kMessages / 2));
  EXPECT_FALSE(report.log_cut);
  EXPECT_EQ(ExpectWorks(root_ + "/saved"), kMessages);
  EXPECT_TRUE(Open(path).ok()) << "the source is only read";
}

TEST_F(StoreSalvage, OfADamagedLogEverythingInFrontOfTheDamageIsKeptAndWhatFollowsIsNamed) {
  const std::string path = root_ + "/store";
  Fill(path);
  const std::string before = ReadFile(NewestLog(path));
  FlipIn(NewestLog(path), 0.5);
  const auto refused = Open(path);
  EXPECT_EQ(refused.status().reason(), "store.damaged"_reason) << refused.status().ToString();
  cut_ = true;
  const SalvageReport report = Salvage(path, root_ + "/saved");
  EXPECT_TRUE(report.log_cut);
  const int kept = ExpectWorks(root_ + "/saved");
  EXPECT_GT(kept, kMessages / 4);
  EXPECT_LT(kept, kMessages * 3 / 4);
  int after = 0;
  for (const SalvageLoss& loss : losses_) after += loss.what == "after_damage" ? 1 : 0;
  EXPECT_GT(after, kMessages / 5) << "most of what follows is readable, and said to be";
}

TEST_F(StoreSalvage, ADamagedTableOrBlobCostsWhatIsInItAndNoMore) {
  const std::string path = root_ + "/store";
  Fill(path);
  ASSERT_TRUE(Open(path).ok());  // what was in the log is in tables and blobs now
  int damaged = 0;
  for (const auto& entry : fs::directory_iterator(path + "/db")) {
    const std::string extension = entry.path().extension();
    if (extension != ".sst" && extension != ".blob") continue;
    ++damaged;
    // The first block of a table is the hardest: no key stands in front of it.
    for (const double where : extension == ".sst" ? std::vector{0.05, 0.4} : std::vector{0.4}) {
      SCOPED_TRACE(entry.path().filename().string() + " at " + std::to_string(where));
      const std::string whole = ReadFile(entry.path());
      FlipIn(entry.path(), where);
      const std::string to = root_ + "/saved" + std::to_string(damaged);
      Salvage(path, to);
      EXPECT_GT(ExpectWorks(to), 0);
      WriteFile(entry.path(), whole);
      fs::remove_all(to);
    }
  }
  EXPECT_GE(damaged, 10);
}

TEST_F(StoreSalvage, AMessageWhosePayloadIsLostIsAPersonsMatterAndStopsNoOther) {
  const std::string path = root_ + "/store";
  Fill(path);
  ASSERT_TRUE(Open(path).ok());
  std::string largest;
  for (const auto& entry : fs::directory_iterator(path + "/db"))
    if (entry.path().extension() == ".blob" && (largest.empty() || entry.file_size() > fs::file_size(largest)))
      largest = entry.path();
  for (int i = 1; i <= 20; ++i) FlipIn(largest, 0.047 * i);
  Salvage(path, root_ + "/saved");
  EXPECT_EQ(ExpectWorks(root_ + "/saved"), kMessages) << "all are known";
  auto store = Open(root_ + "/saved");
  const auto work = (*store)->InStage(Stage::kWorkItem, 0, 100).value();
  ASSERT_GT(work.size(), 1u);
  EXPECT_LE(work.size(), 20u) << "each costs one message and no neighbour";
  for (const MessageMeta& meta : work) {
    EXPECT_EQ(meta.reason, "dispatch.payload_damaged");
    EXPECT_TRUE(Lost(meta.gateway_id.value()));
  }
}

TEST_F(StoreSalvage, AnAnswerThatItsMessageDoesNotKnowIsJoinedAgainAndTheMessageNotSent) {
  ASSERT_NO_FATAL_FAILURE(FillWithAnswersAhead(root_ + "/store"));
  const SalvageReport report = Salvage(root_ + "/store", root_ + "/saved");
  EXPECT_TRUE(Lost(Message(1).gateway_id.value()));
  EXPECT_EQ(report.as_of, (Time{2'000'000})) << "the messages end before the answers do";
  auto opened = Open(root_ + "/saved");
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  Store& store = **opened;
  const Fence fence = store.TakeOwnership();
  ASSERT_TRUE(Accept(store, 1)) << "its provider submits it again";
  const auto stage = [&](int n) { return store.Find({.gateway_id = Message(n).gateway_id})->messages[0].meta.stage; };
  EXPECT_EQ(stage(1), Stage::kInDoubt);
  EXPECT_EQ(stage(2), Stage::kQueued);  // and restored: it leaves its queue by way of doubt and search only
  for (int n : {3, 4}) EXPECT_EQ(stage(n), Stage::kAnswered);
  EXPECT_EQ(store.Joinable(10)->size(), 2u);
  EXPECT_EQ(store.Parked(10)->size(), 2u) << "what was applied stays so";
  for (int n : {1, 2}) {
    ASSERT_NO_FATAL_FAILURE(Receive(store, fence, n));
    EXPECT_EQ(stage(n), Stage::kAnswered);
  }
  EXPECT_TRUE(store.Joinable(10)->empty());
}

TEST_F(StoreSalvage, AStoreInUseAndAFolderThatExistsAreRefused) {
  const std::string path = root_ + "/store";
  auto store = Open(path, true);
  ASSERT_TRUE(store.ok());
  const auto salvage = [&](const std::string& from, const std::string& to) {
    return SalvageStore({from, to, std::string(32, 'f'), clock_->Now(), *digester_, {}}, [](const SalvageLoss&) {})
        .status()
        .reason();
  };
  EXPECT_EQ(salvage(path, root_ + "/saved"), "store.in_use"_reason);
  ASSERT_TRUE((*store)->Close().ok());
  store->reset();
  EXPECT_EQ(salvage(path, path), "store.exists"_reason);
  EXPECT_EQ(salvage(root_ + "/nothing", root_ + "/saved"), "store.missing"_reason);
}

}  // namespace
}  // namespace tvan
