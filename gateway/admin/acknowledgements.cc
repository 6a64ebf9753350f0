#include "gateway/admin/acknowledgements.h"

#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {

Status ListAcknowledgements(const Notices& notices, const NoticeReaders& readers, const ContractBook& contracts,
                            Time now, const admin::v1::ListAcknowledgementsRequest& request,
                            admin::v1::ListAcknowledgementsResponse& response) {
  const uint64_t newest = request.any() ? notices.newest() : notices.newest_of_stop();
  const NoticePtr notice = notices.Find(request.notice() == 0 ? newest : request.notice());
  if (notice == nullptr) return Status::Permanent("admin.not_found"_reason, "there is no such notice");
  response.set_notice(notice->number);
  ToProto(notice->texts.title, *response.mutable_title());
  const auto book = contracts.snapshot();
  for (const ProviderContract* contract : book->Contracts()) {
    const bool in_force = contract->status == ContractStatus::kActive && TermAt(*contract, now) != nullptr;
    const NoticeReaders::Reading reading = readers.Of(contract->provider, notice->number);
    if (!in_force && reading == NoticeReaders::Reading()) continue;
    auto& row = *response.add_rows();
    row.set_provider(contract->provider.value());
    if (reading.acknowledged) ToProto(*reading.acknowledged, *row.mutable_acknowledged_at());
    if (reading.delivered) ToProto(*reading.delivered, *row.mutable_delivered_at());
  }
  return {};
}

}  // namespace tvan
