#include "tests/contract/withdraw_race.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace tvan {
namespace {

const LineId kLine = LineId::Trusted("main");
enum Who { kFirst, kChanged, kAgain, kOther };

bool Has(const MessageView& view, EventKind kind) {
  return std::any_of(view.events.begin(), view.events.end(), [&](const Event& e) { return e.kind == kind; });
}

}  // namespace

WithdrawRace::WithdrawRace(RacePort& port, const RaceCast& cast, uint32_t seed, int round)
    : port_(port), cast_(cast), round_(round), random_(seed + 1), fence_(port.store().TakeOwnership()) {
  const std::string n = std::to_string(round);
  for (const auto& [provider, id, bytes] : {std::array<std::string, 3>{"alpha", "M" + n, "first"},
                                            {"alpha", "M" + n, "changed"},
                                            {"alpha", "N" + n, "again"},
                                            {"beta", "M" + n, "other"}})
    submissions_.push_back({.message = Make(provider, id, bytes)});
  const std::array<uint32_t, 4> weights = {cast.submit, cast.changed, cast.resubmit, cast.other};
  for (size_t who = 0; who < weights.size(); ++who)
    if (weights[who] > 0) taking_part_.push_back(who);
}

// All of them file one invoice.
NewMessage WithdrawRace::Make(const std::string& provider, const std::string& id, const std::string& bytes) const {
  NewMessage m;
  m.key = {ProviderId::Trusted(provider), SubmitIdKind::kMTDiep, id};
  m.gateway_id = MessageId::Trusted("V" + provider + id + bytes);
  const std::string text = provider + id + bytes;
  std::copy_n(text.begin(), std::min<size_t>(text.size(), 32), reinterpret_cast<char*>(m.digest.bytes.data()));
  m.sent_digest = m.digest;
  m.sent_digest.bytes[31] = 1;
  m.payload = std::make_shared<const std::string>(bytes);
  m.claims = {{TaxCode::Trusted("0101234567"), "1", "C26TAA", std::to_string(round_)}};
  m.accepted_at = {1'000'000};
  m.receipt = "receipt of " + text;
  return m;
}

void WithdrawRace::Run(int steps) {
  for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
  port_.Flush();
  if (!testing::Test::HasFailure()) CheckEnd();
}

void WithdrawRace::Step() {
  now_ = now_ + std::chrono::seconds(1);
  const std::array<std::pair<uint32_t, std::function<void()>>, 12> acts = {{
      {cast_.submit, [&] { Submit(submissions_[kFirst]); }},
      {cast_.changed, [&] { Submit(submissions_[kChanged]); }},
      {cast_.resubmit, [&] { Submit(submissions_[kAgain]); }},
      {cast_.other, [&] { Submit(submissions_[kOther]); }},
      {cast_.voids, [&] { Void(Any()); }},
      {cast_.withdraw, [&] { Withdraw(Any()); }},
      {cast_.attempt, [&] { Draw(2) == 0 ? LookAtQueue() : Attempt(); }},
      {cast_.settle, [&] { Settle(); }},
      {cast_.answer, [&] { Answer(submissions_[kFirst]); }},
      {cast_.hold, [&] { Hold(Any()); }},
      {cast_.flush, [&] { port_.Flush(); }},
      {cast_.crash, [&] { Crash(); }},
  }};
  uint32_t all = 0;
  for (const auto& [weight, act] : acts) all += weight;
  uint32_t drawn = Draw(all);
  for (const auto& [weight, act] : acts) {
    if (drawn < weight) return act();
    drawn -= weight;
  }
}

void WithdrawRace::Submit(Submission& s) {
  port_.Accept(s.message, [this, &s](const Result<AcceptAnswer>& answer) {
    if (answer.ok()) Heard(s, *answer);
  });
}

void WithdrawRace::Heard(Submission& s, const AcceptAnswer& answer) {
  using Outcome = AcceptAnswer::Outcome;
  if (answer.outcome == Outcome::kVoided) return ++seen_.refused_voided, HeardVoided(s, answer.proof);
  if (answer.outcome == Outcome::kWithdrawn) return ++seen_.refused_withdrawn, HeardWithdrawn(s, answer.proof);
  if (answer.outcome == Outcome::kInvoiceClaimed) ++seen_.claimed;
  if (answer.outcome != Outcome::kAccepted && answer.outcome != Outcome::kAlreadyAccepted) return;
  ++seen_.receipts;
  s.receipt = true;
  EXPECT_EQ(s.withdrawal, "") << "a receipt after the withdrawal";
  for (const Submission& other : submissions_)
    EXPECT_TRUE(other.message.key != s.message.key || other.voided.empty()) << "accepted although voided";
}

