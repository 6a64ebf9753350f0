// tvanctl mandate add: of several taxpayers some may be entered and others not, and it says which.
#include "tests/unit/ctl/ctl_run.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace api = admin::v1;

// Takes mandates until one that it answers otherwise.
class Mandates : public api::AdminService::Service {
 public:
  std::string stops_at;
  grpc::StatusCode code = grpc::StatusCode::FAILED_PRECONDITION;
  grpc::Status PutMandate(grpc::ServerContext*, const api::PutMandateRequest* request,
                          api::PutMandateResponse* response) override {
    if (request->mandate().mst() == stops_at) return {code, "contract.invalid: asked for"};
    *response->mutable_mandate() = request->mandate();
    response->mutable_mandate()->set_version(1);
    return {};
  }
};

class MandateCommands : public testing::Test {
 protected:
  int Add(const std::string& taxpayers, bool json = false) {
    return run({"mandate", "add", "acme", "--mst", taxpayers, "--from", "2026-01-01", "--reason", "signed"}, json);
  }
  Mandates mandates_;
  CtlRun run{AddMandateCommands, {&mandates_}};
};

TEST_F(MandateCommands, AllAreEntered) {
  EXPECT_EQ(Add("0101234567,0101234568"), kOk) << run.error;
  EXPECT_THAT(run.out, AllOf(HasSubstr("0101234567"), HasSubstr("0101234568")));
  EXPECT_THAT(run.error, IsEmpty());
}

TEST_F(MandateCommands, BehindOneThatFailsItSaysWhichAreIn) {
  mandates_.stops_at = "0101234568";
  EXPECT_EQ(Add("0101234567,0101234568,0101234569"), kPartly);
  EXPECT_THAT(run.out, AllOf(HasSubstr("0101234567"), Not(HasSubstr("0101234568"))));
  EXPECT_THAT(run.error, AllOf(HasSubstr("contract.invalid"), HasSubstr("\nentered: 0101234567\n"),
                               HasSubstr("\nnot entered: 0101234568, 0101234569\n"), Not(HasSubstr("not known"))));
  run.lang = "vi";
  EXPECT_EQ(Add("0101234567,0101234568"), kPartly);
  EXPECT_THAT(run.error, HasSubstr("đã nhập: 0101234567\nchưa nhập: 0101234568\n"));
  EXPECT_EQ(Add("0101234567,0101234568", true), kPartly) << "machines too";
  EXPECT_THAT(run.out, HasSubstr("\"mst\":\"0101234567\""));
}

TEST_F(MandateCommands, OfOneThatTheGatewayDidNotAnswerNothingIsKnown) {
  mandates_.stops_at = "0101234568";
  mandates_.code = grpc::StatusCode::UNAVAILABLE;
  EXPECT_EQ(Add("0101234568,0101234569"), kPartly);
  EXPECT_THAT(run.error, AllOf(HasSubstr("not known: 0101234568\nnot entered: 0101234569\n")));
}

TEST_F(MandateCommands, NoneIsNotAPart) {
  mandates_.stops_at = "0101234567";
  EXPECT_EQ(Add("0101234567,0101234568"), kNegative);
  EXPECT_THAT(run.error, HasSubstr("not entered: 0101234567, 0101234568\n"));
  EXPECT_EQ(Add("0101234567"), kNegative);
  EXPECT_THAT(run.error, Not(HasSubstr("entered:"))) << "one alone";
}

}  // namespace
}  // namespace tvan::ctl
