// Below the calls: connections that never get anywhere, floods of them, and HTTP/2 that nobody should speak.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <deque>
#include <thread>

#include "gateway/intake/door.h"
#include "tests/integration/raw_client.h"

namespace tvan {
namespace {

constexpr size_t kMostPerAddress = 600;
constexpr char kFlooder[] = "127.0.0.2";

class OverloadWire : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = new ApiWorld();
    const std::string end = "client_ca: ca.pem}\nadmin_api";
    world_->yaml.replace(world_->yaml.find(end), end.size(),
                         "client_ca: ca.pem, max_connections_per_address: 600, handshake_timeout: 3s, "
                         "keepalive_time: 2s, keepalive_timeout: 2s, max_streams_per_connection: 100}\nadmin_api");
    ASSERT_TRUE(world_->Start().ok());
    world_->PutContract("acme", "acme", "0101234567");
    world_->PutContract("beta", "beta", "0101234567");
    http_ = world_->gateway->http_port();
    port_ = world_->gateway->provider_port();
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  static void BetaIsUnharmed() {
    v1::SubmitMessageResponse response;
    const grpc::Status status = SubmitOne(*world_->Relay("beta"), world_->Message(++number_), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_TRUE(response.has_receipt()) << response.ShortDebugString();
  }

  static ApiWorld* world_;
  static int number_, http_, port_;
};
ApiWorld* OverloadWire::world_ = nullptr;
int OverloadWire::number_ = 9000;
int OverloadWire::http_ = 0;
int OverloadWire::port_ = 0;

// In one test, for all of them wait.
TEST_F(OverloadWire, ConnectionsThatGetNowhereAreEnded) {
  std::deque<RawTcp> silent, dripping;
  const std::string hello = std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(32, 'r');
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(silent.emplace_back(port_).open());
    ASSERT_TRUE(dripping.emplace_back(port_).open());
  }
  for (const char byte : hello)
    for (const RawTcp& tcp : dripping) tcp.Send(std::string(1, byte));
  RawTls mute(*world_, "acme", port_), settled(*world_, "acme", port_), headers(*world_, "acme", port_),
      message(*world_, "acme", port_);
  ASSERT_TRUE(mute.open() && settled.open() && headers.open() && message.open());
  const std::string call = h2::Call(1, "/tvan.v1.RelayService/SubmitMessage");
  ASSERT_TRUE(settled.Send(h2::Preface()));
  ASSERT_TRUE(headers.Send(h2::Preface() + call.substr(0, call.size() / 2)));
  ASSERT_TRUE(message.Send(h2::Preface() + call + h2::Frame(h2::kData, 0, 1, std::string("\0\0\x10\0\0half", 9))));
  BetaIsUnharmed();
  for (const RawTcp& tcp : silent) ASSERT_TRUE(tcp.EndsSoon()) << "no TLS within the handshake's time";
  for (const RawTcp& tcp : dripping) ASSERT_TRUE(tcp.EndsSoon()) << "TLS that drips in";
  EXPECT_TRUE(mute.EndsSoon()) << "no HTTP/2 settings within the handshake's time";
  EXPECT_TRUE(settled.EndsSoon()) << "answers no ping of the keep-alive";
  EXPECT_TRUE(headers.EndsSoon()) << "half of the headers, and no ping";
  EXPECT_TRUE(message.EndsSoon()) << "half of a message, and no ping";
}

bool EnoughDescriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur >= 4096;
}

