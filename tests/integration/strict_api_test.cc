// The authority signs with a certificate that nobody here trusts yet: what providers and operators see of it, lenient,
// strict, and once its CA is trusted; over the wire, on one store through three starts.
#include <gmock/gmock.h>

#include "tests/integration/api_world.h"

namespace tvan {
namespace {

constexpr const char* kUntrusted = "UNVERIFIED(signature.untrusted)";

class StrictApi : public testing::Test {
 protected:
  StrictApi() {
    Put("authority: [ca.pem]", "authority: [authority-ca.pem], reload_every: 5s");
    Put("poll: 20ms", "poll: 20ms, strict_signatures: false");
    world_.yaml += "dispatch: {in_doubt_settle: 100ms}\n";
    const Time now{world_.clock->Now().us / 1'000'000 * 1'000'000};
    const PkiValidity validity{now - std::chrono::hours(1), now + std::chrono::hours(1)};
    Trust(Take(SandboxCa::Create("Another CA", PkiKey::kEcP256, validity))->pem().certificate_pem);
    EXPECT_TRUE(world_.Start().ok());
    world_.PutContract("acme", "acme", "0101234567");
  }
  void Put(const std::string& before, const std::string& after) {
    const size_t at = world_.yaml.find(before);
    ASSERT_NE(at, std::string::npos) << before;
    world_.yaml.replace(at, before.size(), after);
  }
  void Trust(const std::string& pem) const { world_.WriteFile("authority-ca.pem", pem); }
  void Restart() {
    world_.Stop();
    ASSERT_TRUE(world_.Start().ok());
  }
  // One more 203; our id of it.
  std::string Submit() {
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(world_.Message(++number_));
    v1::SubmitMessageResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(world_.Relay("acme")->SubmitMessage(&context, request, &response).ok());
    EXPECT_TRUE(response.has_receipt()) << response.ShortDebugString();
    return response.receipt().gateway_mtdiep();
  }
  // The signatures of the first so many items that are 204s to it, as they come down the stream.
  std::vector<std::string> Streamed(const std::string& id, size_t count) {
    const auto stub = world_.Feedback("acme");
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
    const auto stream = stub->StreamFeedback(&context);
    v1::StreamFeedbackRequest request;
    request.mutable_open()->set_credit(1000);
    stream->Write(request);
    std::vector<std::string> signatures;
    v1::StreamFeedbackResponse response;
    while (signatures.size() < count && stream->Read(&response)) {
      if (response.item().gateway_mtdiep() == id && response.item().parsed().message_type() == 204)
        signatures.push_back(response.item().signature());
    }
    signatures.resize(count);
    context.TryCancel();
    static_cast<void>(stream->Finish());
    return signatures;
  }
  v1::Message Shown(const std::string& id) {
    v1::GetMessageRequest request;
    request.set_gateway_mtdiep(id);
    v1::GetMessageResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(world_.Relay("acme")->GetMessage(&context, request, &response).ok());
    return response.message();
  }

  ApiWorld world_;
  int number_ = 0;
};

TEST_F(StrictApi, WhatAnUntrustedSignerDecides) {
  const std::string lenient = Submit();
  EXPECT_THAT(Streamed(lenient, 1), testing::ElementsAre(kUntrusted));
  EXPECT_EQ(Shown(lenient).state(), v1::MESSAGE_STATE_ANSWERED);
  EXPECT_EQ(Shown(lenient).events().rbegin()->detail(), std::string("204 ") + kUntrusted);

  Put("strict_signatures: false", "strict_signatures: true");
  Restart();
  const std::string held = Submit();
  EXPECT_THAT(Streamed(held, 1), testing::ElementsAre(kUntrusted));
  EXPECT_EQ(Shown(held).state(), v1::MESSAGE_STATE_WORK_ITEM);

  Put("strict_signatures: true", "strict_signatures: false");
  Restart();
  EXPECT_THAT(Streamed(held, 2), testing::ElementsAre(kUntrusted, kUntrusted)) << "delivered once more";
  EXPECT_EQ(Shown(held).state(), v1::MESSAGE_STATE_ANSWERED) << "by what was stored";
  EXPECT_EQ(Shown(held).attempts(), 1u) << "nothing was sent again";

  Put("strict_signatures: false", "strict_signatures: true");
  Restart();
  const std::string strict = Submit();
  EXPECT_THAT(Streamed(strict, 1), testing::ElementsAre(kUntrusted));
  EXPECT_EQ(Shown(strict).state(), v1::MESSAGE_STATE_WORK_ITEM);
  EXPECT_EQ(Shown(strict).reason(), "feedback.unverified");

  Trust(world_.ReadText("ca.pem"));  // no restart, nobody asks
  EXPECT_EQ(Streamed(strict, 2).back(), "VERIFIED") << "delivered once more";
  EXPECT_EQ(Shown(strict).state(), v1::MESSAGE_STATE_ANSWERED);
  EXPECT_EQ(Shown(strict).attempts(), 1u) << "nothing was sent again";
  const std::string later = Submit();
  EXPECT_THAT(Streamed(later, 1), testing::ElementsAre("VERIFIED"));
  EXPECT_EQ(Shown(later).state(), v1::MESSAGE_STATE_ANSWERED);
  EXPECT_EQ(Shown(later).events().rbegin()->detail(), "204");
}

}  // namespace
}  // namespace tvan
