#include "gateway/admin/audit_server.h"

#include "tvan/admin/v1/audit.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class AuditServiceImpl final : public api::AuditService::Service {
 public:
  AuditServiceImpl(const AuditDesk& desk, const Operators& operators) : desk_(desk), operators_(operators) {}

  grpc::Status ListAudit(grpc::ServerContext*, const api::ListAuditRequest* request,
                         api::ListAuditResponse* response) override {
    return AdminFailure(desk_.List(*request, *response));
  }
  grpc::Status GetAuditEntry(grpc::ServerContext*, const api::GetAuditEntryRequest* request,
                             api::GetAuditEntryResponse* response) override {
    return AdminFailure(desk_.Get(*request, *response));
  }
  grpc::Status VerifyAudit(grpc::ServerContext* context, const api::VerifyAuditRequest* request,
                           grpc::ServerWriter<api::VerifyAuditResponse>* writer) override {
    return AdminFailure(desk_.Verify(
        *request, [writer](const api::VerifyAuditResponse& response) { return writer->Write(response); },
        [context] { return context->IsCancelled(); }));
  }
  grpc::Status GetOperator(grpc::ServerContext* context, const api::GetOperatorRequest*,
                           api::GetOperatorResponse* response) override {
    const auto caller = operators_.Of(*context);
    if (!caller) return AdminFailure(caller.status());
    response->set_name(caller->name);
    response->set_certificate(caller->certificate);
    response->set_role(caller->role);
    return grpc::Status::OK;
  }

 private:
  const AuditDesk& desk_;
  const Operators& operators_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditService(const AuditDesk& desk, const Operators& operators) {
  return std::make_unique<AuditServiceImpl>(desk, operators);
}

}  // namespace tvan
