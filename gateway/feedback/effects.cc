#include "gateway/feedback/effects.h"

#include <algorithm>

#include "gateway/core/catalogue.h"
#include "gateway/core/utf8.h"

namespace tvan {

std::string ErrorCodes(const std::vector<AnswerError>& errors) {
  std::string text;
  for (size_t i = 0; i < errors.size() && i < 10; ++i)
    text += (i == 0 ? "" : ",") + std::string(CutUtf8(errors[i].code, 20));
  return text;
}

bool HasCode(const ParsedAnswer& answer, const std::set<std::string>& codes) {
  return std::any_of(answer.errors.begin(), answer.errors.end(),
                     [&codes](const AnswerError& e) { return codes.count(e.code) > 0; });
}

namespace {

void MoveTo(Effect& effect, EventKind event, std::optional<Stage> stage, Reason reason = {}) {
  effect.effect.event = event;
  effect.effect.stage = stage;
  effect.effect.reason = std::string(reason.text());
}

void Refuse(Effect& effect, const MessageMeta& meta) {
  MoveTo(effect, EventKind::kAnswer, Stage::kRefused, "feedback.refused"_reason);
  effect.effect.released_claims = meta.claims;
}

void WorkItem(Effect& effect, Reason reason) {
  MoveTo(effect, EventKind::kWorkItem, Stage::kWorkItem, reason);
  effect.alarm = true;
}

// A 999 with TTTNhan=1 (P3). A system code speaks of the service, a duplicate code says that ours is there; only a
// listed code is a refusal.
void Refused999(Effect& effect, const ParsedAnswer& answer, const MessageView& message, const EffectRules& rules) {
  if (HasCode(answer, rules.system_codes)) {
    MoveTo(effect, EventKind::kAcknowledged, std::nullopt, "feedback.system_code"_reason);
    effect.effect.back_to_queue = true;
    effect.system_code = effect.alarm = true;
  } else if (HasCode(answer, rules.duplicate_codes)) {
    // Attempts that a lost life of the store made count as well, and a submission soon after it may be a second one.
    if (message.meta.restored || MayHaveArrived(message.events) > 1)
      MoveTo(effect, EventKind::kAcknowledged, Stage::kAcknowledged, "feedback.duplicate_after_resend"_reason);
    else if (message.meta.accepted_at < rules.resubmits_until)
      MoveTo(effect, EventKind::kAcknowledged, Stage::kAcknowledged, "feedback.duplicate_after_restore"_reason);
    else
      WorkItem(effect, "feedback.duplicate_unexpected"_reason);
  } else if (HasCode(answer, rules.refusal_codes)) {
    Refuse(effect, message.meta);
  } else {
    WorkItem(effect, "feedback.unknown_code"_reason);
  }
}

bool SameInvoice(const InvoiceKey& claim, const InvoiceKey& item) {
  return claim.khmshdon == item.khmshdon && claim.khhdon == item.khhdon && claim.shdon == item.shdon;
}

// Of the invoices that the message files; a notice files none: of those that it names.
std::vector<InvoiceKey> RefusedInvoices(const ParsedAnswer& answer, const MessageMeta& meta) {
  std::vector<InvoiceKey> refused;
  for (const InvoiceKey& claim : meta.claims.empty() ? meta.refers : meta.claims) {
    const bool named = std::any_of(answer.items.begin(), answer.items.end(), [&claim](const AnswerItem& item) {
      return item.verdict == AnswerVerdict::kRefused && item.invoice && SameInvoice(claim, *item.invoice);
    });
    if (named) refused.push_back(claim);
  }
  return refused;
}

// 204 LTBao 3: what is not listed is good; a list of all of them refuses the whole. 301 mixed: partly.
void Partly(Effect& effect, const ParsedAnswer& answer, const MessageMeta& meta) {
  std::vector<InvoiceKey> refused = RefusedInvoices(answer, meta);
  if (!meta.claims.empty() && refused.size() == meta.claims.size()) return Refuse(effect, meta);
  MoveTo(effect, EventKind::kAnswer, Stage::kPartly, "feedback.partly"_reason);
  effect.effect.released_claims = std::move(refused);
}

// What says no verdict that we understand. Some types end a request whatever they say, some do by what they say: then a
// person must read it. It never overrules a verdict.
void Information(Effect& effect, int code, Stage now) {
  const MessageType* type = FindMessageType(code);
  const Whether ends = type == nullptr ? Whether::kNo : type->answer.ends;
  if (ends == Whether::kByContent) return WorkItem(effect, "feedback.not_understood"_reason);
  if (ends == Whether::kNo) return MoveTo(effect, EventKind::kAnswer, Stage::kAcknowledged);
  MoveTo(effect, EventKind::kAnswer, Stage::kAnswered, "feedback.not_understood"_reason);
  if (IsFinal(now)) effect.effect.stage.reset();
  effect.alarm = true;
}

}  // namespace

uint32_t MayHaveArrived(const std::vector<Event>& events) {
  std::set<uint32_t> attempts;
  for (const Event& e : events) {
    if (e.kind == EventKind::kAttempt) attempts.insert(e.attempt);
    if (e.kind == EventKind::kNotSent) attempts.erase(e.attempt);
  }
  return static_cast<uint32_t>(attempts.size());
}

Effect EffectOf(const ParsedAnswer& answer, const MessageView& message, const EffectRules& rules) {
  Effect effect;
  effect.effect.gateway_id = message.meta.gateway_id;
  const int type = answer.header.mltdiep;
  const bool says = answer.verdict != AnswerVerdict::kReceived && answer.verdict != AnswerVerdict::kInformation;
  if (says && !MayAnswer(message.meta.mltdiep, type)) {
    WorkItem(effect, "feedback.foreign_answer"_reason);
    effect.effect.detail = std::to_string(type) + " to a " + std::to_string(message.meta.mltdiep);
    return effect;
  }
  switch (answer.verdict) {
    case AnswerVerdict::kReceived:
      MoveTo(effect, type == 999 ? EventKind::kAcknowledged : EventKind::kAnswer, Stage::kAcknowledged);
      break;
    case AnswerVerdict::kAccepted:
      MoveTo(effect, EventKind::kAnswer, Stage::kAnswered);
      break;
    case AnswerVerdict::kPartly:
      Partly(effect, answer, message.meta);
      break;
    case AnswerVerdict::kRefused:
      if (type == 999)
        Refused999(effect, answer, message, rules);
      else
        Refuse(effect, message.meta);
      break;
    case AnswerVerdict::kInformation:
      Information(effect, type, message.meta.stage);
      break;
  }
  const std::string codes = ErrorCodes(answer.errors);
  effect.effect.detail = std::to_string(type) + (codes.empty() ? "" : " MLoi " + codes);
  return effect;
}

}  // namespace tvan
