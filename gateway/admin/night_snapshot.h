#pragma once
// Snapshots and hand-over files as operators ask for them: what NightService does of it, free of gRPC. Blocking;
// thread-safe. Borrows its parts. What leaves here has an author, a line in the log and an entry in the audit.

#include <functional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "gateway/reconcile/handover.h"
#include "gateway/reconcile/stop_snapshots.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan {

class NightSnapshots {
 public:
  struct Parts {
    StopSnapshots& snapshots;
    HandoverParts handover;
    LineId line;
    RecordStore& records;  // for the audit, and who ever had a contract
  };
  // Hands a response to the caller; false: it is gone.
  template <class Response>
  using Write = std::function<bool(const Response&)>;

  explicit NightSnapshots(Parts parts) : parts_(std::move(parts)) {}

  // Errors: admin.bad_request, admin.not_found, reconcile.*, store.*. `stopped` true: it is given up.
  Status Take(const admin::v1::TakeSnapshotRequest& request, const std::string& author,
              const Write<admin::v1::TakeSnapshotResponse>& write, const std::function<bool()>& stopped) const;
  Status List(const admin::v1::ListSnapshotsRequest& request, admin::v1::ListSnapshotsResponse& response) const;
  Status Export(const admin::v1::ExportBufferRequest& request, const std::string& author,
                const Write<admin::v1::ExportBufferResponse>& write, const std::function<bool()>& stopped) const;

 private:
  Status Fill(const std::string& name, admin::v1::Snapshot& out) const;
  Parts parts_;
};

}  // namespace tvan
