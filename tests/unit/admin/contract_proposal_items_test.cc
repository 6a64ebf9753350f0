// What a proposal would do, item by item, as its approver reads it.
#include "tests/unit/admin/proposal_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Response = api::ListProposalItemsResponse;

class ProposalItems : public TwoToImport {
 protected:
  Response Page(const std::string& id, int32_t size = 0, const std::string& token = "") {
    api::ListProposalItemsRequest request;
    request.set_id(id);
    request.set_page_size(size);
    request.set_page_token(token);
    Response response;
    const Status status = desk_->ProposalItems(request, response);
    reason_ = status.reason().text();
    return response;
  }
  std::vector<std::string> Effects(const std::string& id) {
    std::vector<std::string> effects;
    const auto page = Page(id);
    for (const auto& item : page.items()) effects.push_back(Response::Effect_Name(item.effect()));
    return effects;
  }
  std::vector<std::string> Changes(const std::string& id, int at) {
    const auto page = Page(id);
    return {page.items(at).changes().begin(), page.items(at).changes().end()};
  }
  std::string reason_;
};

TEST_F(ProposalItems, EachSaysWhatItDoesAndTheSummaryCountsWhatEnds) {
  for (const char* mst : {"0101234501", "0101234502", "0101234503", "0101234504"})
    ASSERT_TRUE(Create(MandateOf("acme", mst, On("to", "2027-01-01"))).ok());
  ASSERT_TRUE(
      Update(MandateOf("acme", "0101234504").replace(MandateOf("acme", "0101234504").find("ACTIVE"), 6, "TERMINATED"),
             "status")
          .ok());
  const std::string ended =
      "mandate { provider: 'acme' mst: '0101234503' status: CONTRACT_STATUS_TERMINATED" + On("to", "2027-01-01") + "}";
  ASSERT_TRUE(Import({MandateOf("acme", "0101234500"), MandateOf("acme", "0101234567"),
                      MandateOf("acme", "0101234501", "message_types: 203" + On("to", "2027-01-01")),
                      MandateOf("acme", "0101234502", On("to", "2026-12-01")), ended,
                      MandateOf("acme", "0101234504", On("to", "2027-01-01"))})
                  .ok());
  const std::string id = imported_.proposal();
  EXPECT_THAT(Effects(id), ElementsAre("ADDS", "NOTHING", "CHANGES", "SHORTENS", "ENDS", "BRINGS_BACK"));
  const auto proposal = Proposals()[0];
  EXPECT_EQ(proposal.summary(), "import 1 new, 1 changed, 1 as they are; 1 shortened, 1 ended, 1 brought back");
  EXPECT_EQ(proposal.counts().ShortDebugString(), "adds: 1 changes: 1 nothing: 1 shortens: 1 ends: 1 brings_back: 1");
  EXPECT_THAT(Changes(id, 0), Contains(HasSubstr("mst: - → 0101234500")));
  EXPECT_THAT(Changes(id, 1), IsEmpty());
  EXPECT_THAT(Changes(id, 2), ElementsAre(HasSubstr("message_types: - → 203")));
  EXPECT_THAT(Changes(id, 3), ElementsAre(HasSubstr("to: 2027-01-01")));
  EXPECT_THAT(Changes(id, 4), ElementsAre(HasSubstr("status: ")));
  EXPECT_EQ(Page(id).proposal().id(), id);
  EXPECT_EQ(Page(id).proposal().state(), api::Proposal::OPEN);
  clock_->AdvanceBy(std::chrono::hours(24 * 7));
  EXPECT_EQ(Page(id).proposal().state(), api::Proposal::LAPSED);
  EXPECT_EQ(Page(id).items(3).item().version(), 1u);
  EXPECT_EQ(Page(id).items(3).version_now(), 1u);
  EXPECT_EQ(Page(id).items(0).version_now(), 0u);
}

