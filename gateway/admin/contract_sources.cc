#include "gateway/admin/contract_sources.h"

#include <algorithm>

namespace tvan {
namespace {

bool IsSame(const TaxStatus& a, const TaxStatus& b) { return a.code == b.code && a.since == b.since; }
bool IsSame(const StopDecision& a, const StopDecision& b) {
  return a.stop == b.stop && a.from == b.from && a.number == b.number && a.kind == b.kind && a.to == b.to &&
         a.answers == b.answers;
}
bool IsSame(const Registration& a, const Registration& b) {
  return a.accepted == b.accepted && a.from == b.from && a.classes == b.classes && a.kinds == b.kinds &&
         a.register_range == b.register_range;
}

template <class Fact>
void Complete(const std::vector<Fact>& known, const std::string& author, Time now, std::vector<Fact>& facts) {
  for (Fact& fact : facts) {
    if (!fact.source.empty() && fact.known_at.us != 0) continue;
    const auto same = std::find_if(known.begin(), known.end(), [&](const Fact& k) { return IsSame(k, fact); });
    fact.source = same != known.end() ? same->source : author;
    fact.known_at = same != known.end() ? same->known_at : now;
  }
}

}  // namespace

ContractItem WithSources(ContractItem item, const ContractSnapshot& book, const std::string& author, Time now) {
  auto* taxpayer = std::get_if<Taxpayer>(&item);
  if (taxpayer == nullptr) return item;
  const Taxpayer known = book.FindTaxpayer(taxpayer->mst).value_or(Taxpayer());
  Complete(known.statuses, author, now, taxpayer->statuses);
  Complete(known.decisions, author, now, taxpayer->decisions);
  Complete(known.registrations, author, now, taxpayer->registrations);
  return item;
}

}  // namespace tvan
