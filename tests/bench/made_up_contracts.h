#pragma once
// A store whose contract records follow from their number, so that nothing of a store is in the figures of a benchmark.

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/contract/contract_records.h"

namespace tvan::bench {

inline const Time kBegin = *ParseDate("2026-01-01"), kAsked = *ParseDate("2026-06-01");

inline std::string Number(uint64_t n, size_t digits) {
  std::string text = std::to_string(n);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}
inline ProviderId ProviderOf(uint64_t n) { return ProviderId::Trusted("provider-" + Number(n, 5)); }
// Ten digits, all different below 10^8; unevenly: two provinces have most of them, as in life.
inline TaxCode MstOf(uint64_t n) {
  static constexpr int kProvinces[] = {1, 3, 1, 3, 1, 3, 2, 37, 36, 8};
  return TaxCode::Trusted(Number(static_cast<uint64_t>(kProvinces[n * 7 % 10]), 2) +
                          Number(n * 61'803'399 % 100'000'000, 8));
}
inline std::string CertificateOf(uint64_t n) {
  Sha256 sha256;
  for (int i = 0; i < 8; ++i)
    sha256.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(n * 0x9E3779B97F4A7C15 >> 8 * i);
  return sha256.Hex();
}

// A store whose records follow from their number.
class MadeUpStore final : public RecordStore {
 public:
  MadeUpStore(uint64_t mandates, uint64_t providers) : mandates_(mandates), providers_(providers) {}

  ProviderContract ContractOf(uint64_t n, uint64_t round = 0) const {
    ProviderContract contract;
    contract.provider = ProviderOf(n);
    contract.name = "Provider " + std::to_string(n);
    contract.dates = {kBegin, kForever};
    contract.tax_codes = {MstOf(n)};
    for (uint64_t i = 0; i < 3; ++i)
      contract.certificates.emplace_back(CertificateOf((round * 3 + i) * providers_ + n));
    return contract;
  }
  Mandate MandateOf(uint64_t n) const {
    Mandate mandate;
    mandate.provider = ProviderOf(n % providers_);
    mandate.mst = MstOf(n);
    mandate.dates = {kBegin, kForever};
    if (n % 20 != 0) return mandate;
    mandate.message_types = {200, 203, 206};
    mandate.signer_certificates = {CertificateOf(n), CertificateOf(n + 1)};
    mandate.delegates = {MstOf(n + 1)};
    return mandate;
  }
  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    record.version = expected + 1;
    return record;
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut>) override { return std::vector<uint64_t>(); }
  Result<std::vector<OperatorRecord>> ListRecords(const std::string&) const override {
    return std::vector<OperatorRecord>();
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string&, const std::string&,
                                                    const HistoryPage&) const override {
    return std::vector<OperatorRecord>();
  }
  // In the order of their numbers: `after` is not looked at, pages are asked for one after another.
  Result<std::vector<OperatorRecord>> ScanRecords(const std::string& kind, const std::string& after,
                                                  uint32_t limit) const override {
    if (after.empty()) next_ = 0;
    std::vector<OperatorRecord> page;
    const uint64_t all = kind == "provider_contract"               ? providers_
                         : kind == "mandate" || kind == "taxpayer" ? mandates_
                                                                   : 0;
    const uint64_t step = kind == "taxpayer" ? 5 : 1;
    for (; next_ < all && page.size() < limit; next_ += step) page.push_back(RecordOf(kind, next_));
    return page;
  }
  Result<AuditHead> AuditEnd() const override { return AuditHead(); }
  Result<AuditPage> ReadAudit(uint64_t, uint32_t) const override { return AuditPage(); }
  Result<std::vector<AuditEntry>> AuditFrom(uint64_t, uint32_t) const override { return std::vector<AuditEntry>(); }
  Result<AuditTrail> TrailOf(const AuditEntry&) const override { return AuditTrail(); }

 private:
  Taxpayer TaxpayerOf(uint64_t n) const {
    const auto source = [n](int i) { return "V0309478306" + Number(n * 3 + static_cast<uint64_t>(i), 32); };
    Taxpayer taxpayer;
    taxpayer.mst = MstOf(n);
    taxpayer.statuses = {{"02", kBegin, source(0), kBegin}, {"00", kBegin + std::chrono::hours(24), source(1), kBegin}};
    taxpayer.registrations = {
        {true, kBegin, {MessageClass::kCoded, MessageClass::kUncoded}, "12", "A1B2C", source(2), kBegin}};
    return taxpayer;
  }
  OperatorRecord RecordOf(const std::string& kind, uint64_t n) const {
    OperatorRecord record;
    record.kind = kind;
    record.version = 1;
    record.changed_at = kBegin;
    const std::vector<StatusSince> active = {{ContractStatus::kActive, kBegin}};
    StoredItem stored = Stored<Taxpayer>{TaxpayerOf(n), {}, 0, {}};
    if (kind == "provider_contract") stored = Stored<ProviderContract>{ContractOf(n), active, 0, {}};
    if (kind == "mandate") stored = Stored<Mandate>{MandateOf(n), active, 0, {}};
    record.id = IdOf(ItemOf(stored));
    record.body = Encode(stored);
    return record;
  }
  const uint64_t mandates_, providers_;
  mutable uint64_t next_ = 0;
};

}  // namespace tvan::bench