TEST_F(ProposalItems, ComeInPagesOfTheirQuestion) {
  std::vector<std::string> rows;
  for (int i = 0; i < 1200; ++i) rows.push_back(MandateOf("acme", std::to_string(1000000000 + i)));
  ASSERT_TRUE(Import(rows).ok());
  const std::string id = imported_.proposal();
  std::vector<std::string> seen;
  std::vector<int> sizes;
  std::string token;
  do {
    const auto page = Page(id, 450, token);
    ASSERT_EQ(reason_, "");
    for (const auto& item : page.items()) seen.push_back(item.item().mandate().mst());
    sizes.push_back(page.items_size());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(sizes, ElementsAre(450, 450, 300));
  ASSERT_EQ(seen.size(), 1200u);
  for (int i = 0; i < 1200; ++i) EXPECT_EQ(seen[static_cast<size_t>(i)], std::to_string(1000000000 + i));
  EXPECT_EQ(Page(id).items_size(), 100);
  const std::string next = Page(id, 450).next_page_token();
  ASSERT_TRUE(Import({MandateOf("acme", "0101234500")}).ok());
  EXPECT_EQ(Page(imported_.proposal(), 450, next).items_size(), 0);
  EXPECT_EQ(reason_, "admin.bad_request") << "a token of another question";
  static_cast<void>(Page(id, 1001));
  EXPECT_EQ(reason_, "admin.bad_request");
  static_cast<void>(Page("p999999"));
  EXPECT_EQ(reason_, "admin.not_found");
}

TEST_F(ProposalItems, APageEndsBeforeItIsTooLarge) {
  std::string contacts;
  for (int i = 0; i < 16; ++i)
    contacts += " contacts { role: 'r" + std::to_string(i) + "' name: '" + std::string(200, 'n') + "' email: '" +
                std::string(200, 'e') + "' phone: '" + std::string(200, 'p') + "' }";
  std::vector<std::string> rows;
  for (int i = 0; i < 100; ++i) rows.push_back(ContractOf("p" + std::to_string(i), contacts));
  ASSERT_TRUE(Import(rows).ok());
  ASSERT_NE(imported_.proposal(), "") << imported_.ShortDebugString();
  int seen = 0, pages = 0;
  std::string token;
  do {
    const auto page = Page(imported_.proposal(), 100, token);
    EXPECT_LT(page.ByteSizeLong(), 2u << 20);
    seen += page.items_size();
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(seen, 100);
  EXPECT_GT(pages, 1);
}

TEST_F(ProposalItems, FactsOfATaxpayerAreShownAsAdded) {
  const std::string known =
      " statuses { code: '00' source: 'V1'" + On("since", "2026-01-01") + On("known_at", "2026-01-02") + "}";
  ASSERT_TRUE(Create("taxpayer { mst: '0101234567'" + known + "}").ok());
  ASSERT_TRUE(Import({"taxpayer { mst: '0101234567' statuses { code: '03'" + On("since", "2026-11-01") + "} }"}).ok());
  const auto changes = Changes(imported_.proposal(), 0);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_THAT(changes[0], HasSubstr("03"));
  EXPECT_THAT(changes[0], testing::Not(HasSubstr("V1"))) << "what is known stays";
  ASSERT_TRUE(Import({"taxpayer { mst: '0101234567'" + known + "}", MandateOf("acme", "0101234500")}).ok());
  EXPECT_THAT(Effects(imported_.proposal()), ElementsAre("NOTHING", "ADDS"));
}

TEST_F(ProposalItems, WhatChangedSinceIsSeenAndItsApprovalDoesNothing) {
  ASSERT_TRUE(Import({MandateOf("acme", "0101234567", "message_types: 203"), MandateOf("acme", "0101234568"),
                      MandateOf("acme", "0101234569")})
                  .ok());
  const std::string id = imported_.proposal();
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", "message_types: 300"), "message_types").ok());
  ASSERT_TRUE(Create(MandateOf("acme", "0101234568", "message_types: 300")).ok());
  const auto page = Page(id);
  EXPECT_EQ(page.items(0).item().version(), 1u);
  EXPECT_EQ(page.items(0).version_now(), 2u);
  EXPECT_THAT(Changes(id, 0), ElementsAre(HasSubstr("- → 203"))) << "against what it was made from";
  EXPECT_EQ(page.items(1).version_now(), 1u);
  EXPECT_EQ(page.items(2).version_now(), 0u);
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::FAILED);
  EXPECT_THAT(decided_.decision_reason(), HasSubstr("store.conflict"));
  EXPECT_THAT(decided_.decision_reason(), HasSubstr("mandate/acme/0101234567 is at version 2, not 1 (and 1 more)"));
  EXPECT_FALSE(contracts_->snapshot()->Get(ContractKind::kMandate, "acme/0101234569"));
  EXPECT_EQ(Page(id).proposal().state(), api::Proposal::FAILED) << "it can be read afterwards";
}

class ProposalItemsOfOne : public TwoToEnd {};

TEST_F(ProposalItemsOfOne, SayWhatASingleChangeEnds) {
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  ASSERT_TRUE(Update(ContractOf("acme", On("to", "2026-12-31")), "to").ok());
  const auto proposals = Proposals();
  ASSERT_EQ(proposals.size(), 2u);
  EXPECT_EQ(proposals[0].summary(), "shorten provider_contract acme");
  EXPECT_EQ(proposals[0].counts().shortens(), 1u);
  EXPECT_EQ(proposals[1].summary(), "delete mandate acme/0101234567");
  EXPECT_EQ(proposals[1].counts().ends(), 1u);
  api::ListProposalItemsRequest request;
  request.set_id(proposals[1].id());
  Response response;
  ASSERT_TRUE(desk_->ProposalItems(request, response).ok());
  ASSERT_EQ(response.items_size(), 1);
  EXPECT_EQ(response.items(0).effect(), Response::ENDS);
  EXPECT_TRUE(response.items(0).item().deleted());
  EXPECT_THAT(std::vector<std::string>(response.items(0).changes().begin(), response.items(0).changes().end()),
              ElementsAre("deleted"));
}

}  // namespace
}  // namespace tvan
