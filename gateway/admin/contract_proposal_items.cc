#include "gateway/admin/contract_proposal_items.h"

#include <charconv>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_effects.h"
#include "gateway/admin/contract_history.h"
#include "gateway/admin/page_token.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr uint32_t kPage = 100;
constexpr size_t kMostBytes = 1 << 20;  // of a page; beyond it the page ends

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// How many items stand before the page.
Result<size_t> FirstOf(const std::string& place) {
  size_t first = 0;
  const auto read = std::from_chars(place.data(), place.data() + place.size(), first);
  if (!place.empty() && (read.ec != std::errc() || read.ptr != place.data() + place.size()))
    return BadRequest("page_token: none that this question was answered with");
  return first;
}

// The version that an item was made from; without an item: there was none, or it is not kept.
Result<ContractBook::Version> MadeFrom(const ContractBook& contracts, const ContractItem& item, uint64_t version) {
  ContractBook::Version none;
  auto versions = contracts.History(KindOf(item), IdOf(item), version + 1, 1);
  if (!versions) return versions.status();
  return versions->empty() || versions->front().version != version ? none : std::move(versions->front());
}

Status Fill(const ProposalsAsked& asked, const ContractSnapshot& book, api::ContractItem& proposed,
            api::ListProposalItemsResponse::Item& out) {
  const auto item = FromProto(proposed);
  if (!item) return item.status();
  const auto before = MadeFrom(asked.contracts, *item, proposed.version());
  if (!before) return before.status();
  const ContractItem* was = before->item ? &*before->item : nullptr;
  ContractBook::Version after;
  if (!proposed.deleted()) after.item = Added(was, *item);
  out.set_effect(EffectOf(was, after.item ? &*after.item : nullptr, asked.now));
  for (std::string& change : ChangesOf(&*before, after)) out.add_changes(std::move(change));
  const auto stands = book.Get(KindOf(*item), IdOf(*item));
  out.set_version_now(stands ? stands->version : 0);
  *out.mutable_item() = std::move(proposed);
  return {};
}

}  // namespace

Status ListProposalItems(const ProposalsAsked& asked, const api::ListProposalItemsRequest& request,
                         api::ListProposalItemsResponse& response) {
  const auto size = PageSize(request.page_size(), kPage);
  if (!size) return BadRequest(size.status().message());
  const std::string mark = MarkOfQuestion(request);
  const auto place = PlaceOf(mark, request.page_token());
  if (!place) return place.status();
  const auto first = FirstOf(*place);
  if (!first) return first.status();
  auto stored = asked.proposals.Find(request.id());
  if (!stored) return stored.status();
  auto items = asked.proposals.ItemsOf(request.id(), *first, *size);
  if (!items) return items.status();
  const auto book = asked.contracts.snapshot();
  size_t bytes = 0;
  for (auto item = items->begin(); item != items->end() && bytes < kMostBytes; ++item) {
    if (Status status = Fill(asked, *book, *item, *response.add_items()); !status.ok()) return status;
    bytes += response.items().rbegin()->ByteSizeLong();
  }
  stored->proposal.set_state(StateOf(stored->proposal, asked.now));
  *response.mutable_proposal() = std::move(stored->proposal);
  const size_t next = *first + static_cast<size_t>(response.items_size());
  if (next < response.proposal().items() && next > *first)
    response.set_next_page_token(MakePageToken(mark, std::to_string(next)));
  return {};
}

}  // namespace tvan
