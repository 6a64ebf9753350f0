#include "gateway/admin/contract_effects.h"

#include <algorithm>
#include <vector>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_mask.h"
#include "gateway/admin/record_words.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using Response = api::ListProposalItemsResponse;

template <class Record>
std::vector<Dates> TermsOf(const Record& record) {
  std::vector<Dates> terms = record.earlier;
  terms.push_back(record.dates);
  return terms;
}

// Whether an instant from now on that a term covered is covered no more; then one of these is.
template <class Record>
bool LosesTime(const Record& before, const Record& after, Time now) {
  std::vector<Time> looked_at = {now};
  for (const Dates& term : TermsOf(before)) looked_at.push_back(term.from);
  for (const Dates& term : TermsOf(after)) looked_at.push_back(term.to);
  return std::any_of(looked_at.begin(), looked_at.end(),
                     [&](Time t) { return t >= now && TermAt(before, t) != nullptr && TermAt(after, t) == nullptr; });
}

bool IsSame(const ContractItem& a, const ContractItem& b) {
  api::ContractItem was, is;
  ToProto(a, 0, was);
  ToProto(b, 0, is);
  return ChangesBetween(*InnerOf(was), *InnerOf(is)).empty();
}

template <class Record>
Effect EffectOn(const Record& before, const Record& after, Time now) {
  const bool ended = before.status == ContractStatus::kTerminated, ends = after.status == ContractStatus::kTerminated;
  if (ended != ends) return ends ? Response::ENDS : Response::BRINGS_BACK;
  if (!ended && LosesTime(before, after, now)) return Response::SHORTENS;
  return IsSame(before, after) ? Response::NOTHING : Response::CHANGES;
}
// Facts hold nobody's term.
Effect EffectOn(const Taxpayer& before, const Taxpayer& after, Time) {
  return IsSame(before, after) ? Response::NOTHING : Response::CHANGES;
}

template <class Facts>
void AddNew(const Facts& facts, Facts& known) {
  for (const auto& fact : facts)
    if (std::none_of(known.begin(), known.end(),
                     [&](const auto& one) { return one.SerializeAsString() == fact.SerializeAsString(); }))
      *known.Add() = fact;
}

void AddWord(uint64_t count, const char* word, std::string& words) {
  if (count != 0) words += (words.empty() ? "" : ", ") + std::to_string(count) + word;
}

}  // namespace

Effect EffectOf(const ContractItem* before, const ContractItem* after, Time now) {
  if (after == nullptr) return before == nullptr ? Response::NOTHING : Response::ENDS;
  if (before == nullptr) return Response::ADDS;
  return std::visit([&](const auto& was) { return EffectOn(was, std::get<std::decay_t<decltype(was)>>(*after), now); },
                    *before);
}

bool EndsForGood(Effect effect) {
  return effect == Response::SHORTENS || effect == Response::ENDS || effect == Response::BRINGS_BACK;
}

void Count(Effect effect, api::Proposal::Counts& counts) {
  if (effect == Response::ADDS) counts.set_adds(counts.adds() + 1);
  if (effect == Response::CHANGES) counts.set_changes(counts.changes() + 1);
  if (effect == Response::NOTHING) counts.set_nothing(counts.nothing() + 1);
  if (effect == Response::SHORTENS) counts.set_shortens(counts.shortens() + 1);
  if (effect == Response::ENDS) counts.set_ends(counts.ends() + 1);
  if (effect == Response::BRINGS_BACK) counts.set_brings_back(counts.brings_back() + 1);
}

std::string TextOf(const api::Proposal::Counts& counts) {
  std::string ends;
  AddWord(counts.shortens(), " shortened", ends);
  AddWord(counts.ends(), " ended", ends);
  AddWord(counts.brings_back(), " brought back", ends);
  return std::to_string(counts.adds()) + " new, " + std::to_string(counts.changes()) + " changed, " +
         std::to_string(counts.nothing()) + " as they are" + (ends.empty() ? "" : "; " + ends);
}

std::string SummaryOf(Effect effect, const ContractItem& item) {
  const std::string name = std::string(RecordKindOf(KindOf(item))) + " " + IdOf(item);
  if (effect == Response::SHORTENS) return "shorten " + name;
  return (effect == Response::BRINGS_BACK ? "bring back " : "end ") + name;
}

ContractItem Added(const ContractItem* before, const ContractItem& row) {
  const auto* taxpayer = std::get_if<Taxpayer>(&row);
  if (taxpayer == nullptr || before == nullptr) return row;
  api::ContractItem known, more;
  ToProto(*before, 0, known);
  ToProto(row, 0, more);
  auto& facts = *known.mutable_taxpayer();
  AddNew(more.taxpayer().statuses(), *facts.mutable_statuses());
  AddNew(more.taxpayer().decisions(), *facts.mutable_decisions());
  AddNew(more.taxpayer().registrations(), *facts.mutable_registrations());
  AddNew(more.taxpayer().signers(), *facts.mutable_signers());
  const auto all = FromProto(known);
  return all ? *all : row;
}

}  // namespace tvan
