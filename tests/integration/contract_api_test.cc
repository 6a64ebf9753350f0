// ContractService over real TLS: what two operators do with contracts, and what a provider meets of it at once.
#include <gmock/gmock.h>

#include "gateway/admin/contract_desk.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/integration/api_world.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::HasSubstr;

constexpr const char* kMst = "0101234567";

class ContractApi : public testing::Test {
 protected:
  ContractApi() {
    const Time now{world_.clock->Now().us / 1'000'000 * 1'000'000};
    world_.Issue("approver", PkiUse::kClient, {now - std::chrono::hours(1), now + std::chrono::hours(1)});
    world_.yaml += "contracts: {two_persons: [terminate, import]}\n";
    EXPECT_TRUE(world_.Start().ok());
    Connect();
  }
  void Connect() {
    lan_ = api::ContractService::NewStub(world_.Channel("operator", world_.gateway->admin_port()));
    minh_ = api::ContractService::NewStub(world_.Channel("approver", world_.gateway->admin_port()));
  }
  api::ProviderContract Contract() const {
    api::ProviderContract contract;
    contract.set_provider("acme");
    contract.set_status(api::CONTRACT_STATUS_ACTIVE);
    contract.add_tax_codes("0109999999");
    contract.add_certificates(Take(CertificateSha256(world_.ReadText("acme.pem"))));
    return contract;
  }
  // A contract and so many mandates, in requests of a thousand rows; the first taxpayer is the sample's.
  std::vector<api::ImportContractsRequest> File(int mandates) const {
    std::vector<api::ImportContractsRequest> file(1);
    file[0].mutable_options()->set_reason("migration");
    file[0].mutable_options()->set_rows(static_cast<uint32_t>(1 + mandates));
    file.emplace_back();
    *file.back().mutable_rows()->add_rows()->mutable_item()->mutable_provider_contract() = Contract();
    for (int i = 0; i < mandates; ++i) {
      if (file.back().rows().rows_size() == 1000) file.emplace_back();
      auto& mandate = *file.back().mutable_rows()->add_rows()->mutable_item()->mutable_mandate();
      mandate.set_provider("acme");
      mandate.set_mst(i == 0 ? kMst : std::to_string(1'000'000'000 + i));
      mandate.set_status(api::CONTRACT_STATUS_ACTIVE);
    }
    return file;
  }
  grpc::Status Import(const std::vector<api::ImportContractsRequest>& file, api::ImportContractsResponse& response) {
    grpc::ClientContext context;
    const auto writer = lan_->ImportContracts(&context, &response);
    for (const auto& request : file)
      if (!writer->Write(request)) break;
    writer->WritesDone();
    return writer->Finish();
  }
  grpc::Status Approve(api::ContractService::Stub& by, const std::string& id, api::Proposal& proposal) {
    api::ApproveProposalRequest request;
    request.set_id(id);
    request.set_reason("checked");
    grpc::ClientContext context;
    return by.ApproveProposal(&context, request, &proposal);
  }
  uint64_t Exported() {
    grpc::ClientContext context;
    const auto reader = lan_->ExportContracts(&context, {});
    uint64_t items = 0;
    for (api::ContractItem item; reader->Read(&item);) ++items;
    EXPECT_TRUE(reader->Finish().ok());
    return items;
  }
  v1::SubmitMessageResponse Submit(int number) {
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(world_.Message(number));
    v1::SubmitMessageResponse response;
    grpc::ClientContext context;
    status_ = world_.Relay("acme")->SubmitMessage(&context, request, &response);
    return response;
  }
  // Of the ErrorInfo in the status' details.
  static std::string FactOf(const grpc::Status& status, const std::string& name) {
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    if (!details.ParseFromString(status.error_details())) return "";
    for (const auto& detail : details.details())
      if (detail.UnpackTo(&info)) return info.metadata().count(name) ? info.metadata().at(name) : "";
    return "";
  }

  // Seconds of the RetryInfo; 0: there is none.
  static int64_t RetryAfter(const grpc::Status& status) {
    google::rpc::Status details;
    google::rpc::RetryInfo retry;
    if (!details.ParseFromString(status.error_details())) return 0;
    for (const auto& detail : details.details())
      if (detail.UnpackTo(&retry)) return retry.retry_delay().seconds();
    return 0;
  }

  ApiWorld world_;
  std::unique_ptr<api::ContractService::Stub> lan_, minh_;
  grpc::Status status_;
};

TEST_F(ContractApi, ABookIsImportedByTwoServesAProviderAndIsEndedByTwo) {
  api::ImportContractsResponse imported;
  ASSERT_TRUE(Import(File(2500), imported).ok());
  EXPECT_FALSE(imported.entered());
  EXPECT_EQ(imported.created(), 2501u);
  Submit(1);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::UNAUTHENTICATED) << "nothing is entered yet";
  api::Proposal proposal;
  EXPECT_EQ(ReasonOf(Approve(*lan_, imported.proposal(), proposal)), "admin.own_proposal");
  const grpc::Status approved = Approve(*minh_, imported.proposal(), proposal);
  ASSERT_TRUE(approved.ok()) << approved.error_message();
  EXPECT_EQ(proposal.state(), api::Proposal::APPROVED) << proposal.ShortDebugString();
  EXPECT_EQ(Exported(), 2501u);

  const auto receipt = Submit(1).receipt();
  ASSERT_NE(receipt.gateway_mtdiep(), "") << status_.error_message();
  api::ExplainContractRequest question;
  question.set_gateway_mtdiep(receipt.gateway_mtdiep());
  api::ExplainContractResponse explained;
  grpc::ClientContext explaining, putting;
  ASSERT_TRUE(lan_->ExplainContract(&explaining, question, &explained).ok());
  EXPECT_EQ(explained.kept_versions(), std::string("provider_contract/acme@1,mandate/acme/") + kMst + "@1");
  EXPECT_EQ(explained.intake().kind(), api::ContractVerdict::ALLOW);

  api::PutProviderContractRequest end;
  *end.mutable_contract() = Contract();
  end.mutable_contract()->set_status(api::CONTRACT_STATUS_TERMINATED);
  end.set_reason("the contract ended");
  api::PutProviderContractResponse put;
  const grpc::Status waits = world_.Admin()->PutProviderContract(&putting, end, &put);
  EXPECT_EQ(waits.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(waits), "admin.needs_approval");
  EXPECT_TRUE(Submit(2).has_receipt());
  ASSERT_TRUE(Approve(*minh_, FactOf(waits, "proposal"), proposal).ok());
  EXPECT_EQ(proposal.state(), api::Proposal::APPROVED) << proposal.ShortDebugString();
  const auto rejection = Submit(3).rejection();
  ASSERT_GT(rejection.findings_size(), 0);
  EXPECT_EQ(rejection.findings(0).rule_id(), "contract.provider_terminated");

  world_.Stop();
  ASSERT_TRUE(world_.Start().ok());
  Connect();
  EXPECT_EQ(Exported(), 2501u) << "after a restart";
}

TEST_F(ContractApi, OfAnImportWhoseClientGoesNothingIsEntered) {
  auto file = File(2500);
  file[0].mutable_options()->set_rows(0);  // not said
  api::ImportContractsResponse imported;
  {
    grpc::ClientContext context;
    const auto writer = lan_->ImportContracts(&context, &imported);
    for (size_t i = 0; i + 1 < file.size(); ++i) ASSERT_TRUE(writer->Write(file[i]));
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  grpc::ClientContext listing;
  api::ListProposalsResponse proposals;
  api::ListProposalsRequest all;
  all.set_all(true);
  grpc::Status next = Import(file, imported);
  while (ReasonOf(next) == "admin.busy") next = Import(file, imported);  // until the one before has ended
  ASSERT_TRUE(next.ok()) << next.error_message();
  ASSERT_TRUE(lan_->ListProposals(&listing, all, &proposals).ok());
  EXPECT_EQ(proposals.proposals_size(), 1) << "of the import that came whole";
  EXPECT_EQ(proposals.proposals(0).items(), 2501u);
}

// A reader that rests, as a person before a screenful does, keeps its own place and no other's.
TEST_F(ContractApi, ExportsThatNobodyReadsLeaveTheOthersABusyAnswerAndEndWithTheirCaller) {
  api::ImportContractsResponse imported;
  ASSERT_TRUE(Import(File(20'000), imported).ok());
  api::Proposal proposal;
  ASSERT_TRUE(Approve(*minh_, imported.proposal(), proposal).ok());
  struct Resting {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<api::ContractItem>> reader;
  };
  std::vector<std::unique_ptr<Resting>> resting;
  api::ContractItem item;
  for (int i = 0; i < ContractDesk::kMostExports; ++i) {
    resting.push_back(std::make_unique<Resting>());
    resting.back()->reader = lan_->ExportContracts(&resting.back()->context, {});
    ASSERT_TRUE(resting.back()->reader->Read(&item)) << i;
  }
  const auto export_one = [&] {
    grpc::ClientContext context;
    const auto reader = minh_->ExportContracts(&context, {});
    while (reader->Read(&item)) continue;
    return reader->Finish();
  };
  const grpc::Status busy = export_one();
  EXPECT_EQ(busy.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(busy), "admin.busy");
  EXPECT_GT(RetryAfter(busy), 0);
  resting.back()->context.TryCancel();
  grpc::Status next = export_one();
  while (ReasonOf(next) == "admin.busy") next = export_one();  // until the one before has ended
  EXPECT_TRUE(next.ok()) << next.error_message();
  for (const auto& one : resting) {
    one->context.TryCancel();
    one->reader->Finish();
  }
}

TEST_F(ContractApi, AFieldOfTenMillionCharactersIsAClearError) {
  api::CreateContractItemRequest request;
  request.set_reason("x");
  *request.mutable_item()->mutable_provider_contract() = Contract();
  request.mutable_item()->mutable_provider_contract()->set_name(std::string(10'000'000, 'x'));
  api::ContractChange change;
  grpc::ClientContext too_long, still_long, good;
  EXPECT_EQ(lan_->CreateContractItem(&too_long, request, &change).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  request.mutable_item()->mutable_provider_contract()->set_name(std::string(3'000'000, 'x'));
  const grpc::Status refused = lan_->CreateContractItem(&still_long, request, &change);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(refused), "contract.invalid");
  EXPECT_LT(refused.error_message().size(), 500u);
  EXPECT_EQ(Exported(), 0u);
  request.mutable_item()->mutable_provider_contract()->set_name("Acme");
  EXPECT_TRUE(lan_->CreateContractItem(&good, request, &change).ok());
}

}  // namespace
}  // namespace tvan