void WithdrawRace::Void(Submission& s) {
  const std::string proof = "void " + std::to_string(++proofs_);
  port_.Void({s.message.key, now_, proof}, [this, &s](const Result<VoidAnswer>& answer) {
    if (!answer.ok()) return;
    if (answer->outcome == VoidAnswer::Outcome::kSeen) {
      ++seen_.seen;
      EXPECT_EQ(s.voided, "") << "seen although voided";
    } else {
      ++seen_.voided;
      HeardVoided(s, answer->voided.proof);
    }
  });
}

void WithdrawRace::HeardVoided(Submission& s, const std::string& proof) {
  EXPECT_NE(proof, "");
  for (Submission& other : submissions_) {
    if (other.message.key != s.message.key) continue;
    EXPECT_FALSE(other.receipt) << "voided although accepted";
    EXPECT_TRUE(other.voided.empty() || other.voided == proof) << "another proof than the first";
    other.voided = proof;
  }
}

void WithdrawRace::Withdraw(Submission& s) {
  const std::string proof = "withdrawal " + std::to_string(++proofs_);
  port_.Withdraw({s.message.key.provider, s.message.gateway_id, now_, proof},
                 [this, &s](const Result<WithdrawAnswer>& answer) {
                   if (!answer.ok()) return;
                   using Outcome = WithdrawAnswer::Outcome;
                   if (answer->outcome == Outcome::kWithdrawn || answer->outcome == Outcome::kAlreadyWithdrawn) {
                     ++seen_.withdrawn;
                     return HeardWithdrawn(s, answer->proof);
                   }
                   seen_.too_late += answer->outcome == Outcome::kTooLate;
                   EXPECT_EQ(s.withdrawal, "") << "withdrawn no more";
                   EXPECT_EQ(answer->proof, "");
                   EXPECT_TRUE(answer->outcome != Outcome::kNotSeen || !s.receipt) << "accepted, then not seen";
                 });
}

void WithdrawRace::HeardWithdrawn(Submission& s, const std::string& proof) {
  EXPECT_NE(proof, "");
  EXPECT_TRUE(s.attempts.empty()) << "withdrawn after an attempt";
  EXPECT_TRUE(s.withdrawal.empty() || s.withdrawal == proof) << "another proof than the first";
  s.withdrawal = proof;
}

void WithdrawRace::LookAtQueue() {
  for (const char* provider : {"alpha", "beta"}) {
    auto page = port_.store().ReadQueue({ProviderId::Trusted(provider), MessageClass::kUncoded}, 0, 1000);
    ASSERT_TRUE(page.ok()) << page.status().ToString();
    for (MessageMeta& meta : *page) {
      const auto own = std::find_if(submissions_.begin(), submissions_.end(),
                                    [&](const Submission& s) { return s.message.gateway_id == meta.gateway_id; });
      if (own != submissions_.end()) looked_.push_back(std::move(meta));
    }
  }
}

// Of what was read some time ago, as dispatch does.
void WithdrawRace::Attempt() {
  if (looked_.empty()) return;
  const MessageMeta meta = looked_[Draw(static_cast<uint32_t>(looked_.size()))];
  const AttemptIntent intent{meta.gateway_id, now_, now_ + std::chrono::seconds(60), kLine, "p", meta.stage};
  port_.Attempt(fence_, intent, [this, id = meta.gateway_id](const Result<std::vector<Status>>& answers) {
    if (!answers.ok() || !answers->front().ok()) return;
    ++seen_.attempts;
    for (Submission& s : submissions_) {
      if (s.message.gateway_id != id) continue;
      EXPECT_EQ(s.withdrawal, "") << "an attempt after the withdrawal";
      s.attempts.insert(static_cast<uint32_t>(s.attempts.size() + 1));
    }
  });
}

void WithdrawRace::Settle() {
  Submission& s = Any();
  if (s.attempts.empty()) return;
  using Outcome = Settlement::Outcome;
  const Outcome outcome = std::array{Outcome::kSent, Outcome::kNotSent, Outcome::kInDoubt}[Draw(3)];
  port_.Settle(fence_, {s.message.gateway_id, *s.attempts.rbegin(), outcome, now_, "line.test", ""}, [](Status) {});
}

// Now and then also to what was never sent, or not even submitted: an authority may say anything.
void WithdrawRace::Answer(Submission& s) {
  if (s.attempts.empty() && Draw(8) > 0) return;
  IncomingAnswer answer;
  answer.answer_id = s.message.gateway_id.value() + std::to_string(now_.us);
  answer.line = kLine;
  answer.position = answer.answer_id;
  answer.bytes = std::make_shared<const std::string>("answer");
  answer.received_at = now_;
  AnswerEffect effect{.gateway_id = s.message.gateway_id};
  const uint32_t what = Draw(3);
  effect.event = what == 0 ? EventKind::kAnswer : EventKind::kAcknowledged;
  effect.back_to_queue = what == 2;
  if (what != 2) effect.stage = what == 0 ? Stage::kAnswered : Stage::kAcknowledged;
  answer.effects = {effect};
  port_.Receive(fence_, std::move(answer));
}

