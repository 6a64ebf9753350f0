#include "gateway/intake/caller.h"

#include "gateway/intake/failure.h"
#include "gateway/intake/identity.h"

namespace tvan {

std::string CertificateOf(const grpc::ServerContextBase& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return "";
  const auto certificates = auth->FindPropertyValues("x509_pem_cert");
  return certificates.empty() ? "" : std::string(certificates[0].data(), certificates[0].size());
}

std::string FingerprintOf(const grpc::ServerContextBase& context, const Digester& digester) {
  return CertificateFingerprint(CertificateOf(context), digester).value_or("");
}

grpc::Status ToGrpc(const Status& failure, Span retry_after, const std::string& quota_subject) {
  const RpcDetails details = DetailsOf(failure, retry_after, quota_subject);
  return {static_cast<grpc::StatusCode>(details.code), details.message, EncodeRpcDetails(details)};
}

}  // namespace tvan
