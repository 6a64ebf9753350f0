#include "gateway/admin/audit_desk.h"

#include <algorithm>

#include "gateway/admin/record_lines.h"
#include "gateway/admin/turn.h"
#include "gateway/core/digest.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"
#include "store/audit_verifier.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 500;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

std::string HexOr(const Sha256& digest, bool there) { return there ? digest.Hex() : ""; }

void Fill(const AuditEntry& entry, admin::v1::AuditEntry& out) {
  out.set_sequence(entry.sequence);
  ToProto(entry.at, *out.mutable_at());
  out.set_author(entry.author);
  out.set_reason(entry.reason);
  out.set_kind(entry.kind);
  out.set_id(entry.id);
  out.set_version(entry.version);
  out.set_deleted(entry.deleted);
  out.set_before_sha256(HexOr(entry.before, entry.version > 1));
  out.set_after_sha256(entry.after.Hex());
  out.set_hash(entry.hash.Hex());
}

bool Fits(const admin::v1::ListAuditRequest& request, const AuditEntry& entry) {
  return (request.author().empty() || request.author() == entry.author) &&
         (request.kind().empty() || request.kind() == entry.kind) &&
         (request.id().empty() || request.id() == entry.id) &&
         (!request.has_from() || FromProto(request.from()) <= entry.at) &&
         (!request.has_to() || entry.at < FromProto(request.to()));
}

Result<AuditHead> NotedBy(const admin::v1::VerifyAuditRequest& request) {
  if (request.known_sequence() == 0 && request.known_hash().empty()) return AuditHead{};
  const auto hash = ParseSha256Hex(request.known_hash());
  if (request.known_sequence() == 0 || !hash) return BadRequest("known: a place from 1 and a hash of 64 hex digits");
  return AuditHead{request.known_sequence(), *hash};
}

// Behind "entry 12", or behind "entry 12 (mandate acme/0101234567)".
struct FaultWords {
  bool names_record;
  const char *en, *vi;
};
FaultWords WordsOf(AuditVerifier::Fault fault) {
  switch (fault) {
    case AuditVerifier::Fault::kMissing:
      return {false, " is missing", " bị thiếu"};
    case AuditVerifier::Fault::kChanged:
      return {true, " is not what was hashed", " không khớp với giá trị băm"};
    case AuditVerifier::Fault::kEnd:
      return {false, " is not the end that the store has written down", " không phải điểm cuối mà kho đã ghi"};
    case AuditVerifier::Fault::kNoted:
      return {false, " is not what was noted elsewhere", " không khớp với giá trị đã ghi lại ở nơi khác"};
    case AuditVerifier::Fault::kRecordMissing:
      return {true, ": the record is missing", ": thiếu bản ghi"};
    case AuditVerifier::Fault::kRecordChanged:
      return {true, ": the record is not what was written of it", ": bản ghi khác với những gì đã ghi về nó"};
    case AuditVerifier::Fault::kRecordUnwritten:
      return {true, ": the record has a version of which nothing is written",
              ": bản ghi có một phiên bản không được ghi vào chuỗi"};
  }
  return {false, "", ""};
}

void AddBreak(const AuditVerifier::Break& found, admin::v1::VerifyAuditResponse::Done& out) {
  const FaultWords words = WordsOf(found.fault);
  const bool names = words.names_record && !found.kind.empty();
  const std::string place =
      std::to_string(found.sequence) + (names ? " (" + found.kind + " " + found.id + ")" : std::string());
  out.add_breaks("entry " + place + words.en);
  out.add_breaks_vi("mục " + place + words.vi);
}

// A record that cannot be read is as one that is not there.
Status Compare(const RecordStore& store, const AuditEntry& entry, AuditVerifier& verifier) {
  const auto trail = store.TrailOf(entry);
  if (!trail.ok() && trail.status().reason() != "store.damaged"_reason) return trail.status();
  verifier.Add(entry);
  verifier.Compare(entry, trail.ok() ? *trail : AuditTrail{});
  return {};
}

