#include "gateway/feedback/feedback_service_pages.h"

#include <charconv>

#include "gateway/feedback/feedback_service_items.h"
#include "gateway/validate/answer.h"

namespace tvan {
namespace {
constexpr size_t kPageBytes = 3 << 20;
}  // namespace

Status CheckSubscription(const std::string& name) {
  if (name.empty() || name == kMainSubscription) return {};
  return Status::Permanent("delivery.subscription"_reason, "subscription: only \"main\" exists");
}

std::string FeedbackPages::Cursor(uint64_t sequence) const {
  return StorePosition{store_.position().incarnation, sequence}.ToString();
}

std::string FeedbackPages::SafeCursor(const ProviderId& provider) const {
  return Cursor(store_.Acknowledged(provider, kMainSubscription));
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
  if (cursor.substr(0, colon) != store_.position().incarnation)
    return Status::Permanent("delivery.cursor_incarnation"_reason,
                             "cursor: it belongs to an earlier store; go on from the safe cursor");
  if (sequence > store_.MailboxEnd(provider, kMainSubscription))
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

Result<std::vector<v1::FeedbackItem>> FeedbackPages::Read(const ProviderId& provider, uint64_t after,
                                                          uint32_t limit) const {
  std::vector<v1::FeedbackItem> page;
  size_t bytes = 0;
  const auto items = store_.ReadMailbox(provider, kMainSubscription, after, limit, kPageBytes);
  if (!items) return items.status();
  for (const MailboxItem& item : *items) {
    auto out = ItemOf(item);
    if (!out) return out.status();  // a gap would be a lie
    bytes += out->authority_bytes().size() + out->rewrapped_bytes().size() + 512;
    if (!page.empty() && bytes > kPageBytes) break;
    page.push_back(*std::move(out));
  }
  return page;
}

Status FeedbackPages::Acknowledge(const ProviderId& provider, const std::string& cursor) {
  if (cursor.empty()) return Status::Permanent("delivery.cursor"_reason, "cursor: one is wanted");
  const auto sequence = After(provider, cursor);
  if (!sequence) return sequence.status();
  return store_.Acknowledge(provider, kMainSubscription, *sequence);
}

v1::StreamFeedbackResponse::Position FeedbackPages::PositionOf(const ProviderId& provider) const {
  const uint64_t acknowledged = store_.Acknowledged(provider, kMainSubscription);
  const uint64_t end = store_.MailboxEnd(provider, kMainSubscription);
  v1::StreamFeedbackResponse::Position position;
  position.set_acknowledged(Cursor(acknowledged));
  position.set_end(Cursor(end));
  position.set_waiting(end > acknowledged ? end - acknowledged : 0);
  return position;
}

}  // namespace tvan
