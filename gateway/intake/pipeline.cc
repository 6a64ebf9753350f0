#include "gateway/intake/pipeline.h"

#include <optional>
#include <utility>

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"
#include "gateway/intake/examiner.h"
#include "gateway/intake/history_words.h"
#include "store/coming_accept.h"

namespace tvan {
namespace {

// One submit or check on its way: its place among those in flight, what decides about it, and who waits. Answers itself
// when it goes away unanswered: an exception of a library (no memory) ended its way.
struct Pending {
  Pending(Clock& clock, Span retry_delay) : work(clock), retry_delay(retry_delay) {}
  ~Pending();
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  WorkScope work;
  const Span retry_delay;
  std::shared_ptr<InFlight::Place> place;
  SubmitDone submit_done;  // one of the two; empty once it was called
  CheckDone check_done;
  bool accepting = false;  // the store has it: what becomes of it is not ours to say any more
  std::shared_ptr<const ContractSnapshot> contracts;
  const ProviderContract* contract = nullptr;  // of the snapshot
  SubmitInput input;
  Time at;
  Steady began;
  Examination examination;
};
using PendingPtr = std::shared_ptr<Pending>;

Pending::~Pending() {
  if (!submit_done && !check_done) return;
  try {
    place.reset();
    const std::string text = "the message's way through the checks was broken off";
    Status failure =
        accepting ? Status::InDoubt("intake.internal"_reason, text) : Status::Transient("intake.internal"_reason, text);
    Log(LogLevel::kError, "intake.internal", {{"provider", contract != nullptr ? contract->provider.value() : ""}});
    if (check_done) {
      check_done({std::move(failure), retry_delay, "", false, {}});
    } else {
      SubmitOutcome outcome;
      outcome.failure = std::move(failure);
      outcome.retry_after = retry_delay;
      submit_done(std::move(outcome));
    }
  } catch (...) {  // not even that: the client's deadline ends the call
  }
}

constexpr size_t kSoonChecked = 64 * 1024;  // bytes of a message whose checks take a millisecond or so

struct Refusal {
  Status status;
  std::string quota_subject;
  Span retry_after{};  // 0: as usual
};

std::string QuotaSubject(const ProviderContract& contract) { return "provider:" + contract.provider.value(); }

class PipelineImpl : public Pipeline {
 public:
  PipelineImpl(Options options, Parts parts)
      : options_(std::move(options)),
        parts_(std::move(parts)),
        examiner_({options_.our_mst, options_.message_id_key, options_.unknown_signer, options_.authority_code,
                   options_.signing_time_behind, parts_.refused_for},
                  parts_.validator, parts_.sealer, parts_.digester, parts_.store, quotas_),
        in_flight_(parts_.clock, &parts_.metrics.GetGauge("tvan_intake_in_flight", "Submits and checks on their way"),
                   &parts_.metrics.GetGauge("tvan_intake_in_flight_bytes", "Bytes of their messages")),
        seconds_(parts_.metrics.GetHistogram("tvan_intake_submit_seconds", "From arrival to answer of a submit")) {}

  Result<ProviderId> Identify(const std::string& certificate) const override {
    const auto contracts = parts_.contracts.snapshot();
    const auto holder = HolderOf(*contracts, certificate, parts_.clock.Now());
    if (!holder) return holder.status();
    return (*holder)->provider;
  }

  void Submit(SubmitInput input, SubmitDone done) override {
    const PendingPtr pending = Take(std::move(input));
    pending->submit_done = std::move(done);
    if (const Refusal refusal = Enter(*pending); !refusal.status.ok()) return Answer(*pending, Failed(refusal));
    const bool taken = parts_.compute.TrySubmit([this, pending] { Examine(pending); });
    if (!taken) Answer(*pending, Failed({Overloaded(), ""}));
  }

  void Check(SubmitInput input, CheckDone done) override {
    const PendingPtr pending = Take(std::move(input));
    pending->check_done = std::move(done);
    pending->input.purpose = SubmitInput::Purpose::kCheck;
    if (const Refusal refusal = Enter(*pending); !refusal.status.ok())
      return Answer(*pending, {refusal.status, WaitOf(refusal), refusal.quota_subject, false, {}});
    const bool taken = parts_.compute.TrySubmit([this, pending] { OnlyCheck(*pending); });
    if (!taken) Answer(*pending, {Overloaded(), options_.retry_delay, "", false, {}});
  }

  uint64_t Drain(Span patience) override { return in_flight_.CloseAndWait(patience); }

 private:
  // Whose it is at that time: a binding begins, ends and is revoked while connections and streams stay open.
  static Result<const ProviderContract*> HolderOf(const ContractSnapshot& contracts, const std::string& certificate,
                                                  Time at) {
    const auto fault = contracts.JudgeCertificate(certificate, at);
    if (!fault) return contracts.FindByCertificate(certificate);
    return Status::Permanent("intake.unknown_certificate"_reason, "certificate " + certificate +
                                                                      " is bound to no provider contract now (" +
                                                                      std::string(fault->rule.text()) + ")");
  }
  static Status Overloaded() {
    return Status::Transient("intake.overloaded"_reason, "too many messages wait for their checks");
  }

