#include "gateway/intake/queries.h"

#include <algorithm>
#include <charconv>

#include "gateway/intake/convert.h"

namespace tvan {
namespace {

Status BadRequest(const std::string& what) { return Status::Permanent("intake.bad_request"_reason, what); }

Result<FindBy> ByInvoice(const v1::InvoiceKey& asked) {
  auto key = ParseInvoiceKey(asked.mst() + ";" + asked.khmshdon() + ";" + asked.khhdon() + ";" + asked.shdon());
  if (!key) return BadRequest("invoice: " + key.status().message());
  FindBy by;
  by.kind = FindBy::Kind::kInvoiceKey;
  by.invoice = *std::move(key);
  return by;
}

Result<FindBy> ByDigest(const std::string& hex) {
  const auto digest = ParseSha256Hex(hex);
  if (!digest) return BadRequest("sha256: " + digest.status().message());
  FindBy by;
  by.kind = FindBy::Kind::kDigest;
  by.digest = *digest;
  return by;
}

FindBy ByProviderKey(const ProviderId& provider, SubmitIdKind kind, const std::string& value) {
  FindBy by;
  by.kind = FindBy::Kind::kProviderKey;
  by.provider_key = {provider, kind, value};
  return by;
}

Result<FindBy> KeyOf(const ProviderId& provider, const v1::GetMessageRequest& request) {
  using Request = v1::GetMessageRequest;
  switch (request.by_case()) {
    case Request::kProviderMtdiep:
      return ByProviderKey(provider, SubmitIdKind::kMTDiep, request.provider_mtdiep());
    case Request::kClientReference:
      return ByProviderKey(provider, SubmitIdKind::kClientReference, request.client_reference());
    case Request::kInvoice:
      return ByInvoice(request.invoice());
    case Request::kSha256:
      return ByDigest(request.sha256());
    case Request::kGatewayMtdiep:
      break;
    default:
      return BadRequest("by: one of the keys is wanted");
  }
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = MessageId::Trusted(request.gateway_mtdiep());
  return by;
}

// The same question as dispatch asks before it takes a message: behind whose answer does it wait. Tells the invoice
// that the message itself names, never whose message files it; with nothing but the tax code it is a registration.
std::optional<InvoiceKey> WaitsFor(const Store& store, const MessageMeta& meta) {
  if (meta.stage != Stage::kQueued) return std::nullopt;
  const auto is_open = [](const MessageMeta& parent) {
    return IsOpen(parent.stage) && parent.stage != Stage::kWorkItem;
  };
  const auto holds = [&](const InvoiceKey& claim) {
    const auto parent = store.ClaimHolder(claim);
    if (!parent || !*parent) return false;
    const MessageMeta& p = **parent;
    return p.acceptance < meta.acceptance && p.mst == meta.mst && is_open(p);
  };
  const auto invoice = std::find_if(meta.refers.begin(), meta.refers.end(), holds);
  if (invoice != meta.refers.end()) return *invoice;
  const auto registrations = store.OpenRegistrations(meta.mst, meta.acceptance);
  if (registrations.ok() && std::any_of(registrations->begin(), registrations->end(), is_open))
    return RegistrationOf(meta.mst);
  return std::nullopt;
}

}  // namespace

Result<uint32_t> PageSize(int32_t asked, uint32_t standard) {
  if (asked == 0) return standard;
  if (asked < 0 || asked > 1000) return BadRequest("page_size: 1..1000");
  return static_cast<uint32_t>(asked);
}

Result<uint64_t> ParsePageToken(const std::string& token) {
  uint64_t after = 0;
  if (token.empty()) return after;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), after);
  if (error != std::errc() || end != token.data() + token.size()) return BadRequest("page_token: not one of ours");
  return after;
}

Result<v1::GetMessageResponse> Queries::Get(const ProviderId& provider, const v1::GetMessageRequest& request) const {
  const auto by = KeyOf(provider, request);
  if (!by) return by.status();
  const Result<Found> read = store_.Find(*by);
  if (!read) return read.status();
  const Found& found = *read;
  v1::GetMessageResponse response;
  response.set_as_of(found.as_of.ToString());
  ToProto(clock_.Now(), *response.mutable_as_of_time());
  const auto own = std::find_if(found.messages.begin(), found.messages.end(),
                                [&](const MessageView& view) { return view.meta.provider() == provider; });
  response.set_seen(own == found.messages.end() ? v1::GetMessageResponse::NOT_SEEN : v1::GetMessageResponse::SEEN);
  if (found.voided) ToProto(*found.voided, *response.mutable_voided());
  const auto recovery = store_.recovery();
  if (!recovery) return recovery.status();
  if (*recovery) response.set_submit_again_from(FormatTime((*recovery)->SubmitAgainFrom("")));
  if (own == found.messages.end()) return response;
  ToProto(*own, Reader::kProvider, *response.mutable_message());
  if (const auto invoice = WaitsFor(store_, own->meta))
    ToProto(*invoice, *response.mutable_message()->mutable_waits_for());
  return response;
}

Result<v1::ListMessagesResponse> Queries::List(const ProviderId& provider,
                                               const v1::ListMessagesRequest& request) const {
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return size.status();
  const auto after = ParsePageToken(request.page_token());
  if (!after) return after.status();
  ListFilter filter;
  filter.provider = provider;
  filter.stage = FromProto(request.state());
  filter.cls = FromProto(request.message_class());
  filter.after_acceptance = *after;
  filter.limit = *size;
  const Result<Listed> page = store_.List(filter);
  if (!page) return page.status();
  v1::ListMessagesResponse response;
  for (const MessageMeta& meta : page->messages) ToProto(meta, *response.add_messages());
  if (page->more) response.set_next_page_token(std::to_string(page->next_after));
  return response;
}

}  // namespace tvan
