#include "tests/contract/store_contract.h"

#include <map>

namespace tvan {
namespace {

Sha256 DigestOf(const std::string& text) {
  Sha256 digest;  // any function of the text will do
  for (size_t i = 0; i < text.size(); ++i)
    digest.bytes[i % 32] = static_cast<uint8_t>(digest.bytes[i % 32] * 31 + text[i]);
  return digest;
}

}  // namespace

NewMessage StoreContract::Message(int n, const std::string& provider) {
  const std::string number = std::to_string(n);
  NewMessage m;
  m.key = {ProviderId::Trusted(provider), SubmitIdKind::kMTDiep, "M" + number};
  m.gateway_id = MessageId::Trusted("V0100000000" + provider + number);
  m.provider_mtdiep = "M" + number;
  m.provider_mngui = "0101234567";
  m.payload = std::make_shared<const std::string>("<TDiep>" + provider + number + std::string(3000, 'x') + "</TDiep>");
  m.digest = DigestOf(*m.payload);
  m.sent_digest = DigestOf("sent" + *m.payload);
  m.cls = MessageClass::kUncoded;
  m.mltdiep = 203;
  m.mst = TaxCode::Trusted("0101234567");
  m.plan.payload = {7, 5};
  m.plan.mst = "0101234567";
  m.claims = {Invoice(n)};
  m.accepted_at = At(1000 + n);
  m.contract_version = "c1";
  m.signature_marks = {"enveloped_on_object", "legacy_sha1"};
  m.receipt = "receipt-" + provider + number;
  m.ack999 = "<TDiep>999-" + number + "</TDiep>";
  return m;
}

Result<AcceptAnswer> StoreContract::TryAccept(NewMessage message) {
  std::promise<Result<AcceptAnswer>> done;
  store().Accept(std::move(message), [&](Result<AcceptAnswer> answer) { done.set_value(std::move(answer)); });
  return done.get_future().get();
}

AcceptAnswer StoreContract::Accept(NewMessage message) {
  auto answer = TryAccept(std::move(message));
  EXPECT_TRUE(answer.ok()) << answer.status().ToString();
  return answer.ok() ? *answer : AcceptAnswer{};
}

MessageView StoreContract::View(const MessageId& id) {
  Found found = store().Find({.kind = FindBy::Kind::kGatewayId, .gateway_id = id}).value();
  EXPECT_EQ(found.messages.size(), 1u) << id.value();
  return found.messages.empty() ? MessageView{} : found.messages.front();
}

std::vector<EventKind> StoreContract::EventsOf(const MessageId& id) {
  std::vector<EventKind> kinds;
  for (const Event& event : View(id).events) kinds.push_back(event.kind);
  return kinds;
}

Status StoreContract::Attempt(const MessageId& id, const std::string& search_from) {
  auto answer = store().RecordAttempts(
      fence_, {{.gateway_id = id, .at = At(5000), .not_after = At(5060), .line = kLine, .search_from = search_from}});
  return answer.ok() ? answer->front() : answer.status();
}

Status StoreContract::Settle(const MessageId& id, Settlement::Outcome outcome, uint32_t attempt) {
  return store().Settle(
      fence_, {{.gateway_id = id, .attempt = attempt, .outcome = outcome, .at = At(5001), .reason = "line.test"}});
}

Status StoreContract::Change(const MessageId& id, StageChange change) {
  change.gateway_id = id;
  change.at = At(6000);
  auto answer = store().Change(fence_, {change});
  return answer.ok() ? answer->front() : answer.status();
}

void StoreContract::Send(const MessageId& id) {
  ASSERT_TRUE(Attempt(id).ok());
  ASSERT_TRUE(Settle(id, Settlement::Outcome::kSent).ok());
}

IncomingAnswer StoreContract::Answer(int n, const std::string& position) {
  IncomingAnswer a;
  a.answer_id = "answer-" + std::to_string(n);
  a.line = kLine;
  a.position = position;
  a.bytes = std::make_shared<const std::string>("<TDiep>answer " + std::to_string(n) + "</TDiep>");
  a.mltdiep = 204;
  a.authority_mtdiep = "TCT" + std::to_string(n);
  a.received_at = At(7000 + n);
  a.parsed = "parsed";
  a.annotation = "VERIFIED";
  return a;
}

AnswerEffect StoreContract::Effect(const MessageId& id, Stage stage, EventKind kind) {
  return {.gateway_id = id, .event = kind, .stage = stage, .reason = {}, .detail = {}, .released_claims = {}};
}

Delivery StoreContract::DeliveryTo(const std::string& provider, const MessageId& id) {
  return {ProviderId::Trusted(provider), "M", id, "<TDiep>for " + provider + "</TDiep>"};
}

ReceiveReport StoreContract::Receive(int n, const AnswerEffect& effect, const std::string& provider) {
  IncomingAnswer answer = Answer(n, "p" + std::to_string(n));
  answer.effects = {effect};
  answer.deliveries = {DeliveryTo(provider, effect.gateway_id)};
  return Receive(answer);
}

ReceiveReport StoreContract::Receive(const IncomingAnswer& answer) {
  auto report = store().ReceiveAnswers(fence_, kLine, {answer}, answer.position);
  EXPECT_TRUE(report.ok()) << report.status().ToString();
  return report.ok() ? *report : ReceiveReport{};
}

void StoreContract::ExpectCountersEqualARecount() {
  std::map<Stage, uint64_t> stages;
  std::map<QueueKey, std::pair<uint64_t, uint64_t>> queues;
  uint64_t total = 0;
  const Listed all = store().List({.limit = 1000}).value();
  for (const MessageMeta& meta : all.messages) {
    ++total;
    ++stages[meta.stage];
    if (meta.stage != Stage::kQueued) continue;
    auto& [messages, bytes] = queues[{meta.provider(), meta.cls}];
    ++messages;
    bytes += meta.payload_size;
  }
  const Measures m = store().Measure().value();
  EXPECT_EQ(m.accepted_total, total + m.purged_total);
  EXPECT_EQ((std::map<Stage, uint64_t>(m.stages.begin(), m.stages.end())), stages);
  EXPECT_EQ(m.queues.size(), queues.size());
  for (const QueueDepth& depth : m.queues) {
    EXPECT_EQ(depth.messages, queues[depth.key].first);
    EXPECT_EQ(depth.bytes, queues[depth.key].second);
    const auto head = store().ReadQueue(depth.key, 0, 1).value();
    ASSERT_EQ(head.size(), 1u);
    EXPECT_EQ(depth.oldest_accepted_at, head[0].accepted_at);
    EXPECT_EQ(store().ReadQueue(depth.key, 0, 1000)->size(), depth.messages);
  }
  EXPECT_EQ(m.parked, store().Parked(1000)->size());
  EXPECT_EQ(m.own_999_waiting, store().Own999(1000)->size());
}

}  // namespace tvan
