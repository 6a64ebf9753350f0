#include "gateway/intake/submit_stream.h"

#include <utility>

#include "gateway/core/utf8.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/failure.h"

namespace tvan {

SubmitStream::SubmitStream(Options options, Pipeline& pipeline, std::string certificate,
                           std::shared_ptr<const void> place, Payer payer)
    : options_(options),
      pipeline_(pipeline),
      certificate_(std::move(certificate)),
      place_(std::move(place)),
      payer_(std::move(payer)),
      unread_(payer_.unread, payer_.provider) {
  reading_ = true;
  StartRead(&incoming_);
}

// Decides, under the lock, what comes next; each flag is taken at once, so that nobody does it twice.
SubmitStream::Step SubmitStream::Next() {
  Step step;
  if (finished_) return step;
  if (broken_) {
    answers_.clear();
    waiting_bytes_ = 0;
  }
  if (!writing_ && !answers_.empty()) {
    outgoing_ = std::move(answers_.front().response);  // its place is given back first: who has it may submit
    outgoing_bytes_ = answers_.front().bytes;
    waiting_bytes_ -= outgoing_bytes_;
    answers_.pop_front();
    step.write = writing_ = true;
    step.more = !answers_.empty();
  }
  // Answers that a slow client does not take count as in flight: they bound memory as well.
  const size_t busy = in_flight_.size() + answers_.size();
  unread_.Set(waiting_bytes_ + outgoing_bytes_);
  const uint32_t most = payer_.unread.HasRoom(payer_.provider) ? options_.max_in_flight : 1;
  if (!reading_ && !half_closed_ && !ending_ && busy < most) {
    step.read = reading_ = true;
    ++starting_reads_;
  }
  // A read may be outstanding when the call is finished, but it must have been started before.
  const bool idle = starting_reads_ == 0 && !writing_ && in_flight_.empty() && answers_.empty();
  if (idle && (ending_ || (half_closed_ && !reading_))) step.finish = finished_ = true;
  return step;
}

void SubmitStream::Do(const Step& step) {
  // What another write follows need not leave alone: one record and one call of the system carry many. gRPC is done
  // with it when it has it in its buffer: up to 64 KiB a stream are not counted as unread.
  if (step.write) StartWrite(&outgoing_, step.more ? grpc::WriteOptions().set_buffer_hint() : grpc::WriteOptions());
  if (step.read) {
    StartRead(&incoming_);
    ReadStarted();
  }
  if (step.finish) Finish(ending_.value_or(grpc::Status::OK));
}

// Until then nobody finishes this stream.
void SubmitStream::ReadStarted() {
  std::unique_lock lock(mutex_);
  --starting_reads_;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void SubmitStream::OnReadDone(bool ok) {
  if (!ok) {
    std::unique_lock lock(mutex_);
    reading_ = false;
    half_closed_ = true;
    const Step step = Next();
    lock.unlock();
    return Do(step);
  }
  // reading_ stays true until the request is under way: nobody finishes this stream meanwhile.
  Begin(std::exchange(incoming_, {}));
  std::unique_lock lock(mutex_);
  reading_ = false;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

SubmitStream::Entry SubmitStream::Enter(const std::string& request_id) {
  const std::lock_guard lock(mutex_);
  if (ending_) return Entry::kTooLate;
  const bool usable = !request_id.empty() && request_id.size() <= 64 && in_flight_.insert(request_id).second;
  return usable ? Entry::kTaken : Entry::kBadId;
}

void SubmitStream::AnswerBadId(const std::string& id) {
  v1::SubmitMessageResponse response;
  response.set_request_id(std::string(CutUtf8(id, 64)));
  response.mutable_error()->set_code(static_cast<int>(RpcCode::kInvalidArgument));
  response.mutable_error()->set_reason(std::string("intake.request_id"_reason.text()));
  response.mutable_error()->set_message("request_id: 1..64 characters, unique among those in flight");
  const std::lock_guard lock(mutex_);
  Queue(std::move(response), nullptr);
}

void SubmitStream::Begin(v1::SubmitMessageRequest request) {
  const std::string id = request.request_id();
  const Entry entry = Enter(id);
  if (entry == Entry::kTooLate) return;
  if (entry == Entry::kBadId) return AnswerBadId(id);
  auto input = FromProto(std::move(*request.mutable_document()), certificate_);
  if (!input) return Fail(id, input.status(), {});
  pipeline_.Submit(*std::move(input), [this, id](SubmitOutcome outcome) {
    if (outcome.kind == SubmitOutcome::Kind::kFailure) return Fail(id, outcome.failure, outcome.retry_after);
    v1::SubmitMessageResponse response;
    response.set_request_id(id);
    std::shared_ptr<const void> place = std::move(outcome.place);
    ToProto(std::move(outcome), response);
    Answer(std::move(response), std::move(place));
  });
}

// What was accepted before it was revoked may be answered between: that only puts the end off.
void SubmitStream::CountRefusal(const Status& failure) {
  const std::lock_guard lock(mutex_);
  if (++refusals_ == kMostRefusals) ending_ = ToGrpc(failure);
}

void SubmitStream::Fail(const std::string& request_id, const Status& failure, Span retry_after) {
  if (failure.reason() == "intake.unknown_certificate"_reason) CountRefusal(failure);
  const RpcDetails details = DetailsOf(failure, retry_after, "");
  v1::SubmitMessageResponse response;
  response.set_request_id(request_id);
  response.mutable_error()->set_code(details.code);
  response.mutable_error()->set_reason(details.reason);
  response.mutable_error()->set_message(details.message);
  response.mutable_error()->set_retry_after_ms(static_cast<uint32_t>(details.retry_after_ms));
  Answer(std::move(response), nullptr);
}

void SubmitStream::Answer(v1::SubmitMessageResponse response, std::shared_ptr<const void> place) {
  std::unique_lock lock(mutex_);
  in_flight_.erase(response.request_id());
  if (!response.has_error()) refusals_ = 0;
  Queue(std::move(response), std::move(place));
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void SubmitStream::Queue(v1::SubmitMessageResponse response, std::shared_ptr<const void> place) {
  const uint64_t bytes = response.ByteSizeLong();
  answers_.push_back({std::move(response), std::move(place), bytes});
  waiting_bytes_ += bytes;
}

void SubmitStream::OnWriteDone(bool ok) {
  std::unique_lock lock(mutex_);
  writing_ = false;
  outgoing_bytes_ = 0;
  broken_ = broken_ || !ok;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void SubmitStream::OnCancel() {
  std::unique_lock lock(mutex_);
  half_closed_ = broken_ = true;
  const Step step = Next();
  lock.unlock();
  Do(step);
}

void SubmitStream::OnDone() { delete this; }

}  // namespace tvan
