// What of the contract book is different between two times, by when it was entered.
#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_history.h"
#include "gateway/admin/page_token.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using Response = api::DiffContractsResponse;

constexpr uint32_t kPage = 500, kMostLookedAt = 10'000;  // records, for one page of differences

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// Where it goes on: a kind's digit and the last id that was looked at.
struct Place {
  int kind = 0;
  std::string id;
};
constexpr int kKinds = 5;

Result<Place> ParsePlace(const std::string& text) {
  if (text.empty()) return Place{};
  if (text[0] < '0' || text[0] >= '0' + kKinds)
    return BadRequest("page_token: none that this question was answered with");
  return Place{text[0] - '0', text.substr(1)};
}

struct Question {
  const ContractBook& book;
  Time from, to;
};

// Nothing is added when it is at `to` as it was at `from`, or was there neither time.
Status AddDifference(const Question& question, ContractKind kind, const std::string& id, Response& response) {
  const auto after = KnownAt(question.book, kind, id, question.to);
  if (!after) return after.status();
  if (!*after || (*after)->changed_at <= question.from) return {};
  const auto before = KnownAt(question.book, kind, id, question.from, (*after)->version);
  if (!before) return before.status();
  const bool was = *before && (*before)->item;
  if (!was && !(*after)->item) return {};
  auto& out = *response.add_differences();
  out.set_kind(ToProto(kind));
  out.set_id(id);
  out.set_version_before(was ? (*before)->version : 0);
  out.set_version_after((*after)->version);
  out.set_deleted(!(*after)->item);
  for (std::string& change : ChangesOf(was ? &**before : nullptr, **after)) out.add_changes(std::move(change));
  out.set_author((*after)->author);
  out.set_reason((*after)->reason);
  ToProto((*after)->changed_at, *out.mutable_changed_at());
  return {};
}

// The differences of one page, kind by kind, in the order of the store.
class Walk {
 public:
  Walk(const Question& question, const RecordStore& store, uint32_t size, Response& response)
      : question_(question), store_(store), size_(size), response_(response) {}

  // True: the kind is through. False: the page is, and ends behind `after`.
  Result<bool> Through(ContractKind kind, std::string& after) {
    for (;;) {
      const auto page = store_.ScanRecords(RecordKindOf(kind), after, kPage);
      if (!page) return page.status();
      if (page->empty()) return true;
      for (const OperatorRecord& record : *page) {
        if (Full()) return false;
        after = record.id;
        ++looked_;
        if (record.changed_at <= question_.from) continue;
        if (Status status = AddDifference(question_, kind, record.id, response_); !status.ok()) return status;
      }
    }
  }

 private:
  bool Full() const { return static_cast<uint32_t>(response_.differences_size()) == size_ || looked_ == kMostLookedAt; }

  const Question& question_;
  const RecordStore& store_;
  const uint32_t size_;
  Response& response_;
  uint32_t looked_ = 0;
};

Result<Question> QuestionOf(const ContractBook& book, Time now, const api::DiffContractsRequest& request) {
  if (!request.has_from()) return BadRequest("from: is wanted");
  const Question question{book, FromProto(request.from()), request.has_to() ? FromProto(request.to()) : now};
  if (question.to < question.from) return BadRequest("to: is before from");
  const bool all = request.kind() == api::CONTRACT_KIND_UNSPECIFIED;
  if (!all && !FromProto(request.kind())) return BadRequest("kind: unknown kind");
  if (all && !request.id().empty()) return BadRequest("id: wants a kind");
  return question;
}

}  // namespace

Status DiffContracts(const ContractBook& book, const RecordStore& store, Time now,
                     const api::DiffContractsRequest& request, Response& response) {
  const auto question = QuestionOf(book, now, request);
  if (!question) return question.status();
  const auto only = FromProto(request.kind());
  if (!request.id().empty()) return AddDifference(*question, *only, request.id(), response);
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return BadRequest(size.status().message());
  const std::string mark = MarkOfQuestion(request);
  const auto token = PlaceOf(mark, request.page_token());
  if (!token) return token.status();
  auto place = ParsePlace(*token);
  if (!place) return place.status();
  Walk walk(*question, store, *size, response);
  for (; place->kind < kKinds; *place = {place->kind + 1, ""}) {
    const auto kind = static_cast<ContractKind>(place->kind);
    if (only && *only != kind) continue;
    const auto through = walk.Through(kind, place->id);
    if (!through) return through.status();
    if (*through) continue;
    response.set_next_page_token(MakePageToken(mark, std::to_string(place->kind) + place->id));
    return {};
  }
  return {};
}

}  // namespace tvan
