// Purge: a look that writes nothing, then one act; without anything to remove, none. And the ring of rejections.
#include <algorithm>

#include "store/codec_fields.h"
#include "store/keys.h"
#include "store/kv_store_reads.h"

namespace tvan {
namespace {

// Trying again does not help, and neither is it another owner's now.
bool ForAPerson(const Status& status) {
  return !status.ok() && !status.is_transient() && !status.is_in_doubt() && status.reason() != "store.fenced"_reason;
}

}  // namespace

// In order; who never submitted may have got what nobody asked for.
std::vector<ProviderId> Questions::ProvidersWithMail() {
  std::vector<ProviderId> providers = Providers();
  Scan(Family::kControl, keys::kMailboxEnds, {}, [&](std::string_view key, std::string_view) {
    if (auto provider = keys::ParseProvider(key)) providers.push_back(std::move(*provider));
    return true;
  });
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  return providers;
}

// Old final messages of the first provider from `request.provider` on, in order of acceptance; that is almost the order
// of time, so the first young one ends it. What cannot be read is passed over.
PurgePlan Questions::PlanPurge(const PurgeRequest& request) {
  PurgePlan plan{.before = request.before, .at = request.at, .provider = {}, .messages = {}};
  const std::vector<ProviderId> providers = ProvidersWithMail();
  const auto at = std::lower_bound(providers.begin(), providers.end(), request.provider);
  if (at == providers.end()) return plan;
  plan.provider = *at;
  plan.items = std::clamp(request.limit, 1U, 256U);
  plan.through = *at == request.provider ? request.after_acceptance : 0;
  uint32_t looked = 0;
  Scan(Family::kIndex, keys::ListOf(*at), keys::ListEntry(*at, plan.through + 1),
       [&](std::string_view key, std::string_view id) {
         plan.more_messages = looked++ == plan.items;
         if (plan.more_messages) return false;
         plan.through = TailU64(key).value_or(plan.through);
         auto message = Load(MessageId::Trusted(std::string(id)));
         if (!message) return Note(codec::Damaged("a list names a message that is not there")), true;
         const MessageMeta& meta = message->meta;
         if (IsFinal(meta.stage) && !meta.purged()) plan.messages.push_back(meta.gateway_id);
         return meta.accepted_at < request.before;
       });
  return plan;
}

Result<PurgeReport> KvStore::PurgeChunk(const Fence& fence, const PurgePlan& plan) {
  Result<PurgeReport> report = PurgeReport{};
  const Status status = Write([&](Ledger& ledger) { report = ledger.Purge(fence, plan); });
  return status.ok() ? report : Result<PurgeReport>(status);
}

// The chunk met something that cannot be read: what needs it is left alone and told, the others go.
Result<PurgeReport> KvStore::PurgeOneByOne(const Fence& fence, const PurgePlan& plan) {
  PurgePlan one = plan;
  one.items = 0;
  PurgeReport sum;
  for (size_t i = 0; i <= plan.messages.size(); ++i) {
    const bool mailbox = i == plan.messages.size();
    one.messages = mailbox ? std::vector<MessageId>() : std::vector<MessageId>{plan.messages[i]};
    if (mailbox) one.items = plan.items;
    const auto report = PurgeChunk(fence, one);
    if (ForAPerson(report.status())) {
      damage_.Report(report.status());
      continue;
    }
    if (!report.ok()) return report;
    sum.messages += report->messages;
    sum.answers += report->answers;
    sum.items += report->items;
    sum.payload_bytes += report->payload_bytes;
  }
  return sum;
}

Result<PurgeReport> KvStore::Purge(const Fence& fence, const PurgeRequest& request) {
  if (!(request.before < request.at)) return Status::Permanent("store.argument"_reason, "a purge of the future");
  PurgePlan plan;
  Status damage;
  const Status looked = backend_->Look([&](const KvView& view) {
    Questions questions(view);
    plan = questions.PlanPurge(request);
    damage = questions.damage();
  });
  if (!looked.ok()) return looked;
  if (!damage.ok()) damage_.Report(damage);
  if (plan.provider.empty()) return PurgeReport{};
  Result<PurgeReport> report = PurgeChunk(fence, plan);
  if (ForAPerson(report.status())) report = PurgeOneByOne(fence, plan);
  if (!report.ok()) return report;
  report->more = true;
  report->provider = plan.provider;
  report->after_acceptance = plan.through;
  if (plan.more_messages || report->items == plan.items) return report;
  report->provider = ProviderId::Trusted(plan.provider.value() + '\0');  // the next one
  report->after_acceptance = 0;
  return report;
}

std::vector<Rejection> Questions::Rejections(const ProviderId& provider, uint32_t limit) {
  std::vector<Rejection> all;
  Scan(Family::kIndex, keys::RejectionsOf(provider), {}, [&](std::string_view, std::string_view value) {
    auto rejection = DecodeRejection(value);
    if (rejection.ok())
      all.push_back(std::move(rejection).value());
    else
      Note(rejection.status());
    return true;
  });
  std::sort(all.begin(), all.end(), [](const Rejection& a, const Rejection& b) { return a.number > b.number; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

Status KvStore::NoteRejections(const std::vector<Rejection>& rejections) {
  return Write([&](Ledger& ledger) { ledger.NoteRejections(rejections); });
}

Result<std::vector<Rejection>> KvStore::Rejections(const ProviderId& provider, uint32_t limit) const {
  return ReadWhole([&](Questions& q) { return q.Rejections(provider, limit); });
}

}  // namespace tvan
