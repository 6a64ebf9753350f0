// Whole nights by seed: dispatch and feedback on one store, against an authority that cuts, swallows, doubles, hides
// and withholds, with windows and kills at any moment. Afterwards: nothing lost, nothing under two ids or with other
// bytes, nothing sent in a window or again without a search, every answer with the one provider that asked.
#include <gtest/gtest.h>

#include <random>

#include "gateway/core/log.h"
#include "gateway/dispatch/dispatcher.h"
#include "gateway/feedback/receiver.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

enum class Duplicates { kReject1002, kRepeatFirstAnswer, kSilent, kProcessAgain };

class Night {
 public:
  Night(uint64_t seed, Duplicates duplicates)
      : random_(seed),
        duplicates_(duplicates),
        clock_(MakeTestClock()),
        metrics_(Metrics::Make()),
        store_(MakeMemoryStore({.manual_flush = true}, *clock_)),
        authority_(*clock_) {
    TVAN_CHECK(LogToFile("/dev/null").ok());  // it is a loud night
    dispatch_.our_mst = receive_.our_mst = TaxCode::Trusted(kFakeOurMst);
    dispatch_.line = authority_.line();
    dispatch_.batch = 4;
    dispatch_.in_doubt_settle = seconds(20);
    dispatch_.seed = seed;
    for (const MessageClass cls : {MessageClass::kCoded, MessageClass::kErrorNotice}) {
      ClassPolicy& policy = dispatch_.classes[cls];
      policy.t1_silent = minutes(2);
      policy.t2_resend = minutes(5);
      policy.t_999_only = minutes(30);
      policy.resend = ResendMode::kAutomatic;
    }
    receive_.message_id_key = kFakeKey;
    receive_.poll = seconds(3);
    receive_.batch = 5;
    authority_.on_send = [this](const OutboundMessage& m) { return OnSend(m); };
    authority_.on_arrival = [this](const std::string& id) { OnArrival(id); };
  }

  void Run() {
    Begin();
    PlanWindows();
    const Time end = clock_->Now() + minutes(100);
    while (clock_->Now() < end) {
      if (Chance(40)) Submit();
      clock_->AdvanceBy(seconds(1 + Draw(20)));
      if (Chance(2)) crash_ = true;
      if (crash_) Reborn();
      if (Chance(3)) FailFlush();
    }
    calm_ = true;
    for (int i = 0; i < 36; ++i) {
      Resubmit();
      clock_->AdvanceBy(minutes(5));
      if (crash_) Reborn();
    }
    End();
  }

  void Check() const {
    CheckEnds();
    CheckBytes();
    CheckWindows();
    CheckSearches();
    CheckMailboxes();
    CheckOwn999();
  }
  size_t accepted() const { return accepted_.size(); }

 private:
  bool Chance(uint64_t percent) {
    const std::lock_guard lock(mutex_);
    return random_() % 100 < percent;
  }
  uint64_t Draw(uint64_t below) {
    const std::lock_guard lock(mutex_);
    return random_() % below;
  }

  void Begin() {
    calendar_ = Calendar::Load(*store_, PhaseRules()).value();
    Receiver::Hooks hooks;
    hooks.may_receive = [this](Time now) { return calendar_->MayReceive(dispatch_.line, now); };
    hooks.on_system_code = [this](Reason reason, const std::string& d, const MessageId& about) {
      dispatcher_->LineDown(reason, d, about);
    };
    hooks.on_stored = [this] { dispatcher_->Wake(); };
    receiver_ =
        Receiver::Make(receive_, *store_, contracts_, authority_, reader_, digester_, *clock_, *metrics_, hooks);
    dispatcher_ = Dispatcher::Make(dispatch_, *store_, *calendar_, contracts_, authority_, *receiver_, digester_,
                                   *clock_, *metrics_);
    const Fence fence = store_->TakeOwnership();
    receiver_->Start(fence);
    dispatcher_->Start(fence);
    clock_->Settle();
  }
  void End() {
    dispatcher_->Stop();
    receiver_->Stop();
    dispatcher_.reset();
    receiver_.reset();
  }
  void Reborn() {
    store_->Crash();
    End();
    store_ = store_->Reopen();
    // An ordered failure that nobody met would wait in the new life.
    if (!store_->PutRecord({.kind = "test", .id = std::to_string(++records_)}, 0).ok()) {
      store_->Crash();
      store_ = store_->Reopen();
    }
    crash_ = false;
    Begin();
  }