TEST_F(OverloadWire, AFloodFromOneAddressIsBoundedAndOthersComeIn) {
  if (!EnoughDescriptors()) GTEST_SKIP() << "too few descriptors for both sides in one process";
  std::deque<RawTcp> flood;
  for (size_t i = 0; i < kMostPerAddress + 100; ++i) ASSERT_TRUE(flood.emplace_back(port_, kFlooder).open());
  EXPECT_TRUE(Eventually(
      [] { return Metric(http_, "tvan_connections_refused_total{listener=\"provider\",why=\"address\"}") >= 100; }));
  EXPECT_LE(Metric(http_, "tvan_connections{listener=\"provider\"}"), kMostPerAddress + 50);
  BetaIsUnharmed();
  flood.clear();
  EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_connections{listener=\"provider\"}") < 50; }));
  const RawTcp again(port_, kFlooder);
  ASSERT_TRUE(again.open());
  const double refused = Metric(http_, "tvan_connections_refused_total");
  BetaIsUnharmed();
  EXPECT_EQ(Metric(http_, "tvan_connections_refused_total"), refused) << "the places of closed connections are free";
}

// The store, the operators and the line need them.
TEST_F(OverloadWire, TheLastDescriptorsAreNotForProviders) {
  const auto refused = [] {
    return Metric(http_, "tvan_connections_refused_total{listener=\"provider\",why=\"descriptors\"}");
  };
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = SpareDescriptors(before.rlim_cur);
  const double earlier = refused();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  const RawTcp provider(port_);
  EXPECT_TRUE(provider.open() && provider.EndsSoon());
  EXPECT_EQ(refused(), std::max(earlier, 0.0) + 1);
  grpc::ClientContext context;
  admin::v1::GetQueueResponse queue;
  EXPECT_TRUE(world_->Admin()->GetQueue(&context, {}, &queue).ok()) << "operators come in";
  EXPECT_THAT(HttpGet(http_, "/healthz"), testing::HasSubstr("200 OK"));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  BetaIsUnharmed();
}

TEST_F(OverloadWire, FiveHundredIdleConnectionsCostNobodyAnything) {
  if (!EnoughDescriptors()) GTEST_SKIP() << "too few descriptors for both sides in one process";
  std::deque<std::shared_ptr<grpc::Channel>> idle;
  const auto all = [&] {
    return std::all_of(idle.begin(), idle.end(),
                       [](const auto& channel) { return channel->GetState(true) == GRPC_CHANNEL_READY; });
  };
  while (idle.size() < 500) {  // a few at a time: a handshake has a deadline
    for (int i = 0; i < 25; ++i) idle.emplace_back(world_->Channel("acme", port_))->GetState(true);
    ASSERT_TRUE(Eventually(all));
  }
  EXPECT_GE(Metric(http_, "tvan_connections{listener=\"provider\"}"), 500);
  BetaIsUnharmed();
  EXPECT_TRUE(all()) << "a client that answers pings stays";
}

