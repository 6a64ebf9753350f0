// The drill: a live store is backed up, a thousand messages more pass, the store is destroyed and restored, and the
// providers submit everything again. Dispatch and feedback run on the real embedded store against a fake authority that
// meets duplicates by each of the four policies. Afterwards nothing was processed under two MTDieps or with other
// bytes, nothing that was answered was sent again, every answer is with its provider, and what nobody submitted again
// is a gap that the store can name.
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "adapters/signature.h"
#include "gateway/core/log.h"
#include "gateway/dispatch/dispatcher.h"
#include "gateway/feedback/receiver.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;

enum class Duplicates { kReject1002, kRepeatFirstAnswer, kSilent, kProcessAgain };

constexpr int kBefore = 60;       // sent before the backup
constexpr int kQueued = 40;       // queued at the backup, sent after it
constexpr int kHeld = 4;          // of those, held
constexpr int kAfter = 1000;      // accepted after the backup, hence lost
constexpr int kNeverSent = 150;   // the last of them: still queued at the end
constexpr int kNotSubmitted = 5;  // of the lost: by a provider that forgets them
constexpr int kFirstLost = kBefore + kQueued;
constexpr int kAll = kFirstLost + kAfter;

// What the authority does about message n.
enum class Fate { kAnswer, kAnswerLate, kOnly999, kWithhold };
Fate FateOf(int n) {
  const int last = n % 10;
  return last < 5 ? Fate::kAnswer : last < 7 ? Fate::kAnswerLate : last < 9 ? Fate::kOnly999 : Fate::kWithhold;
}

class Drill {
 public:
  explicit Drill(Duplicates duplicates)
      : duplicates_(duplicates), clock_(MakeTestClock()), metrics_(Metrics::Make()), authority_(*clock_) {
    TVAN_CHECK(LogToFile("/dev/null").ok());
    std::string pattern = fs::temp_directory_path() / "tvan-drill-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    dispatch_.our_mst = receive_.our_mst = TaxCode::Trusted(kFakeOurMst);
    dispatch_.line = authority_.line();
    dispatch_.in_doubt_settle = seconds(20);
    dispatch_.ramp_start_per_s = dispatch_.ramp_growth_per_s = 200;
    receive_.message_id_key = kFakeKey;
    receive_.poll = seconds(5);
    authority_.on_send = [this](const OutboundMessage& m) {
      const std::lock_guard lock(mutex_);
      const bool is_999 = m.bytes->find("<MLTDiep>999<") != std::string::npos;
      if (!is_999) bytes_[m.mtdiep.value()].insert(*m.bytes);
      return FakeAuthority::Delivery{{}, !is_999};
    };
    authority_.on_arrival = [this](const std::string& id) { OnArrival(id); };
    for (int n = 0; n < kAll; ++n) number_[Message(n).gateway_id.value()] = n;
  }
  ~Drill() {
    std::error_code error;
    fs::remove_all(root_, error);
  }

  void Run() {
    Begin("/live");
    Submit(0, kBefore);
    clock_->AdvanceBy(minutes(2));
    Close(minutes(10));
    Submit(kBefore, kFirstLost);
    Hold();
    BackUp();
    clock_->AdvanceBy(minutes(11));  // the window is over: what was queued is sent, but what is held
    Submit(kFirstLost, kAll - kNeverSent);
    clock_->AdvanceBy(minutes(5));
    Close(minutes(600));
    clock_->AdvanceBy(seconds(1));
    lost_at_ = clock_->Now();
    Submit(kAll - kNeverSent, kAll);
    End();
    store_.reset();
    fs::remove_all(root_ + "/live");
    Restore();
    Begin("/restored");  // which does not know the second window
    Recover();
    Submit(0, kAll - kNotSubmitted);
    FinishLate();
    clock_->AdvanceBy(minutes(10));
    Check();
    End();
  }

