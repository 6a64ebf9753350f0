// A store that takes no more: refused with a time to come back, red for machines, and green again once it has drained.
#include <gmock/gmock.h>
#include <grpcpp/impl/codegen/client_unary_call.h>

#include <atomic>
#include <thread>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/integration/raw_client.h"

namespace tvan {
namespace {

using testing::HasSubstr;

std::string HealthOf(ApiWorld& world) {
  const auto channel = world.Channel("acme", world.gateway->provider_port());
  const grpc::internal::RpcMethod check("/grpc.health.v1.Health/Check", grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ClientContext context;
  const grpc::Slice nothing("");
  grpc::ByteBuffer request(&nothing, 1), response;
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), check, &context, request, &response);
  grpc::Slice bytes;
  if (!status.ok() || !response.DumpToSingleSlice(&bytes).ok()) return status.error_message();
  const std::string answer(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  return answer == "\x08\x01" ? "SERVING" : answer == "\x08\x02" ? "NOT_SERVING" : "?";
}

// The line is stopped by a window, or opened again by cancelling it.
void PutWindow(ApiWorld& world, bool cancelled) {  // NOLINT: as the window's own field
  admin::v1::PutWindowRequest request;
  auto& window = *request.mutable_window();
  window.set_id("stop");
  window.set_cancelled(cancelled);
  const int64_t now = world.clock->Now().us / 1'000'000;
  window.mutable_start()->set_seconds(now - 60);
  window.mutable_end()->set_seconds(now + 3600);
  window.set_reason("maintenance");
  admin::v1::PutWindowResponse response;
  grpc::ClientContext context;
  const grpc::Status status = world.Admin()->PutWindow(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
}

TEST(OverloadFull, AFullBufferIsRedAndRefusesUntilItHasDrained) {
  ApiWorld world;
  const std::string path = "store: {path: data}";
  world.yaml.replace(world.yaml.find(path), path.size(), "store: {path: data, buffer_max_bytes: 64KiB}");
  world.yaml += "calendar: {drain_before: 0s}\n";
  ASSERT_TRUE(world.Start().ok());
  world.PutContract("acme", "acme", "0101234567");
  PutWindow(world, false);
  const auto relay = world.Relay("acme");
  const int http = world.gateway->http_port();
  EXPECT_EQ(HealthOf(world), "SERVING") << "a closed line is no reason to be red";
  grpc::ClientContext watching;
  watching.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));  // of a failing test
  const auto health = grpc::health::v1::Health::NewStub(world.Channel("acme", world.gateway->provider_port()));
  const auto watch = health->Watch(&watching, {});
  grpc::health::v1::HealthCheckResponse told;
  ASSERT_TRUE(watch->Read(&told));
  EXPECT_EQ(told.status(), told.SERVING);

  const std::string first = world.Message(1);
  ASSERT_TRUE(SubmitOne(*relay, first).ok());
  int number = 1;
  grpc::Status status;
  while (status.ok() && number < 1000) status = SubmitOne(*relay, world.Message(++number));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "store.full");
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_TRUE(Eventually([&] { return HealthOf(world) == "NOT_SERVING"; }));
  ASSERT_TRUE(watch->Read(&told));
  EXPECT_EQ(told.status(), told.NOT_SERVING) << "who watches is told";
  EXPECT_THAT(HttpGet(http, "/healthz"), AllOf(HasSubstr("503"), HasSubstr("store.full")));
  EXPECT_EQ(Metric(http, "tvan_serving"), 0);
  EXPECT_GE(Metric(http, "tvan_intake_failures_total{reason=\"store.full\"}"), 1);

  v1::SubmitMessageResponse repeated;
  ASSERT_TRUE(SubmitOne(*relay, first, &repeated).ok()) << "what was accepted is answered as before";
  EXPECT_TRUE(repeated.already_accepted());
  EXPECT_EQ(HealthOf(world), "NOT_SERVING") << "and says nothing about room";

  PutWindow(world, true);
  EXPECT_TRUE(Eventually([&] { return HealthOf(world) == "SERVING"; }));
  ASSERT_TRUE(watch->Read(&told));
  EXPECT_EQ(told.status(), told.SERVING);
  EXPECT_THAT(HttpGet(http, "/healthz"), HasSubstr("200 OK"));
  EXPECT_TRUE(Eventually([&] { return SubmitOne(*relay, world.Message(number)).ok(); }));
  world.Stop();
  while (watch->Read(&told)) {
  }
  EXPECT_EQ(told.status(), told.NOT_SERVING);
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE) << "a watch does not delay the end";
}

TEST(OverloadFull, ACrowdAtTheStoreIsRefusedAndStaysGreen) {
  ApiWorld world;
  const std::string path = "store: {path: data}";
  world.yaml.replace(world.yaml.find(path), path.size(), "store: {path: data, waiting_max: 1, batch_max: 1}");
  ASSERT_TRUE(world.Start().ok());
  world.PutContract("acme", "acme", "0101234567");
  const int http = world.gateway->http_port();
  std::atomic<int> number = 0, busy = 0, red = 0;
  std::atomic<bool> over = false;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 16; ++i)
    crowd.emplace_back([&, relay = world.Relay("acme")] {
      while (!over) {
        const grpc::Status status = SubmitOne(*relay, world.Message(++number));
        if (status.ok()) continue;
        EXPECT_EQ(ReasonOf(status), "store.busy") << status.error_message();
        EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        EXPECT_TRUE(HasRetryInfo(status));
        ++busy;
        red += HttpGet(http, "/healthz").find("200 OK") == std::string::npos ? 1 : 0;
      }
    });
  EXPECT_TRUE(Eventually([&] { return busy >= 100; }));
  over = true;
  for (std::thread& thread : crowd) thread.join();
  EXPECT_EQ(Metric(http, "tvan_intake_failures_total{reason=\"store.busy\"}"), busy);
  EXPECT_EQ(red, 0) << "not for a moment";
  EXPECT_THAT(HttpGet(http, "/healthz"), HasSubstr("200 OK"));
}

}  // namespace
}  // namespace tvan
