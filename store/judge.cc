#include "store/judge.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace tvan {
namespace {

enum class Found { kFollower, kItself };

// duties.md 1.17 and 1.18: which fact about an original forbids which relation.
struct Guard {
  RelationKind asked;
  Found where;
  RelationKind found;
  Reason rule;
};
using Kind = RelationKind;
constexpr Guard kGuards[] = {
    {Kind::kReplaces, Found::kFollower, Kind::kCancels, "guard.replaced_cancelled"_reason},
    {Kind::kReplaces, Found::kFollower, Kind::kAdjusts, "guard.replaced_adjusted"_reason},
    {Kind::kReplaces, Found::kFollower, Kind::kReplaces, "guard.replaced_twice"_reason},
    {Kind::kReplaces, Found::kItself, Kind::kAdjusts, "guard.replaces_adjustment"_reason},
    {Kind::kAdjusts, Found::kFollower, Kind::kCancels, "guard.adjusted_cancelled"_reason},
    {Kind::kAdjusts, Found::kFollower, Kind::kReplaces, "guard.adjusted_replaced"_reason},
    {Kind::kAdjusts, Found::kItself, Kind::kReplaces, "guard.adjusts_replacement"_reason},
    {Kind::kAdjusts, Found::kItself, Kind::kAdjusts, "guard.adjusts_adjustment"_reason},
};

class Judge {
 public:
  Judge(const NewMessage& message, HistoryFacts facts) : message_(message), facts_(std::move(facts)) {}

  std::vector<HistoryFinding> Run() {
    for (const auto& [invoice, holder] : facts_.claimed)
      found_.push_back({"intake.invoice_claimed"_reason, true, {}, invoice, {}, holder});
    if (!message_.relations.empty()) TakeOwn();
    for (const InvoiceRelation& relation : AskedOf(message_)) Relation(relation);
    if (message_.relations.size() > kMostAsked) Tell("history.unknown"_reason, message_.relations[kMostAsked], {});
    Codes();
    std::move(told_.begin(), told_.end(), std::back_inserter(found_));
    return std::move(found_);
  }

 private:
  // An original may stand in the same message.
  void TakeOwn() {
    const std::set<InvoiceKey> own_claims(message_.claims.begin(), message_.claims.end());
    for (auto& [invoice, original] : facts_.originals) {
      if (own_claims.count(invoice) == 0) continue;
      original.held = original.whole = true;
      original.refused = false;
      original.itself.reset();
      original.filed_by = Own();
    }
    for (const InvoiceRelation& relation : message_.relations) {
      const auto own = relation.by ? facts_.originals.find(*relation.by) : facts_.originals.end();
      if (own != facts_.originals.end() && IsKept(relation.kind)) own->second.itself = relation.kind;
    }
  }
  Holder Own() const { return {message_.gateway_id, message_.key.provider, message_.mst, message_.accepted_at}; }

  void Relation(const InvoiceRelation& relation) {
    OriginalFact& original = facts_.originals[relation.original];
    if (relation.kind == Kind::kReplaces || relation.kind == Kind::kAdjusts)
      Guards(relation, original);
    else if (relation.kind == Kind::kListsCancelled)
      Cancelled(relation, original);
    else if (original.refused)
      Tell("notice.invoice_refused"_reason, relation, original.filed_by);
    if (IsKept(relation.kind) && First(original, relation.kind) == nullptr)
      original.followers.push_back({relation.kind, Own()});
  }

  // A refused original may have been filed again elsewhere.
  void Guards(const InvoiceRelation& relation, const OriginalFact& original) {
    if (original.refused) Tell("guard.original_refused"_reason, relation, original.filed_by);
    const size_t before = found_.size();
    for (const Guard& guard : kGuards) {
      if (guard.asked != relation.kind) continue;
      if (guard.where == Found::kItself) {
        if (original.itself == guard.found) Contradict(guard.rule, relation, original.filed_by);
      } else if (const FollowerFact* follower = First(original, guard.found)) {
        Contradict(guard.rule, relation, follower->by);
      }
    }
    if (found_.size() == before && !original.whole && !original.refused) Tell("history.unknown"_reason, relation, {});
  }

  // Its absence counts only where nothing can be missing.
  void Cancelled(const InvoiceRelation& relation, const OriginalFact& original) {
    if (First(original, Kind::kCancels) != nullptr) return;
    if (original.held && original.whole)
      Contradict("summary.cancelled_without_notice"_reason, relation, original.filed_by);
    else
      Tell("history.unknown"_reason, relation, {});
  }

  static const FollowerFact* First(const OriginalFact& original, Kind kind) {
    const auto found = std::find_if(original.followers.begin(), original.followers.end(),
                                    [kind](const FollowerFact& f) { return f.kind == kind; });
    return found == original.followers.end() ? nullptr : &*found;
  }

  void Codes() {
    for (const RegisterCode& code : message_.codes)
      if (const auto taken = facts_.codes.find(code.code); taken != facts_.codes.end())
        found_.push_back({"invoice.code_taken"_reason, true, {}, code.invoice, code.code, taken->second});
    const std::set<std::string_view> ranges(facts_.ranges.begin(), facts_.ranges.end());
    for (const RegisterCode& code : message_.codes) {
      if (ranges.count(RangeOf(code.code)) != 0) continue;
      if (!facts_.ranges_whole)
        return told_.push_back({"history.unknown"_reason, false, {}, code.invoice, code.code, {}});
      found_.push_back({"invoice.code_range"_reason, true, {}, code.invoice, code.code, {}});
    }
  }

  void Contradict(Reason rule, const InvoiceRelation& relation, std::optional<Holder> with) {
    found_.push_back({rule, true, relation.kind, relation.original, {}, std::move(with)});
  }
  void Tell(Reason rule, const InvoiceRelation& relation, std::optional<Holder> with) {
    told_.push_back({rule, false, relation.kind, relation.original, {}, std::move(with)});
  }

  const NewMessage& message_;
  HistoryFacts facts_;
  std::vector<HistoryFinding> found_, told_;
};

}  // namespace

std::vector<HistoryFinding> JudgeHistory(const NewMessage& message, HistoryFacts facts) {
  return Judge(message, std::move(facts)).Run();
}

}  // namespace tvan
