// What waits, and where it stands.
#include "gateway/admin/desk.h"
#include "gateway/admin/stage_page.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

constexpr uint32_t kMostLookedAt = 10'000;  // messages, for one page of a list

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

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
  response.set_purged_total(measures.purged_total);
  response.set_answers_total(measures.answers_total);
}

void FillStandings(const Census& census, admin::v1::GetQueueResponse& response) {
  if (census.at.us != 0) ToProto(census.at, *response.mutable_standings_as_of());
  for (const CensusRow& row : census.rows) {
    auto& out = *response.add_standings();
    out.set_standing(ToString(row.kind));
    out.set_message_class(ToProto(row.cls));
    out.set_reason(row.reason);
    out.set_messages(row.messages);
    ToProto(row.oldest_accepted_at, *out.mutable_oldest_accepted_at());
    ToProto(row.oldest_since, *out.mutable_oldest_since());
    out.set_next(row.next);
    if (row.next_at != kForever) ToProto(row.next_at, *out.mutable_next_at());
    for (std::string& decision : DecisionsFor(StageOf(row.kind))) out.add_asked(std::move(decision));
  }
  for (const UnreadableRow& row : census.unreadable) {
    auto& out = *response.add_unreadable();
    out.set_place(row.place);
    out.set_acceptance(row.acceptance);
    out.set_gateway_mtdiep(row.gateway_id.value());
    ToProto(row.seen_at, *out.mutable_seen_at());
    out.set_status(row.status);
  }
}

struct Wanted {
  StandingKind kind = StandingKind::kQueued;
  std::optional<MessageClass> cls;
  std::string provider, reason;
};

Result<Wanted> WantedBy(const admin::v1::ListQueueRequest& request) {
  const auto kind = ParseStanding(request.standing());
  if (!kind)
    return BadRequest(
        "standing: queued, held, sending, in_doubt, un_999d, silent, after_t2, only_999, only_999_overdue or "
        "work_item");
  Wanted wanted{*kind, FromProto(request.message_class()), request.provider(), request.reason()};
  if (request.message_class() != v1::MESSAGE_CLASS_UNSPECIFIED && !wanted.cls)
    return BadRequest("message_class: unknown class");
  return wanted;
}

bool Fits(const Wanted& wanted, const MessageMeta& meta, const Standing& standing) {
  return standing.kind == wanted.kind && (!wanted.cls || *wanted.cls == meta.cls) &&
         (wanted.provider.empty() || wanted.provider == meta.provider().value()) &&
         (wanted.reason.empty() || wanted.reason == meta.reason);
}

void Fill(const MessageMeta& meta, const Standing& standing, admin::v1::ListQueueResponse::Entry& out) {
  out.set_provider(meta.provider().value());
  ToProto(meta, *out.mutable_message());
  out.set_standing(ToString(standing.kind));
  out.set_next(std::string(standing.next));
  if (standing.next_at != kForever) ToProto(standing.next_at, *out.mutable_next_at());
  for (std::string& decision : DecisionsFor(meta.stage)) out.add_asked(std::move(decision));
}

}  // namespace

Status Desk::Get(const admin::v1::GetQueueRequest&, admin::v1::GetQueueResponse& response) const {
  const auto measures = parts_.store.Measure();
  if (!measures) return measures.status();
  FillQueues(*measures, response);
  const Dispatcher::View view = parts_.dispatcher.view();
  response.set_waiting_for_parent(view.waiting_for_parent);
  FillLine(view, parts_.line, *response.add_lines());
  if (parts_.signature_alarm) response.mutable_lines(0)->set_signature_alarm(parts_.signature_alarm());
  FillStandings(*view.census, response);
  ToProto(parts_.clock.Now(), *response.mutable_as_of());
  return FillRecovery(view.recovery, response);
}

Status Desk::List(const admin::v1::ListQueueRequest& request, admin::v1::ListQueueResponse& response) const {
  const auto wanted = WantedBy(request);
  if (!wanted) return wanted.status();
  const auto size = PageSize(request.page_size(), 100);
  if (!size) return BadRequest(size.status().message());
  const auto token = ParsePageToken(request.page_token());
  if (!token) return BadRequest(token.status().message());
  uint64_t after = *token;
  for (uint32_t looked = 0; looked < kMostLookedAt;) {
    const auto page = PageOf(parts_.store, StageOf(wanted->kind), after);
    if (!page.ok()) return page.status();
    if (page->empty()) return {};
    for (const MessageMeta& meta : *page) {
      if (static_cast<uint32_t>(response.entries_size()) == *size) {
        response.set_next_page_token(std::to_string(after));
        return {};
      }
      after = meta.acceptance;
      const Standing standing = parts_.dispatcher.standing(meta);
      if (Fits(*wanted, meta, standing)) Fill(meta, standing, *response.add_entries());
    }
    looked += static_cast<uint32_t>(page->size());
  }
  response.set_next_page_token(std::to_string(after));
  return {};
}

}  // namespace tvan
