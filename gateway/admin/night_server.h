#pragma once
// NightService over gRPC, for whoever is an operator. Internal to admin.

#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/admin/admin_server.h"
#include "gateway/admin/operators.h"

namespace tvan {

// Borrows both.
std::unique_ptr<grpc::Service> MakeNightService(const AdminServer::Night& night, const Operators& operators);

}  // namespace tvan
