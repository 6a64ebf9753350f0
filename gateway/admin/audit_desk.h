#pragma once
// What operators did, as the audit chain of the store has it: what AuditService answers, free of gRPC. Blocking;
// thread-safe. Borrows its parts.

#include <atomic>
#include <functional>

#include "gateway/contract/contract_book.h"
#include "store/record_store.h"
#include "tvan/admin/v1/audit.pb.h"

namespace tvan {

class AuditDesk {
 public:
  static constexpr uint32_t kMostLookedAt = 10'000;  // entries, for one page of a list

  AuditDesk(const RecordStore& store, const ContractBook& contracts) : store_(store), contracts_(contracts) {}

  // Errors: admin.bad_request, admin.not_found, store.*
  Status List(const admin::v1::ListAuditRequest& request, admin::v1::ListAuditResponse& response) const;
  Status Get(const admin::v1::GetAuditEntryRequest& request, admin::v1::GetAuditEntryResponse& response) const;
  // Hands progress to `write` every so many entries, and last what came of it; false, or `stopped`: the caller is gone,
  // and that ends it. One at a time: admin.busy
  Status Verify(const admin::v1::VerifyAuditRequest& request,
                const std::function<bool(const admin::v1::VerifyAuditResponse&)>& write,
                const std::function<bool()>& stopped) const;

 private:
  const RecordStore& store_;
  const ContractBook& contracts_;
  mutable std::atomic<int> verifying_{0};
};

}  // namespace tvan
