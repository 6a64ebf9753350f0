// Lists of the contract book, page by page.
#include "gateway/admin/contract_mask.h"
#include "tests/unit/admin/contract_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::IsEmpty;

class ContractLists : public ContractDeskTest {
 protected:
  // Ids of all pages; the last page's size is seen too.
  std::vector<std::string> List(const std::string& question, int size = 0) {
    auto request = Read<api::ListContractItemsRequest>(question);
    request.set_page_size(size);
    std::vector<std::string> ids;
    for (pages_ = 0;; ++pages_) {
      api::ListContractItemsResponse response;
      const Status status = desk_->List(request, response);
      EXPECT_TRUE(status.ok()) << status.ToString();
      if (!status.ok() || pages_ > 1000) return ids;
      for (const api::ContractItem& item : response.items()) ids.push_back(NameOf(item)->id);
      last_ = response;
      if (response.next_page_token().empty()) return ids;
      request.set_page_token(response.next_page_token());
    }
  }
  Reason Refused(const std::string& question) {
    api::ListContractItemsResponse response;
    return desk_->List(Read<api::ListContractItemsRequest>(question), response).reason();
  }
  int pages_ = 0;
  api::ListContractItemsResponse last_;
};

class ThreeProviders : public ContractLists {
 protected:
  ThreeProviders() {
    for (const char* provider : {"acme", "acme-2", "beta"}) {
      EXPECT_TRUE(Create(ContractOf(provider)).ok());
      for (const char* mst : {"0101234567", "0101234567-001", "0101234568", "0209999999", "079123456789"})
        EXPECT_TRUE(Create(MandateOf(provider, mst)).ok());
    }
  }
};

TEST_F(ThreeProviders, MandatesAreListedByProviderAndByTheBeginningOfATaxCode) {
  EXPECT_EQ(List("kind: MANDATE").size(), 15u);
  EXPECT_THAT(List("kind: MANDATE provider: 'acme' mst_prefix: '01'"),
              ElementsAre("acme/0101234567", "acme/0101234567-001", "acme/0101234568"));
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '0101234567'"),
              ElementsAre("acme/0101234567", "acme/0101234567-001", "acme-2/0101234567", "acme-2/0101234567-001",
                          "beta/0101234567", "beta/0101234567-001"));
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '0101234567-'"),
              ElementsAre("acme/0101234567-001", "acme-2/0101234567-001", "beta/0101234567-001"));
  EXPECT_THAT(List("kind: MANDATE provider: 'acme-2' mst_prefix: '079123456789'"), ElementsAre("acme-2/079123456789"));
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '020'"),
              ElementsAre("acme/0209999999", "acme-2/0209999999", "beta/0209999999"));
  EXPECT_EQ(List("kind: MANDATE provider: 'acme'").size(), 5u);
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '5'"), IsEmpty());
  EXPECT_THAT(List("kind: MANDATE provider: 'acm'"), IsEmpty());
  EXPECT_THAT(List("kind: PROVIDER_CONTRACT provider: 'acme'"), ElementsAre("acme"));
  EXPECT_THAT(List("kind: PROVIDER_CONTRACT"), ElementsAre("acme", "acme-2", "beta"));
}

TEST_F(ThreeProviders, PagesOfAnySizeHoldTheSame) {
  for (const char* question : {"kind: MANDATE", "kind: MANDATE mst_prefix: '0101234567'",
                               "kind: MANDATE provider: 'acme'", "kind: PROVIDER_CONTRACT"}) {
    const auto all = List(question, 1000);
    for (const int size : {1, 2, 3, 4}) EXPECT_EQ(List(question, size), all) << question << " by " << size;
  }
}

TEST_F(ThreeProviders, APageNamesWhoChangedEachRecordLast) {
  ASSERT_TRUE(Update(MandateOf("beta", "0209999999", On("to", "2027-01-01")), "to", kMinh).ok());
  List("kind: MANDATE provider: 'beta' mst_prefix: '02'");
  ASSERT_EQ(last_.items_size(), 1);
  EXPECT_EQ(last_.items(0).author(), "Minh");
  EXPECT_EQ(last_.items(0).version(), 2u);
  EXPECT_EQ(FromProto(last_.items(0).changed_at()), clock_->Now());
}

TEST_F(ThreeProviders, ATokenHoldsForItsOwnQuestionOnly) {
  api::ListContractItemsResponse response;
  auto request = Read<api::ListContractItemsRequest>("kind: MANDATE page_size: 2");
  ASSERT_TRUE(desk_->List(request, response).ok());
  const std::string token = response.next_page_token();
  ASSERT_NE(token, "");
  request.set_page_token(token);
  request.set_page_size(3);
  EXPECT_TRUE(desk_->List(request, response).ok()) << "the size of pages may change";
  request.set_mst_prefix("01");
  EXPECT_EQ(desk_->List(request, response).reason(), "admin.bad_request"_reason);
  for (const std::string& forged :
       {std::string("x"), token + std::string(200, 'x'), token.substr(0, 16), token.substr(0, 17), token + "\n"}) {
    request = Read<api::ListContractItemsRequest>("kind: MANDATE");
    request.set_page_token(forged);
    EXPECT_EQ(desk_->List(request, response).reason(), "admin.bad_request"_reason) << forged;
  }
}

