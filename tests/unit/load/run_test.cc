// A run against a gateway that does what the test says: does every message count once, and under the right name?
#include "ops/load/run.h"

#include "ops/load/lane.h"
#include "proto/rpc_details.h"
#include "tests/unit/load/load_world.h"

namespace tvan::load {
namespace {

using Mode = RunOptions::Mode;

class RunTest : public testing::TestWithParam<Mode> {
 protected:
  RunReport Run(PretendedGateway::Behaviour behave) {
    const PretendedGateway gateway(sandbox_, std::move(behave));
    const KeyAndCertificate own = sandbox_.Issue(PkiUse::kClient);
    options_.mode = GetParam();
    options_.endpoint = gateway.endpoint();
    options_.ca_pem = sandbox_.ca_pem();
    options_.certificate_pem = own.certificate_pem;
    options_.key_pem = own.key_pem;
    options_.connections = 2;
    options_.in_flight = 5;
    const auto report = RunLoad(options_, *corpus_, sandbox_.clock());
    EXPECT_TRUE(report.ok()) << report.status().ToString();
    return report.ok() ? *report : RunReport();
  }
  std::string Problems(const RunReport& report) const {
    std::string all;
    for (const std::string& problem : report.Problems(options_)) all += (all.empty() ? "" : "; ") + problem;
    return all;
  }
  static v1::SubmitMessageResponse Refusal(const v1::SubmitMessageRequest& request, grpc::StatusCode code,
                                           uint32_t retry_after_ms) {
    v1::SubmitMessageResponse answer;
    answer.set_request_id(request.request_id());
    answer.mutable_error()->set_code(code);
    answer.mutable_error()->set_reason("intake.overloaded");
    answer.mutable_error()->set_retry_after_ms(retry_after_ms);
    return answer;
  }

  LoadSandbox sandbox_;
  std::unique_ptr<Corpus> corpus_ = (sandbox_.Make(40), sandbox_.Open());
  RunOptions options_;
};
INSTANTIATE_TEST_SUITE_P(Modes, RunTest, testing::Values(Mode::kStream, Mode::kUnary),
                         [](const auto& info) { return info.param == Mode::kStream ? "Stream" : "Unary"; });

// What can go wrong on a stream only: a call has one end and one answer.
class StreamRunTest : public RunTest {};
INSTANTIATE_TEST_SUITE_P(Modes, StreamRunTest, testing::Values(Mode::kStream), [](const auto&) { return "Stream"; });

std::optional<v1::SubmitMessageResponse> Honest(const v1::SubmitMessageRequest& request, int) {
  return PretendedGateway::ReceiptOf(request);
}

TEST_P(RunTest, SendsEachMessageOnceAndCountsItsReceipt) {
  options_.count = 30;
  options_.skip = 10;
  options_.warmup = 5;
  std::map<std::string, int> seen;
  const RunReport report = Run([&](const v1::SubmitMessageRequest& request, int) {
    ++seen[request.document().tdiep()];
    return PretendedGateway::ReceiptOf(request);
  });
  EXPECT_EQ(Problems(report), "");
  EXPECT_EQ(report.tally.counts.offered, 30u);
  EXPECT_EQ(report.tally.counts.accepted, 30u);
  EXPECT_EQ(report.tally.DistinctGatewayIds(), 30u);
  EXPECT_EQ(report.tally.latency().count(), 25u);
  EXPECT_EQ(report.tally.receipts_in_window(), 25u);
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_FALSE(seen.contains(std::string(corpus_->At(9).bytes))) << "passed over";
  EXPECT_TRUE(seen.contains(std::string(corpus_->At(39).bytes)));
}

TEST_P(RunTest, AnOpenLoopSendsItsScheduleToTheEnd) {
  options_.count = 20;
  options_.schedule = {2000, Arrivals::kPoisson, 3};
  const RunReport report = Run(Honest);
  EXPECT_EQ(Problems(report), "");
  EXPECT_EQ(report.tally.counts.accepted, 20u);
  EXPECT_EQ(report.tally.latency().count(), 20u);
}

TEST_P(RunTest, TriesAgainAfterOverloadAndCountsItApart) {
  options_.count = 20;
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int which) {
    return which <= 2 ? Refusal(request, grpc::StatusCode::RESOURCE_EXHAUSTED, 1)
                      : PretendedGateway::ReceiptOf(request);
  });
  EXPECT_EQ(Problems(report), "");
  EXPECT_EQ(report.tally.counts.accepted, 20u);
  EXPECT_EQ(report.tally.counts.backpressure, 40u);
  EXPECT_EQ(report.tally.counts.offered, 20u) << "a repeat is no new message";
}

