#include "gateway/contract/taxpayer_rules.h"

#include <algorithm>
#include <tuple>

#include "gateway/contract/contract_rules.h"
#include "gateway/contract/stop_decisions.h"

namespace tvan {
namespace {

constexpr size_t kMaxSource = 100, kMaxNumber = 100;

auto What(const TaxStatus& f) { return std::tie(f.since, f.code); }
auto What(const StopDecision& f) { return std::tie(f.from, f.stop, f.kind, f.number, f.answers); }
auto What(const Registration& f) { return std::tie(f.from, f.accepted, f.classes, f.kinds, f.register_range); }

Time BeginOf(const TaxStatus& f) { return f.since; }
Time BeginOf(const StopDecision& f) { return f.from; }
Time BeginOf(const Registration& f) { return f.from; }

template <class Fact>
bool Before(const Fact& a, const Fact& b) {
  const auto order = [](const Fact& f) { return std::make_tuple(BeginOf(f), f.known_at, std::tie(f.source), What(f)); };
  return order(a) < order(b);
}

template <class Fact>
bool IsNewer(const Fact& a, const Fact& b) {
  return std::tie(a.known_at, a.source) > std::tie(b.known_at, b.source);
}

// What one source said without a date, which then is when it was read: read again, it is another.
bool SaidAgain(const TaxStatus& a, const TaxStatus& b) { return a.code == b.code; }
bool SaidAgain(const StopDecision& a, const StopDecision& b) {
  return std::tie(a.stop, a.kind, a.number, a.answers) == std::tie(b.stop, b.kind, b.number, b.answers);
}
bool SaidAgain(const Registration& a, const Registration& b) {
  return std::tie(a.accepted, a.classes, a.kinds, a.register_range) ==
         std::tie(b.accepted, b.classes, b.kinds, b.register_range);
}

template <class Fact>
bool IsSame(const Fact& a, const Fact& b) {
  if (What(a) == What(b)) return true;
  const bool undated = BeginOf(a) == a.known_at && BeginOf(b) == b.known_at;
  return undated && !a.source.empty() && a.source == b.source && SaidAgain(a, b);
}

template <class Fact>
void Add(const Fact& fact, std::vector<Fact>& facts) {
  const auto same = std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return IsSame(f, fact); });
  if (same == facts.end())
    facts.push_back(fact);
  else if (same->source != fact.source && IsNewer(fact, *same))
    *same = fact;
}

template <class Fact>
void DropOldest(std::vector<Fact>& facts) {
  if (facts.size() > kMostFacts) facts.erase(facts.begin(), facts.end() - static_cast<ptrdiff_t>(kMostFacts));
}
// A stop stands however old it is.
void DropOldest(std::vector<StopDecision>& decisions) { DropSettled(decisions, kMostFacts); }

template <class Fact>
void MergeFacts(const std::vector<Fact>& news, std::vector<Fact>& known) {
  for (const Fact& fact : news) Add(fact, known);
  std::sort(known.begin(), known.end(), Before<Fact>);
  DropOldest(known);
}

// A certificate is known for as long as anybody says, and revoked as soon as anybody says.
void MergeSigner(const BoundCertificate& signer, std::vector<BoundCertificate>& known) {
  const auto same =
      std::find_if(known.begin(), known.end(), [&](const auto& other) { return other.sha256 == signer.sha256; });
  if (same == known.end()) {
    known.push_back(signer);
    return;
  }
  same->from = std::min(same->from, signer.from);
  same->to = std::max(same->to, signer.to);
  same->revoked_at = std::min(same->revoked_at, signer.revoked_at);
}

bool SignerBefore(const BoundCertificate& a, const BoundCertificate& b) {
  return std::tie(a.from, a.sha256) < std::tie(b.from, b.sha256);
}

bool IsDigits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Status CheckSource(const std::string& source) { return CheckText("a source", source, kMaxSource); }

Status Check(TaxStatus& status) {
  if (status.code.size() != 2 || !IsDigits(status.code)) return Invalid("the status of a tax code has two digits");
  return CheckSource(status.source);
}

Status Check(StopDecision& decision) {
  if (decision.to <= decision.from) return Invalid("a decision must not end before it begins");
  if (decision.kind > StopKind::kEnforcement) return Invalid("the kind of a decision is unknown");
  if (decision.stop ? !decision.answers.empty() : decision.to != kForever)
    return Invalid("a stop may have an end, and what lets go on may answer one: not the other way round");
  for (const std::string& number : {decision.number, decision.answers})
    if (Status status = CheckText("the number of a decision", number, kMaxNumber); !status.ok()) return status;
  return CheckSource(decision.source);
}

Status Check(Registration& registration) {
  auto& classes = registration.classes;
  for (const MessageClass cls : classes)
    if (cls < MessageClass::kCoded || cls > MessageClass::kCashRegister)
      return Invalid("a registration names coded, uncoded and cash-register invoices only");
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  std::string& kinds = registration.kinds;
  if (!IsDigits(kinds) || kinds.size() > 32) return Invalid("the kinds of invoices are digits");
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  if (!registration.register_range.empty() && registration.register_range.size() != 5)
    return Invalid("a range of cash-register codes has five characters");
  if (Status status = CheckText("a range", registration.register_range, 5); !status.ok()) return status;
  return CheckSource(registration.source);
}

template <class Fact>
Status CheckFacts(std::vector<Fact>& facts) {
  if (facts.size() > kMostFacts) return Invalid("more than 64 facts of one sort");
  for (Fact& fact : facts)
    if (Status status = Check(fact); !status.ok()) return status;
  return {};
}

}  // namespace

Status MakeUsable(Taxpayer& taxpayer) {
  if (taxpayer.signers.size() > kMostFacts) return Invalid("more than 64 registered certificates");
  for (const Status& status :
       {CheckTaxCode(taxpayer.mst), CheckFacts(taxpayer.statuses), CheckFacts(taxpayer.decisions),
        CheckFacts(taxpayer.registrations), CheckCertificates(taxpayer.signers)})
    if (!status.ok()) return status;
  SortFacts(taxpayer);
  return {};
}

void SortFacts(Taxpayer& taxpayer) {
  std::sort(taxpayer.statuses.begin(), taxpayer.statuses.end(), Before<TaxStatus>);
  std::sort(taxpayer.decisions.begin(), taxpayer.decisions.end(), Before<StopDecision>);
  std::sort(taxpayer.registrations.begin(), taxpayer.registrations.end(), Before<Registration>);
  std::sort(taxpayer.signers.begin(), taxpayer.signers.end(), SignerBefore);
}

Taxpayer Merge(Taxpayer known, const Taxpayer& news) {
  MergeFacts(news.statuses, known.statuses);
  MergeFacts(news.decisions, known.decisions);
  MergeFacts(news.registrations, known.registrations);
  for (const BoundCertificate& signer : news.signers) MergeSigner(signer, known.signers);
  SortFacts(known);
  DropOldest(known.signers);
  return known;
}

}  // namespace tvan
