#include "gateway/feedback/correlate.h"

#include <algorithm>

#include "gateway/core/catalogue.h"

namespace tvan {
namespace {

// Nullopt: there is none. An error: nobody knows.
using Wanted = Result<std::optional<MessageView>>;

Wanted FindOne(const Store& store, const FindBy& by) {
  Result<Found> found = store.Find(by);
  if (!found.ok()) return found.status();
  if (found->messages.empty()) return std::optional<MessageView>();
  return std::optional<MessageView>(std::move(found->messages.front()));
}

Wanted ByGatewayId(const Store& store, const std::string& id) {
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = MessageId::Trusted(id);
  return FindOne(store, by);
}

Wanted BySentDigest(const Store& store, const Sha256& digest) {
  FindBy by;
  by.kind = FindBy::Kind::kSentDigest;
  by.digest = digest;
  return FindOne(store, by);
}

Result<Owner> Asked(Wanted message, const std::string& reference) {
  if (!message.ok()) return message.status();
  Owner owner;
  if (!*message) owner.parked = "feedback.unknown_reference"_reason;
  if (!*message) owner.reference = reference;
  owner.message = *std::move(message);
  return owner;
}

// -1: nothing in it can be trusted to be there but the bytes that were unreadable.
Result<Owner> OfUnreadable(const Store& store, const Digester& digester, const ParsedAnswer& answer) {
  if (!answer.original_mtdiep.empty()) {
    Wanted message = ByGatewayId(store, answer.original_mtdiep);
    if (!message.ok() || *message) return Asked(std::move(message), "");
  }
  if (answer.original.empty()) return Asked(std::optional<MessageView>(), answer.original_mtdiep);
  const Sha256 digest = digester.Sha256Of(answer.original);
  return Asked(BySentDigest(store, digest), ReferenceOf(digest));
}

// A row about somebody else would reach providers who must not see it.
bool SpeaksOfOthers(const ParsedAnswer& answer) {
  return std::any_of(answer.items.begin(), answer.items.end(), [&answer](const AnswerItem& item) {
    return item.subject == AnswerSubject::kTaxCode && item.mst != answer.header.mst;
  });
}

Owner ByMandate(const ContractSnapshot& book, const ParsedAnswer& answer, Time now) {
  Owner owner;
  if (SpeaksOfOthers(answer)) {
    owner.parked = "feedback.several_taxpayers"_reason;
    return owner;
  }
  const Result<TaxCode> code = ParseTaxCode(answer.header.mst);
  if (code.ok()) owner.mandated = book.ProvidersOf(*code, now);
  if (owner.mandated.empty()) owner.parked = "feedback.no_mandate"_reason;
  return owner;
}

}  // namespace

Result<Owner> FindOwner(const Store& store, const ContractSnapshot& book, const Digester& digester,
                        const ReadAnswer& answer, Time now) {
  Owner owner;
  if (!answer.readable) {
    owner.parked = "feedback.unreadable"_reason;
    return owner;
  }
  const ParsedAnswer& parsed = answer.parsed;
  if (!parsed.header.mtdtchieu.empty()) {
    const std::string& reference = parsed.header.mtdtchieu;
    return Asked(ByGatewayId(store, reference), reference);
  }
  if (parsed.header.mltdiep == -1) return OfUnreadable(store, digester, parsed);
  if (IsUnasked(parsed.header.mltdiep)) return ByMandate(book, parsed, now);
  if (!parsed.reference.empty()) return Asked(ByGatewayId(store, parsed.reference), parsed.reference);
  owner.parked = "feedback.no_reference"_reason;
  return owner;
}

}  // namespace tvan