TEST_F(ThreeProviders, FiltersByStatusAndByTerm) {
  ASSERT_TRUE(
      Update("mandate { provider: 'acme' mst: '0101234567' status: CONTRACT_STATUS_SUSPENDED }", "status").ok());
  ASSERT_TRUE(Update(MandateOf("acme", "0101234568", On("to", "2026-12-01")), "to").ok());
  EXPECT_THAT(List("kind: MANDATE status: CONTRACT_STATUS_SUSPENDED"), ElementsAre("acme/0101234567"));
  EXPECT_EQ(List("kind: MANDATE" + On("holds_at", "2026-11-30")).size(), 14u);
  EXPECT_EQ(List("kind: MANDATE" + On("holds_at", "2026-12-01")).size(), 13u);
  EXPECT_THAT(List("kind: MANDATE" + On("ends_before", "2026-12-02")), ElementsAre("acme/0101234568"));
  EXPECT_THAT(List("kind: MANDATE" + On("ends_before", "2026-12-01")), IsEmpty());
}

TEST_F(ContractLists, TaxpayersAreListedByTheirStatusAndByWhoIsStopped) {
  const auto taxpayer = [](const std::string& mst, const std::string& facts) {
    return "taxpayer { mst: '" + mst + "' " + facts + "}";
  };
  ASSERT_TRUE(
      Create(taxpayer("0101111111", "statuses { code: '00' } statuses { code: '03'" + On("since", "2026-06-01") + "}"))
          .ok());
  ASSERT_TRUE(
      Create(taxpayer("0102222222", "statuses { code: '00' } statuses { code: '03'" + On("since", "2027-06-01") + "}"))
          .ok());
  ASSERT_TRUE(Create(taxpayer("0103333333", "decisions { stop: true" + On("from", "2026-06-01") + "}")).ok());
  ASSERT_TRUE(Create(taxpayer("0104444444", "decisions { stop: true" + On("from", "2026-06-01") + "} decisions {" +
                                                On("from", "2026-07-01") + "}"))
                  .ok());
  ASSERT_TRUE(Create(taxpayer("0105555555", "decisions { stop: true kind: USE" + On("from", "2026-06-01") +
                                                "} decisions { kind: ENFORCEMENT" + On("from", "2026-07-01") + "}"))
                  .ok());
  ASSERT_TRUE(
      Create(taxpayer("0106666666", "decisions { stop: true" + On("from", "2026-06-01") + On("to", "2026-07-01") + "}"))
          .ok());
  EXPECT_THAT(List("kind: TAXPAYER tax_status: '03'"), ElementsAre("0101111111"));
  EXPECT_THAT(List("kind: TAXPAYER tax_status: '00'"), ElementsAre("0102222222"));
  EXPECT_THAT(List("kind: TAXPAYER stopped: true"), ElementsAre("0103333333", "0105555555"));
  EXPECT_THAT(List("kind: TAXPAYER mst_prefix: '0104'"), ElementsAre("0104444444"));
}

TEST_F(ContractLists, AFilterThatSaysNothingOfTheKindIsRefused) {
  for (const char* question :
       {"", "kind: AGREEMENT mst_prefix: '01'", "kind: TAXPAYER provider: 'acme'",
        "kind: TAXPAYER status: CONTRACT_STATUS_ACTIVE", "kind: TAXPAYER holds_at { seconds: 1 }",
        "kind: MANDATE stopped: true", "kind: MANDATE tax_status: '00'", "kind: TAXPAYER tax_status: '0'",
        "kind: MANDATE mst_prefix: 'x'", "kind: MANDATE mst_prefix: '012345678901234'", "kind: MANDATE provider: 'A'",
        "kind: MANDATE page_size: 1001", "kind: MANDATE page_size: -1"})
    EXPECT_EQ(Refused(question), "admin.bad_request"_reason) << question;
}

TEST_F(ContractLists, OneTaxpayersMandatesAreFoundWithoutALookAtAllOthers) {
  std::vector<std::string> rows;
  for (int p = 0; p < 3; ++p) {
    rows.push_back(ContractOf("p" + std::to_string(p)));
    for (int i = 0; i < 8000; ++i) rows.push_back(MandateOf("p" + std::to_string(p), std::to_string(1000000000 + i)));
  }
  for (int i = 0; i < 12000; ++i) rows.push_back("taxpayer { mst: '" + std::to_string(1000000000 + i) + "' }");
  ASSERT_TRUE(Import(rows).ok());
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '1000007777'"),
              ElementsAre("p0/1000007777", "p1/1000007777", "p2/1000007777"));
  EXPECT_EQ(pages_, 0) << "one page";
  EXPECT_THAT(List("kind: MANDATE mst_prefix: '1000007770'"),
              ElementsAre("p0/1000007770", "p1/1000007770", "p2/1000007770"));
  EXPECT_EQ(List("kind: MANDATE provider: 'p0' status: CONTRACT_STATUS_DRAFT").size(), 0u);
  EXPECT_EQ(pages_, 0) << "no look at other providers'";
  EXPECT_THAT(List("kind: TAXPAYER mst_prefix: '100001199'").size(), 10u);
  EXPECT_EQ(pages_, 0) << "no look at those before";
  EXPECT_EQ(List("kind: MANDATE status: CONTRACT_STATUS_DRAFT").size(), 0u);
  EXPECT_EQ(pages_, 2) << "a page ends after ten thousand records";
}

}  // namespace
}  // namespace tvan
