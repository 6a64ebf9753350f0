#include "gateway/contract/index_rows.h"

namespace tvan {

MandateRow RowOf(const Stored<Mandate>& stored, uint32_t provider) {
  const Mandate& mandate = stored.record;
  const auto from = PackDay(mandate.dates.from), to = PackDay(mandate.dates.to);
  const bool plain = from && to && stored.statuses.size() == 1 && mandate.earlier.empty() &&
                     mandate.message_types.empty() && mandate.signer_certificates.empty() && mandate.delegates.empty();
  MandateRow row;
  row.mst = PackTaxCode(mandate.mst.value());
  row.provider = provider;
  row.version = static_cast<uint32_t>(stored.version);
  row.from = from.value_or(0);
  row.to = to.value_or(0);
  row.changed_at = stored.changed_at;
  row.status_since = stored.statuses.back().since;
  row.status = mandate.status;
  if (!plain) row.rare = std::make_shared<const Stored<Mandate>>(stored);
  return row;
}

Mandate MandateIn(const MandateRow& row, const ProviderId& provider, const TaxCode& mst) {
  if (row.rare) return row.rare->record;
  Mandate mandate;
  mandate.provider = provider;
  mandate.mst = mst;
  mandate.status = row.status;
  mandate.dates = {UnpackDay(row.from), UnpackDay(row.to)};
  return mandate;
}

Stored<Mandate> Unpack(const MandateRow& row, const ProviderId& provider) {
  if (row.rare) return *row.rare;
  return {
      MandateIn(row, provider, UnpackTaxCode(row.mst)), {{row.status, row.status_since}}, row.version, row.changed_at};
}

}  // namespace tvan
