// What intake says of messages that were purged, and what it hands on of those it turns down.
#include <gmock/gmock.h>

#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using std::chrono::hours;
using testing::ElementsAre;

// Sent, answered, and an hour old.
void Answer(IntakeWorld& world, const MessageId& id) {
  const Fence fence = world.store->TakeOwnership();
  const LineId line = LineId::Trusted("main");
  const Time now = world.clock->Now();
  ASSERT_TRUE(
      world.store
          ->RecordAttempts(fence, {{.gateway_id = id, .at = now, .not_after = now, .line = line, .search_from = {}}})
          ->front()
          .ok());
  IncomingAnswer answer;
  answer.answer_id = "answer";
  answer.line = line;
  answer.position = "1";
  answer.bytes = std::make_shared<const std::string>("<TDiep/>");
  answer.received_at = now;
  answer.effects = {{.gateway_id = id, .stage = Stage::kAnswered, .reason = {}, .detail = {}, .released_claims = {}}};
  ASSERT_TRUE(world.store->ReceiveAnswers(fence, line, {answer}, "1").ok());
  world.clock->AdvanceBy(hours(1));
}

TEST(PipelineRetention, ARepeatedSubmitOfAPurgedMessageIsTurnedDownAndNotAcceptedAnew) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  const SubmitOutcome first = world.Submit(world.Input(bytes));
  ASSERT_EQ(first.kind, Kind::kReceipt);
  ASSERT_NO_FATAL_FAILURE(Answer(world, first.receipt.gateway_id));
  EXPECT_TRUE(world.Submit(world.Input(bytes)).already_accepted) << "as long as it is whole";
  const Time now = world.clock->Now();
  const auto purged =
      world.store->Purge(world.store->TakeOwnership(), {.before = now, .at = now + hours(1), .provider = {}});
  ASSERT_TRUE(purged.ok());
  ASSERT_EQ(purged->messages, 1u);
  const SubmitOutcome again = world.Submit(world.Input(bytes));
  EXPECT_EQ(again.kind, Kind::kRejection);
  EXPECT_THAT(Rules(again.findings), ElementsAre("intake.purged"));
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(PipelineRetention, AMessageWhoseReceiptWasLostGetsItBackWithTheSameBytes) {
  IntakeWorld before, after;
  const MessageSpec spec = Spec203(1);
  const std::string bytes = before.SignedBytes(spec);
  const SubmitOutcome first = before.Submit(before.Input(bytes));
  ASSERT_EQ(first.kind, Kind::kReceipt);
  const MessageView whole = before.store->Find({.gateway_id = first.receipt.gateway_id})->messages.front();
  NewMessage lost;  // as a salvage leaves it
  lost.key = whole.meta.key;
  lost.gateway_id = whole.meta.gateway_id;
  lost.digest = whole.meta.digest;
  lost.mltdiep = whole.meta.mltdiep;
  lost.claims = whole.meta.claims;
  lost.signature_marks = {"legacy_sha1"};
  lost.accepted_at = whole.meta.accepted_at - hours(48);
  lost.payload = std::make_shared<const std::string>(bytes.size(), '?');
  after.store->Accept(lost, [](const Result<AcceptAnswer>& answer) { ASSERT_TRUE(answer.ok()); });
  after.store->Flush();
  EXPECT_TRUE(after.Check(after.Input(bytes)).acceptable) << "its own invoices are in nobody's way";
  const SubmitOutcome again = after.Submit(after.Input(bytes));
  ASSERT_EQ(again.kind, Kind::kReceipt) << testing::PrintToString(Rules(again.findings));
  EXPECT_TRUE(again.already_accepted);
  EXPECT_FALSE(again.receipt.jws.empty());
  EXPECT_THAT(*Unseal(again.receipt.jws, kReceiptType, after.sealer->KeySetJson()),
              testing::HasSubstr(R"("signature_marks":["legacy_sha1"])"))
      << "as the lost one said";
  EXPECT_FALSE(again.ack999.empty());
  EXPECT_EQ(again.receipt.accepted_at, lost.accepted_at);
  EXPECT_EQ(**after.store->LoadPayload(lost.gateway_id), bytes);
  EXPECT_EQ(after.Submit(after.Input(bytes)).receipt.jws, again.receipt.jws) << "and keeps it";
  EXPECT_EQ(after.accepted_total(), 1u);
}

TEST(PipelineRetention, EachRejectionIsHandedOnWithoutItsBytes) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  ASSERT_EQ(world.Submit(world.Input(bytes)).kind, Kind::kReceipt);
  EXPECT_TRUE(world.rejections.empty()) << "what is accepted is none";
  const SubmitOutcome outcome = world.Submit(world.Input("<TDiep/>"));
  ASSERT_EQ(outcome.kind, Kind::kRejection);
  ASSERT_EQ(world.rejections.size(), 1u);
  const Rejection& rejection = world.rejections[0];
  EXPECT_EQ(rejection.provider, ProviderId::Trusted("acme"));
  EXPECT_EQ(rejection.at, world.clock->Now());
  ASSERT_FALSE(rejection.findings.empty());
  EXPECT_LE(rejection.findings.size(), 8u);
  for (const std::string& finding : rejection.findings) EXPECT_LE(finding.size(), 280u);
  EXPECT_EQ(rejection.findings[0].rfind(Rules(outcome.findings)[0], 0), 0u);
}

}  // namespace
}  // namespace tvan