TEST_P(RunTest, AFailureThatIsNoOverloadIsNotTriedAgain) {
  options_.count = 20;
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    return request.request_id() == "7" ? Refusal(request, grpc::StatusCode::INTERNAL, 0)
                                       : PretendedGateway::ReceiptOf(request);
  });
  EXPECT_EQ(Problems(report), "1 failed");
  EXPECT_EQ(report.tally.counts.accepted, 19u);
}

TEST_P(RunTest, SeesRejectionsAndReceiptsOfOtherMessages) {
  options_.count = 20;
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    auto answer = PretendedGateway::ReceiptOf(request);
    if (request.request_id() == "3") answer.mutable_receipt()->set_provider_mtdiep("another");
    if (request.request_id() == "4") answer.mutable_rejection()->add_findings()->set_rule_id("contract.no_mandate");
    return answer;
  });
  EXPECT_EQ(Problems(report), "1 rejected; 1 wrong receipts");
  EXPECT_EQ(report.tally.complaints().count("rejected: contract.no_mandate"), 1u);
}

TEST_P(RunTest, SeesTwoReceiptsUnderOneMTDiepAndReceiptsOfAnEarlierRun) {
  options_.count = 20;
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    auto answer = PretendedGateway::ReceiptOf(request);
    if (request.request_id() == "3" || request.request_id() == "4") answer.mutable_receipt()->set_gateway_mtdiep("V1");
    answer.set_already_accepted(request.request_id() == "5");
    return answer;
  });
  EXPECT_EQ(Problems(report), "1 accepted by an earlier run: the store is not fresh; two receipts name one MTDiep");
}

TEST_P(StreamRunTest, AnAnswerThatNeverComesIsMissing) {
  options_.count = 20;
  options_.patience = std::chrono::milliseconds(300);
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    auto answer = PretendedGateway::ReceiptOf(request);
    if (request.request_id() == "6") answer.clear_request_id();  // not written
    return answer;
  });
  EXPECT_EQ(Problems(report), "1 without an answer");
  EXPECT_EQ(report.tally.counts.accepted, 19u);
}

TEST_P(StreamRunTest, AnAnswerToNothingIsStray) {
  options_.count = 20;
  options_.patience = std::chrono::milliseconds(300);
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    auto answer = PretendedGateway::ReceiptOf(request);
    if (request.request_id() == "6") answer.set_request_id("600");
    return answer;
  });
  EXPECT_EQ(Problems(report), "1 without an answer; 1 answers to nothing");
}

TEST_P(StreamRunTest, ABrokenConnectionEndsTheRunAndWhatWasOnItsWayIsMissing) {
  options_.count = 40;
  const RunReport report = Run([](const v1::SubmitMessageRequest& request, int) {
    return request.request_id() == "11" ? std::nullopt : std::optional(PretendedGateway::ReceiptOf(request));
  });
  EXPECT_GE(report.tally.counts.missing(), 1u);
  EXPECT_EQ(report.tally.complaints().count("connection ended: 13 as the test says"), 1u);
}

TEST_P(RunTest, RefusesOptionsThatDoNotFit) {
  const auto refused = [&] {
    return RunLoad(options_, *corpus_, sandbox_.clock()).status().reason() == "load.run"_reason;
  };
  EXPECT_TRUE(refused()) << "neither count nor duration";
  options_.count = 10;
  options_.skip = 40;
  EXPECT_TRUE(refused()) << "nothing left";
  options_.skip = 0;
  options_.warmup = 10;
  EXPECT_TRUE(refused()) << "nothing measured";
}

TEST(TroubleOf, ReadsReasonAndRetryInfoOfAFailedCall) {
  RpcDetails details;
  details.code = grpc::StatusCode::UNAVAILABLE;
  details.reason = "store.full";
  details.retry_after_ms = 1500;
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "no room", EncodeRpcDetails(details));
  const Trouble trouble = TroubleOf(status);
  EXPECT_EQ(trouble.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(trouble.reason, "store.full");
  EXPECT_EQ(trouble.retry_after, std::chrono::milliseconds(1500));
  EXPECT_TRUE(trouble.overload());
}

TEST(TroubleOf, WithoutRetryInfoOnlyAFullGatewayIsTriedAgain) {
  EXPECT_TRUE(TroubleOf({grpc::StatusCode::RESOURCE_EXHAUSTED, "full"}).overload());
  EXPECT_FALSE(TroubleOf({grpc::StatusCode::UNAVAILABLE, "gone"}).overload());
  EXPECT_EQ(TroubleOf({grpc::StatusCode::UNAVAILABLE, "gone"}).reason, "gone");
}

}  // namespace
}  // namespace tvan::load