 private:
  // A submission as its provider makes it, the first time and every other time.
  NewMessage Message(int n) const {
    FakeMessage m;
    m.provider = "p" + std::to_string(n % 3);
    m.id = std::to_string(n);
    m.claims = {m.id};
    return MakeFakeMessage(m, digester_, clock_->Now());
  }
  MessageId Id(int n) const { return Message(n).gateway_id; }

  void Begin(const std::string& folder) {
    RocksStoreOptions options;
    options.path = root_ + folder;
    options.create_if_missing = folder == "/live";
    options.sync = false;  // what a disk forgets is another test's matter
    options.random_bytes = [](size_t size) { return std::string(size, '\x5a'); };
    auto store = OpenRocksStore(options, *clock_, *metrics_);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
    calendar_ = Calendar::Load(*store_, PhaseRules()).value();
    Receiver::Hooks hooks;
    hooks.may_receive = [this](Time now) { return calendar_->MayReceive(dispatch_.line, now); };
    hooks.on_stored = [this] { dispatcher_->Wake(); };
    receiver_ =
        Receiver::Make(receive_, *store_, contracts_, authority_, reader_, digester_, *clock_, *metrics_, hooks);
    dispatcher_ = Dispatcher::Make(dispatch_, *store_, *calendar_, contracts_, authority_, *receiver_, digester_,
                                   *clock_, *metrics_);
    fence_ = store_->TakeOwnership();
    receiver_->Start(fence_);
    dispatcher_->Start(fence_);
    clock_->Settle();
  }
  void End() {
    receiver_->Stop();
    dispatcher_->Stop();
    dispatcher_.reset();
    receiver_.reset();
    ASSERT_TRUE(store_->Close().ok());
  }
  void Close(Span length) {
    Window w;
    w.id = "w" + std::to_string(clock_->Now().us);
    w.start = clock_->Now();
    w.end = w.start + length;
    ASSERT_TRUE(calendar_->Put(w, "ops", "drill", clock_->Now()).ok());
    dispatcher_->Wake();
    clock_->Settle();
  }

  void Submit(int from, int to) {
    std::vector<std::future<bool>> receipts;
    for (int n = from; n < to; ++n) {
      auto receipt = std::make_shared<std::promise<bool>>();
      receipts.push_back(receipt->get_future());
      store_->Accept(Message(n), [receipt](Result<AcceptAnswer> answer) {
        using Outcome = AcceptAnswer::Outcome;
        receipt->set_value(answer.ok() &&
                           (answer->outcome == Outcome::kAccepted || answer->outcome == Outcome::kAlreadyAccepted));
      });
    }
    for (auto& receipt : receipts) EXPECT_TRUE(receipt.get());
    dispatcher_->Wake();
    clock_->Settle();
  }
  void Hold() {
    std::vector<StageChange> changes;
    for (int n = kBefore; n < kBefore + kHeld; ++n) {
      StageChange change{.gateway_id = Id(n), .event = EventKind::kHeld};
      change.to = Stage::kHeld;
      change.at = clock_->Now();
      changes.push_back(change);
    }
    ASSERT_TRUE(store_->Change(fence_, changes).ok());
  }

  void BackUp() {
    const auto digester = MakeDigester();
    backed_up_at_ = clock_->Now();
    const auto facts = store_->Backup({root_ + "/backup", backed_up_at_, *digester, {}});
    ASSERT_TRUE(facts.ok()) << facts.status().ToString();
    EXPECT_EQ(facts->acceptance, static_cast<uint64_t>(kFirstLost));
  }
  void Restore() {
    const auto digester = MakeDigester();
    const auto facts =
        RestoreStore({root_ + "/backup", root_ + "/restored", std::string(32, 'b'), clock_->Now(), *digester, {}});
    ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  }