  // Some flush of the next seconds fails, by losing all or by losing only the answer; then the process dies.
  void FailFlush() {
    using How = MemoryStore::FailedFlush;
    store_->FailNextFlush(Chance(50) ? How::kLost : How::kWritten);
    clock_->AdvanceBy(seconds(Draw(4)));
    const auto used_up = store_->PutRecord({.kind = "test", .id = std::to_string(++records_)}, 0);
    static_cast<void>(used_up.ok());  // the failure, if nobody else met it
    crash_ = true;
  }

  void PlanWindows() {
    for (int i = 0; i < 2; ++i) {
      Window w;
      w.id = "w" + std::to_string(i);
      w.start = clock_->Now() + minutes(10 + 45 * i + static_cast<int>(Draw(10)));
      w.end = w.start + minutes(3 + static_cast<int>(Draw(15)));
      windows_.push_back(w);
      ASSERT_TRUE(calendar_->Put(w, "ops", "night", clock_->Now()).ok());
    }
    dispatcher_->Wake();
  }

  void Submit() {
    FakeMessage m;
    m.provider = "p" + std::to_string(Draw(3));
    m.id = std::to_string(++number_);
    m.claims = {m.id};
    if (number_ > 1 && Chance(20)) {
      m.cls = MessageClass::kErrorNotice;
      m.type = 300;
      m.refers = {std::to_string(1 + Draw(number_ - 1))};
      m.claims.clear();
    }
    pending_.push_back(m);
    Resubmit();
  }
  // A client that heard nothing submits the same again.
  void Resubmit() {
    for (const FakeMessage& m : std::exchange(pending_, {})) {
      NewMessage message = MakeFakeMessage(m, digester_, clock_->Now());
      const MessageId id = message.gateway_id;
      bool receipt = false;
      store_->Accept(std::move(message), [&receipt](Result<AcceptAnswer> a) {
        receipt = a.ok() && (a->outcome == AcceptAnswer::Outcome::kAccepted ||
                             a->outcome == AcceptAnswer::Outcome::kAlreadyAccepted);
      });
      store_->Flush();
      if (receipt) accepted_[id.value()] = m.provider;
      if (!receipt) pending_.push_back(m);
    }
    dispatcher_->Wake();
  }

  FakeAuthority::Delivery OnSend(const OutboundMessage& m) {
    const bool is_999 = m.bytes->find("<MLTDiep>999<") != std::string::npos;
    const FakeAuthority::Delivery fate = Fate(m.mtdiep.value(), is_999);
    if (!is_999) return fate;
    const std::lock_guard lock(mutex_);
    if (fate.arrives) {
      EXPECT_TRUE(own_999_.try_emplace(m.mtdiep.value(), *m.bytes).first->second == *m.bytes);
    }
    return {fate.status, false};  // a 999 is not answered
  }
  FakeAuthority::Delivery Fate(const std::string& id, bool is_999) {
    if (calm_) return {};
    const uint64_t fate = Draw(100);
    if (fate < 4) return {Status::InDoubt("line.cut"_reason, "cut after"), true};
    if (fate < 8) return {Status::InDoubt("line.timeout"_reason, "cut before"), false};
    if (fate < 14) {
      const std::lock_guard lock(mutex_);
      ++refused_[id];
      return {Status::Transient("line.connect"_reason, "refused"), false};
    }
    if (fate < 17 && !is_999) return {Status(), false};  // accepted and swallowed
    if (fate < 19) {                                     // killed between the send and its settlement
      store_->Crash();
      crash_ = true;
    }
    return {};
  }