void WithdrawRace::Hold(Submission& s) {
  const bool hold = Draw(2) == 0;
  StageChange change{.gateway_id = s.message.gateway_id, .event = hold ? EventKind::kHeld : EventKind::kReleased};
  change.from = hold ? Stage::kQueued : Stage::kHeld;
  change.to = hold ? Stage::kHeld : Stage::kQueued;
  change.at = now_;
  port_.Change(fence_, change);
}

void WithdrawRace::Crash() {
  ++seen_.crashes;
  port_.CrashAndReopen(static_cast<RacePort::Crash>(Draw(3)));
  fence_ = port_.store().TakeOwnership();
}

std::optional<MessageView> WithdrawRace::View(const Submission& s) {
  auto found = port_.store().Find({.kind = FindBy::Kind::kGatewayId, .gateway_id = s.message.gateway_id});
  EXPECT_TRUE(found.ok()) << found.status().ToString();
  if (!found.ok() || found->messages.empty()) return std::nullopt;
  return found->messages.front();
}

void WithdrawRace::CheckEnd() {
  uint64_t stored = 0;
  for (const Submission& s : submissions_) {
    CheckKey(s);
    const auto view = View(s);
    EXPECT_TRUE(view || !s.receipt) << "receipted and lost";
    EXPECT_TRUE(view || s.withdrawal.empty());
    EXPECT_TRUE(view || s.attempts.empty());
    if (!view) continue;
    ++stored;
    CheckMessage(s, *view);
  }
  EXPECT_LE(stored, 3u) << "one key, two messages";
  CheckClaim();
}

void WithdrawRace::CheckKey(const Submission& s) {
  const auto found = port_.store().Find({.kind = FindBy::Kind::kProviderKey, .provider_key = s.message.key});
  ASSERT_TRUE(found.ok()) << found.status().ToString();
  EXPECT_TRUE(found->messages.empty() || !found->voided);
  if (!s.voided.empty()) {
    ASSERT_TRUE(found->voided.has_value()) << "voided no more";
    EXPECT_EQ(found->voided->proof, s.voided);
  }
  EXPECT_FALSE(found->voided && View(s)) << "voided, and yet a message of that key";
}

void WithdrawRace::CheckMessage(const Submission& s, const MessageView& view) {
  const MessageMeta& meta = view.meta;
  const bool withdrawn = meta.stage == Stage::kWithdrawn;
  EXPECT_EQ(withdrawn, Has(view, EventKind::kWithdrawn));
  EXPECT_FALSE(withdrawn && Has(view, EventKind::kAttempt)) << "both withdrawn and sent";
  EXPECT_TRUE(!withdrawn || meta.attempts == 0);
  EXPECT_TRUE(s.attempts.empty() || !withdrawn);
  EXPECT_GE(meta.attempts, s.attempts.size());
  EXPECT_TRUE(withdrawn || s.withdrawal.empty()) << "withdrawn no more";
  for (const Event& event : view.events)
    EXPECT_TRUE(event.kind != EventKind::kWithdrawn || s.withdrawal.empty() || event.proof == s.withdrawal);
  const auto queue = port_.store().ReadQueue({meta.provider(), meta.cls}, meta.acceptance - 1, 1);
  ASSERT_TRUE(queue.ok());
  const bool queued = !queue->empty() && queue->front().gateway_id == meta.gateway_id;
  EXPECT_EQ(queued, meta.stage == Stage::kQueued);
}

// The invoice is free exactly when nobody holds it: asked by the submit of a third provider.
void WithdrawRace::CheckClaim() {
  int holders = 0;
  for (const Submission& s : submissions_) {
    const auto view = View(s);
    holders += view && view->meta.stage != Stage::kWithdrawn;
  }
  EXPECT_LE(holders, 1) << "one invoice, two messages";
  Submission probe{.message = Make("gamma", "P" + std::to_string(round_), "probe")};
  port_.Accept(probe.message, [&](const Result<AcceptAnswer>& answer) {
    ASSERT_TRUE(answer.ok()) << answer.status().ToString();
    EXPECT_EQ(answer->outcome,
              holders == 0 ? AcceptAnswer::Outcome::kAccepted : AcceptAnswer::Outcome::kInvoiceClaimed);
    probe.receipt = true;
  });
  port_.Flush();
  EXPECT_TRUE(probe.receipt);
}

}  // namespace tvan
