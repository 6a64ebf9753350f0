#include "gateway/intake/pipeline.h"

#include <utility>

#include "gateway/core/log.h"
#include "gateway/intake/examiner.h"

namespace tvan {
namespace {

// One submit or check on its way: its place among those in flight, and what decides about it.
struct Pending {
  Pending(Clock& clock, InFlight& in_flight) : work(clock), in_flight(in_flight) {}
  ~Pending() { Leave(); }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  void Leave() {
    if (std::exchange(entered, false)) in_flight.Leave(contract->provider);
  }

  WorkScope work;
  InFlight& in_flight;
  bool entered = false;
  std::shared_ptr<const ContractSnapshot> contracts;
  const ProviderContract* contract = nullptr;  // of the snapshot
  SubmitInput input;
  Time at;
  Steady began;
  Examination examination;
};
using PendingPtr = std::shared_ptr<Pending>;

struct Refusal {
  Status status;
  std::string quota_subject;
};

class PipelineImpl : public Pipeline {
 public:
  PipelineImpl(Options options, Parts parts)
      : options_(std::move(options)),
        parts_(std::move(parts)),
        examiner_({options_.our_mst, options_.message_id_key}, parts_.validator, parts_.sealer, parts_.digester,
                  parts_.store),
        in_flight_(parts_.clock),
        seconds_(parts_.metrics.GetHistogram("tvan_intake_submit_seconds", "From arrival to answer of a submit")) {}

  Result<ProviderId> Identify(const std::string& certificate) const override {
    const auto contracts = parts_.contracts.snapshot();
    const ProviderContract* contract = contracts->FindByCertificate(certificate);
    if (contract == nullptr) return Unknown(certificate);
    return contract->provider;
  }

  void Submit(SubmitInput input, SubmitDone done) override {
    const PendingPtr pending = Take(std::move(input));
    if (const Refusal refusal = Enter(*pending); !refusal.status.ok()) return Answer(Failed(refusal), done);
    const bool taken = parts_.compute.TrySubmit([this, pending, done] { Examine(pending, done); });
    if (!taken) Answer(Failed({Overloaded(), ""}), done);
  }

  void Check(SubmitInput input, CheckDone done) override {
    const PendingPtr pending = Take(std::move(input));
    if (const Refusal refusal = Enter(*pending); !refusal.status.ok())
      return done({refusal.status, options_.retry_delay, refusal.quota_subject, false, {}});
    const bool taken = parts_.compute.TrySubmit([this, pending, done] { OnlyCheck(*pending, done); });
    if (!taken) done({Overloaded(), options_.retry_delay, "", false, {}});
  }

  uint64_t Drain(Span patience) override { return in_flight_.CloseAndWait(patience); }

 private:
  static Status Unknown(const std::string& certificate) {
    return Status::Permanent("intake.unknown_certificate"_reason,
                             "certificate " + certificate + " is bound to no provider contract");
  }
  static Status Overloaded() {
    return Status::Transient("intake.overloaded"_reason, "too many messages wait for their checks");
  }

  PendingPtr Take(SubmitInput input) {
    auto pending = std::make_shared<Pending>(parts_.clock, in_flight_);
    pending->input = std::move(input);
    pending->at = parts_.clock.Now();
    pending->began = parts_.clock.SteadyNow();
    pending->contracts = parts_.contracts.snapshot();
    pending->contract = pending->contracts->FindByCertificate(pending->input.certificate);
    return pending;
  }

  Refusal Enter(Pending& pending) {
    if (pending.contract == nullptr) return {Unknown(pending.input.certificate), ""};
    const ProviderContract& contract = *pending.contract;
    const uint32_t limit = contract.max_in_flight != 0 ? contract.max_in_flight : options_.max_in_flight_per_provider;
    const InFlight::Entry entry = in_flight_.TryEnter(contract.provider, limit);
    pending.entered = entry == InFlight::Entry::kTaken;
    if (entry == InFlight::Entry::kClosed)
      return {Status::Transient("intake.shutting_down"_reason, "the gateway is shutting down"), ""};
    if (entry == InFlight::Entry::kProviderFull)
      return {Status::Transient("intake.provider_overloaded"_reason,
                                "more than " + std::to_string(limit) + " submits of this provider at a time"),
              "provider:" + contract.provider.value()};
    return {};
  }

  void Examine(const PendingPtr& pending, const SubmitDone& done) {
    pending->examination =
        examiner_.Examine(std::move(pending->input), *pending->contracts, *pending->contract, pending->at);
    Examination& examination = pending->examination;
    if (examination.kind == Examination::Kind::kRejected) return Reject(*pending, done);
    if (examination.kind == Examination::Kind::kAlreadyAccepted) return Repeat(*pending, done);
    examiner_.Seal(*pending->contract, examination);
    NewMessage message = std::move(examination.message);
    parts_.store.Accept(std::move(message),
                        [this, pending, done](Result<AcceptAnswer> answer) { Settle(*pending, answer, done); });
  }

