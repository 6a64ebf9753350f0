#include "gateway/feedback/effects.h"

#include <algorithm>
#include <map>

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

// As answers name them: without the taxpayer.
InvoiceKey AsNamed(InvoiceKey invoice) {
  invoice.mst = TaxCode();
  return invoice;
}

// Those that the message files; a notice files none: those that it names. Of a purged notice its relations are left.
std::vector<InvoiceKey> InvoicesOf(const MessageMeta& meta) {
  if (!meta.claims.empty()) return meta.claims;
  std::vector<InvoiceKey> named = meta.refers;
  if (named.empty())
    for (const InvoiceRelation& relation : meta.relations) named.push_back(relation.original);
  return named;
}

// What the items of an answer say of the message's invoices.
struct Told {
  std::map<InvoiceKey, AnswerVerdict> said;  // of each of them; kInformation: nothing
  size_t ours = 0, others = 0;               // items that name one of them, and another invoice
  bool unclear = false;                      // an item that is undecided, or refuses none of them
  size_t Count(AnswerVerdict verdict) const {
    return static_cast<size_t>(
        std::count_if(said.begin(), said.end(), [verdict](const auto& one) { return one.second == verdict; }));
  }
};

Told ToldOf(const std::vector<InvoiceKey>& invoices, const std::vector<AnswerItem>& items) {
  Told told;
  for (const InvoiceKey& invoice : invoices) told.said[AsNamed(invoice)] = AnswerVerdict::kInformation;
  for (const AnswerItem& item : items) {
    if (item.subject != AnswerSubject::kInvoice) continue;
    const auto one = item.invoice ? told.said.find(AsNamed(*item.invoice)) : told.said.end();
    const bool is_ours = one != told.said.end();
    if (item.invoice) ++(is_ours ? told.ours : told.others);
    if (item.verdict != AnswerVerdict::kAccepted && !(is_ours && item.verdict == AnswerVerdict::kRefused))
      told.unclear = true;
    else if (is_ours && one->second != AnswerVerdict::kRefused)
      one->second = item.verdict;
  }
  return told;
}

// A verdict on the whole, or on its invoices one by one: a 301 says nothing of those that it leaves out, a 204 that
// they are good. Where it speaks of none of them, or it is unclear of which, a person must read it.
void Decide(Effect& effect, const ParsedAnswer& answer, const MessageMeta& meta) {
  const std::vector<InvoiceKey> invoices = InvoicesOf(meta);
  const Told told = ToldOf(invoices, answer.items);
  const bool known = !invoices.empty(), silent = known && told.Count(AnswerVerdict::kInformation) > 0;
  const bool leaves_out = silent && answer.header.mltdiep == 301 && !answer.items.empty();
  const bool partly = answer.verdict == AnswerVerdict::kPartly || leaves_out;
  const bool strange = told.others > 0 && told.ours == 0;
  if ((known && strange) || (partly && silent && told.unclear))
    return WorkItem(effect, "feedback.not_understood"_reason);
  const bool all_refused = known && told.Count(AnswerVerdict::kRefused) == told.said.size();
  if (partly ? all_refused : answer.verdict == AnswerVerdict::kRefused) return Refuse(effect, meta);
  if (!partly) return MoveTo(effect, EventKind::kAnswer, Stage::kAnswered);
  MoveTo(effect, EventKind::kAnswer, Stage::kPartly, "feedback.partly"_reason);
  for (const InvoiceKey& invoice : invoices)
    if (told.said.at(AsNamed(invoice)) == AnswerVerdict::kRefused) effect.effect.released_claims.push_back(invoice);
}

// What says no verdict that we understand. Had it ended a request, a later verdict would count for nothing: of a type
// that ends requests a person must read it.
void Information(Effect& effect, int code) {
  const MessageType* type = FindMessageType(code);
  if (type != nullptr && type->answer.ends != Whether::kNo) return WorkItem(effect, "feedback.not_understood"_reason);
  MoveTo(effect, EventKind::kAnswer, Stage::kAcknowledged);
}

// Of a type that does not answer this request: it decides nothing, and shows nothing either. A verdict somebody must
// explain; anything else is kept beside the message.
void Foreign(Effect& effect, const ParsedAnswer& answer, int request) {
  const bool says = answer.verdict != AnswerVerdict::kReceived && answer.verdict != AnswerVerdict::kInformation;
  WorkItem(effect, "feedback.foreign_answer"_reason);
  if (!says) MoveTo(effect, EventKind::kAnswer, std::nullopt, "feedback.foreign_answer"_reason);
  effect.effect.detail = std::to_string(answer.header.mltdiep) + " to a " + std::to_string(request);
}

}  // namespace

SignatureVerdict SignatureOf(int mltdiep, std::string_view annotation) {
  if (annotation == "VERIFIED") return SignatureVerdict::kVerified;
  const bool wrong = IsSignedByAuthority(mltdiep) || annotation != "UNSIGNED";
  return wrong ? SignatureVerdict::kUnverified : SignatureVerdict::kNone;
}

Effect EffectOfUnverified(const ParsedAnswer& answer, const MessageView& message) {
  Effect effect;
  effect.effect.gateway_id = message.meta.gateway_id;
  const int type = answer.header.mltdiep;
  if (!MayAnswer(message.meta.mltdiep, type)) {
    Foreign(effect, answer, message.meta.mltdiep);
    return effect;
  }
  WorkItem(effect, "feedback.unverified"_reason);
  effect.undecided = true;
  if (IsUnasked(type)) MoveTo(effect, EventKind::kAnswer, std::nullopt, "feedback.unverified"_reason);
  effect.effect.detail = std::to_string(type);
  return effect;
}

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
  if (!MayAnswer(message.meta.mltdiep, type)) {
    Foreign(effect, answer, message.meta.mltdiep);
    return effect;
  }
  switch (answer.verdict) {
    case AnswerVerdict::kReceived:
      MoveTo(effect, type == 999 ? EventKind::kAcknowledged : EventKind::kAnswer, Stage::kAcknowledged);
      break;
    case AnswerVerdict::kAccepted:
    case AnswerVerdict::kPartly:
      Decide(effect, answer, message.meta);
      break;
    case AnswerVerdict::kRefused:
      if (type == 999)
        Refused999(effect, answer, message, rules);
      else
        Decide(effect, answer, message.meta);
      effect.alarm |= HasCode(answer, rules.system_codes);  // refused for what is ours, not the sender's
      break;
    case AnswerVerdict::kInformation:
      Information(effect, type);
      break;
  }
  const std::string codes = ErrorCodes(answer.errors);
  effect.effect.detail = std::to_string(type) + (codes.empty() ? "" : " MLoi " + codes);
  return effect;
}

}  // namespace tvan
