#include "gateway/feedback/answer_intake.h"

#include <algorithm>

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

// The five characters that a 103 gives to a taxpayer, for the check of its cash-register codes: only in an answer to
// that taxpayer's registration.
std::optional<RegisterRange> RangeIn(const ReadAnswer& read, const MessageMeta& request) {
  const std::string& range = read.parsed.register_range;
  const Result<TaxCode> mst = ParseTaxCode(read.parsed.header.mst);
  const bool its_own = request.mltdiep == 100 && mst.ok() && *mst == request.mst;
  if (range.empty() || !its_own) return std::nullopt;
  return RegisterRange{request.mst, range};
}

// A range counts as the authority's own word only.
void GiveRange(const ReadAnswer& read, const MessageMeta& request, IncomingAnswer& answer) {
  answer.register_range = RangeIn(read, request);
  if (!answer.register_range || read.annotation == kVerified) return;
  answer.register_range.reset();
  answer.undecided = std::max(answer.undecided, Undecided::kRange);
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

bool AnswerIntake::IsHeldBack(const ReadAnswer& read) const {
  return parts_.options.strict_signatures &&
         SignatureOf(read.parsed.header.mltdiep, read.annotation) == SignatureVerdict::kUnverified;
}

Result<Effect> AnswerIntake::EffectFor(const ReadAnswer& read, const MessageView& message) const {
  const Result<EffectRules> rules = RulesFor(read.parsed);
  if (!rules.ok()) return rules.status();
  const bool unverified = SignatureOf(read.parsed.header.mltdiep, read.annotation) == SignatureVerdict::kUnverified;
  Effect effect = IsHeldBack(read) ? EffectOfUnverified(read.parsed, message) : EffectOf(read.parsed, message, *rules);
  if (unverified) effect.effect.detail += " " + read.annotation;
  return effect;
}

// `owned_at`: by the mandates of then.
Status AnswerIntake::Decide(ReadAnswer& read, const ContractSnapshot& book, Time owned_at, Built& built) const {
  Result<Owner> found = FindOwner(parts_.store, book, parts_.digester, read, owned_at);
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
    if (effect->undecided) built.answer.undecided = Undecided::kEverything;
    if (effect->effect.reason == "feedback.unknown_code"_reason.text())
      Deviates(read.parsed, "answer.unknown_code"_reason, {ErrorCodes(read.parsed.errors)});
    built.answer.effects.push_back(std::move(effect->effect));
    DeliverTo(built.message.meta.provider(), read, book, built);
  }
  for (const ProviderId& provider : owner.mandated) DeliverTo(provider, read, book, built);
  if (!owner.mandated.empty() && IsHeldBack(read)) built.answer.undecided = Undecided::kEverything;
  return {};
}

Result<std::optional<StoredAnswer>> AnswerIntake::Known(const std::string& answer_id) const {
  Result<StoredAnswer> stored = parts_.store.LoadAnswer(answer_id);
  if (stored.ok()) return std::optional<StoredAnswer>(*std::move(stored));
  if (stored.status().reason() == "store.unknown_answer"_reason) return std::optional<StoredAnswer>();
  return stored.status();
}

// What was read when it was stored, so that reading it again, as every search does, costs no signature check. Nullopt:
// it must be read: parked, since the reading that joins it counts; a -1, since HSGoc is not stored; or undecided, since
// its signer may be trusted by now.
std::optional<ReadAnswer> AnswerIntake::ReadingOf(const IncomingAnswer& stored) const {
  if (!stored.parked_reason.empty() || stored.parsed.empty() || stored.mltdiep == -1) return std::nullopt;
  if (stored.undecided != Undecided::kNothing) return std::nullopt;
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
  const bool joins = built.known && !(*known)->answer.parked_reason.empty();
  ReadAnswer read = stored ? *std::move(stored) : parts_.reader.Read(*answer.bytes, first_received);
  answer.mltdiep = read.parsed.header.mltdiep;
  answer.authority_mtdiep = read.parsed.header.mtdiep;
  answer.mtdtchieu = read.parsed.header.mtdtchieu;
  answer.annotation = read.annotation;
  const Time owned_at = joins ? answer.received_at : first_received;
  if (Status status = Decide(read, book, owned_at, built); !status.ok()) return status;
  GiveRange(read, built.message.meta, answer);
  if (!built.known || (*known)->answer.undecided != Undecided::kNothing) TakeNews(read, book, first_received, built);
  built.news = !built.known || (!joins && !answer.deliveries.empty() && answer.undecided < (*known)->answer.undecided);
  answer.parsed = EncodeParsedAnswer(read.parsed);
  AddOwn999(read, built);
  return built;
}

