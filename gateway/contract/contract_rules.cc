#include "gateway/contract/contract_rules.h"

#include <algorithm>

#include "gateway/contract/packed.h"
#include "gateway/core/catalogue.h"
#include "gateway/core/plain_text.h"

namespace tvan {
namespace {

constexpr size_t kMaxList = 256;
constexpr size_t kMaxSigners = 32;  // of one taxpayer
constexpr size_t kMaxTerms = 64;
constexpr size_t kMaxContacts = 16;
constexpr size_t kMaxName = 400, kMaxNumber = 100, kMaxNote = 1000, kMaxContactText = 200;

// The first error of several checks.
Status FirstOf(std::initializer_list<Status> statuses) {
  for (const Status& status : statuses)
    if (!status.ok()) return status;
  return {};
}

template <class T>
void DropRepetitions(std::vector<T>& list) {
  std::vector<T> kept;
  for (T& value : list)
    if (std::find(kept.begin(), kept.end(), value) == kept.end()) kept.push_back(std::move(value));
  list = std::move(kept);
}

Status CheckTerm(const Dates& term) {
  const auto from = PackDay(term.from), to = PackDay(term.to);
  if (!from || !to || term.from.us < 0 || term.to.us <= 0) return Invalid("dates begin and end at midnight +07:00");
  if (term.from >= term.to) return Invalid("the first day is not before the end");
  return {};
}

std::string Shown(const Dates& term) {
  const auto day = [](Time t) { return FormatLocal(t).substr(0, 10); };
  return (term.from.us == 0 ? "…" : day(term.from)) + " to " + (term.to == kForever ? "…" : day(term.to));
}

// The last term becomes the record's own.
template <class Record>
Status SortTerms(Record& record) {
  std::vector<Dates> terms = std::move(record.earlier);
  terms.push_back(record.dates);
  if (terms.size() > kMaxTerms) return Invalid("more than 64 terms");
  for (const Dates& term : terms)
    if (Status status = CheckTerm(term); !status.ok()) return status;
  std::sort(terms.begin(), terms.end(), [](const Dates& a, const Dates& b) { return a.from < b.from; });
  for (size_t i = 1; i < terms.size(); ++i)
    if (terms[i].from < terms[i - 1].to)
      return Status::Permanent("contract.overlap"_reason,
                               "two terms overlap: " + Shown(terms[i - 1]) + " and " + Shown(terms[i]));
  record.dates = terms.back();
  terms.pop_back();
  record.earlier = std::move(terms);
  return {};
}

Status CheckStatus(ContractStatus status) {
  if (status < ContractStatus::kDraft || status > ContractStatus::kTerminated) return Invalid("the status is unknown");
  return {};
}

Status CheckTypes(std::vector<int>& types) {
  if (types.size() > kMaxList) return Invalid("more than 256 message types");
  for (const int type : types) {
    const MessageType* known = FindMessageType(type);
    if (known == nullptr || !known->relayed) return Invalid("message type " + std::to_string(type) + " is not relayed");
  }
  DropRepetitions(types);
  return {};
}

Status CheckClasses(std::vector<MessageClass>& classes) {
  if (classes.size() > kMaxList) return Invalid("more than 256 message classes");
  for (const MessageClass cls : classes)
    if (cls < MessageClass::kCoded || cls > MessageClass::kSummary) return Invalid("a message class is unknown");
  DropRepetitions(classes);
  return {};
}

Status CheckTaxCodes(std::vector<TaxCode>& codes, size_t most) {
  if (codes.size() > most) return Invalid("more than " + std::to_string(most) + " tax codes");
  for (const TaxCode& code : codes)
    if (Status status = CheckTaxCode(code); !status.ok()) return status;
  DropRepetitions(codes);
  return {};
}

Status CheckSigners(std::vector<std::string>& certificates) {
  if (certificates.size() > kMaxSigners) return Invalid("more than 32 certificates");
  for (std::string& certificate : certificates)
    if (Status status = CheckFingerprint(certificate); !status.ok()) return status;
  DropRepetitions(certificates);
  return {};
}

Status CheckNotTaken(const ProviderContract& contract, const ContractIndex& book) {
  for (const BoundCertificate& certificate : contract.certificates) {
    const ProviderContract* holder = book.FindByCertificate(certificate.sha256);
    if (holder != nullptr && holder->provider != contract.provider)
      return Status::Permanent(
          "contract.certificate_taken"_reason,
          "certificate " + certificate.sha256 + " is bound to provider " + holder->provider.value());
  }
  return {};
}

Status CheckContacts(const std::vector<ContractContact>& contacts) {
  if (contacts.size() > kMaxContacts) return Invalid("more than 16 contacts");
  for (const ContractContact& contact : contacts)
    for (const std::string& text : {contact.role, contact.name, contact.email, contact.phone})
      if (Status status = CheckText("a contact", text, kMaxContactText); !status.ok()) return status;
  return {};
}

// A direct sender serves nobody but itself.
Status CheckOwnData(const ProviderContract& contract, const ContractIndex& book) {
  if (!contract.direct_sender) return {};
  const auto foreign = book.ForeignMandate(contract.provider, contract.tax_codes);
  if (!foreign) return {};
  return Invalid("a direct sender sends its own data only, and there is a mandate of " + foreign->value());
}

Status MakeUsable(Agreement& agreement, const ContractIndex&) {
  return FirstOf({CheckStatus(agreement.status), SortTerms(agreement),
                  CheckText("the number", agreement.number, kMaxNumber),
                  CheckText("the note", agreement.note, kMaxNote)});
}

Status MakeUsable(ProviderContract& contract, const ContractIndex& book) {
  if (!ParseProviderId(contract.provider.value()).ok()) return Invalid("the provider id is not [a-z0-9-]{1,32}");
  if (contract.tax_codes.empty()) return Invalid("a provider contract names at least one tax code");
  if (contract.certificates.size() > kMaxList) return Invalid("more than 256 certificates");
  Status status =
      FirstOf({CheckTaxCodes(contract.tax_codes, kMaxList), CheckStatus(contract.status), SortTerms(contract),
               CheckTypes(contract.message_types), CheckClasses(contract.classes),
               CheckText("the name", contract.name, kMaxName), CheckText("the number", contract.number, kMaxNumber),
               CheckContacts(contract.contacts), CheckCertificates(contract.certificates)});
  return status.ok() ? FirstOf({CheckNotTaken(contract, book), CheckOwnData(contract, book)}) : status;
}

Status CheckServed(const Mandate& mandate, const ContractIndex& book) {
  const ProviderContract* contract = book.Find(mandate.provider);
  if (contract == nullptr)
    return Invalid("there is no contract with provider \"" + std::string(CutUtf8(mandate.provider.value(), 32)) + "\"");
  const auto& own = contract->tax_codes;
  if (contract->direct_sender && std::find(own.begin(), own.end(), mandate.mst) == own.end())
    return Invalid("provider " + mandate.provider.value() + " is a direct sender, and " + mandate.mst.value() +
                   " is not its own tax code");
  return {};
}

Status MakeUsable(Mandate& mandate, const ContractIndex& book) {
  return FirstOf({CheckTaxCode(mandate.mst), CheckServed(mandate, book), CheckStatus(mandate.status),
                  SortTerms(mandate), CheckTypes(mandate.message_types), CheckSigners(mandate.signer_certificates),
                  CheckTaxCodes(mandate.delegates, kMaxSigners)});
}

Status MakeUsable(Taxpayer& taxpayer, const ContractIndex&) { return MakeUsable(taxpayer); }

Status MakeUsable(Delegation& delegation, const ContractIndex&) {
  if (delegation.mst == delegation.delegate) return Invalid("nobody delegates to itself");
  return FirstOf({CheckTaxCode(delegation.mst), CheckTaxCode(delegation.delegate), CheckStatus(delegation.status),
                  SortTerms(delegation), CheckTypes(delegation.message_types)});
}

}  // namespace

Result<ContractItem> UsableItem(const ContractItem& item, const ContractIndex& book) {
  ContractItem usable = item;
  Status status = std::visit([&book](auto& record) { return MakeUsable(record, book); }, usable);
  if (!status.ok()) return status;
  return usable;
}

Status Invalid(const std::string& what) { return Status::Permanent("contract.invalid"_reason, what); }

Status CheckText(const char* what, const std::string& text, size_t most) {
  if (text.empty() || IsPlainText(text, most)) return {};
  return Invalid(std::string(what) + ": at most " + std::to_string(most) +
                 " bytes of UTF-8 without control characters");
}

Status CheckFingerprint(std::string& certificate) {
  const auto sha256 = ParseSha256Hex(certificate);
  if (!sha256.ok()) return Invalid("a certificate is named by 64 hex digits of its SHA-256");
  certificate = sha256->Hex();
  return {};
}

Status CheckCertificates(std::vector<BoundCertificate>& certificates) {
  for (auto it = certificates.begin(); it != certificates.end(); ++it) {
    if (Status status = CheckFingerprint(it->sha256); !status.ok()) return status;
    if (it->from >= it->to) return Invalid("certificate " + it->sha256 + " ends before it begins");
    if (Status status = CheckText("the note of a certificate", it->note, kMaxContactText); !status.ok()) return status;
    if (std::any_of(certificates.begin(), it, [&](const auto& other) { return other.sha256 == it->sha256; }))
      return Invalid("certificate " + it->sha256 + " is named twice");
  }
  return {};
}

Status CheckTaxCode(const TaxCode& code) {
  if (ParseTaxCode(code.value()).ok()) return {};
  return Invalid("\"" + std::string(CutUtf8(code.value(), 20)) + "\" is no tax code");
}

}  // namespace tvan
