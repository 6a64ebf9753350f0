#pragma once
// Who has read which notice, as operators ask it (NightService.ListAcknowledgements). Pure over what it borrows.

#include "gateway/calendar/notice_readers.h"
#include "gateway/calendar/notices.h"
#include "gateway/contract/contract_book.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan {

// Every provider with a contract in force, and whoever had the notice besides. admin.not_found
Status ListAcknowledgements(const Notices& notices, const NoticeReaders& readers, const ContractBook& contracts,
                            Time now, const admin::v1::ListAcknowledgementsRequest& request,
                            admin::v1::ListAcknowledgementsResponse& response);

}  // namespace tvan
