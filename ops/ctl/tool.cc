#include "ops/ctl/tool.h"

#include <cstdlib>
#include <iostream>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ops/ctl/files.h"
#include "ops/ctl/profile.h"

namespace tvan::ctl {
namespace {

std::string FromEnvironment(Role role) {
  const char* operators = role == Role::kOperator ? std::getenv("TVANCTL_OPERATOR") : nullptr;
  const char* all = std::getenv("TVANCTL_PROFILE");
  return operators != nullptr ? operators : all != nullptr ? all : "";
}

Result<Profile> Effective(const Tool& tool, Role role) {
  Profile profile;
  const std::string name = tool.profile.empty() ? FromEnvironment(role) : tool.profile;
  if (!name.empty()) {
    auto loaded = LoadProfile(name);
    if (!loaded.ok()) return loaded;
    profile = *loaded;
  }
  if (!tool.endpoint.empty()) profile.endpoint = tool.endpoint;
  if (!tool.ca.empty()) profile.ca = tool.ca;
  if (!tool.certificate.empty()) profile.certificate = tool.certificate;
  if (!tool.key.empty()) profile.key = tool.key;
  return profile;
}

Status Check(const Profile& profile, Role role) {
  const bool wrong_role = !profile.role.empty() && (profile.role == "operator") != (role == Role::kOperator);
  if (wrong_role)
    return Status::Permanent("ctl.profile"_reason,
                             profile.file + " is a profile of a " + profile.role + "; this command speaks to the " +
                                 (role == Role::kOperator ? "operators'" : "providers'") + " listener");
  if (profile.endpoint.empty() || profile.ca.empty() || profile.certificate.empty() || profile.key.empty())
    return Status::Permanent("ctl.profile"_reason,
                             "no connection: give --profile DIR/NAME, or --endpoint, --ca, --cert and --key");
  return {};
}

void PrintDetail(const google::protobuf::Any& any) {
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  google::rpc::QuotaFailure quota;
  google::rpc::BadRequest bad;
  if (any.UnpackTo(&info)) {
    std::cerr << "  reason: " << info.reason() << " (ops/REASONS.md says what to do)\n";
    for (const auto& [name, value] : info.metadata()) std::cerr << "  " << name << ": " << value << '\n';
  } else if (any.UnpackTo(&retry)) {
    const double seconds = static_cast<double>(retry.retry_delay().seconds()) + retry.retry_delay().nanos() / 1e9;
    std::cerr << "  try again after: " << seconds << " s\n";
  } else if (any.UnpackTo(&quota)) {
    for (const auto& v : quota.violations())
      std::cerr << "  quota of " << v.subject() << ": " << v.description() << '\n';
  } else if (any.UnpackTo(&bad)) {
    for (const auto& v : bad.field_violations())
      std::cerr << "  field " << v.field() << ": " << v.description() << '\n';
  }
}

int ExitCodeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return kIdentity;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::OUT_OF_RANGE:
      return kNegative;
    default:
      return kTransport;
  }
}

const char* NameOf(grpc::StatusCode code) {
  static constexpr const char* kNames[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return code >= 0 && code <= 16 ? kNames[code] : "?";
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> Tool::Connect(Role role) const {
  if (channel) return channel;
  const auto profile = Effective(*this, role);
  if (!profile.ok()) return profile.status();
  const Status complete = Check(*profile, role);
  if (!complete.ok()) return complete;
  grpc::SslCredentialsOptions tls;
  const std::pair<const std::string*, std::string*> files[] = {{&profile->ca, &tls.pem_root_certs},
                                                               {&profile->certificate, &tls.pem_cert_chain},
                                                               {&profile->key, &tls.pem_private_key}};
  for (const auto& [path, text] : files) {
    auto read = ReadFile(*path);
    if (!read.ok()) return read.status();
    *text = std::move(*read);
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
  return grpc::CreateCustomChannel(profile->endpoint, grpc::SslCredentials(tls), arguments);
}

std::unique_ptr<grpc::ClientContext> Tool::Call() const {
  auto context = std::make_unique<grpc::ClientContext>();
  // real deadline: of one call, as --timeout says
  context->set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(timeout_s, GPR_TIMESPAN)));
  return context;
}

int Report(const grpc::Status& status) {
  if (status.ok()) return kOk;
  std::cerr << "tvanctl: " << NameOf(status.error_code()) << ": " << status.error_message() << '\n';
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details()))
    for (const auto& any : details.details()) PrintDetail(any);
  return ExitCodeOf(status.error_code());
}

int Report(const Status& status) {
  if (status.ok()) return kOk;
  std::cerr << "tvanctl: " << status.message() << " [" << status.reason().text() << "]\n";
  return kUsage;
}

}  // namespace tvan::ctl
