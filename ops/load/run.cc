#include "ops/load/run.h"

#include <algorithm>
#include <mutex>

#include "ops/load/agenda.h"
#include "ops/load/lane_pool.h"
#include "ops/load/verify.h"

namespace tvan::load {
namespace {

class Run final : public LaneUser {
 public:
  Run(const RunOptions& options, const Corpus& corpus, Clock& clock)
      : options_(options), corpus_(corpus), clock_(clock), next_(options.skip) {
    tally_ = Tally(options.warmup);
    const uint64_t left = corpus.size() - options.skip;
    uint64_t wanted = options.count != 0 ? options.count : left;
    if (open_loop()) {
      if (options.count == 0) wanted = ArrivalsIn(options.schedule.rate_per_s, options.duration);
      agenda_ = Agenda(MakeSchedule(options.schedule, std::min(wanted, left)));
    }
    end_ = options.skip + std::min(wanted, left);
    report_.corpus_exhausted = wanted > left;
  }

  Status Connect() {
    return lanes_.Connect({options_.endpoint, options_.ca_pem, options_.certificate_pem, options_.key_pem},
                          options_.connections);
  }

  RunReport Go() {
    lanes_open_ = options_.connections;
    const LaneKind kind = options_.mode == RunOptions::Mode::kStream ? LaneKind::kStream : LaneKind::kUnary;
    lanes_.Start({kind, options_.connections, options_.in_flight, options_.threads}, corpus_, *this);
    std::unique_ptr<AnswerReader> answers;
    if (options_.feedback == RunOptions::Feedback::kRead)
      answers = AnswerReader::Start(lanes_.first_channel(), corpus_, options_.skip, end_, clock_);
    Begin();
    while (Step()) {
    }
    EndLanes();
    if (answers) {
      answers->WaitFor(tally_.counts.accepted, clock_.SteadyNow() + options_.answers_patience);
      report_.answers = answers->Stop();
    }
    report_.latest_departure = agenda_.latest();
    return std::move(report_);
  }

  void OnAnswer(Lane& lane, const Job& job, const v1::SubmitMessageResponse& answer) override {
    const Steady now = clock_.SteadyNow();
    const bool receipt = answer.has_receipt();
    const bool checked = receipt && options_.peer == RunOptions::Peer::kGateway;
    const std::string wrong = checked ? WrongReceipt(corpus_.At(job.index), answer) : "";
    std::unique_lock lock(mutex_);
    Counts& counts = tally_.counts;
    counts.answer_bytes += answer.ByteSizeLong();
    ++(receipt ? counts.accepted : counts.rejected);
    counts.already_accepted += answer.already_accepted() ? 1 : 0;
    counts.wrong_receipts += wrong.empty() ? 0 : 1;
    if (checked) tally_.GatewayId(answer.receipt().gateway_mtdiep());
    if (!wrong.empty()) tally_.Complaint(wrong);
    if (!receipt)
      for (const v1::Finding& finding : answer.rejection().findings())
        tally_.Complaint("rejected: " + finding.rule_id());
    const auto kind = receipt ? Tally::Answer::kReceipt : Tally::Answer::kRejection;
    if (tally_.Answered(kind, job.index - options_.skip, job.intended, now))
      Sample(options_.watched, Edge::kBegin, report_.watched);
    Resolved(lane, lock, now);
  }

  void OnTrouble(Lane& lane, const Job& job, const Trouble& trouble) override {
    const Steady now = clock_.SteadyNow();
    std::unique_lock lock(mutex_);
    const std::string text = std::to_string(trouble.code) + " " + trouble.reason;
    tally_.Complaint(text);
    if (job.index == kNoJob) {
      ++tally_.counts.stray;
    } else if (trouble.overload()) {
      ++tally_.counts.backpressure;
      const Span pause = std::max<Span>(trouble.retry_after, std::chrono::milliseconds(10));
      agenda_.Again(now + pause, lane, job);
      changed_ = true;
      wake_.notify_one();
    } else {
      ++tally_.counts.failed;
      Resolved(lane, lock, now);
    }
  }

  void OnEnd(Lane&, const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    if (!status.ok()) {
      tally_.Complaint("connection ended: " + std::to_string(status.error_code()) + " " + status.error_message());
      broken_ = true;
    }
    --lanes_open_;
    changed_ = true;
    wake_.notify_one();
  }

 private:
  bool open_loop() const { return options_.schedule.rate_per_s > 0; }

  void Begin() {
    std::vector<Departure> first;
    {
      const std::lock_guard lock(mutex_);
      report_.began = clock_.SteadyNow();
      agenda_.Begin(report_.began);
      if (!open_loop() && options_.count == 0) stop_at_ = report_.began + options_.duration;
      if (options_.warmup == 0) Open();
      if (!open_loop())
        for (uint32_t slot = 0; slot < options_.in_flight; ++slot)
          for (size_t i = 0; i < lanes_.size() && next_ < end_; ++i)
            first.push_back({&lanes_.at(i), TakeNext(report_.began)});
    }
    for (const Departure& departure : first) departure.lane->Offer(departure.job);
  }