  FakeAnswer Answer(const std::string& id, int type, AnswerVerdict verdict) {
    FakeAnswer answer;
    answer.type = type;
    answer.mtdiep = "TCT" + std::to_string(++answers_);
    answer.mtdtchieu = id;
    answer.verdict = verdict;
    return answer;
  }
  void Later(const std::string& bytes, uint64_t most_seconds) {
    const bool hidden = !calm_ && random_() % 12 == 0;
    clock_->RunAt(clock_->SteadyNow() + seconds(1 + random_() % most_seconds),
                  [this, bytes, hidden] { hidden ? authority_.AnswerHidden(bytes) : authority_.Answer(bytes); });
  }

  void OnArrival(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto processed = final_.find(id);
    if (processed == final_.end() && !calm_ && random_() % 50 == 0) {
      FakeAnswer system = Answer(id, 999, AnswerVerdict::kRefused);
      system.codes = {"2006"};
      return Later(system.Bytes(), 5);
    }
    if (processed != final_.end() && duplicates_ != Duplicates::kProcessAgain) {
      if (duplicates_ == Duplicates::kRepeatFirstAnswer) {
        standing_[id].insert(processed->second);  // a withheld one comes by its repetition
        Later(processed->second, 20);
      }
      if (duplicates_ != Duplicates::kReject1002) return;
      FakeAnswer duplicate = Answer(id, 999, AnswerVerdict::kRefused);
      duplicate.codes = {"1002"};
      return Later(duplicate.Bytes(), 5);
    }
    if (random_() % 10 != 0) Later(Answer(id, 999, AnswerVerdict::kReceived).Bytes(), 10);
    const FakeAnswer answer = Answer(id, 204, AnswerVerdict::kAccepted);
    final_[id] = answer.Bytes();
    if (!calm_ && random_() % 30 == 0) return;  // withheld for ever
    standing_[id].insert(answer.Bytes());
    Later(answer.Bytes(), 90);
    if (random_() % 15 == 0) Later(answer.Bytes(), 200);
  }

  void CheckEnds() const {
    EXPECT_GT(standing_.size() * 10, accepted_.size() * 8) << "most of them are answered";
    for (const auto& [id, provider] : accepted_) {
      const MessageView view = ViewOf(*store_, MessageId::Trusted(id));
      EXPECT_EQ(view.meta.provider().value(), provider);
      const bool answered = standing_.count(id) > 0;
      EXPECT_EQ(view.meta.stage, answered ? Stage::kAnswered : Stage::kWorkItem)
          << id << " " << LogOf(*store_, view.meta.gateway_id);
    }
  }

