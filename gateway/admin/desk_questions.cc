// What operators ask.
#include <algorithm>
#include <set>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/desk.h"
#include "gateway/contract/every_provider.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

}  // namespace

Status Desk::List(const admin::v1::ListProviderContractsRequest& request,
                  admin::v1::ListProviderContractsResponse& response) const {
  for (const auto& listed : parts_.contracts.snapshot()->List(ContractKind::kProviderContract, "", SIZE_MAX)) {
    const auto& contract = std::get<ProviderContract>(listed.item);
    if (!request.provider().empty() && contract.provider.value() != request.provider()) continue;
    ToProto(contract, listed.version, *response.add_contracts());
  }
  return {};
}

Status Desk::List(const admin::v1::ListMandatesRequest& request, admin::v1::ListMandatesResponse& response) const {
  for (const auto& listed : parts_.contracts.snapshot()->List(ContractKind::kMandate, "", SIZE_MAX)) {
    const auto& mandate = std::get<Mandate>(listed.item);
    if (!request.provider().empty() && mandate.provider.value() != request.provider()) continue;
    ToProto(mandate, listed.version, *response.add_mandates());
  }
  return {};
}

Result<std::vector<FindBy>> Desk::ForEveryProvider(SubmitIdKind kind, const std::string& value) const {
  const auto providers = EveryProvider(parts_.store);
  if (!providers) return providers.status();
  std::vector<FindBy> keys;
  for (const ProviderId& provider : *providers) {
    FindBy by;
    by.kind = FindBy::Kind::kProviderKey;
    by.provider_key = {provider, kind, value};
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
      if (keys) keys->push_back(std::move(by));
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
    const auto parked = parts_.store.Parked(limit);
    if (!parked) return parked.status();
    for (const StoredAnswer& stored : *parked) ToProto(stored, *response.add_answers());
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