  void Open() {
    tally_.Open(report_.began);
    Sample(options_.watched, Edge::kBegin, report_.watched);
  }

  Job TakeNext(Steady intended) {
    ++tally_.counts.offered;
    report_.request_bytes += corpus_.At(next_).bytes.size();
    return {static_cast<uint32_t>(next_++), intended};
  }

  // Waits for the next thing to do and does it; false at the end of the run.
  bool Step() {
    std::unique_lock lock(mutex_);
    clock_.WaitUntil(wake_, lock, NextInstant(), [this] { return changed_; });
    changed_ = false;
    const Steady now = clock_.SteadyNow();
    if (now >= stop_at_) Stop(now);
    if (stopped_.us == 0 && next_ >= end_) {
      report_.corpus_exhausted = report_.corpus_exhausted || (!open_loop() && options_.count == 0);
      Stop(now);
    }
    const std::vector<Departure> due = CollectDue(now);
    const uint64_t open = tally_.counts.missing();
    const bool given_up = stopped_.us != 0 && now >= stopped_ + options_.patience;
    if ((stopped_.us != 0 && open == 0) || given_up || broken_) return Finish(now), false;
    lock.unlock();
    for (const Departure& departure : due) departure.lane->Offer(departure.job);
    return true;
  }

  Steady NextInstant() const {
    const Steady end = stopped_.us != 0 ? stopped_ + options_.patience : stop_at_;
    return std::min({end, agenda_.NextRepeat(), agenda_.NextArrival()});
  }

  std::vector<Departure> CollectDue(Steady now) {
    std::vector<Departure> due = agenda_.TakeRepeats(now);
    for (const Steady intended : agenda_.TakeArrivals(now)) {
      Lane* const lane = &lanes_.at(next_);
      due.push_back({lane, TakeNext(intended)});
    }
    return due;
  }

  // No more messages. A closed loop by duration closes its window here, any other with its last answer.
  void Stop(Steady now) {
    if (stopped_.us != 0) return;
    stopped_ = now;
    stop_at_ = kSteadyForever;
    if (options_.count == 0 && !open_loop()) CloseWindow(now);
  }

  void CloseWindow(Steady now) {
    if (!tally_.open()) return;
    tally_.Close(now);
    Sample(options_.watched, Edge::kEnd, report_.watched);
  }

  void Finish(Steady now) {
    CloseWindow(now);
    Stop(now);
  }

  // One message has its answer: in a closed loop the next one takes its place.
  void Resolved(Lane& lane, std::unique_lock<std::mutex>& lock, Steady now) {
    if (tally_.counts.missing() == 0 && next_ >= end_) CloseWindow(now);
    if (!open_loop() && stopped_.us == 0 && next_ < end_ && now < stop_at_) {
      const Job job = TakeNext(now);
      lock.unlock();
      return lane.Offer(job);
    }
    if (tally_.counts.missing() != 0 && stopped_.us != 0) return;
    changed_ = true;
    wake_.notify_one();
  }

  // Half-closes what has its answers, cancels the rest, and waits until every connection said its last word.
  void EndLanes() {
    std::unique_lock lock(mutex_);
    const bool whole = tally_.counts.missing() == 0 && !broken_;
    lock.unlock();
    whole ? lanes_.Close() : lanes_.Cancel();
    lock.lock();
    const auto ended = [this] { return lanes_open_ == 0; };
    if (clock_.WaitUntil(wake_, lock, clock_.SteadyNow() + options_.patience, ended)) return;
    lock.unlock();
    lanes_.Cancel();
    lock.lock();
    clock_.WaitUntil(wake_, lock, kSteadyForever, ended);
  }

  const RunOptions& options_;
  const Corpus& corpus_;
  Clock& clock_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  RunReport report_;
  Tally& tally_ = report_.tally;
  uint64_t next_, end_ = 0;
  Agenda agenda_;
  Steady stop_at_ = kSteadyForever, stopped_;
  uint32_t lanes_open_ = 0;
  bool changed_ = false, broken_ = false;
  LanePool lanes_;  // last: goes first, and with it whoever calls back
};

}  // namespace

Result<RunReport> RunLoad(const RunOptions& options, const Corpus& corpus, Clock& clock) {
  if (options.count == 0 && options.duration.count() <= 0)
    return Status::Permanent("load.run"_reason, "a run needs a count of messages or a duration");
  if (options.skip >= corpus.size())
    return Status::Permanent("load.run"_reason, "the corpus has " + std::to_string(corpus.size()) + " messages only");
  if (options.count != 0 && options.warmup >= options.count)
    return Status::Permanent("load.run"_reason, "all messages would be warm-up");
  if (options.connections == 0 || options.in_flight == 0)
    return Status::Permanent("load.run"_reason, "at least one connection and one message in flight");
  Run run(options, corpus, clock);
  const Status connected = run.Connect();
  if (!connected.ok()) return connected;
  return run.Go();
}

}  // namespace tvan::load
