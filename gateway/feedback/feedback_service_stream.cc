#include "gateway/feedback/feedback_service_stream.h"

#include <algorithm>
#include <utility>

#include "gateway/core/failpoint.h"
#include "gateway/feedback/feedback_service_failure.h"

namespace tvan {
namespace {

constexpr uint64_t kMostCredit = 10000;
constexpr uint32_t kStandardCredit = 100;
constexpr uint64_t kPageItems = 64;
constexpr size_t kPageBytes = 256 << 10;
constexpr size_t kMostWaiting = 2 * kPageItems;  // then nothing more is read of what the client says

size_t SizeOf(const v1::StreamFeedbackResponse& response) {
  return response.has_item() ? BytesOf(response.item()) : 256;
}

Status BadRequest(const char* what) { return Status::Permanent("delivery.bad_request"_reason, what); }

}  // namespace

FeedbackStream::FeedbackStream(ProviderId provider, Parts parts)
    : provider_(std::move(provider)), parts_(std::move(parts)), unread_(parts_.unread, provider_) {}

void FeedbackStream::Start() {
  {
    const std::lock_guard lock(mutex_);
    self_ = shared_from_this();
    reading_ = true;
  }
  StartRead(&incoming_);
}

// Decides, under the lock, what comes next; each flag is taken at once, so that nobody does it twice.
FeedbackStream::Step FeedbackStream::Next() {
  Step step;
  if (finished_) return step;
  if (!ending_ && !writing_ && !out_.empty()) TakeNext(step);
  if (ending_) {
    out_.clear();
    step.finish = finished_ = !writing_ && !working_ && starting_reads_ == 0;
    return step;
  }
  const bool page_due = wants_items_ && may_have_more_ && out_.empty();
  if (!working_ && !resting_ && (command_ || page_due)) step.work = working_ = true;
  if (!reading_ && !working_ && !command_ && !half_closed_ && out_.size() < kMostWaiting) {
    step.read = reading_ = true;
    ++starting_reads_;
  }
  // A client that half-closed still gets what it has credit for.
  if (half_closed_ && !command_ && !wants_items_ && !working_ && !writing_ && starting_reads_ == 0 && out_.empty()) {
    ending_ = grpc::Status::OK;
    step.finish = finished_ = true;
  }
  return step;
}

// A certificate may be revoked, or given to somebody else, between the reading of a page and its last item.
void FeedbackStream::TakeNext(Step& step) {
  if (const Status status = StillItself(); !status.ok()) {
    ending_ = DeliveryFailure(status, parts_.retry_delay, {});
    return;
  }
  outgoing_ = std::move(out_.front());
  out_.pop_front();
  step.write = writing_ = true;
}

Status FeedbackStream::StillItself() const {
  const auto caller = parts_.caller();
  if (!caller) return caller.status();
  if (*caller == provider_) return {};
  return Status::Permanent("intake.unknown_certificate"_reason, "this certificate belongs to another provider now");
}

void FeedbackStream::Do(const Step& step) {
  if (step.write) {
    Pass("deliver.before"_failpoint);
    StartWrite(&outgoing_);
  }
  if (step.read) {
    StartRead(&incoming_);
    ReadStarted();
  }
  if (step.work) {
    if (!parts_.reads.TrySubmit([self = shared_from_this()] { self->Work(); })) RestAndRetry();
  }
  if (step.finish) Finish(*ending_);
}

// A read may be outstanding when the call is finished, but it must have been started before.
void FeedbackStream::ReadStarted() {
  std::unique_lock lock(mutex_);
  --starting_reads_;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

// A crowd at the read pool is no reason to end a stream: its client would only come back and add to it.
void FeedbackStream::RestAndRetry() {
  const auto self = shared_from_this();  // once the lock is free, others may end it
  std::unique_lock lock(mutex_);
  working_ = false;
  resting_ = true;
  const Step step = Next();
  lock.unlock();
  WakeFromRest(self);
  Do(step);
}

void FeedbackStream::WakeFromRest(const std::shared_ptr<FeedbackStream>& self) {
  parts_.clock.RunAt(parts_.clock.SteadyNow() + parts_.retry_delay, [weak = std::weak_ptr<FeedbackStream>(self)] {
    if (const auto stream = weak.lock()) stream->Rested();
  });
}

void FeedbackStream::Rested() {
  std::unique_lock lock(mutex_);
  resting_ = false;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void FeedbackStream::Work() {
  const auto self = shared_from_this();  // once the lock is free, others may end it
  std::unique_lock lock(mutex_);
  const std::optional<v1::StreamFeedbackRequest> command = std::exchange(command_, std::nullopt);
  const bool wanted = out_.empty() && (wants_items_ || command);
  const bool room = wanted && parts_.unread.HasRoom(provider_);
  if (room) may_have_more_ = false;  // before the read: what comes in meanwhile sets it again
  lock.unlock();

  std::deque<v1::StreamFeedbackResponse> out;
  Status status = StillItself();
  if (status.ok() && command) status = Obey(*command, out);
  bool read_some = false;
  if (status.ok() && room && opened_ && credit_ > 0) {
    const size_t before = out.size();
    status = ReadPage(out);
    read_some = out.size() > before;
  }
  const std::string cursor = !command ? "" : command->has_open() ? command->open().cursor() : command->acknowledge();
  const GoOn go_on = parts_.pages.GoOnFor(provider_, cursor, status);

  lock.lock();
  working_ = false;
  may_have_more_ = may_have_more_ || read_some || (command && opened_);
  wants_items_ = opened_ && credit_ > 0;
  for (auto& response : out) {
    unread_bytes_ += SizeOf(response);
    out_.push_back(std::move(response));
  }
  unread_.Set(unread_bytes_);
  if (!status.ok() && !ending_) ending_ = DeliveryFailure(status, parts_.retry_delay, go_on);
  const bool crowded = wanted && !room && wants_items_;
  if (crowded) resting_ = true;
  const Step step = Next();
  lock.unlock();
  if (crowded) WakeFromRest(self);
  Do(step);
}

Status FeedbackStream::Obey(const v1::StreamFeedbackRequest& request, std::deque<v1::StreamFeedbackResponse>& out) {
  using Request = v1::StreamFeedbackRequest;
  if (request.action_case() == Request::kOpen) return Open(request.open(), out);
  if (!opened_) return BadRequest("action: a stream begins with open");
  if (request.action_case() == Request::kCredit) {
    if (request.credit() == 0) return BadRequest("credit: at least 1");
    credit_ = std::min(credit_ + request.credit(), kMostCredit);
    return {};
  }
  if (request.action_case() != Request::kAcknowledge) return BadRequest("action: open, credit or acknowledge");
  if (Status status = parts_.pages.Acknowledge(provider_, request.acknowledge()); !status.ok()) return status;
  return AddPosition(out);
}

Status FeedbackStream::AddPosition(std::deque<v1::StreamFeedbackResponse>& out) {
  auto position = parts_.pages.PositionOf(provider_);
  if (!position) return position.status();
  *out.emplace_back().mutable_position() = *std::move(position);
  return {};
}

Status FeedbackStream::Open(const v1::StreamFeedbackRequest::Open& open, std::deque<v1::StreamFeedbackResponse>& out) {
  if (opened_) return BadRequest("open: the stream is open already");
  if (open.credit() > kMostCredit) return BadRequest("open.credit: at most 10000");
  if (Status status = CheckSubscription(open.subscription()); !status.ok()) return status;
  const auto after = parts_.pages.After(provider_, open.cursor());
  if (!after) return after.status();
  opened_ = true;
  sent_through_ = *after;
  credit_ = open.credit() == 0 ? kStandardCredit : open.credit();
  return AddPosition(out);
}

Status FeedbackStream::ReadPage(std::deque<v1::StreamFeedbackResponse>& out) {
  auto page =
      parts_.pages.Read(provider_, sent_through_, static_cast<uint32_t>(std::min(credit_, kPageItems)), kPageBytes);
  if (!page) return page.status();
  for (v1::FeedbackItem& item : *page) {
    sent_through_ = item.sequence();
    --credit_;
    *out.emplace_back().mutable_item() = std::move(item);
  }
  return {};
}

void FeedbackStream::Wake() {
  std::unique_lock lock(mutex_);
  may_have_more_ = true;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void FeedbackStream::End(const grpc::Status& status) {
  std::unique_lock lock(mutex_);
  if (!ending_) {
    ending_ = status;
    unread_bytes_ += kCallBytes;  // its place may be taken again before this one is read
    unread_.Set(unread_bytes_);
  }
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void FeedbackStream::OnReadDone(bool ok) {
  std::unique_lock lock(mutex_);
  reading_ = false;
  if (ok) command_ = std::exchange(incoming_, {});
  half_closed_ = half_closed_ || !ok;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void FeedbackStream::OnWriteDone(bool ok) {
  Pass("deliver.after"_failpoint);
  std::unique_lock lock(mutex_);
  writing_ = false;
  unread_bytes_ -= SizeOf(outgoing_);
  outgoing_.Clear();
  unread_.Set(unread_bytes_);
  if (!ok && !ending_) ending_ = grpc::Status::CANCELLED;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void FeedbackStream::OnCancel() { End(grpc::Status::CANCELLED); }

void FeedbackStream::OnDone() {
  parts_.on_done(*this);
  std::shared_ptr<FeedbackStream> last;
  const std::lock_guard lock(mutex_);
  last = std::move(self_);
}

}  // namespace tvan
