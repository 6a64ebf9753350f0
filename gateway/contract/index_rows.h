#pragma once
// Rows of the contract index, each on its shelf: small where there are millions. Plain values. Internal to the room.

#include <compare>
#include <memory>
#include <optional>
#include <string>

#include "gateway/contract/contract_records.h"
#include "gateway/contract/packed.h"

namespace tvan {

// A provider under the number that rows know it by; without a contract when only mandates name it.
struct HeldProvider {
  ProviderId provider;
  uint32_t number = 0;
  std::optional<Stored<ProviderContract>> contract;
};
struct ProviderRow {
  using Key = std::string;
  std::string id;  // here too: it is looked up for every message
  std::shared_ptr<const HeldProvider> held;
  const std::string& key() const { return id; }
};
struct NumberRow {
  using Key = uint32_t;
  std::shared_ptr<const HeldProvider> held;
  uint64_t mandates = 0;  // with this provider
  uint32_t key() const { return held->number; }
};
struct CertificateRow {
  using Key = Sha256;
  Sha256 sha256;
  uint32_t place = 0;  // among the contract's
  std::shared_ptr<const HeldProvider> held;
  const Sha256& key() const { return sha256; }
};

// A mandate that has nothing but one term in whole days and one status stands here whole; any other is `rare` as well.
struct MandateRow {
  struct Key {
    uint64_t mst = 0;
    uint32_t provider = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  uint64_t mst = 0;
  uint32_t provider = 0;
  uint32_t version = 0;
  int32_t from = 0, to = 0;
  Time changed_at, status_since;
  std::shared_ptr<const Stored<Mandate>> rare;
  ContractStatus status = ContractStatus::kActive;
  Key key() const { return {mst, provider}; }
};
// The same mandates, by provider.
struct ByProviderRow {
  struct Key {
    uint32_t provider = 0;
    uint64_t mst = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  Key it;
  const Key& key() const { return it; }
};

struct TaxpayerRow {
  using Key = uint64_t;
  uint64_t mst = 0;
  uint64_t version = 0;
  Time changed_at;
  std::shared_ptr<const std::string> body;  // as it is stored (RECORDS.md)
  uint64_t key() const { return mst; }
};

struct DelegationRow {
  struct Key {
    uint64_t mst = 0, delegate = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  Key it;
  std::shared_ptr<const Stored<Delegation>> stored;
  const Key& key() const { return it; }
};

inline double RankOf(const MandateRow::Key& key) { return static_cast<double>(key.mst); }

MandateRow RowOf(const Stored<Mandate>& stored, uint32_t provider);
Mandate MandateIn(const MandateRow& row, const ProviderId& provider, const TaxCode& mst);
Stored<Mandate> Unpack(const MandateRow& row, const ProviderId& provider);

}  // namespace tvan
