#include "tests/faults/power_cut_traffic.h"

#include <future>

namespace tvan {
namespace {

const LineId kLine = LineId::Trusted("main");
constexpr const char* kMain = "main";
// Below a page, over several pages, over several blocks of the log, and small again.
constexpr size_t kSizes[] = {300, 9000, 70000, 1500, 40000};

std::string OwnerOf(int n) { return PowerCutTraffic::MessageOf(n).key.provider.value(); }
MessageId IdOf(int n) { return PowerCutTraffic::MessageOf(n).gateway_id; }

}  // namespace

NewMessage PowerCutTraffic::MessageOf(int n) { return FaultMessage(n, kSizes[n % 5]); }

IncomingAnswer PowerCutTraffic::AnswerOf(int n) {
  const NewMessage message = MessageOf(n);
  IncomingAnswer a;
  a.answer_id = "answer-" + std::to_string(n);
  a.line = kLine;
  a.bytes = FaultMessage(n + 1000000, kSizes[(n + 1) % 5]).payload;
  a.mltdiep = 204;
  a.mtdtchieu = message.gateway_id.value();
  a.received_at = {n};
  a.effects = {
      {.gateway_id = message.gateway_id, .stage = Stage::kAnswered, .reason = {}, .detail = {}, .released_claims = {}}};
  a.deliveries = {{message.key.provider, message.provider_mtdiep, message.gateway_id, *a.bytes}};
  a.own_999_id = MessageId::Trusted("OWN" + std::to_string(n));
  a.own_999 = "<TDiep>999 " + std::to_string(n) + "</TDiep>";
  return a;
}

Confirmed PowerCutTraffic::confirmed() const {
  const std::lock_guard lock(mutex_);
  return confirmed_;
}

void PowerCutTraffic::Run(Store& store, int most, const std::function<bool()>& stop) {
  fence_ = store.TakeOwnership();
  if (fence_.counter != 0) {
    const std::lock_guard lock(mutex_);
    confirmed_.fence = fence_.counter;
    confirmed_.incarnation = fence_.incarnation;
  }
  for (int step = 0; step < most && !stop(); ++step) {
    switch (Any(7)) {
      case 0:
      case 1:
      case 2:
        Accept(store);
        break;
      case 3:
        Attempt(store);
        break;
      case 4:
        Settle(store);
        break;
      case 5:
        Receive(store);
        break;
      case 6:
        PutRecords(store);
        break;
      default:
        Acknowledge(store);
    }
  }
}

// Several at once, so that batches have several.
void PowerCutTraffic::Accept(Store& store) {
  std::vector<std::future<void>> all;
  for (int left = Any(5); left >= 0; --left) {
    const int n = next_++;
    auto done = std::make_shared<std::promise<void>>();
    all.push_back(done->get_future());
    store.Accept(MessageOf(n), [this, n, done](Result<AcceptAnswer> answer) {
      if (answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted) {
        const std::lock_guard lock(mutex_);
        confirmed_.accepted.insert(n);
      }
      done->set_value();
    });
  }
  for (auto& one : all) one.wait();
}

int PowerCutTraffic::AnyMessage() {
  const std::lock_guard lock(mutex_);
  if (confirmed_.accepted.empty()) return 0;
  auto it = confirmed_.accepted.lower_bound(Any(next_));
  return it == confirmed_.accepted.end() ? *confirmed_.accepted.rbegin() : *it;
}

void PowerCutTraffic::Attempt(Store& store) {
  const int n = AnyMessage();
  if (n == 0) return;
  const auto answer = store.RecordAttempts(
      fence_, {{.gateway_id = IdOf(n), .at = {n}, .not_after = {n + 1}, .line = kLine, .search_from = "0"}});
  if (!answer.ok() || !answer->front().ok()) return;
  const std::lock_guard lock(mutex_);
  ++confirmed_.attempts[n];
}

void PowerCutTraffic::Settle(Store& store) {
  const int n = AnyMessage();
  const Confirmed now = confirmed();
  const auto attempts = now.attempts.find(n);
  if (attempts == now.attempts.end()) return;
  const auto found = store.Find({.kind = FindBy::Kind::kGatewayId, .gateway_id = IdOf(n)});
  if (!found.ok() || found->messages.empty()) return;
  const uint32_t attempt = found->messages[0].meta.attempts;  // one that a cut came upon may have been recorded, too
  const Status settled = store.Settle(fence_, {{.gateway_id = IdOf(n),
                                                .attempt = attempt,
                                                .outcome = Settlement::Outcome::kSent,
                                                .at = {n},
                                                .reason = {},
                                                .detail = {}}});
  const std::lock_guard lock(mutex_);
  if (settled.ok()) confirmed_.settled.emplace(n, attempt);
}

void PowerCutTraffic::Receive(Store& store) {
  const int n = AnyMessage();
  if (n == 0) return;
  IncomingAnswer answer = AnswerOf(n);
  const uint64_t position = ++reads_;
  answer.position = std::to_string(position);
  const auto report = store.ReceiveAnswers(fence_, kLine, {answer}, answer.position);
  if (!report.ok()) return;
  const auto end = store.MailboxEnd(ProviderId::Trusted(OwnerOf(n)), kMain);
  const std::lock_guard lock(mutex_);
  confirmed_.answers.insert(n);
  confirmed_.position = position;
  if (end.ok()) confirmed_.items[OwnerOf(n)] = *end;
}

// One to three of five records, the same one perhaps twice.
void PowerCutTraffic::PutRecords(Store& store) {
  const auto known = store.ListRecords("test");
  if (!known.ok()) return;
  std::map<std::string, uint64_t> versions;
  for (const OperatorRecord& record : *known) versions[record.id] = record.version;
  std::vector<RecordStore::RecordPut> puts;
  for (int left = Any(2); left >= 0; --left) {
    OperatorRecord record;
    record.kind = "test";
    record.id = std::to_string(Any(4));
    record.body = std::string(static_cast<size_t>(Any(3000)), 'b');
    puts.push_back({record, versions[record.id]++});
  }
  if (!store.PutRecords(puts).ok()) return;
  const auto end = store.AuditEnd();
  const std::lock_guard lock(mutex_);
  confirmed_.records = std::move(versions);
  if (end.ok()) confirmed_.audit = *end;
}

void PowerCutTraffic::Acknowledge(Store& store) {
  const Confirmed now = confirmed();
  for (const auto& [provider, items] : now.items) {
    const uint64_t sequence = static_cast<uint64_t>(Any(static_cast<int>(items)));
    if (!store.Acknowledge(ProviderId::Trusted(provider), kMain, sequence).ok()) continue;
    const std::lock_guard lock(mutex_);
    auto& known = confirmed_.acknowledged[provider];
    known = std::max(known, sequence);
  }
}

}  // namespace tvan