void Fill(const AuditVerifier& verifier, admin::v1::VerifyAuditResponse::Done& out) {
  out.set_whole(verifier.broken() == 0);
  out.set_entries(verifier.entries());
  if (verifier.entries() != 0) {
    out.set_head(verifier.head().hash.Hex());
    ToProto(verifier.began_at(), *out.mutable_began_at());
  }
  for (const AuditVerifier::Break& found : verifier.breaks()) AddBreak(found, out);
  if (verifier.broken() == verifier.breaks().size()) return;
  const std::string more = std::to_string(verifier.broken() - verifier.breaks().size());
  out.add_breaks("and " + more + " more");
  out.add_breaks_vi("và " + more + " chỗ khác");
}

}  // namespace

Status AuditDesk::List(const admin::v1::ListAuditRequest& request, admin::v1::ListAuditResponse& response) const {
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return BadRequest(size.status().message());
  const auto token = ParsePageToken(request.page_token());
  if (!token) return BadRequest(token.status().message());
  uint64_t before = *token;
  for (uint32_t looked = 0; looked < kMostLookedAt; looked += kPage) {
    const auto page = store_.ReadAudit(before, kPage);
    if (!page) return page.status();
    for (const AuditEntry& entry : page->entries) {
      if (static_cast<uint32_t>(response.entries_size()) == *size) {
        response.set_next_page_token(std::to_string(before));
        return {};
      }
      before = entry.sequence;
      if (Fits(request, entry)) Fill(entry, *response.add_entries());
    }
    if (!page->more) return {};
    before = page->next_before;
  }
  response.set_next_page_token(std::to_string(before));
  return {};
}

Status AuditDesk::Get(const admin::v1::GetAuditEntryRequest& request,
                      admin::v1::GetAuditEntryResponse& response) const {
  const auto page = store_.AuditFrom(request.sequence(), 1);
  if (!page) return page.status();
  if (request.sequence() == 0 || page->empty() || page->front().sequence != request.sequence())
    return Status::Permanent("admin.not_found"_reason, "no entry " + std::to_string(request.sequence()));
  const AuditEntry& entry = page->front();
  const auto trail = store_.TrailOf(entry);
  if (!trail) return trail.status();
  Fill(entry, *response.mutable_entry());
  const auto lines = [&](const std::optional<OperatorRecord>& record) {
    return record ? LinesOf(*record, contracts_) : std::vector<std::string>{};
  };
  for (std::string& line : lines(trail->before)) response.add_before(std::move(line));
  for (std::string& line : lines(trail->after)) response.add_after(std::move(line));
  return {};
}

Status AuditDesk::Verify(const admin::v1::VerifyAuditRequest& request,
                         const std::function<bool(const admin::v1::VerifyAuditResponse&)>& write,
                         const std::function<bool()>& stopped) const {
  const auto noted = NotedBy(request);
  if (!noted) return noted.status();
  const Turn turn(verifying_);
  if (!turn.mine()) return Busy("a verification");
  const auto end = store_.AuditEnd();
  if (!end) return end.status();
  AuditVerifier verifier(*end, *noted);
  admin::v1::VerifyAuditResponse response;
  for (uint64_t next = 1;;) {
    const auto page = store_.AuditFrom(next, kPage);
    const bool unreadable = !page.ok() && page.status().reason() == "store.damaged"_reason;
    if (!page.ok() && !unreadable) return page.status();
    if (unreadable ? next >= end->sequence : page->empty()) break;
    if (unreadable) ++next;  // the next one shows that it is missing
    for (const AuditEntry& entry : unreadable ? std::vector<AuditEntry>() : *page) {
      if (Status status = Compare(store_, entry, verifier); !status.ok()) return status;
      next = entry.sequence + 1;
    }
    response.set_checked(verifier.entries());
    if (stopped() || !write(response)) return {};
  }
  verifier.Finish();
  Fill(verifier, *response.mutable_done());
  static_cast<void>(write(response));
  return {};
}

}  // namespace tvan
