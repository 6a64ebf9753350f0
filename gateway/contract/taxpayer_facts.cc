#include "gateway/contract/taxpayer_facts.h"

#include <algorithm>
#include <vector>

#include "gateway/contract/contract_records.h"
#include "gateway/contract/record_tags.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

using namespace record_tag;  // NOLINT(google-build-using-namespace): the names of the tags alone

TaxpayerFacts::Status StatusIn(std::string_view bytes) {
  TaxpayerFacts::Status status;
  static_cast<void>(ReadTagged(bytes, [&status](const TaggedField& field) {
    if (field.tag == 1) status.code = field.bytes;
    if (field.tag == 2) status.since.us = field.Signed();
    if (field.tag == 4) status.known_at.us = field.Signed();
  }));
  return status;
}

StopView DecisionIn(std::string_view bytes) {
  StopView decision;
  static_cast<void>(ReadTagged(bytes, [&decision](const TaggedField& field) {
    if (field.tag == 1) decision.stop = field.Unsigned() != 0;
    if (field.tag == 2) decision.from.us = field.Signed();
    if (field.tag == 3) decision.number = field.bytes;
    if (field.tag == 6) decision.kind = static_cast<StopKind>(field.Unsigned());
    if (field.tag == 7) decision.to.us = field.Signed();
    if (field.tag == 8) decision.answers = field.bytes;
  }));
  return decision;
}

struct SeenRegistration {
  bool accepted = true;
  Time from;
  TaxpayerFacts::Registered what;
};

SeenRegistration RegistrationIn(std::string_view bytes) {
  SeenRegistration seen;
  static_cast<void>(ReadTagged(bytes, [&seen](const TaggedField& field) {
    if (field.tag == 1) seen.accepted = field.Unsigned() != 0;
    if (field.tag == 2) seen.from.us = field.Signed();
    if (field.tag == 3) seen.what.classes |= 1u << (field.Unsigned() & 31);
    if (field.tag == 4)
      for (const char kind : field.bytes) seen.what.kinds |= 1u << (kind & 15);
  }));
  return seen;
}

// What one of them leaves open may be anything.
class Union {
 public:
  void Add(uint32_t bits) {
    all_ |= bits;
    open_ = open_ || bits == 0;
  }
  uint32_t bits() const { return open_ ? 0 : all_; }

 private:
  uint32_t all_ = 0;
  bool open_ = false;
};

void TakeLater(const TaxpayerFacts::Status& status, Time at, std::optional<TaxpayerFacts::Status>& last) {
  if (status.since <= at && (!last || last->since <= status.since)) last = status;
}

std::optional<StopView> StopAt(std::vector<StopView> decisions, Time at) {
  std::stable_sort(decisions.begin(), decisions.end(),
                   [](const StopView& a, const StopView& b) { return a.from < b.from; });
  const auto stands = StandingStop(decisions, at);
  return stands ? std::optional(decisions[*stands]) : std::nullopt;
}

}  // namespace

TaxpayerFacts FactsAt(std::string_view body, Time at) {
  TaxpayerFacts facts;
  Union classes, kinds;
  std::vector<StopView> decisions;
  static_cast<void>(ReadTagged(body, [&](const TaggedField& field) {
    if (field.tag == kTaxStatus) {
      TakeLater(StatusIn(field.bytes), at, facts.status);
    } else if (field.tag == kStopDecision) {
      decisions.push_back(DecisionIn(field.bytes));
    } else if (field.tag == kRegistration) {
      const SeenRegistration seen = RegistrationIn(field.bytes);
      if (!seen.accepted || seen.from > at) return;
      classes.Add(seen.what.classes);
      kinds.Add(seen.what.kinds);
    }
  }));
  if (!decisions.empty()) facts.stop = StopAt(std::move(decisions), at);
  facts.registered = {classes.bits(), kinds.bits()};
  return facts;
}

std::string EncodeTaxpayer(const Taxpayer& taxpayer) {
  TaggedWriter out;
  out.Bytes(kMst, taxpayer.mst.value());
  for (const TaxStatus& status : taxpayer.statuses) out.Bytes(kTaxStatus, Encode(status));
  for (const StopDecision& decision : taxpayer.decisions) out.Bytes(kStopDecision, Encode(decision));
  for (const Registration& registration : taxpayer.registrations) out.Bytes(kRegistration, Encode(registration));
  for (const BoundCertificate& signer : taxpayer.signers) out.Bytes(kBoundCertificate, Encode(signer));
  return out.Take();
}

bool ReadTaxpayer(std::string_view body, Taxpayer& taxpayer) {
  bool whole = true;
  const Status read = ReadTagged(body, [&](const TaggedField& field) {
    if (field.tag == kMst) taxpayer.mst = TaxCode::Trusted(field.String());
    if (field.tag == kTaxStatus) whole = Read(field.bytes, taxpayer.statuses.emplace_back()) && whole;
    if (field.tag == kStopDecision) whole = Read(field.bytes, taxpayer.decisions.emplace_back()) && whole;
    if (field.tag == kRegistration) whole = Read(field.bytes, taxpayer.registrations.emplace_back()) && whole;
    if (field.tag == kBoundCertificate) whole = Read(field.bytes, taxpayer.signers.emplace_back()) && whole;
  });
  return read.ok() && whole;
}

}  // namespace tvan
