#pragma once
// The operators' desk: what AdminService does, free of gRPC. Every change is durable and effective at once, and has an
// author and a line in the log. Blocking; thread-safe. Borrows its parts.

#include <functional>
#include <string>
#include <vector>

#include "gateway/admin/contract_changes.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "gateway/dispatch/dispatcher.h"
#include "store/store.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan {

class Desk {
 public:
  struct Parts {
    Store& store;
    ContractBook& contracts;
    ContractChanges& changes;
    Calendar& calendar;
    Dispatcher& dispatcher;
    LineId line;
    const Clock& clock;
    std::string backup_dir{};                        // empty: no backups
    const Digester* digester = nullptr;              // of backups
    std::function<std::string()> signature_alarm{};  // as Receiver says it; none: there is no receiver
  };
  explicit Desk(Parts parts) : parts_(std::move(parts)) {}

  // Whether the contract book binds this certificate (SHA-256 hex) to a provider now.
  bool IsProviders(const std::string& certificate) const;
  // Errors: admin.bad_request, admin.not_found, and those of the rooms (contract.*, calendar.*, dispatch.*, store.*).
  // Of these two also admin.needs_approval: what ends a record for good waits as a proposal.
  Status Put(const admin::v1::PutProviderContractRequest& request, const Caller& by,
             admin::v1::PutProviderContractResponse& response);
  Status Put(const admin::v1::PutMandateRequest& request, const Caller& by, admin::v1::PutMandateResponse& response);
  Status Put(const admin::v1::PutWindowRequest& request, const std::string& author,
             admin::v1::PutWindowResponse& response);
  // Into store.backup_dir; `progress` is called with every per cent, and last with what was done; `stopped` often: true
  // gives the backup up. admin.no_backup_dir, admin.bad_request, store.backup_running, store.closed, store.exists,
  // store.unwritable, store.disk_full, store.io
  Status BackUp(const admin::v1::BackupStoreRequest& request, const std::string& author,
                const std::function<void(const admin::v1::BackupStoreResponse&)>& progress,
                const std::function<bool()>& stopped) const;
  Status Resolve(const admin::v1::ResolveMessageRequest& request, const std::string& author);

  Status List(const admin::v1::ListProviderContractsRequest& request,
              admin::v1::ListProviderContractsResponse& response) const;
  Status List(const admin::v1::ListMandatesRequest& request, admin::v1::ListMandatesResponse& response) const;
  Status List(const admin::v1::ListWindowsRequest& request, admin::v1::ListWindowsResponse& response) const;
  Status Get(const admin::v1::GetQueueRequest& request, admin::v1::GetQueueResponse& response) const;
  Status List(const admin::v1::ListQueueRequest& request, admin::v1::ListQueueResponse& response) const;
  Status Get(const admin::v1::GetMessageRequest& request, admin::v1::GetMessageResponse& response) const;
  Status List(const admin::v1::ListMessagesRequest& request, admin::v1::ListMessagesResponse& response) const;
  Status List(const admin::v1::ListParkedAnswersRequest& request, admin::v1::ListParkedAnswersResponse& response) const;
  Status List(const admin::v1::ListRejectionsRequest& request, admin::v1::ListRejectionsResponse& response) const;

 private:
  Status FillRecovery(const std::string& phase, admin::v1::GetQueueResponse& response) const;  // the recovery, if any
  Result<std::vector<FindBy>> KeysOf(const admin::v1::GetMessageRequest& request) const;
  Result<std::vector<FindBy>> ForEveryProvider(SubmitIdKind kind, const std::string& value) const;
  Parts parts_;
};

}  // namespace tvan
