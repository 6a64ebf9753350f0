#include "gateway/contract/every_provider.h"

#include "gateway/contract/contracts.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 1000;

}  // namespace

Result<std::vector<ProviderId>> EveryProvider(const RecordStore& store) {
  std::vector<ProviderId> providers;
  for (std::string after;;) {
    const auto page = store.ScanRecords(RecordKindOf(ContractKind::kProviderContract), after, kPage);
    if (!page.ok()) return page.status();
    if (page->empty()) return providers;
    for (const OperatorRecord& record : *page) providers.push_back(ProviderId::Trusted(record.id));
    after = page->back().id;
  }
}

Result<bool> EverHadContract(const RecordStore& store, const ProviderId& provider) {
  const auto newest =
      store.RecordHistory(RecordKindOf(ContractKind::kProviderContract), provider.value(), {.limit = 1});
  if (!newest.ok()) return newest.status();
  return !newest->empty();
}

}  // namespace tvan
