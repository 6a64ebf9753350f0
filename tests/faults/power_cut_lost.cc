// LostFrom: what was confirmed and is not there. It asks the store only what its users ask.
#include <algorithm>

#include "store/audit_verifier.h"
#include "tests/faults/power_cut_traffic.h"

namespace tvan {
namespace {

constexpr const char* kMain = "main";

class Search {
 public:
  Search(const Store& store, const Confirmed& confirmed) : store_(store), confirmed_(confirmed) {}

  std::vector<std::string> Run() {
    if (!confirmed_.incarnation.empty())
      Want(store_.position().incarnation == confirmed_.incarnation, "another incarnation");
    for (const int n : confirmed_.accepted) Message(n);
    for (const int n : confirmed_.answers) Answer(n);
    Mailboxes();
    Records();
    Audit();
    Days();
    const auto position = store_.LinePosition(LineId::Trusted("main"));
    Want(position.ok() && std::strtoull(position->c_str(), nullptr, 10) >= confirmed_.position, "the line's position");
    return std::move(lost_);
  }

 private:
  bool Want(bool good, const std::string& what) {
    if (!good) lost_.push_back(what);
    return good;
  }

  void Message(int n) {
    const NewMessage sent = PowerCutTraffic::MessageOf(n);
    const std::string name = "message " + std::to_string(n);
    const auto found = store_.Find({.kind = FindBy::Kind::kProviderKey, .provider_key = sent.key});
    if (!Want(found.ok() && found->messages.size() == 1, name)) return;
    const MessageView& view = found->messages[0];
    Want(view.receipt == sent.receipt && view.ack999 == sent.ack999, name + ": its receipt");
    const auto payload = store_.LoadPayload(sent.gateway_id);
    Want(payload.ok() && **payload == *sent.payload, name + ": its bytes");
    const auto holder = store_.ClaimHolder(sent.claims[0]);
    Want(holder.ok() && *holder && (*holder)->gateway_id == sent.gateway_id, name + ": its claim");
    const auto attempts = confirmed_.attempts.find(n);
    if (attempts != confirmed_.attempts.end()) Want(view.meta.attempts >= attempts->second, name + ": an attempt");
    for (auto it = confirmed_.settled.lower_bound({n, 0}); it != confirmed_.settled.end() && it->first == n; ++it)
      Want(Has(view, EventKind::kSent, it->second), name + ": a settled attempt");
    if (confirmed_.answers.count(n) != 0) Want(view.meta.stage == Stage::kAnswered, name + ": what was answered");
  }

  static bool Has(const MessageView& view, EventKind kind, uint32_t attempt) {
    return std::any_of(view.events.begin(), view.events.end(),
                       [&](const Event& e) { return e.kind == kind && e.attempt == attempt; });
  }

  void Answer(int n) {
    const IncomingAnswer received = PowerCutTraffic::AnswerOf(n);
    const auto stored = store_.LoadAnswer(received.answer_id);
    Want(stored.ok() && *stored->answer.bytes == *received.bytes, "answer " + std::to_string(n));
  }

  void Mailboxes() {
    for (const auto& [name, count] : confirmed_.items) {
      const ProviderId provider = ProviderId::Trusted(name);
      const auto end = store_.MailboxEnd(provider, kMain);
      Want(end.ok() && *end >= count, "the mailbox of " + name);
      const auto items = store_.ReadMailbox(provider, kMain, 0, 100000);
      Want(items.ok() && items->size() >= count, "items of " + name);
    }
    for (const auto& [name, sequence] : confirmed_.acknowledged) {
      const auto acknowledged = store_.Acknowledged(ProviderId::Trusted(name), kMain);
      Want(acknowledged.ok() && *acknowledged >= sequence, "what " + name + " acknowledged");
    }
  }

  void Records() {
    for (const auto& [id, version] : confirmed_.records) {
      const auto history = store_.RecordHistory("test", id);
      Want(history.ok() && history->size() >= version, "a version of record " + id);
    }
  }

  // The chain is whole, reaches what was confirmed, and has an entry of every version, confirmed or not.
  void Audit() {
    const auto end = store_.AuditEnd();
    const auto entries = store_.AuditFrom(1, UINT32_MAX);
    const auto records = store_.ListRecords("test");
    if (!Want(end.ok() && entries.ok() && records.ok(), "the audit chain")) return;
    AuditVerifier verifier(*end, confirmed_.audit);
    for (const AuditEntry& entry : *entries) {
      verifier.Add(entry);
      const auto trail = store_.TrailOf(entry);
      verifier.Compare(entry, trail.ok() ? *trail : AuditTrail());
    }
    verifier.Finish();
    for (const AuditVerifier::Break& found : verifier.breaks())
      Want(false, std::string("audit: ") + ToString(found.fault) + " at " + std::to_string(found.sequence));
    uint64_t versions = 0;
    for (const OperatorRecord& record : *records) versions += record.version;
    Want(versions == verifier.entries(), "versions without an entry");
  }

  // Every message counts on its day, whether it was confirmed or not.
  void Days() {
    uint64_t counted = 0;
    for (const std::string provider : {"p0", "p1", "p2"}) {
      const auto total = store_.AcceptedOn(ProviderId::Trusted(provider), 0);
      counted += total.ok() ? total->messages : 0;
    }
    const auto measures = store_.Measure();
    Want(measures.ok() && measures->accepted_total == counted, "what was accepted on the day");
  }

  const Store& store_;
  const Confirmed& confirmed_;
  std::vector<std::string> lost_;
};

}  // namespace

std::vector<std::string> LostFrom(const Store& store, const Confirmed& confirmed) {
  return Search(store, confirmed).Run();
}

}  // namespace tvan
