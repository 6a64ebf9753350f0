#include "gateway/admin/contract_desk.h"

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/admin/contract_explain.h"
#include "gateway/admin/contract_filter.h"
#include "gateway/admin/contract_history.h"
#include "gateway/admin/contract_mask.h"
#include "gateway/admin/page_token.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr uint32_t kMostLookedAt = 10'000;      // records, for one page of a list
constexpr size_t kPage = 500, kPageOfFew = 16;  // few: what fits stands together, and the rest is stepped over

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }
Status NotFound() { return Status::Permanent("admin.not_found"_reason, "nothing in the book has this id"); }

}  // namespace

Status ContractDesk::FillNewest(ContractKind kind, const std::string& id, api::ContractItem& out) const {
  const auto newest = parts_.contracts.History(kind, id, 0, 1);
  if (!newest) return newest.status();
  if (newest->empty() || !newest->front().item) return NotFound();
  ToProto(newest->front(), out);
  return {};
}

Status ContractDesk::Answer(const ContractItem& item, const ContractChanges::Done& done,
                            api::ContractChange& response) const {
  response.set_proposal(done.proposal);
  if (done.proposal.empty()) return FillNewest(KindOf(item), IdOf(item), *response.mutable_item());
  ToProto(item, done.version, *response.mutable_item());  // as it would be
  return {};
}

Status ContractDesk::Create(const api::CreateContractItemRequest& request, const Caller& by,
                            api::ContractChange& response) {
  if (Status status = CheckReason(request.reason()); !status.ok()) return status;
  const auto item = FromProto(request.item());
  if (!item) return item.status();
  if (parts_.contracts.snapshot()->Get(KindOf(*item), IdOf(*item)))
    return Status::Permanent("admin.exists"_reason, "the book has " + IdOf(*item) + " already: update it");
  const auto done = parts_.changes.Put(*item, 0, by, request.reason());
  if (!done) return done.status();
  return Answer(*item, *done, response);
}

Status ContractDesk::Update(const api::UpdateContractItemRequest& request, const Caller& by,
                            api::ContractChange& response) {
  if (Status status = CheckReason(request.reason()); !status.ok()) return status;
  if (request.delete_()) return Remove(request, by, response);
  const auto name = NameOf(request.item());
  if (!name) return name.status();
  const auto current = parts_.contracts.snapshot()->Get(name->kind, name->id);
  if (!current) return NotFound();
  api::ContractItem merged;
  ToProto(current->item, current->version, merged);
  if (Status status = MergeMasked(request.item(), request.update_mask(), merged); !status.ok()) return status;
  const auto item = FromProto(merged);
  if (!item) return item.status();
  const uint64_t made_from = request.item().version() != 0 ? request.item().version() : current->version;
  const auto done = parts_.changes.Put(*item, made_from, by, request.reason());
  if (!done) return done.status();
  return Answer(*item, *done, response);
}

Status ContractDesk::Remove(const api::UpdateContractItemRequest& request, const Caller& by,
                            api::ContractChange& response) {
  if (!request.update_mask().paths().empty()) return BadRequest("update_mask: none with delete");
  const auto name = NameOf(request.item());
  if (!name) return name.status();
  const auto done =
      parts_.changes.Delete(name->kind, name->id, Expected(request.item().version()), by, request.reason());
  if (!done) return done.status();
  response.set_proposal(done->proposal);
  auto& gone = *response.mutable_item();
  gone = request.item();
  gone.set_version(done->version);
  gone.set_deleted(true);
  return {};
}

Status ContractDesk::Get(const api::GetContractItemRequest& request, api::ContractItem& response) const {
  const auto kind = FromProto(request.kind());
  if (!kind) return BadRequest("kind: which of the five");
  if (!request.has_as_known_at()) return FillNewest(*kind, request.id(), response);
  const auto known = KnownAt(parts_.contracts, *kind, request.id(), FromProto(request.as_known_at()));
  if (!known) return known.status();
  if (!*known || !(*known)->item) return NotFound();
  ToProto(**known, response);
  return {};
}

// With who changed it last, as far as the book stands still meanwhile.
Status ContractDesk::FillListed(const ContractSnapshot::Listed& listed, api::ContractItem& out) const {
  const auto version = parts_.contracts.History(KindOf(listed.item), IdOf(listed.item), listed.version + 1, 1);
  if (!version) return version.status();
  ToProto(listed.item, listed.version, out);
  ToProto(listed.changed_at, *out.mutable_changed_at());
  if (version->empty() || version->front().version != listed.version) return {};
  out.set_author(version->front().author);
  out.set_reason(version->front().reason);
  return {};
}

Result<ContractDesk::PageEnd> ContractDesk::ListPage(const ContractFilter& filter, uint32_t size, ListPlace& place,
                                                     api::ListContractItemsResponse& response) const {
  const auto from = NextPlace(filter, place.id);
  if (!from) return PageEnd::kNoMore;
  const auto page = place.book->List(filter.kind, *from, filter.mst_prefix.empty() ? kPage : kPageOfFew);
  if (page.empty()) return PageEnd::kNoMore;
  for (const ContractSnapshot::Listed& listed : page) {
    if (static_cast<uint32_t>(response.items_size()) == size || place.looked == kMostLookedAt) return PageEnd::kFull;
    place.id = IdOf(listed.item);
    ++place.looked;
    if (!Fits(filter, listed.item)) continue;
    if (Status status = FillListed(listed, *response.add_items()); !status.ok()) return status;
  }
  return PageEnd::kGoesOn;
}

Status ContractDesk::List(const api::ListContractItemsRequest& request,
                          api::ListContractItemsResponse& response) const {
  const auto filter = FilterOf(request, parts_.clock.Now());
  if (!filter) return filter.status();
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return BadRequest(size.status().message());
  const std::string mark = MarkOfQuestion(request);
  auto after = PlaceOf(mark, request.page_token());
  if (!after) return after.status();
  ListPlace place{parts_.contracts.snapshot(), *std::move(after)};
  for (;;) {
    const auto end = ListPage(*filter, *size, place, response);
    if (!end) return end.status();
    if (*end == PageEnd::kNoMore) return {};
    if (*end == PageEnd::kGoesOn) continue;
    response.set_next_page_token(MakePageToken(mark, place.id));
    return {};
  }
}

Status ContractDesk::History(const api::GetContractHistoryRequest& request,
                             api::GetContractHistoryResponse& response) const {
  return ContractHistory(parts_.contracts, request, response);
}

Status ContractDesk::Diff(const api::DiffContractsRequest& request, api::DiffContractsResponse& response) const {
  return DiffContracts(parts_.contracts, parts_.store, parts_.clock.Now(), request, response);
}

Status ContractDesk::Explain(const api::ExplainContractRequest& request, api::ExplainContractResponse& response) const {
  return ExplainContract(parts_.contracts, parts_.store, parts_.clock.Now(), request, response);
}

}  // namespace tvan