  // While the store is recovered, intake goes on and nothing is sent; then it ends by itself.
  void Recover() {
    const size_t sent = Sends();
    EXPECT_TRUE(store_->recovery().value()->active());
    Submit(kFirstLost, kFirstLost + kAfter / 2);
    for (int i = 0; i < 200 && store_->recovery().value()->active(); ++i) {
      EXPECT_EQ(Sends(), sent);
      clock_->AdvanceBy(seconds(1));
    }
    const Recovery recovery = store_->recovery().value().value();
    EXPECT_FALSE(recovery.active());
    EXPECT_FALSE(store_->Parked(10)->empty()) << "answers of what is not submitted again yet";
    EXPECT_LE(recovery.as_of(), backed_up_at_);
    EXPECT_GE(recovery.ended_at - recovery.made_at, 2 * dispatch_.in_doubt_settle);
    for (int n = kBefore; n < kBefore + kHeld; ++n) {  // released in the end, and held no more
      StageChange change{.gateway_id = Id(n), .event = EventKind::kReleased};
      change.to = Stage::kQueued;
      change.at = clock_->Now();
      ASSERT_TRUE(store_->Change(fence_, {change}).value()[0].ok());
      EXPECT_EQ(StageOf(*store_, Id(n)), Stage::kInDoubt);
    }
  }
  size_t Sends() {
    const std::lock_guard lock(mutex_);
    size_t sends = 0;
    for (const auto& [id, times] : arrivals_) sends += times;
    return sends;
  }

  void Put(const std::string& id, int type, AnswerVerdict verdict, const std::string& code = "") {
    FakeAnswer answer;
    answer.type = type;
    answer.mtdiep = "TCT" + std::to_string(++answers_);
    answer.mtdtchieu = id;
    answer.verdict = verdict;
    if (!code.empty()) answer.codes = {code};
    if (type != 999) first_answer_.try_emplace(id, answer.Bytes());
    standing_[id].insert(answer.Bytes());
    authority_.Answer(answer.Bytes());
  }
  void OnArrival(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const Fate fate = FateOf(number_.at(id));
    const bool again = arrivals_[id]++ > 0;
    if (again && duplicates_ == Duplicates::kReject1002) Put(id, 999, AnswerVerdict::kRefused, "1002");
    if (again && duplicates_ == Duplicates::kRepeatFirstAnswer && first_answer_.count(id) > 0)
      authority_.Answer(first_answer_.at(id));
    if (again && duplicates_ != Duplicates::kProcessAgain) return;
    ++processed_[number_.at(id)];
    if (fate != Fate::kWithhold) Put(id, 999, AnswerVerdict::kReceived);
    if (fate == Fate::kAnswer) Put(id, 202, AnswerVerdict::kAccepted);
    if (fate == Fate::kAnswerLate) late_.push_back(id);
  }
  // Answers that came only after the restore.
  void FinishLate() {
    clock_->AdvanceBy(minutes(5));
    const std::lock_guard lock(mutex_);
    for (const std::string& id : late_) Put(id, 202, AnswerVerdict::kAccepted);
    late_.clear();
  }