  void CheckBytes() const {
    std::map<std::string, std::string> bytes_of, id_of;
    for (const auto& sent : authority_.sent()) {
      if (sent.bytes.find("<MLTDiep>999<") != std::string::npos) continue;
      EXPECT_EQ(bytes_of.try_emplace(sent.mtdiep, sent.bytes).first->second, sent.bytes);
      const std::string payload = sent.bytes.substr(sent.bytes.find("<DLieu>"));
      EXPECT_EQ(id_of.try_emplace(payload, sent.mtdiep).first->second, sent.mtdiep) << "two ids for one payload";
      EXPECT_EQ(accepted_.count(sent.mtdiep), 1U) << "sent without a receipt";
    }
  }
  void CheckWindows() const {
    const auto inside = [this](Time t) {
      for (const Window& w : windows_)
        if (w.start <= t && t < w.end) return true;
      return false;
    };
    for (const auto& sent : authority_.sent()) EXPECT_FALSE(inside(sent.at)) << FormatTime(sent.at);
    for (const Time t : authority_.read_times()) EXPECT_FALSE(inside(t)) << FormatTime(t);
    for (const auto& [id, provider] : accepted_)
      for (const Event& e : ViewOf(*store_, MessageId::Trusted(id)).events)
        EXPECT_FALSE(e.kind == EventKind::kAttempt && inside(e.at)) << FormatTime(e.at);
  }
  // Once an attempt may have arrived, only a search, or a system code in answer to the only one, allows the next; the
  // code may come before the attempt is settled. That a later attempt did not arrive changes nothing. And "not sent" is
  // said of no attempt that the authority saw.
  void CheckSearches() const {
    for (const auto& [id, provider] : accepted_) {
      bool maybe_there = false, searched = false, turned_back = false;
      size_t not_sent = 0;
      for (const Event& e : ViewOf(*store_, MessageId::Trusted(id)).events) {
        if (e.kind == EventKind::kAttempt) {
          turned_back = false;
          EXPECT_TRUE(!maybe_there || std::exchange(searched, false))
              << id << " " << LogOf(*store_, MessageId::Trusted(id));
        }
        const bool settled = e.kind == EventKind::kSent || e.kind == EventKind::kInDoubt;
        if (e.kind == EventKind::kAcknowledged && e.reason == "feedback.system_code") turned_back = e.attempt == 1;
        if (settled || turned_back) maybe_there = !turned_back;
        if (e.kind == EventKind::kSearched) searched = true;
        if (e.kind == EventKind::kNotSent && e.reason != "dispatch.closed" && e.reason != "line.not_after") ++not_sent;
      }
      EXPECT_LE(not_sent, refused_.count(id) > 0 ? refused_.at(id) : 0U) << id;
    }
  }
  void CheckMailboxes() const {
    std::map<std::string, std::map<std::string, int>> delivered;  // MTDiep → answer → times
    for (const std::string provider : {"p0", "p1", "p2"}) {
      const auto items = store_->ReadMailbox(ProviderId::Trusted(provider), "main", 0, 100'000).value();
      for (const MailboxItem& item : items) {
        EXPECT_EQ(accepted_.at(item.gateway_id.value()), provider) << "misrouted";
        ++delivered[item.gateway_id.value()][*store_->LoadAnswer(item.answer_id)->answer.bytes];
      }
    }
    for (auto& [id, answers] : delivered)
      for (const auto& [bytes, times] : answers) EXPECT_EQ(times, 1) << id;
    for (const auto& [id, answers] : standing_)
      for (const std::string& bytes : answers) EXPECT_EQ(delivered[id][bytes], 1) << id << " not delivered: " << bytes;
    EXPECT_TRUE(store_->Parked(10)->empty());
  }
  void CheckOwn999() const {
    size_t answers = 0;
    for (const auto& [id, standing] : standing_) answers += standing.size();
    EXPECT_EQ(own_999_.size(), answers) << "one for each answer that is no 999";
    EXPECT_TRUE(store_->Own999(10)->empty());
  }

  std::mutex mutex_;
  std::mt19937_64 random_;
  const Duplicates duplicates_;
  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<Calendar> calendar_;
  FakeContracts contracts_;
  FakeAuthority authority_;
  FakeAnswerReader reader_;
  FakeDigester digester_;
  Dispatcher::Options dispatch_;
  Receiver::Options receive_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::vector<Window> windows_;
  std::vector<FakeMessage> pending_;
  std::map<std::string, std::string> accepted_;            // MTDiep → provider
  std::map<std::string, std::string> final_;               // MTDiep → the first answer made for it
  std::map<std::string, std::set<std::string>> standing_;  // answers that are on the line, or will be
  std::map<std::string, size_t> refused_;                  // MTDiep → sends that never reached the authority
  std::map<std::string, std::string> own_999_;             // that reached the authority
  uint64_t number_ = 0;
  int answers_ = 0, records_ = 0;
  std::atomic<bool> crash_{false}, calm_{false};
};

#ifdef __SANITIZE_THREAD__
constexpr uint64_t kNights = 1;  // a night takes most of a minute there
#else
constexpr uint64_t kNights = 3;
#endif

class Nights : public testing::TestWithParam<Duplicates> {};

TEST_P(Nights, LoseDoubleAndMisrouteNothing) {
  for (uint64_t seed = 1; seed <= kNights; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Night night(seed, GetParam());
    night.Run();
    EXPECT_GT(night.accepted(), 100U);
    night.Check();
    if (HasFailure()) return;
  }
}

std::string NameOf(const testing::TestParamInfo<Duplicates>& info) {
  const char* const names[] = {"Reject1002", "RepeatFirstAnswer", "Silent", "ProcessAgain"};
  return names[static_cast<int>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(DuplicatePolicy, Nights,
                         testing::Values(Duplicates::kReject1002, Duplicates::kRepeatFirstAnswer, Duplicates::kSilent,
                                         Duplicates::kProcessAgain),
                         NameOf);

}  // namespace
}  // namespace tvan
