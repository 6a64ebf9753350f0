// What operators ask.
#include <algorithm>
#include <map>
#include <set>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/desk.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

Result<std::map<std::string, uint64_t>> VersionsOf(const Store& store, const std::string& kind) {
  const Result<std::vector<OperatorRecord>> records = store.ListRecords(kind);
  if (!records) return records.status();
  std::map<std::string, uint64_t> versions;
  for (const OperatorRecord& record : *records) versions[record.id] = record.version;
  return versions;
}

void FillLine(const Dispatcher::View& view, const LineId& line, admin::v1::GetQueueResponse::Line& out) {
  out.set_line(line.value());
  out.set_phase(ToString(view.line.phase));
  ToProto(view.line.since, *out.mutable_since());
  if (view.line.next_change != kForever) ToProto(view.line.next_change, *out.mutable_next_change());
  out.set_window(view.line.window);
  out.set_down_reason(view.down_reason);
  out.set_rate_per_s(view.rate_per_s);
}

void FillQueues(const Measures& measures, admin::v1::GetQueueResponse& response) {
  for (const QueueDepth& depth : measures.queues) {
    auto& queue = *response.add_queues();
    queue.set_provider(depth.key.provider.value());
    queue.set_message_class(ToProto(depth.key.cls));
    queue.set_messages(depth.messages);
    queue.set_bytes(depth.bytes);
    ToProto(depth.oldest_accepted_at, *queue.mutable_oldest_accepted_at());
  }
  for (const auto& [stage, count] : measures.stages) {
    response.add_stages()->set_name(ToString(stage));
    response.mutable_stages()->rbegin()->set_count(count);
  }
  for (const auto& [provider, count] : measures.undelivered) {
    response.add_undelivered()->set_name(provider.value());
    response.mutable_undelivered()->rbegin()->set_count(count);
  }
  response.set_parked(measures.parked);
  response.set_own_999_waiting(measures.own_999_waiting);
  response.set_accepted_total(measures.accepted_total);
  response.set_answers_total(measures.answers_total);
}

}  // namespace

Status Desk::List(const admin::v1::ListProviderContractsRequest& request,
                  admin::v1::ListProviderContractsResponse& response) const {
  const auto versions = VersionsOf(parts_.store, "provider_contract");
  if (!versions) return versions.status();
  for (const ProviderContract& contract : parts_.contracts.Contracts()) {
    if (!request.provider().empty() && contract.provider.value() != request.provider()) continue;
    const auto version = versions->find(contract.provider.value());
    ToProto(contract, version == versions->end() ? 0 : version->second, *response.add_contracts());
  }
  return {};
}

Status Desk::List(const admin::v1::ListMandatesRequest& request, admin::v1::ListMandatesResponse& response) const {
  const auto versions = VersionsOf(parts_.store, "mandate");
  if (!versions) return versions.status();
  for (const Mandate& mandate : parts_.contracts.Mandates(ProviderId::Trusted(request.provider()))) {
    const auto version = versions->find(mandate.id());
    ToProto(mandate, version == versions->end() ? 0 : version->second, *response.add_mandates());
  }
  return {};
}

Status Desk::List(const admin::v1::ListWindowsRequest&, admin::v1::ListWindowsResponse& response) const {
  const auto versions = VersionsOf(parts_.store, "window");
  if (!versions) return versions.status();
  for (const Window& window : parts_.calendar.Windows()) {
    const auto version = versions->find(window.id);
    ToProto(window, version == versions->end() ? 0 : version->second, *response.add_windows());
  }
  return {};
}

Status Desk::Get(const admin::v1::GetQueueRequest&, admin::v1::GetQueueResponse& response) const {
  FillQueues(parts_.store.Measure(), response);
  const Dispatcher::View view = parts_.dispatcher.view();
  response.set_waiting_for_parent(view.waiting_for_parent);
  FillLine(view, parts_.line, *response.add_lines());
  ToProto(parts_.clock.Now(), *response.mutable_as_of());
  return {};
}