  void Settle(Pending& pending, Result<AcceptAnswer>& answer, const SubmitDone& done) {
    if (parts_.on_store) parts_.on_store(answer.status());
    if (!answer) return Finish(pending, Failed({answer.status(), ""}), done);
    Examination& examination = pending.examination;
    switch (answer->outcome) {
      case AcceptAnswer::Outcome::kAccepted:
        return Accepted(pending, done);
      case AcceptAnswer::Outcome::kAlreadyAccepted:
        examination.receipt.jws = std::move(answer->receipt);
        examination.receipt.gateway_id = answer->gateway_id;
        examination.receipt.accepted_at = answer->accepted_at;
        examination.receipt.durability = DurabilityOf(examination.receipt.jws);
        examination.ack999 = std::move(answer->ack999);
        return Repeat(pending, done);
      case AcceptAnswer::Outcome::kOtherBytes:
        examination.findings.push_back(OtherBytesFinding(answer->first_digest, examination.receipt.digest));
        return Reject(pending, done);
      case AcceptAnswer::Outcome::kInvoiceClaimed:
        for (const InvoiceKey& key : answer->conflicts) examination.findings.push_back(InvoiceClaimedFinding(key));
        return Reject(pending, done);
      default:
        break;
    }
    Finish(pending,
           Failed({Status::Permanent("intake.gateway_id_taken"_reason,
                                     "our MTDiep for this message is another message's; tell the T-VAN"),
                   ""}),
           done);
  }

  void Accepted(Pending& pending, const SubmitDone& done) {
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kReceipt;
    outcome.receipt = std::move(pending.examination.receipt);
    outcome.findings = std::move(pending.examination.findings);
    outcome.ack999 = std::move(pending.examination.ack999);
    Finish(pending, std::move(outcome), done);
  }

  void Repeat(Pending& pending, const SubmitDone& done) {
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kReceipt;
    outcome.already_accepted = true;
    outcome.receipt = std::move(pending.examination.receipt);
    outcome.ack999 = std::move(pending.examination.ack999);
    Finish(pending, std::move(outcome), done);
  }

  void Reject(Pending& pending, const SubmitDone& done) {
    SubmitOutcome outcome;
    outcome.kind = SubmitOutcome::Kind::kRejection;
    outcome.ack999 = examiner_.Rejected999(*pending.contract, pending.examination, pending.at);
    outcome.findings = std::move(pending.examination.findings);
    Finish(pending, std::move(outcome), done);
  }

  SubmitOutcome Failed(const Refusal& refusal) const {
    SubmitOutcome outcome;
    outcome.failure = refusal.status;
    outcome.retry_after = options_.retry_delay;
    outcome.quota_subject = refusal.quota_subject;
    return outcome;
  }

  // The place in flight is given back before the answer goes out: who has an answer may submit the next one.
  void Finish(Pending& pending, SubmitOutcome outcome, const SubmitDone& done) {
    pending.Leave();
    seconds_.Observe(static_cast<double>((parts_.clock.SteadyNow() - pending.began).count()) / 1e6);
    Answer(std::move(outcome), done);
  }

  void Answer(SubmitOutcome outcome, const SubmitDone& done) {
    const char* name = outcome.kind == SubmitOutcome::Kind::kRejection ? "rejected"
                       : outcome.kind == SubmitOutcome::Kind::kFailure ? "failed"
                       : outcome.already_accepted                      ? "repeated"
                                                                       : "accepted";
    parts_.metrics.GetCounter("tvan_intake_submits_total", "Submits by outcome", {{"outcome", name}}).Add();
    done(std::move(outcome));
  }

  void OnlyCheck(Pending& pending, const CheckDone& done) {
    CheckOutcome outcome;
    Examination examination =
        examiner_.Examine(std::move(pending.input), *pending.contracts, *pending.contract, pending.at);
    outcome.findings = std::move(examination.findings);
    if (examination.kind == Examination::Kind::kAcceptable)
      for (Finding& finding : examiner_.ClaimConflicts(examination.message))
        outcome.findings.push_back(std::move(finding));
    pending.Leave();
    outcome.acceptable = examination.kind != Examination::Kind::kRejected && !HasError(outcome.findings);
    done(std::move(outcome));
  }

  const Options options_;
  const Parts parts_;
  const Examiner examiner_;
  InFlight in_flight_;
  Histogram& seconds_;
};

}  // namespace

std::unique_ptr<Pipeline> Pipeline::Make(Options options, Parts parts) {
  return std::make_unique<PipelineImpl>(std::move(options), std::move(parts));
}

}  // namespace tvan
