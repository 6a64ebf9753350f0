#pragma once
// AuditService over gRPC. Internal to admin.

#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/admin/audit_desk.h"
#include "gateway/admin/operators.h"

namespace tvan {

// Borrows both.
std::unique_ptr<grpc::Service> MakeAuditService(const AuditDesk& desk, const Operators& operators);

}  // namespace tvan
