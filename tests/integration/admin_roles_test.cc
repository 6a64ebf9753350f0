// Who may call what on the operators' listener: every method of every service there, by every kind of caller.
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>

#include <filesystem>

#include "gateway/admin/roles.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/integration/api_world.h"
#include "tvan/admin/v1/audit.grpc.pb.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan {
namespace {

using google::protobuf::MethodDescriptor;
using testing::IsEmpty;
using testing::Not;

// Of all services that the folder of the operators' API defines, whether somebody remembered to serve them or not.
std::vector<const MethodDescriptor*> AllMethods() {
  static_cast<void>(admin::v1::ContractItem::descriptor());  // linked, whoever serves it
  static_cast<void>(admin::v1::AuditEntry::descriptor());
  std::vector<const MethodDescriptor*> methods;
  const std::string proto = std::string(std::getenv("TVAN_SOURCE_DIR")) + "/proto/", folder = "tvan/admin/v1/";
  for (const auto& entry : std::filesystem::directory_iterator(proto + folder)) {
    const std::string name = folder + entry.path().filename().string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    EXPECT_NE(file, nullptr) << name << " is not in this program";
    for (int i = 0; file != nullptr && i < file->service_count(); ++i)
      for (int k = 0; k < file->service(i)->method_count(); ++k) methods.push_back(file->service(i)->method(k));
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) { return "/" + method.service()->full_name() + "/" + method.name(); }

// One call with an empty request, whatever kind of method it is: OK as soon as anything is answered.
grpc::Status Call(grpc::Channel& channel, const std::string& path) {
  grpc::GenericStub stub(std::shared_ptr<grpc::Channel>(&channel, [](grpc::Channel*) {}));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
  grpc::CompletionQueue queue;
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  done();
  grpc::Slice nothing;
  grpc::ByteBuffer request(&nothing, 1), response;
  call->WriteLast(request, {}, nullptr);
  done();
  call->Read(&response, nullptr);
  const bool answered = done();
  if (answered) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  done();
  return answered ? grpc::Status::OK : status;
}

google::rpc::ErrorInfo InfoOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (details.ParseFromString(status.error_details()))
    for (const auto& detail : details.details()) static_cast<void>(detail.UnpackTo(&info));
  return info;
}

class AdminRoles : public testing::Test {
 protected:
  AdminRoles() {
    const Time now = Time{world_.clock->Now().us / 1'000'000 * 1'000'000};
    for (const char* name : {"viewer", "approver"})
      world_.Issue(name, PkiUse::kClient, {now - std::chrono::hours(1), now + std::chrono::hours(24)});
    bare_yaml_ = world_.yaml;
    List({{"viewer", "viewer"}, {"operator", "operator"}, {"approver", "approver"}});
  }
  // The configuration names these with their roles, and no others.
  void List(const std::vector<std::pair<std::string, std::string>>& roles) {
    std::string list;
    for (const auto& [name, role] : roles)
      list += std::string(list.empty() ? "" : ", ") + "{certificate: " + Fingerprint(name) + ", role: " + role + "}";
    const std::string api = "admin_api: {listen";
    world_.yaml = bare_yaml_;
    world_.yaml.replace(world_.yaml.find(api), api.size(), "admin_api: {operators: [" + list + "], listen");
  }
  std::string Fingerprint(const std::string& name) const {
    return Take(CertificateSha256(world_.ReadText(name + ".pem")));
  }
  grpc::Status As(const std::string& client, const std::string& path) {
    return Call(*world_.Channel(client, world_.gateway->admin_port()), path);
  }
  ApiWorld world_;
  std::string bare_yaml_;
};

TEST_F(AdminRoles, EveryMethodIsServedToItsRoleAndThoseAboveAndRefusedToThoseBelow) {
  ASSERT_TRUE(world_.Start().ok());
  const std::vector<const MethodDescriptor*> methods = AllMethods();
  ASSERT_THAT(methods, Not(IsEmpty()));
  for (const auto& [client, role] : {std::pair{"viewer", admin::v1::VIEWER}, std::pair{"operator", admin::v1::OPERATOR},
                                     std::pair{"approver", admin::v1::APPROVER}}) {
    const auto channel = world_.Channel(client, world_.gateway->admin_port());
    for (const MethodDescriptor* method : methods) {
      SCOPED_TRACE(std::string(client) + " calls " + PathOf(*method));
      const OperatorRole needed = method->options().GetExtension(admin::v1::role);
      EXPECT_NE(needed, admin::v1::OPERATOR_ROLE_UNSPECIFIED) << "it states no role";
      const grpc::Status status = Call(*channel, PathOf(*method));
      if (role >= needed) {
        EXPECT_NE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
        EXPECT_NE(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
        continue;
      }
      EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
      const google::rpc::ErrorInfo info = InfoOf(status);
      EXPECT_EQ(info.reason(), "admin.role");
      EXPECT_EQ(info.metadata().at("role_needed"), ToString(needed));
      EXPECT_EQ(info.metadata().at("role_held"), ToString(role));
    }
  }
}

TEST_F(AdminRoles, WhoIsNotListedOrBelongsToAProviderIsRefusedEveryMethod) {
  ASSERT_TRUE(world_.Start().ok());
  world_.PutContract("acme", "acme", "0101234567");
  world_.Stop();
  List({{"operator", "operator"}, {"acme", "approver"}});  // a provider's, and listed all the same
  ASSERT_TRUE(world_.Start().ok());
  for (const MethodDescriptor* method : AllMethods()) {
    SCOPED_TRACE(PathOf(*method));
    EXPECT_EQ(ReasonOf(As("stranger", PathOf(*method))), "admin.not_operator");
    EXPECT_EQ(ReasonOf(As("acme", PathOf(*method))), "admin.provider_certificate");
  }
}

// Whoever registered it: what states no role on this listener is nobody's.
TEST_F(AdminRoles, WhatIsNoOperatorsServiceIsRefusedToEverybody) {
  ASSERT_TRUE(world_.Start().ok());
  for (const char* path : {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                           "/tvan.v1.RelayService/GetKeySet", "/tvan.admin.v1.AdminService/NoSuchMethod"})
    EXPECT_EQ(As("approver", path).error_code(), grpc::StatusCode::PERMISSION_DENIED) << path;
}

TEST_F(AdminRoles, AListNamesACertificateOnceAndKnownRolesOnly) {
  EXPECT_TRUE(world_.Config().ok()) << world_.Config().Text();
  const std::string good = world_.yaml;
  world_.yaml.replace(world_.yaml.find("role: viewer"), 12, "role: reader");
  EXPECT_THAT(world_.Config().Text(), testing::HasSubstr("admin_api.operators[0].role: \"reader\" is not one of"));
  world_.yaml = good;
  world_.yaml.replace(world_.yaml.find(Fingerprint("operator")), 64, Fingerprint("viewer"));
  EXPECT_THAT(world_.Config().Text(),
              testing::HasSubstr("admin_api.operators[1].certificate: is admin_api.operators[0] too"));
}

}  // namespace
}  // namespace tvan