  PendingPtr Take(SubmitInput input) {
    auto pending = std::make_shared<Pending>(parts_.clock, options_.retry_delay);
    pending->input = std::move(input);
    pending->at = parts_.clock.Now();
    pending->began = parts_.clock.SteadyNow();
    pending->contracts = parts_.contracts.snapshot();
    return pending;
  }

  Refusal Enter(Pending& pending) {
    const auto holder = HolderOf(*pending.contracts, pending.input.certificate, pending.at);
    if (!holder) return {holder.status(), ""};
    const ProviderContract& contract = *(pending.contract = *holder);
    if (const auto over = quotas_.TakeCall(contract.provider, contract.quotas, pending.began))
      return {over->status, QuotaSubject(contract), over->retry_after};
    const uint32_t limit = contract.max_in_flight != 0 ? contract.max_in_flight : options_.max_in_flight_per_provider;
    const InFlight::Limits limits{limit, options_.max_bytes_per_provider, options_.max_bytes};
    const InFlight::Entry entry =
        in_flight_.TryEnter(contract.provider, limits, pending.input.submission.bytes.size(), pending.place);
    if (entry == InFlight::Entry::kClosed)
      return {Status::Transient("intake.shutting_down"_reason, "the gateway is shutting down"), ""};
    if (entry == InFlight::Entry::kFull) return {Overloaded(), ""};
    if (entry == InFlight::Entry::kProviderFull)
      return {Status::Transient("intake.provider_overloaded"_reason,
                                "more than " + std::to_string(limit) + " submits of this provider at a time, or " +
                                    std::to_string(options_.max_bytes_per_provider) + " bytes of them"),
              QuotaSubject(contract)};
    return {};
  }

  // While more checks wait behind this one, a flush waits for what it brings.
  void Examine(const PendingPtr& pending) {
    std::optional<ComingAccept> coming;
    if (pending->input.submission.bytes.size() <= kSoonChecked && parts_.compute.queued() > 0)
      coming.emplace(parts_.store);
    pending->examination =
        examiner_.Examine(std::move(pending->input), *pending->contracts, *pending->contract, pending->at);
    Examination& examination = pending->examination;
    if (examination.kind == Examination::Kind::kFailed)
      return Finish(*pending, NotExamined(*pending->contract, examination));
    if (examination.kind == Examination::Kind::kRejected) return Reject(*pending);
    if (examination.kind == Examination::Kind::kAlreadyAccepted) return Repeat(*pending);
    examiner_.Seal(*pending->contract, examination);
    NewMessage message = std::move(examination.message);
    pending->accepting = true;
    Pass("accept.before"_failpoint);
    parts_.store.Accept(std::move(message), [this, pending](Result<AcceptAnswer> answer) { Settle(*pending, answer); });
  }

  void Settle(Pending& pending, Result<AcceptAnswer>& answer) {
    if (parts_.on_store) parts_.on_store(answer.status());
    if (!answer) return Finish(pending, Failed({answer.status(), ""}));
    Examination& examination = pending.examination;
    switch (answer->outcome) {
      case AcceptAnswer::Outcome::kAccepted:
        return Accepted(pending);
      case AcceptAnswer::Outcome::kAlreadyAccepted:
        if (const int first = MessageTypeOf(answer->receipt); first != examination.receipt.message_type) {
          examination.findings.push_back(OtherTypeFinding(first, examination.receipt.message_type));
          return Reject(pending);
        }
        examination.receipt.jws = std::move(answer->receipt);
        examination.receipt.gateway_id = answer->gateway_id;
        examination.receipt.accepted_at = answer->accepted_at;
        examination.receipt.durability = DurabilityOf(examination.receipt.jws);
        examination.ack999 = std::move(answer->ack999);
        return Repeat(pending);
      case AcceptAnswer::Outcome::kOtherBytes:
        examination.findings.push_back(OtherBytesFinding(answer->first_digest, examination.receipt.digest));
        return Reject(pending);
      case AcceptAnswer::Outcome::kVoided:
        examination.findings.push_back(VoidedFinding(answer->proof_at));
        examination.proof = {std::move(answer->proof), answer->proof_at};
        return Reject(pending);
      case AcceptAnswer::Outcome::kWithdrawn:
        examination.findings.push_back(WithdrawnFinding(answer->proof_at));
        examination.proof = {std::move(answer->proof), answer->proof_at};
        return Reject(pending);
      case AcceptAnswer::Outcome::kPurged:
        examination.findings.push_back(PurgedFinding(answer->gateway_id, answer->accepted_at));
        return Reject(pending);
      case AcceptAnswer::Outcome::kInvoiceClaimed:
      case AcceptAnswer::Outcome::kContradicted:
        return Contradicted(pending, answer->conflicts);
      default:
        break;
    }
    Finish(pending, Failed({Status::Permanent("intake.gateway_id_taken"_reason,
                                              "our MTDiep for this message is another message's; tell the T-VAN"),
                            ""}));
  }

