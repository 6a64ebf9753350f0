// The ring of rejections, for operators.
#include "gateway/admin/desk.h"
#include "gateway/intake/convert.h"

namespace tvan {

Status Desk::List(const admin::v1::ListRejectionsRequest& request, admin::v1::ListRejectionsResponse& response) const {
  const auto provider = ParseProviderId(request.provider());
  if (!provider) return Status::Permanent("admin.bad_request"_reason, "provider: " + provider.status().message());
  if (request.limit() < 0 || request.limit() > 1000)
    return Status::Permanent("admin.bad_request"_reason, "limit: 1..1000");
  const auto rejections =
      parts_.store.Rejections(*provider, request.limit() == 0 ? 100 : static_cast<uint32_t>(request.limit()));
  if (!rejections) return rejections.status();
  for (const Rejection& rejection : *rejections) {
    auto& out = *response.add_rejections();
    ToProto(rejection.at, *out.mutable_time());
    out.set_number(rejection.number);
    out.set_provider_id(rejection.provider_id);
    out.set_message_type(rejection.mltdiep);
    if (rejection.digest != Sha256()) out.set_sha256(rejection.digest.Hex());
    for (const std::string& finding : rejection.findings) out.add_findings(finding);
  }
  return {};
}

}  // namespace tvan