  void Check() {
    const std::lock_guard lock(mutex_);
    CheckOneMeaning();
    CheckSentOnce();
    CheckStages();
    CheckMailboxes();
    CheckGap();
  }
  void CheckOneMeaning() const {
    for (const auto& [id, forms] : bytes_) EXPECT_EQ(forms.size(), 1u) << id;
    EXPECT_EQ(processed_.size(), static_cast<size_t>(kAll - kNotSubmitted)) << "each was processed";
    if (duplicates_ == Duplicates::kProcessAgain) return;  // under one MTDiep all the same, see number_
    for (const auto& [n, times] : processed_) EXPECT_EQ(times, 1) << n;
  }
  // What was answered before the end was not sent again; of what was queued at the backup only what had no answer.
  void CheckSentOnce() {
    for (int n = 0; n < kAll - kNeverSent; ++n)
      if (n >= kFirstLost || n < kBefore || n >= kBefore + kHeld) {
        const bool silent = FateOf(n) == Fate::kWithhold;
        EXPECT_EQ(arrivals_[Id(n).value()], silent && n >= kBefore ? 2 : 1) << n;
      }
    for (int n = kAll - kNeverSent; n < kAll - kNotSubmitted; ++n) EXPECT_EQ(arrivals_[Id(n).value()], 1) << n;
  }
  void CheckStages() {
    for (int n = 0; n < kAll - kNotSubmitted; ++n) {
      const MessageView view = ViewOf(*store_, Id(n));
      const Fate fate = FateOf(n);
      // A duplicate code after a restore says that ours arrived: no person is asked.
      const bool rejected = n >= kBefore && n < kAll - kNeverSent && duplicates_ == Duplicates::kReject1002;
      const Stage expected = fate == Fate::kAnswer || fate == Fate::kAnswerLate ? Stage::kAnswered
                             : fate == Fate::kOnly999 || rejected               ? Stage::kAcknowledged
                                                                                : Stage::kSent;
      EXPECT_EQ(view.meta.stage, expected) << n << " " << LogOf(*store_, Id(n));
    }
  }
  void CheckMailboxes() {
    std::map<std::string, std::map<std::string, int>> delivered;  // MTDiep → answer → times
    for (const std::string provider : {"p0", "p1", "p2"}) {
      const auto items = store_->ReadMailbox(ProviderId::Trusted(provider), "main", 0, 100'000).value();
      for (const MailboxItem& item : items) {
        EXPECT_EQ(provider, "p" + std::to_string(number_.at(item.gateway_id.value()) % 3)) << "misrouted";
        ++delivered[item.gateway_id.value()][*store_->LoadAnswer(item.answer_id)->answer.bytes];
      }
    }
    for (const auto& [id, answers] : standing_)
      for (const std::string& bytes : answers)
        EXPECT_EQ(delivered[id][bytes], number_.at(id) < kAll - kNotSubmitted ? 1 : 0) << number_.at(id);
    EXPECT_TRUE(store_->Joinable(10)->empty());
    EXPECT_TRUE(store_->Parked(10)->empty());
  }
  // Never sent and never submitted again: the store says from when on there is a gap.
  void CheckGap() {
    const Recovery recovery = store_->recovery().value().value();
    EXPECT_LT(recovery.SubmitAgainFrom(std::string(32, '5')), lost_at_);
    for (int n = kAll - kNotSubmitted; n < kAll; ++n)
      EXPECT_TRUE(store_->Find({.gateway_id = Id(n)})->messages.empty()) << n;
  }

  const Duplicates duplicates_;
  std::string root_;
  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Calendar> calendar_;
  FakeContracts contracts_;
  FakeAuthority authority_;
  FakeAnswerReader reader_;
  FakeDigester digester_;
  Dispatcher::Options dispatch_;
  Receiver::Options receive_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Dispatcher> dispatcher_;
  Fence fence_;
  Time backed_up_at_, lost_at_;
  std::map<std::string, int> number_;  // MTDiep → message
  std::mutex mutex_;                   // guards what follows
  std::map<std::string, int> arrivals_;
  std::map<int, int> processed_;
  std::map<std::string, std::set<std::string>> bytes_, standing_;
  std::map<std::string, std::string> first_answer_;
  std::vector<std::string> late_;
  int answers_ = 0;
};

class RestoreDrill : public testing::TestWithParam<Duplicates> {};

TEST_P(RestoreDrill, ProcessesNothingTwiceLosesNoAnswerAndNamesTheGap) { Drill(GetParam()).Run(); }

std::string NameOf(const testing::TestParamInfo<Duplicates>& info) {
  const char* const names[] = {"Reject1002", "RepeatFirstAnswer", "Silent", "ProcessAgain"};
  return names[static_cast<int>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(DuplicatePolicy, RestoreDrill,
                         testing::Values(Duplicates::kReject1002, Duplicates::kRepeatFirstAnswer, Duplicates::kSilent,
                                         Duplicates::kProcessAgain),
                         NameOf);

}  // namespace
}  // namespace tvan