// Inflated it would be far above every limit; nothing may be inflated for a caller who is not even known yet.
TEST_F(OverloadWire, CompressedRequestsAreRefusedAndNotInflated) {
  const auto relay = world_->Relay("acme");
  const auto submit = [&](grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(std::string(2 << 20, ' '));
    v1::SubmitMessageResponse response;
    return relay->SubmitMessage(&context, request, &response).error_code();
  };
  EXPECT_EQ(submit(GRPC_COMPRESS_NONE), grpc::StatusCode::OK) << "a rejection, by its content";
  EXPECT_EQ(submit(GRPC_COMPRESS_GZIP), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(submit(GRPC_COMPRESS_DEFLATE), grpc::StatusCode::UNIMPLEMENTED);
  BetaIsUnharmed();
}

TEST_F(OverloadWire, HugeMetadataIsRefused) {
  const auto relay = world_->Relay("acme");
  const auto ask = [&](size_t bytes) {
    grpc::ClientContext context;
    context.AddMetadata("x-much", std::string(bytes, 'm'));
    v1::GetKeySetResponse keys;
    return relay->GetKeySet(&context, {}, &keys).ok();
  };
  EXPECT_TRUE(ask(8 << 10));
  EXPECT_FALSE(ask(64 << 10));
  BetaIsUnharmed();
  // gRPC may end the connection that it came by; the client makes another.
  EXPECT_TRUE(Eventually([&] { return ask(8 << 10); }));
}

TEST_F(OverloadWire, NonsenseInFramesEndsItsConnectionAlone) {
  const std::pair<const char*, std::string> nonsense[] = {
      {"another protocol", "GET / HTTP/1.1\r\n\r\n" + std::string(64, '\n')},
      {"no frames", h2::Preface() + std::string(200, '\xff')},
      {"headers that cannot be read", h2::Preface() + h2::Frame(h2::kHeaders, 0x4, 1, std::string(40, '\xff'))},
      {"settings of an odd length", h2::Preface() + h2::Frame(h2::kSettings, 0, 0, "odd")},
  };
  const std::string kPing("\0\0\x08\x06\0\0\0\0\0", 9);  // of the keep-alive
  for (const auto& [what, bytes] : nonsense) {
    SCOPED_TRACE(what);
    RawTls raw(*world_, "acme", port_);
    ASSERT_TRUE(raw.open());
    static_cast<void>(raw.Send(bytes));
    EXPECT_TRUE(raw.EndsSoon());
    EXPECT_THAT(raw.heard(), testing::Not(testing::HasSubstr(kPing))) << "ended for its silence, not its nonsense";
  }
  RawTls stray(*world_, "acme", port_);  // gRPC passes over it: this one ends for its silence
  ASSERT_TRUE(stray.open());
  ASSERT_TRUE(stray.Send(h2::Preface() + h2::Frame(h2::kData, 0, 0, "data of no stream")));
  EXPECT_TRUE(stray.EndsSoon());
  BetaIsUnharmed();
}

TEST_F(OverloadWire, AFloodOfPingsIsToldToCalmDown) {
  RawTls raw(*world_, "acme", port_);
  ASSERT_TRUE(raw.open());
  std::string pings = h2::Preface();
  for (int i = 0; i < 50; ++i) pings += h2::Frame(h2::kPing, 0, 0, std::string(8, 'p'));
  ASSERT_TRUE(raw.Send(pings));
  EXPECT_TRUE(raw.EndsSoon());
  EXPECT_THAT(raw.heard(), testing::HasSubstr("too_many_pings"));
  BetaIsUnharmed();
}

TEST_F(OverloadWire, StreamsOpenedAndResetLeaveNothingBehind) {
  RawTls raw(*world_, "acme", port_);
  ASSERT_TRUE(raw.open());
  ASSERT_TRUE(raw.Send(h2::Preface()));
  for (uint32_t i = 0; i < 4000; ++i) {
    const uint32_t stream = 2 * i + 1;
    const char* const method =
        i % 2 == 0 ? "/tvan.v1.RelayService/SubmitMessages" : "/tvan.v1.FeedbackService/StreamFeedback";
    if (!raw.Send(h2::Call(stream, method) + h2::Frame(h2::kReset, 0, stream, std::string("\0\0\0\x08", 4)))) break;
  }
  BetaIsUnharmed();
  EXPECT_TRUE(Eventually(
      [] { return Metric(http_, "tvan_submit_streams") == 0 && Metric(http_, "tvan_delivery_streams") == 0; }));
}

TEST_F(OverloadWire, MachinesAreAnsweredWhileOthersDrip) {
  std::deque<RawTcp> slow;
  for (int i = 0; i < 100; ++i) {  // more than http.max_connections
    ASSERT_TRUE(slow.emplace_back(http_).open());
    slow.back().Send("GET /healthz HTTP/1.1\r\nHos");
  }
  EXPECT_THAT(HttpGet(http_, "/healthz"), testing::HasSubstr("200 OK"));
  const RawTcp large(http_);
  large.Send("GET /healthz HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(large.EndsSoon());
  for (const RawTcp& tcp : slow) ASSERT_TRUE(tcp.EndsSoon());
}

}  // namespace
}  // namespace tvan
