#include "gateway/feedback/answer_intake.h"

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"
#include "gateway/validate/answer_deviations.h"
#include "gateway/validate/technical_response.h"

namespace tvan {
namespace {

std::string ReferenceOf(const MessageMeta& meta) {
  return meta.provider_mtdiep.empty() ? meta.key.value : meta.provider_mtdiep;
}

// MNNhan of what goes back: as the provider called itself; for what nobody asked for, its first tax code.
std::string ReceiverOf(const ProviderId& provider, const MessageMeta& meta, const ContractSnapshot& book) {
  if (!meta.provider_mngui.empty()) return meta.provider_mngui;
  const ProviderContract* contract = book.Find(provider);
  return contract == nullptr || contract->tax_codes.empty() ? "" : WithoutDash(contract->tax_codes.front());
}

// The five characters that a 103 gives to a taxpayer, for the check of its cash-register codes: only the authority's
// own word, to that taxpayer's registration.
std::optional<RegisterRange> RangeIssuedBy(const ReadAnswer& read, const MessageMeta& request) {
  const std::string& range = read.parsed.register_range;
  const Result<TaxCode> mst = ParseTaxCode(read.parsed.header.mst);
  const bool sure = read.annotation == kVerified && request.mltdiep == 100 && mst.ok() && *mst == request.mst;
  if (range.empty() || !sure) return std::nullopt;
  return RegisterRange{request.mst, range};
}

}  // namespace

void AnswerIntake::DeliverTo(const ProviderId& provider, const ReadAnswer& read, const ContractSnapshot& book,
                             Built& built) const {
  const Receiver::Options& o = parts_.options;
  const MessageMeta& meta = built.message.meta;
  Delivery delivery;
  delivery.provider = provider;
  delivery.gateway_id = meta.gateway_id;
  if (!meta.gateway_id.empty()) delivery.provider_reference = ReferenceOf(meta);
  HopHeader header;
  header.mngui = "V" + WithoutDash(o.our_mst);
  header.mnnhan = ReceiverOf(provider, meta, book);
  header.mtdiep = DeriveOwnMessageId(parts_.digester, o.message_id_key, o.our_mst, "deliver",
                                     built.answer.answer_id + "/" + provider.value())
                      .value();
  header.mtdtchieu = meta.provider_mtdiep;
  if (read.parsed.plan.payload.size > 0)
    delivery.rewrapped = RenderWrapped(read.parsed.plan, *built.answer.bytes, header);
  built.answer.deliveries.push_back(std::move(delivery));
}

Result<EffectRules> AnswerIntake::RulesFor(const ParsedAnswer& answer) const {
  EffectRules rules{parts_.options.duplicate_codes, parts_.options.system_codes, parts_.options.refusal_codes};
  if (!HasCode(answer, rules.duplicate_codes)) return rules;
  const auto recovery = parts_.store.recovery();
  if (!recovery.ok()) return recovery.status();
  if (*recovery) rules.resubmits_until = (*recovery)->UncertainUntil();
  return rules;
}

Result<Effect> AnswerIntake::EffectFor(const ReadAnswer& read, const MessageView& message) const {
  const Result<EffectRules> rules = RulesFor(read.parsed);
  if (!rules.ok()) return rules.status();
  const bool unverified = SignatureOf(read.parsed.header.mltdiep, read.annotation) == SignatureVerdict::kUnverified;
  Effect effect = unverified && parts_.options.strict_signatures ? EffectOfUnverified(read.parsed, message)
                                                                 : EffectOf(read.parsed, message, *rules);
  if (unverified) effect.effect.detail += " " + read.annotation;
  return effect;
}

Status AnswerIntake::Decide(ReadAnswer& read, const ContractSnapshot& book, Built& built) const {
  Result<Owner> found = FindOwner(parts_.store, book, parts_.digester, read, built.answer.received_at);
  if (!found.ok()) return found.status();
  Owner& owner = *found;
  built.answer.parked_reason = std::string(owner.parked.text());
  built.answer.reference = owner.reference;
  if (owner.message) {
    built.message = std::move(*owner.message);
    Result<Effect> effect = EffectFor(read, built.message);
    if (!effect.ok()) return effect.status();
    if (effect->system_code) built.system_code = effect->effect.detail;
    built.alarm = effect->alarm;
    if (effect->effect.reason == "feedback.unknown_code"_reason.text())
      Deviates(read.parsed, "answer.unknown_code"_reason, {ErrorCodes(read.parsed.errors)});
    built.answer.effects.push_back(std::move(effect->effect));
    DeliverTo(built.message.meta.provider(), read, book, built);
  }
  for (const ProviderId& provider : owner.mandated) DeliverTo(provider, read, book, built);
  return {};
}

Result<std::optional<StoredAnswer>> AnswerIntake::Known(const std::string& answer_id) const {
  Result<StoredAnswer> stored = parts_.store.LoadAnswer(answer_id);
  if (stored.ok()) return std::optional<StoredAnswer>(*std::move(stored));
  if (stored.status().reason() == "store.unknown_answer"_reason) return std::optional<StoredAnswer>();
  return stored.status();
}

// What was read when it was stored, so that reading it again, as every search does, costs no signature check. Nullopt:
// it must be read: parked, since the reading that joins it counts; a -1, since HSGoc is not stored; or what decided
// nothing for its signature, since the signer may be trusted by now.
std::optional<ReadAnswer> AnswerIntake::ReadingOf(const IncomingAnswer& stored) const {
  if (!stored.parked_reason.empty() || stored.parsed.empty() || stored.mltdiep == -1) return std::nullopt;
  const bool unverified = SignatureOf(stored.mltdiep, stored.annotation) == SignatureVerdict::kUnverified;
  if (unverified && parts_.options.strict_signatures) return std::nullopt;
  Result<ParsedAnswer> parsed = DecodeParsedAnswer(stored.parsed);
  if (!parsed.ok()) return std::nullopt;
  return ReadAnswer{.parsed = *std::move(parsed), .annotation = stored.annotation};
}

// What could not be read has no type to decide by and no MTDiep to name: it is parked, not acknowledged.
void AnswerIntake::AddOwn999(const ReadAnswer& read, Built& built) const {
  const Receiver::Options& o = parts_.options;
  const Envelope& header = read.parsed.header;
  if (!read.readable || o.no_own_999.count(header.mltdiep) > 0) return;
  // By the answer's bytes: two answers under one MTDiep of the authority would else make two 999s under one of ours.
  built.answer.own_999_id =
      DeriveOwnMessageId(parts_.digester, o.message_id_key, o.our_mst, "999", built.answer.answer_id);
  TechnicalResponse response;
  response.pban = header.pban.empty() ? "2.1.0" : header.pban;
  response.mngui = "V" + WithoutDash(o.our_mst);
  response.mnnhan = header.mngui.empty() ? "TCT" : header.mngui;
  response.mtdiep = built.answer.own_999_id.value();
  response.mtdtchieu = header.mtdiep;
  response.original_mngui = header.mngui;
  response.received_at = built.answer.received_at;
  built.answer.own_999 = Render999(response);
}

Result<AnswerIntake::Built> AnswerIntake::Build(InboundMessage message, const ContractSnapshot& book) const {
  Built built;
  IncomingAnswer& answer = built.answer;
  answer.bytes = std::make_shared<const std::string>(std::move(message.bytes));
  answer.answer_id = parts_.digester.Sha256Of(*answer.bytes).Hex();
  answer.line = parts_.line;
  answer.position = std::move(message.position);
  answer.received_at = parts_.clock.Now();
  const Result<std::optional<StoredAnswer>> known = Known(answer.answer_id);
  if (!known.ok()) return known.status();
  built.known = known->has_value();
  std::optional<ReadAnswer> stored;
  if (built.known) stored = ReadingOf((*known)->answer);
  const Time first_received = built.known ? (*known)->answer.received_at : answer.received_at;
  ReadAnswer read = stored ? *std::move(stored) : parts_.reader.Read(*answer.bytes, first_received);
  answer.mltdiep = read.parsed.header.mltdiep;
  answer.authority_mtdiep = read.parsed.header.mtdiep;
  answer.mtdtchieu = read.parsed.header.mtdtchieu;
  answer.annotation = read.annotation;
  if (Status status = Decide(read, book, built); !status.ok()) return status;
  answer.register_range = RangeIssuedBy(read, built.message.meta);
  answer.parsed = EncodeParsedAnswer(read.parsed);
  AddOwn999(read, built);
  return built;
}

Result<ReceiveReport> AnswerIntake::Take(const Fence& fence, std::vector<InboundMessage> messages,
                                         const std::string& new_position) const {
  const auto book = parts_.contracts.snapshot();
  std::vector<Built> built;
  std::vector<IncomingAnswer> answers;
  for (InboundMessage& message : messages) {
    Result<Built> one = Build(std::move(message), *book);
    if (!one.ok()) return one.status();
    built.push_back(*std::move(one));
    answers.push_back(built.back().answer);
  }
  for (const Built& b : built)
    if (!b.known && !b.system_code.empty() && parts_.hooks.on_system_code)
      parts_.hooks.on_system_code("feedback.system_code"_reason, b.system_code, b.message.meta.gateway_id);
  Pass("receive.before"_failpoint);
  Result<ReceiveReport> report = parts_.store.ReceiveAnswers(fence, parts_.line, answers, new_position);
  Pass("receive.after"_failpoint);
  if (!report.ok()) return report;
  const Time stored_at = parts_.clock.Now();
  for (const Built& b : built) {
    if (!b.known) Report(b, stored_at);
  }
  parts_.metrics.GetCounter("tvan_feedback_repeated_total", "Answers that were known already").Add(report->known);
  parts_.metrics.GetCounter("tvan_feedback_verified_later_total", "Answers that verify since their signer is trusted")
      .Add(report->verified);
  if (report->stored + report->joined + report->verified > 0 && parts_.hooks.on_stored) parts_.hooks.on_stored();
  return report;
}

void AnswerIntake::Report(const Built& built, Time stored_at) const {
  const IncomingAnswer& answer = built.answer;
  const MessageMeta& meta = built.message.meta;
  HandOver line;
  line.kind = "answer";
  line.gateway_id = meta.gateway_id;
  if (!answer.deliveries.empty()) line.provider = answer.deliveries.front().provider;
  if (!meta.gateway_id.empty()) line.message_class = ToString(meta.cls);
  line.message_type = answer.mltdiep;
  line.attempt = meta.attempts;
  line.line = parts_.line.value();
  line.outcome = answer.deliveries.empty() ? "parked" : "delivered";
  line.reason = answer.parked_reason;
  if (!answer.effects.empty()) line.reason = answer.effects.front().reason;
  if (meta.attempts > 0) line.answering = answer.received_at - meta.last_attempt_at;
  line.delivering = stored_at - answer.received_at;
  LogHandOver(line);
  signatures_->Note(answer.mltdiep, answer.annotation);
  const std::string annotation = answer.annotation.substr(0, answer.annotation.find('('));
  parts_.metrics
      .GetCounter("tvan_feedback_answers_total", "Answers taken, by outcome and signature",
                  {{"outcome", std::string(line.outcome)}, {"signature", annotation}})
      .Add();
  if (!built.alarm && answer.parked_reason.empty()) return;
  Log(LogLevel::kError, answer.parked_reason.empty() ? "feedback.alarm" : "feedback.parked",
      {{"mtdiep", meta.gateway_id.value()}, {"answer", answer.answer_id}, {"reason", line.reason}});
}

}  // namespace tvan
