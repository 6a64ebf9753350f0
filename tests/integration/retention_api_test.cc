// Retention as operators meet it: the configuration and the ring of rejections.
#include <gmock/gmock.h>

#include "tests/integration/api_world.h"

namespace tvan {
namespace {

using testing::HasSubstr;

void Configure(ApiWorld& world, const std::string& environment, const std::string& keep) {
  world.yaml.replace(world.yaml.find("environment: sandbox"), 20, "environment: " + environment);
  world.yaml.insert(world.yaml.find("path: data"), "retention: {keep: " + keep + "}, ");
}

TEST(RetentionApi, ProductionKeepsTenYearsOrForEver) {
  for (const char* keep : {"3652d", "1m"}) {
    ApiWorld world;
    Configure(world, "production", keep);
    EXPECT_EQ(world.Start().reason(), "app.retention"_reason) << keep;
  }
  for (const char* keep : {"3653d", "0s"}) {
    ApiWorld world;
    Configure(world, "production", keep);
    EXPECT_EQ(world.Start().reason(), "app.sandbox_in_production"_reason) << keep << ": the next thing that is wrong";
  }
  ApiWorld sandbox;
  Configure(sandbox, "sandbox", "1m");
  EXPECT_TRUE(sandbox.Start().ok());
}

TEST(RetentionApi, RejectionsOutliveTheGatewayAndAreReadByOperators) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  world.PutContract("acme", "acme", "0101234567");
  v1::SubmitMessageRequest submit;
  submit.set_request_id("one");
  submit.mutable_document()->set_tdiep("<TDiep/>");
  v1::SubmitMessageResponse response;
  grpc::ClientContext submitting;
  ASSERT_TRUE(world.Relay("acme")->SubmitMessage(&submitting, submit, &response).ok());
  ASSERT_TRUE(response.has_rejection());
  world.Stop();
  ASSERT_TRUE(world.Start().ok());
  admin::v1::ListRejectionsRequest request;
  admin::v1::ListRejectionsResponse list, others;
  request.set_provider("acme");
  grpc::ClientContext first, second, third;
  ASSERT_TRUE(world.Admin()->ListRejections(&first, request, &list).ok());
  ASSERT_EQ(list.rejections_size(), 1);
  EXPECT_EQ(list.rejections(0).number(), 1u);
  ASSERT_GT(list.rejections(0).findings_size(), 0);
  EXPECT_THAT(list.rejections(0).findings(0), HasSubstr(response.rejection().findings(0).rule_id()));
  request.set_provider("beta");
  ASSERT_TRUE(world.Admin()->ListRejections(&second, request, &others).ok());
  EXPECT_EQ(others.rejections_size(), 0);
  request.set_provider("");
  EXPECT_EQ(world.Admin()->ListRejections(&third, request, &others).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace tvan
