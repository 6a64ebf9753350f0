#pragma once
// The operators' listener: AdminService and NightService over mTLS on its own address and its own gRPC threads, so that
// it answers when all else is wedged. Who may: a certificate of the admin CA, and of the configured list when there is
// one, and never one that a provider contract names; the certificate's common name is the author of every change. Owned
// by app.

#include <memory>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/admin/desk.h"
#include "gateway/admin/night_desk.h"
#include "gateway/admin/night_records.h"
#include "gateway/admin/night_screen.h"
#include "gateway/admin/night_snapshot.h"
#include "gateway/core/digest.h"
#include "gateway/core/metrics.h"

namespace tvan {

class AdminServer {
 public:
  struct Options {
    std::string listen;
    std::string certificate_pem, key_pem, client_ca_pem;
    std::set<std::string> operators;  // SHA-256 hex of certificates, lower case; empty: all of client_ca
  };
  struct Night {  // what NightService answers from
    NightDesk& desk;
    NightScreen& screen;
    NightRecords& records;
    const NightSnapshots& snapshots;
  };
  // admin.listen: the port is in use, the address unknown, or the credentials do not fit each other.
  static Result<std::unique_ptr<AdminServer>> Start(const Options& options, Desk& desk, const Night& night,
                                                    const Digester& digester, Metrics& metrics);
  virtual ~AdminServer() = default;
  virtual int port() const = 0;
  virtual void Stop(Span patience) = 0;  // once
};

}  // namespace tvan
