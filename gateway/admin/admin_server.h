#pragma once
// The operators' listener: AdminService, NightService and AuditService over mTLS on its own address and its own gRPC
// threads, so that it answers when all else is wedged. Who may do what: a certificate of the admin CA that the
// configuration lists with a role, and never one that a provider contract names; each method states the role that it
// needs, and is refused to everybody when it does not (checked_service.h). The certificate's common name is the author
// of every change. Owned by app.

#include <map>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/admin/audit_desk.h"
#include "gateway/admin/contract_desk.h"
#include "gateway/admin/desk.h"
#include "gateway/admin/night_desk.h"
#include "gateway/admin/night_records.h"
#include "gateway/admin/night_screen.h"
#include "gateway/admin/night_snapshot.h"
#include "gateway/admin/roles.h"
#include "gateway/core/digest.h"
#include "gateway/core/metrics.h"
#include "gateway/intake/listener_tls.h"

namespace tvan {

class AdminServer {
 public:
  struct Options {
    std::string listen;
    std::map<std::string, OperatorRole> operators;  // by SHA-256 hex of certificates, lower case; empty: all may all
  };
  struct Night {  // what NightService answers from
    NightDesk& desk;
    NightScreen& screen;
    NightRecords& records;
    const NightSnapshots& snapshots;
  };
  struct Parts {
    Desk& desk;
    Night night;
    const AuditDesk& audit;
    ContractDesk& contracts;
    RecordStore& store;  // for calls that are refused
    const Clock& clock;
    const Digester& digester;
    ListenerTls& tls;
    Metrics& metrics;
  };
  // admin.listen: the port is in use, the address unknown, or the credentials do not fit each other.
  static Result<std::unique_ptr<AdminServer>> Start(const Options& options, const Parts& parts);
  virtual ~AdminServer() = default;
  virtual int port() const = 0;
  virtual void Stop(Span patience) = 0;  // once
};

}  // namespace tvan