  // By what came between the checks and the store. What was only told then may not be true any more.
  void Contradicted(Pending& pending, const std::vector<HistoryFinding>& conflicts) {
    FindingList findings;
    SayHistory(conflicts, pending.contract->provider, *pending.contracts, findings);
    for (Finding& finding : findings.Take()) pending.examination.findings.push_back(std::move(finding));
    Reject(pending);
  }

  void Accepted(Pending& pending) {
    Pass("accept.after"_failpoint);
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kReceipt;
    outcome.receipt = std::move(pending.examination.receipt);
    outcome.findings = std::move(pending.examination.findings);
    outcome.ack999 = std::move(pending.examination.ack999);
    Finish(pending, std::move(outcome));
  }

  void Repeat(Pending& pending) {
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kReceipt;
    outcome.already_accepted = true;
    outcome.receipt = std::move(pending.examination.receipt);
    outcome.ack999 = std::move(pending.examination.ack999);
    Finish(pending, std::move(outcome));
  }

  void Reject(Pending& pending) {
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kRejection;
    outcome.ack999 = examiner_.Rejected999(*pending.contract, pending.examination, pending.at);
    if (parts_.on_rejected) parts_.on_rejected(RejectionOf(*pending.contract, pending.examination, pending.at));
    outcome.findings = std::move(pending.examination.findings);
    outcome.proof = std::move(pending.examination.proof);
    Finish(pending, std::move(outcome));
  }

  SubmitOutcome NotExamined(const ProviderContract& contract, const Examination& examination) const {
    return Failed({examination.failure, examination.over_quota ? QuotaSubject(contract) : "", examination.retry_after});
  }

  Span WaitOf(const Refusal& refusal) const {
    return refusal.retry_after > Span(0) ? refusal.retry_after : options_.retry_delay;
  }

  SubmitOutcome Failed(const Refusal& refusal) const {
    SubmitOutcome outcome;
    outcome.failure = refusal.status;
    outcome.retry_after = WaitOf(refusal);
    outcome.quota_subject = refusal.quota_subject;
    return outcome;
  }

  // The place in flight goes with the answer, which may be large; a failure is small.
  void Finish(Pending& pending, SubmitOutcome outcome) {
    pending.examination.share.reset();                      // what was accepted is counted by now
    if (pending.place != nullptr) pending.place->Unload();  // the store has the bytes, or nobody any more
    if (outcome.kind != SubmitOutcome::Kind::kFailure) outcome.place = std::move(pending.place);
    pending.place.reset();
    seconds_.Observe(static_cast<double>((parts_.clock.SteadyNow() - pending.began).count()) / 1e6);
    Answer(pending, std::move(outcome));
  }

  void Answer(Pending& pending, SubmitOutcome outcome) {
    const char* name = outcome.kind == SubmitOutcome::Kind::kRejection ? "rejected"
                       : outcome.kind == SubmitOutcome::Kind::kFailure ? "failed"
                       : outcome.already_accepted                      ? "repeated"
                                                                       : "accepted";
    parts_.metrics.GetCounter("tvan_intake_submits_total", "Submits by outcome", {{"outcome", name}}).Add();
    if (outcome.kind == SubmitOutcome::Kind::kFailure)
      parts_.metrics
          .GetCounter("tvan_intake_failures_total", "Submits that failed, by reason",
                      {{"reason", std::string(outcome.failure.reason().text())}})
          .Add();
    std::exchange(pending.submit_done, nullptr)(std::move(outcome));
  }

  void Answer(Pending& pending, CheckOutcome outcome) {
    pending.place.reset();
    std::exchange(pending.check_done, nullptr)(std::move(outcome));
  }

  void OnlyCheck(Pending& pending) {
    CheckOutcome outcome;
    Examination examination =
        examiner_.Examine(std::move(pending.input), *pending.contracts, *pending.contract, pending.at);
    if (examination.kind == Examination::Kind::kFailed)
      return Answer(pending, {examination.failure, options_.retry_delay, "", false, {}});
    outcome.findings = std::move(examination.findings);
    outcome.acceptable = examination.kind != Examination::Kind::kRejected;
    Answer(pending, std::move(outcome));
  }

  const Options options_;
  const Parts parts_;
  QuotaMeter quotas_;  // before who asks it
  const Examiner examiner_;
  InFlight in_flight_;
  Histogram& seconds_;
};

}  // namespace

std::unique_ptr<Pipeline> Pipeline::Make(Options options, Parts parts) {
  return std::make_unique<PipelineImpl>(std::move(options), std::move(parts));
}

}  // namespace tvan
