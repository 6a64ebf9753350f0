#pragma once
// ContractService over gRPC. Who may is asked before (operators.h). Internal to admin.

#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/admin/contract_desk.h"
#include "gateway/admin/operators.h"

namespace tvan {

// Borrows both.
std::unique_ptr<grpc::Service> MakeContractService(ContractDesk& desk, const Operators& operators);

}  // namespace tvan
