#include "gateway/admin/contract_history.h"

#include <algorithm>
#include <charconv>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_mask.h"
#include "gateway/admin/page_token.h"
#include "gateway/admin/record_words.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr uint32_t kPage = 100;  // versions that are read at a time, at most

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// A version that a page ended with.
Result<uint64_t> VersionOf(const std::string& place) {
  uint64_t version = 0;
  const auto read = std::from_chars(place.data(), place.data() + place.size(), version);
  if (!place.empty() && (read.ec != std::errc() || read.ptr != place.data() + place.size() || version == 0))
    return BadRequest("page_token: none that this question was answered with");
  return version;
}

}  // namespace

Result<std::optional<ContractBook::Version>> KnownAt(const ContractBook& book, ContractKind kind, const std::string& id,
                                                     Time at, uint64_t before) {
  for (uint32_t limit = 1;; limit = std::min(2 * limit, kPage)) {  // mostly the newest is asked for
    auto page = book.History(kind, id, before, limit);
    if (!page) return page.status();
    for (ContractBook::Version& version : *page)
      if (version.changed_at <= at) return std::optional(std::move(version));
    if (page->size() < limit) return std::optional<ContractBook::Version>();
    before = page->back().version;
  }
}

void ToProto(const ContractBook::Version& version, api::ContractItem& out) {
  if (version.item) ToProto(*version.item, version.version, out);
  out.set_version(version.version);
  out.set_author(version.author);
  out.set_reason(version.reason);
  ToProto(version.changed_at, *out.mutable_changed_at());
  out.set_deleted(!version.item);
}

std::vector<std::string> ChangesOf(const ContractBook::Version* before, const ContractBook::Version& after) {
  if (!after.item) return {"deleted"};
  api::ContractItem was, is;
  ToProto(*after.item, 0, is);
  if (before != nullptr && before->item) ToProto(*before->item, 0, was);
  const auto* now = InnerOf(is);
  const std::unique_ptr<google::protobuf::Message> nothing(now->New());
  return ChangesBetween(InnerOf(was) == nullptr ? *nothing : *InnerOf(was), *now);
}

Status ContractHistory(const ContractBook& book, const api::GetContractHistoryRequest& request,
                       api::GetContractHistoryResponse& response) {
  const auto kind = FromProto(request.kind());
  if (!kind) return BadRequest("kind: which of the five");
  const auto size = PageSize(request.page_size(), kPage);
  if (!size) return BadRequest(size.status().message());
  const std::string mark = MarkOfQuestion(request);
  const auto place = PlaceOf(mark, request.page_token());
  if (!place) return place.status();
  const auto before = VersionOf(*place);
  if (!before) return before.status();
  const auto versions =
      book.History(*kind, request.id(), *before, *size + 1);  // one more, to tell the last one's change
  if (!versions) return versions.status();
  if (versions->empty() && *before == 0)
    return Status::Permanent("admin.not_found"_reason, "nothing in the book ever had this id");
  for (size_t i = 0; i < versions->size() && i < *size; ++i) {
    const ContractBook::Version& version = (*versions)[i];
    auto& out = *response.add_versions();
    ToProto(version, *out.mutable_item());
    const auto* older = i + 1 < versions->size() ? &(*versions)[i + 1] : nullptr;
    for (std::string& change : ChangesOf(older, version)) out.add_changes(std::move(change));
  }
  if (versions->size() > *size)
    response.set_next_page_token(MakePageToken(mark, std::to_string((*versions)[*size - 1].version)));
  return {};
}

}  // namespace tvan
