#include "gateway/feedback/feedback_service_pages.h"

#include <charconv>

#include "gateway/core/failpoint.h"
#include "gateway/feedback/feedback_service_items.h"
#include "gateway/validate/answer.h"

namespace tvan {

size_t BytesOf(const v1::FeedbackItem& item) {
  return item.authority_bytes().size() + item.rewrapped_bytes().size() + 512;
}

Status CheckSubscription(const std::string& name) {
  if (name.empty() || name == kMainSubscription) return {};
  return Status::Permanent("delivery.subscription"_reason, "subscription: only \"main\" exists");
}

std::string FeedbackPages::Cursor(uint64_t sequence) const {
  return StorePosition{store_.position().incarnation, sequence}.ToString();
}

Result<std::string> FeedbackPages::SafeCursor(const ProviderId& provider) const {
  const auto acknowledged = store_.Acknowledged(provider, kMainSubscription);
  if (!acknowledged) return acknowledged.status();
  return Cursor(*acknowledged);
}

GoOn FeedbackPages::GoOnFor(const ProviderId& provider, const std::string& cursor, Status& status) const {
  if (status.reason() != "delivery.cursor_incarnation"_reason && status.reason() != "feedback.cursor_rewound"_reason)
    return {};
  auto safe = SafeCursor(provider);
  auto from = SubmitAgainFrom(cursor);
  if (safe && from) return {*std::move(safe), *std::move(from)};
  status = safe ? from.status() : safe.status();
  return {};
}

Result<std::string> FeedbackPages::SubmitAgainFrom(const std::string& cursor) const {
  const auto recovery = store_.recovery();
  if (!recovery) return recovery.status();
  if (!*recovery) return std::string();
  return FormatTime((*recovery)->SubmitAgainFrom(cursor.substr(0, cursor.find(':'))));
}

// A number of another life of the store names another item here, if any.
Status FeedbackPages::ForeignCursor() const {
  const auto recovery = store_.recovery();
  if (!recovery) return recovery.status();
  if (*recovery)
    return Status::Permanent(
        "feedback.cursor_rewound"_reason,
        "cursor: the store was restored since; go on from resume_cursor, and submit again what was "
        "submitted from submit_again_from on");
  return Status::Permanent("delivery.cursor_incarnation"_reason,
                           "cursor: it belongs to an earlier store; go on from the safe cursor");
}

Result<uint64_t> FeedbackPages::After(const ProviderId& provider, const std::string& cursor) const {
  if (cursor.empty()) return store_.Acknowledged(provider, kMainSubscription);
  const size_t colon = cursor.find(':');
  uint64_t sequence = 0;
  const char* const end = cursor.data() + cursor.size();
  const char* const begin = colon == std::string::npos ? end : cursor.data() + colon + 1;
  const auto parsed = std::from_chars(begin, end, sequence);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    return Status::Permanent("delivery.cursor"_reason, "cursor: not one of ours");
  if (cursor.substr(0, colon) != store_.position().incarnation) return ForeignCursor();
  const auto mailbox_end = store_.MailboxEnd(provider, kMainSubscription);
  if (!mailbox_end) return mailbox_end.status();
  if (sequence > *mailbox_end)
    return Status::Permanent("delivery.cursor_range"_reason, "cursor: it lies beyond the newest item");
  return sequence;
}

Result<v1::FeedbackItem> FeedbackPages::ItemOf(const MailboxItem& item) const {
  const auto answer = store_.LoadAnswer(item.answer_id);
  if (!answer) return answer.status();
  v1::FeedbackItem out;
  out.set_cursor(Cursor(item.sequence));
  if (Status status = FillFeedbackItem(item, answer->answer, out); !status.ok()) return status;
  if (item.gateway_id.empty()) return out;
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = item.gateway_id;
  const Result<Found> found = store_.Find(by);
  if (!found) return found.status();
  if (!found->messages.empty()) FillOwner(item, found->messages.front().meta, out);
  return out;
}

Result<std::vector<v1::FeedbackItem>> FeedbackPages::Read(const ProviderId& provider, uint64_t after, uint32_t limit,
                                                          size_t bytes) const {
  std::vector<v1::FeedbackItem> page;
  size_t read = 0;
  const auto items = store_.ReadMailbox(provider, kMainSubscription, after, limit, bytes);
  if (!items) return items.status();
  for (const MailboxItem& item : *items) {
    auto out = ItemOf(item);
    if (!out) return out.status();  // a gap would be a lie
    read += BytesOf(*out);
    if (!page.empty() && read > bytes) break;
    page.push_back(*std::move(out));
  }
  return page;
}

Status FeedbackPages::Acknowledge(const ProviderId& provider, const std::string& cursor) {
  if (cursor.empty()) return Status::Permanent("delivery.cursor"_reason, "cursor: one is wanted");
  const auto sequence = After(provider, cursor);
  if (!sequence) return sequence.status();
  Pass("acknowledge.before"_failpoint);
  const Status stored = store_.Acknowledge(provider, kMainSubscription, *sequence);
  Pass("acknowledge.after"_failpoint);
  return stored;
}

Result<v1::StreamFeedbackResponse::Position> FeedbackPages::PositionOf(const ProviderId& provider) const {
  const auto acknowledged = store_.Acknowledged(provider, kMainSubscription);
  if (!acknowledged) return acknowledged.status();
  const auto end = store_.MailboxEnd(provider, kMainSubscription);
  if (!end) return end.status();
  auto submit_again = SubmitAgainFrom("");
  if (!submit_again) return submit_again.status();
  v1::StreamFeedbackResponse::Position position;
  position.set_submit_again_from(*std::move(submit_again));
  position.set_acknowledged(Cursor(*acknowledged));
  position.set_end(Cursor(*end));
  position.set_waiting(*end > *acknowledged ? *end - *acknowledged : 0);
  return position;
}

}  // namespace tvan