// Facts count as the authority's own word only, as a range does, and as of when they came first. A type that carries no
// signature is taken as it comes. Of taxpayers whom nobody serves here nothing is kept.
void AnswerIntake::TakeNews(const ReadAnswer& read, const ContractSnapshot& book, Time first_received,
                            Built& built) const {
  const IncomingAnswer& answer = built.answer;
  const std::string& source = answer.authority_mtdiep.empty() ? answer.answer_id : answer.authority_mtdiep;
  built.news_of = NewsOf(read.parsed, built.message.meta, source, first_received, parts_.options.news);
  std::erase_if(built.news_of, [&](const Taxpayer& t) { return book.ProvidersOf(t.mst, first_received).empty(); });
  if (built.news_of.empty()) return;
  if (SignatureOf(answer.mltdiep, read.annotation) != SignatureVerdict::kUnverified) return;
  built.news_of.clear();
  built.answer.undecided = std::max(built.answer.undecided, Undecided::kRange);
}

// Before the act that stores the answers: what is learned and then read again from the line is learned once. What the
// book refuses for good keeps no answer from its owner.
Status AnswerIntake::Learn(const std::vector<Built>& built) const {
  for (const Built& b : built) {
    if (b.news_of.empty()) continue;
    const std::string& source = b.answer.authority_mtdiep.empty() ? b.answer.answer_id : b.answer.authority_mtdiep;
    const std::string reason = "message " + std::to_string(b.answer.mltdiep) + " " + b.answer.answer_id;
    const Status learned = parts_.contracts.Learn(b.news_of, {source, reason, b.answer.received_at});
    if (learned.ok()) continue;
    Log(LogLevel::kError, "feedback.not_learned", {{"answer", b.answer.answer_id}, {"status", learned.ToString()}});
    if (learned.disposition() != Disposition::kPermanent) return learned;
  }
  return {};
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
  if (Status learned = Learn(built); !learned.ok()) return learned;
  Pass("receive.before"_failpoint);
  Result<ReceiveReport> report = parts_.store.ReceiveAnswers(fence, parts_.line, answers, new_position);
  Pass("receive.after"_failpoint);
  if (!report.ok()) return report;
  const Time stored_at = parts_.clock.Now();
  for (const Built& b : built) {
    if (b.news) Report(b, stored_at);
  }
  parts_.metrics.GetCounter("tvan_feedback_repeated_total", "Answers that were known already").Add(report->known);
  parts_.metrics.GetCounter("tvan_feedback_decided_later_total", "Answers that were undecided when they came")
      .Add(report->decided);
  if (report->stored + report->joined + report->decided > 0 && parts_.hooks.on_stored) parts_.hooks.on_stored();
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
  if (meta.attempts > 0 && !built.known) line.answering = answer.received_at - meta.last_attempt_at;
  line.delivering = stored_at - answer.received_at;
  LogHandOver(line);
  if (!built.known) CountAnswer(answer, line.outcome);
  if (!built.alarm && answer.parked_reason.empty()) return;
  Log(LogLevel::kError, answer.parked_reason.empty() ? "feedback.alarm" : "feedback.parked",
      {{"mtdiep", meta.gateway_id.value()}, {"answer", answer.answer_id}, {"reason", line.reason}});
}

void AnswerIntake::CountAnswer(const IncomingAnswer& answer, std::string_view outcome) const {
  signatures_->Note(answer.mltdiep, answer.annotation);
  const std::string annotation = answer.annotation.substr(0, answer.annotation.find('('));
  parts_.metrics
      .GetCounter("tvan_feedback_answers_total", "Answers taken, by outcome and signature",
                  {{"outcome", std::string(outcome)}, {"signature", annotation}})
      .Add();
}

}  // namespace tvan
