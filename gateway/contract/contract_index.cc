// How the index is built, and what is found in it.
#include "gateway/contract/contract_index.h"

#include <algorithm>

#include "gateway/contract/contract_entry.h"

namespace tvan {
namespace {

// "acme/0101234567"
std::pair<std::string, std::string> Halves(const std::string& id) {
  const size_t slash = std::min(id.find('/'), id.size());
  return {id.substr(0, slash), id.substr(std::min(slash + 1, id.size()))};
}

}  // namespace

std::shared_ptr<ContractIndex> ContractIndex::Next() const {
  auto next = std::make_shared<ContractIndex>(*this);
  ++next->edit_;
  return next;
}

const HeldProvider* ContractIndex::FindHeld(const ProviderId& provider) const {
  const ProviderRow* row = providers_.Find(provider.value());
  return row == nullptr ? nullptr : row->held.get();
}

const ContractIndex::Contract* ContractIndex::FindContract(const ProviderId& provider) const {
  const HeldProvider* held = FindHeld(provider);
  return held == nullptr || !held->contract ? nullptr : &*held->contract;
}

const MandateRow* ContractIndex::FindRow(const HeldProvider* held, const TaxCode& mst) const {
  return held == nullptr ? nullptr : mandates_.Find({PackTaxCode(mst.value()), held->number});
}

const TaxpayerRow* ContractIndex::FindFacts(const TaxCode& mst) const {
  return taxpayers_.Find(PackTaxCode(mst.value()));
}

const ProviderId& ContractIndex::NameOf(uint32_t provider) const {
  const NumberRow* row = numbers_.Find(provider);
  TVAN_CHECK(row != nullptr);
  return row->held->provider;
}

Stored<Mandate> ContractIndex::Whole(const MandateRow& row) const { return Unpack(row, NameOf(row.provider)); }

const ProviderContract* ContractIndex::FindByCertificate(const std::string& sha256_hex) const {
  const auto sha256 = ParseSha256Hex(sha256_hex);
  const CertificateRow* row = sha256.ok() ? certificates_.Find(*sha256) : nullptr;
  return row == nullptr ? nullptr : &row->held->contract->record;
}

const ProviderContract* ContractIndex::Find(const ProviderId& provider) const {
  const Contract* stored = FindContract(provider);
  return stored == nullptr ? nullptr : &stored->record;
}

std::optional<Mandate> ContractIndex::FindMandate(const ProviderId& provider, const TaxCode& mst) const {
  const MandateRow* row = FindRow(provider, mst);
  return row == nullptr ? std::nullopt : std::optional(MandateIn(*row, provider, mst));
}

std::optional<Taxpayer> ContractIndex::FindTaxpayer(const TaxCode& mst) const {
  const TaxpayerRow* row = FindFacts(mst);
  if (row == nullptr) return std::nullopt;
  Taxpayer taxpayer;
  TVAN_CHECK(ReadTaxpayer(*row->body, taxpayer));
  return taxpayer;
}

std::optional<Agreement> ContractIndex::FindAgreement() const {
  return agreement_ ? std::optional(agreement_->record) : std::nullopt;
}

std::optional<StoredItem> ContractIndex::FindStored(ContractKind kind, const std::string& id) const {
  const auto [front, back] = Halves(id);
  switch (kind) {
    case ContractKind::kAgreement:
      if (!agreement_ || id != kAgreementId) return std::nullopt;
      return *agreement_;
    case ContractKind::kProviderContract: {
      const Contract* stored = FindContract(ProviderId::Trusted(id));
      return stored == nullptr ? std::nullopt : std::optional<StoredItem>(*stored);
    }
    case ContractKind::kMandate: {
      const MandateRow* row = FindRow(ProviderId::Trusted(front), TaxCode::Trusted(back));
      return row == nullptr ? std::nullopt : std::optional<StoredItem>(Whole(*row));
    }
    case ContractKind::kTaxpayer: {
      const TaxpayerRow* row = FindFacts(TaxCode::Trusted(id));
      if (row == nullptr) return std::nullopt;
      return Stored<Taxpayer>{*FindTaxpayer(TaxCode::Trusted(id)), {}, row->version, row->changed_at};
    }
    case ContractKind::kDelegation: {
      const DelegationRow* row = delegations_.Find({PackTaxCode(front), PackTaxCode(back)});
      return row == nullptr ? std::nullopt : std::optional<StoredItem>(*row->stored);
    }
  }
  return std::nullopt;
}

std::optional<TaxCode> ContractIndex::ForeignMandate(const ProviderId& provider,
                                                     const std::vector<TaxCode>& own) const {
  const HeldProvider* held = FindHeld(provider);
  std::optional<TaxCode> foreign;
  if (held == nullptr) return foreign;
  by_provider_.From({held->number, 0}, [&](const ByProviderRow& row) {
    if (row.it.provider != held->number) return false;
    TaxCode mst = UnpackTaxCode(row.it.mst);
    if (std::find(own.begin(), own.end(), mst) == own.end()) foreign = std::move(mst);
    return !foreign;
  });
  return foreign;
}

uint64_t ContractIndex::CountMandates(const ProviderId& provider) const {
  const HeldProvider* held = FindHeld(provider);
  return held == nullptr ? 0 : numbers_.Find(held->number)->mandates;
}

std::shared_ptr<const ContractSnapshot> ContractIndex::With(const std::vector<ContractItem>& items, Time now,
                                                            std::vector<ItemFault>& faults) const {
  const Draft draft = DraftOf(*this, items, now, {});
  faults.insert(faults.end(), draft.faults.begin(), draft.faults.end());
  return draft.faults.empty() ? draft.index : nullptr;
}

// --- building

void ContractIndex::Hold(HeldProvider held) {
  const auto shared = std::make_shared<const HeldProvider>(std::move(held));
  providers_.Put({shared->provider.value(), shared}, edit_);
  const NumberRow* known = numbers_.Find(shared->number);
  numbers_.Put({shared, known == nullptr ? 0 : known->mandates}, edit_);
  if (!shared->contract) return;
  uint32_t place = 0;
  for (const BoundCertificate& certificate : shared->contract->record.certificates) {
    const auto sha256 = ParseSha256Hex(certificate.sha256);
    if (sha256.ok()) certificates_.Put({*sha256, place, shared}, edit_);
    ++place;
  }
}

void ContractIndex::DropCertificates(const HeldProvider& held) {
  if (!held.contract) return;
  for (const BoundCertificate& certificate : held.contract->record.certificates)
    if (const auto sha256 = ParseSha256Hex(certificate.sha256); sha256.ok()) certificates_.Erase(*sha256, edit_);
}

void ContractIndex::Count(uint32_t provider, int64_t more) {
  NumberRow row = *numbers_.Find(provider);
  row.mandates += static_cast<uint64_t>(more);
  numbers_.Put(std::move(row), edit_);
}

uint32_t ContractIndex::NumberOf(const ProviderId& provider) {
  if (const HeldProvider* held = FindHeld(provider)) return held->number;
  Hold({provider, next_number_, std::nullopt});
  return next_number_++;
}

void ContractIndex::InsertOne(Contract stored) {
  HeldProvider next{stored.record.provider, NumberOf(stored.record.provider), std::nullopt};
  const HeldProvider* old = FindHeld(next.provider);
  if (!old->contract) ++contracts_;
  DropCertificates(*old);
  next.contract = std::move(stored);
  Hold(std::move(next));
}

void ContractIndex::InsertOne(Stored<Mandate> stored) {
  MandateRow row = RowOf(stored, NumberOf(stored.record.provider));
  const uint64_t before = mandates_.size();
  const ByProviderRow by_provider{{row.provider, row.mst}};
  mandates_.Put(std::move(row), edit_);
  if (mandates_.size() == before) return;
  by_provider_.Put(by_provider, edit_);
  Count(by_provider.it.provider, 1);
}

void ContractIndex::InsertOne(Stored<Taxpayer> stored) {
  auto body = std::make_shared<const std::string>(EncodeTaxpayer(stored.record));
  taxpayers_.Put({PackTaxCode(stored.record.mst.value()), stored.version, stored.changed_at, std::move(body)}, edit_);
}

void ContractIndex::InsertOne(Stored<Delegation> stored) {
  const DelegationRow::Key key{PackTaxCode(stored.record.mst.value()), PackTaxCode(stored.record.delegate.value())};
  delegations_.Put({key, std::make_shared<const Stored<Delegation>>(std::move(stored))}, edit_);
}

void ContractIndex::InsertOne(Stored<Agreement> stored) {
  agreement_ = std::make_shared<const Stored<Agreement>>(std::move(stored));
}

void ContractIndex::Insert(StoredItem stored) {
  std::visit([this](auto& one) { InsertOne(std::move(one)); }, stored);
}

void ContractIndex::Erase(ContractKind kind, const std::string& id) {
  const auto [front, back] = Halves(id);
  if (kind == ContractKind::kAgreement) agreement_.reset();
  if (kind == ContractKind::kTaxpayer) taxpayers_.Erase(PackTaxCode(id), edit_);
  if (kind == ContractKind::kDelegation) delegations_.Erase({PackTaxCode(front), PackTaxCode(back)}, edit_);
  const HeldProvider* held = FindHeld(ProviderId::Trusted(front));
  if (held == nullptr) return;
  if (kind == ContractKind::kMandate) {
    if (!mandates_.Erase({PackTaxCode(back), held->number}, edit_)) return;
    by_provider_.Erase({held->number, PackTaxCode(back)}, edit_);
    Count(held->number, -1);
  }
  if (kind == ContractKind::kProviderContract && held->contract) {
    --contracts_;
    const HeldProvider gone{held->provider, held->number, std::nullopt};
    DropCertificates(*held);
    Hold(gone);
  }
}

}  // namespace tvan