std::vector<FindBy> Desk::ForEveryProvider(SubmitIdKind kind, const std::string& value) const {
  std::vector<FindBy> keys;
  for (const ProviderContract& contract : parts_.contracts.Contracts()) {
    FindBy by;
    by.kind = FindBy::Kind::kProviderKey;
    by.provider_key = {contract.provider, kind, value};
    keys.push_back(std::move(by));
  }
  return keys;
}

Result<std::vector<FindBy>> Desk::KeysOf(const admin::v1::GetMessageRequest& request) const {
  using Request = admin::v1::GetMessageRequest;
  FindBy by;
  switch (request.by_case()) {
    case Request::kMtdiep: {
      by.gateway_id = MessageId::Trusted(request.mtdiep());
      auto keys = ForEveryProvider(SubmitIdKind::kMTDiep, request.mtdiep());
      keys.push_back(std::move(by));
      return keys;
    }
    case Request::kClientReference:
      return ForEveryProvider(SubmitIdKind::kClientReference, request.client_reference());
    case Request::kSha256: {
      const auto digest = ParseSha256Hex(request.sha256());
      if (!digest) return BadRequest("sha256: " + digest.status().message());
      by.kind = FindBy::Kind::kDigest;
      by.digest = *digest;
      return std::vector<FindBy>{by};
    }
    case Request::kInvoice: {
      const auto key = ParseInvoiceKey(request.invoice());
      if (!key) return BadRequest("invoice: " + key.status().message());
      by.kind = FindBy::Kind::kInvoiceKey;
      by.invoice = *key;
      return std::vector<FindBy>{by};
    }
    default:
      return BadRequest("by: one of the keys is wanted");
  }
}

Status Desk::Get(const admin::v1::GetMessageRequest& request, admin::v1::GetMessageResponse& response) const {
  const auto keys = KeysOf(request);
  if (!keys) return keys.status();
  std::set<std::string> seen;
  for (const FindBy& by : *keys) {
    const Result<Found> found = parts_.store.Find(by);
    if (!found) return found.status();
    for (const MessageView& view : found->messages) {
      if (!seen.insert(view.meta.gateway_id.value()).second) continue;
      auto& owned = *response.add_messages();
      owned.set_provider(view.meta.provider().value());
      ToProto(view, Reader::kOperator, *owned.mutable_message());
    }
  }
  return {};
}

Status Desk::List(const admin::v1::ListMessagesRequest& request, admin::v1::ListMessagesResponse& response) const {
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return BadRequest(size.status().message());
  const auto after = ParsePageToken(request.page_token());
  if (!after) return BadRequest(after.status().message());
  ListFilter filter;
  if (!request.provider().empty()) {
    auto provider = ParseProviderId(request.provider());
    if (!provider) return BadRequest("provider: " + provider.status().message());
    filter.provider = *std::move(provider);
  }
  filter.stage = FromProto(request.state());
  filter.after_acceptance = *after;
  filter.limit = *size;
  const Result<Listed> page = parts_.store.List(filter);
  if (!page) return page.status();
  for (const MessageMeta& meta : page->messages) {
    auto& owned = *response.add_messages();
    owned.set_provider(meta.provider().value());
    ToProto(meta, *owned.mutable_message());
  }
  if (page->more) response.set_next_page_token(std::to_string(page->next_after));
  return {};
}

Status Desk::List(const admin::v1::ListParkedAnswersRequest& request,
                  admin::v1::ListParkedAnswersResponse& response) const {
  if (request.limit() < 0 || request.limit() > 1000) return BadRequest("limit: 1..1000");
  if (request.answer_id().empty()) {
    const uint32_t limit = request.limit() == 0 ? 100 : static_cast<uint32_t>(request.limit());
    for (const StoredAnswer& stored : parts_.store.Parked(limit)) ToProto(stored, *response.add_answers());
    return {};
  }
  const auto stored = parts_.store.LoadAnswer(request.answer_id());
  if (!stored) return stored.status();
  if (stored->answer.parked_reason.empty())
    return Status::Permanent("admin.not_found"_reason, "no parked answer has this id");
  ToProto(*stored, *response.add_answers());
  if (stored->answer.bytes != nullptr) response.mutable_answers(0)->set_authority_bytes(*stored->answer.bytes);
  return {};
}

}  // namespace tvan
