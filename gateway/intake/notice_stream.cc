#include "gateway/intake/notice_stream.h"

#include <utility>

namespace tvan {

NoticeStream::NoticeStream(ProviderId provider, Parts parts)
    : provider_(std::move(provider)), parts_(std::move(parts)), unread_(parts_.unread, provider_) {}

void NoticeStream::Start(uint64_t after) {
  std::unique_lock lock(mutex_);
  self_ = shared_from_this();
  sent_through_ = after;
  started_ = true;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

// Decides, under the lock, what comes next; each flag is taken at once, so that nobody does it twice.
NoticeStream::Step NoticeStream::Next() {
  Step step;
  if (finished_ || writing_ || !started_) return step;
  if (!ending_ && !resting_) {
    if (auto notice = parts_.answers.Next(provider_, sent_through_)) Take(*std::move(notice), step);
  }
  if (ending_) step.finish = finished_ = true;
  return step;
}

void NoticeStream::Take(v1::Notice notice, Step& step) {
  const auto caller = parts_.caller();
  if (!caller || *caller != provider_) {
    const Status other = Status::Permanent("intake.unknown_certificate"_reason,
                                           "this certificate does not belong to this provider any more");
    ending_ = parts_.to_grpc(caller ? other : caller.status());
    return;
  }
  if (!parts_.unread.HasRoom(provider_)) {
    step.rest = resting_ = true;
    return;
  }
  *outgoing_.mutable_notice() = std::move(notice);
  unread_.Set(outgoing_.ByteSizeLong() + outgoing_.SpaceUsedLong());
  step.write = writing_ = true;
}

void NoticeStream::Do(const Step& step) {
  if (step.write) StartWrite(&outgoing_);
  if (step.rest)
    parts_.clock.RunAt(parts_.clock.SteadyNow() + parts_.retry_delay, [weak = weak_from_this()] {
      if (const auto stream = weak.lock()) stream->Rested();
    });
  if (step.finish) Finish(*ending_);
}

void NoticeStream::Rested() {
  std::unique_lock lock(mutex_);
  resting_ = false;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void NoticeStream::Wake() {
  std::unique_lock lock(mutex_);
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void NoticeStream::End(const grpc::Status& status) {
  const auto self = shared_from_this();  // once the lock is free, gRPC may be done with it
  std::unique_lock lock(mutex_);
  if (!ending_) {
    ending_ = status;
    if (!writing_) unread_.Set(kCallBytes);  // its place may be taken again before this one is read
  }
  started_ = true;  // a refused one has nothing to begin with
  if (self_ == nullptr && !finished_) self_ = self;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void NoticeStream::OnWriteDone(bool ok) {
  const auto self = shared_from_this();
  std::unique_lock lock(mutex_);
  writing_ = false;
  const uint64_t number = outgoing_.notice().number();
  if (ok) sent_through_ = number;
  if (!ok && !ending_) ending_ = grpc::Status::CANCELLED;
  outgoing_.Clear();
  unread_.Set(ending_ ? kCallBytes : 0);
  const Step step = Next();
  lock.unlock();
  if (ok) parts_.on_delivered(provider_, number);
  Do(step);
}

void NoticeStream::OnDone() {
  parts_.on_done(*this);
  std::shared_ptr<NoticeStream> last;
  const std::lock_guard lock(mutex_);
  last = std::move(self_);
}

}  // namespace tvan
