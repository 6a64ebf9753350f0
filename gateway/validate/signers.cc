#include "gateway/validate/signers.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/validate/header.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/signature_places.h"

namespace tvan {
namespace {

enum class SignedBy { kTaxpayer, kDelegate, kUnregisteredDelegate, kStranger, kNobodyKnown };

template <class T>
bool Has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The data elements of the invoice that a demand is of; many are demanded as their HDon.
std::vector<XmlNode> InvoiceData(const SignatureDemand& demand) {
  const XmlNode& first = demand.must_cover.front();
  return first.name() == "HDon" ? first.Children("DLHDon") : demand.must_cover;
}

// Of an invoice that is signed by somebody else than the seller (ủy nhiệm).
SignedBy AsDelegate(const TaxCode& who, const SignatureDemand& demand, const std::vector<TaxCode>& delegates) {
  if (demand.role != "NBan" || demand.must_cover.empty()) return SignedBy::kStranger;
  const bool by_mandate = Has(delegates, who);
  for (const XmlNode& data : InvoiceData(demand)) {
    const XmlNode field = data.Descend({"TTChung", "MSTDVNUNLHDon"});
    const std::string named = field ? field.Text() : std::string();
    if (named.empty() ? !by_mandate : TaxCodeOfParty(named) != who) return SignedBy::kStranger;
  }
  return by_mandate ? SignedBy::kDelegate : SignedBy::kUnregisteredDelegate;
}

SignedBy WhoSigned(const SignatureReport& report, const SignatureDemand& demand, const Signers& signers) {
  if (Has(signers.context.registered_certificates, report.certificate_sha256)) return SignedBy::kTaxpayer;
  if (report.signer_tax_code.empty()) return SignedBy::kNobodyKnown;
  const auto who = TaxCodeOfParty(report.signer_tax_code), whose = TaxCodeOfParty(signers.mst);
  if (!who) return SignedBy::kStranger;
  return who == whose ? SignedBy::kTaxpayer : AsDelegate(*who, demand, signers.context.delegates);
}

// The rule that says that an allowance was used.
struct MarkRule {
  std::string_view mark;
  Reason rule;
};
constexpr MarkRule kMarkRules[] = {{"legacy_sha1", "signature.accepted_legacy_sha1"_reason},
                                   {"enveloped_on_object", "signature.accepted_enveloped_on_object"_reason}};

}  // namespace

void CheckSigners(const Signers& signers, FindingList& findings) {
  bool unknown = false, delegated = false;
  for (size_t i = 0; i < signers.demands.size() && i < signers.reports.size(); ++i) {
    const SignatureDemand& demand = signers.demands[i];
    const SignatureReport& report = signers.reports[i];
    if (!report.valid || !IsTaxpayers(demand.role)) continue;
    const SignedBy by = WhoSigned(report, demand, signers);
    if (by == SignedBy::kNobodyKnown && !std::exchange(unknown, true))
      findings.Say("signature.signer_unknown"_reason, SeverityOf(signers.context.unknown_signer),
                   demand.signature.path(), {signers.mst});
    if (by == SignedBy::kUnregisteredDelegate && !std::exchange(delegated, true))
      findings.Say("signature.delegate_unregistered"_reason, SeverityOf(signers.context.unknown_signer),
                   demand.signature.path(), {Quote(report.signer_tax_code)});
    if (by != SignedBy::kStranger) continue;
    // Found where no table names a place: whose it ought to be is not known either.
    const Severity severity = demand.must_cover.empty() ? Severity::kWarning : Severity::kError;
    SayAt(demand.signature, "signature.signer_mismatch"_reason, severity, findings,
          {Quote(report.signer_tax_code), signers.mst});
  }
}

void SayMarks(const Signers& signers, std::set<std::string>& marks, FindingList& findings) {
  for (size_t i = 0; i < signers.demands.size() && i < signers.reports.size(); ++i) {
    if (!signers.reports[i].valid) continue;
    for (const std::string& mark : signers.reports[i].marks) {
      const auto row = std::find_if(std::begin(kMarkRules), std::end(kMarkRules),
                                    [&](const MarkRule& known) { return known.mark == mark; });
      if (marks.insert(mark).second && row != std::end(kMarkRules))
        findings.Say(row->rule, signers.demands[i].signature.path());
    }
  }
}

}  // namespace tvan
