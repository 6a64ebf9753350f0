#include "gateway/intake/queries.h"

#include "gateway/intake/convert.h"
#include "gateway/intake/failure.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");

class QueriesTest : public testing::Test {
 protected:
  QueriesTest() {
    outcome_ = world_.Submit(world_.Input(bytes_));
    EXPECT_EQ(outcome_.kind, SubmitOutcome::Kind::kReceipt);
  }
  v1::GetMessageResponse Get(const ProviderId& provider, const v1::GetMessageRequest& request) {
    auto response = world_.queries->Get(provider, request);
    EXPECT_TRUE(response.ok()) << response.status().ToString();
    return *response;
  }
  std::vector<v1::GetMessageRequest> AllKeys() {
    std::vector<v1::GetMessageRequest> requests(4);
    requests[0].set_provider_mtdiep(outcome_.receipt.provider_mtdiep);
    requests[1].set_gateway_mtdiep(outcome_.receipt.gateway_id.value());
    auto& invoice = *requests[2].mutable_invoice();
    invoice.set_mst("0101234567");
    invoice.set_khmshdon("1");
    invoice.set_khhdon("K26TAA");
    invoice.set_shdon("1");
    requests[3].set_sha256(outcome_.receipt.digest.Hex());
    return requests;
  }
  IntakeWorld world_;
  const std::string bytes_ = world_.SignedBytes(Spec203(1));
  SubmitOutcome outcome_;
};

TEST_F(QueriesTest, FindsAMessageByEveryKeyWithItsLogAndReceipt) {
  for (const auto& request : AllKeys()) {
    const auto response = Get(kAcme, request);
    ASSERT_EQ(response.seen(), v1::GetMessageResponse::SEEN) << request.ShortDebugString();
    EXPECT_EQ(response.message().state(), v1::MESSAGE_STATE_QUEUED);
    EXPECT_EQ(response.message().receipt().jws(), outcome_.receipt.jws);
    ASSERT_EQ(response.message().events_size(), 1);
    EXPECT_EQ(response.message().events(0).kind(), "accepted");
  }
}

TEST_F(QueriesTest, AForeignMessageIsNotSeenByAnyKey) {
  for (const auto& request : AllKeys()) {
    const auto response = Get(kBeta, request);
    EXPECT_EQ(response.seen(), v1::GetMessageResponse::NOT_SEEN) << request.ShortDebugString();
    EXPECT_FALSE(response.has_message());
    EXPECT_NE(response.as_of().find(':'), std::string::npos);
  }
}

TEST_F(QueriesTest, ShowsWhichNamedInvoiceAMessageWaitsFor) {
  v1::GetMessageRequest request;
  for (const int named : {1, 2}) {  // 1 is filed by the first message, 2 by none of ours
    const auto notice = world_.Submit(world_.Input(world_.SignedBytes(Spec300(1, named))));
    ASSERT_EQ(notice.kind, SubmitOutcome::Kind::kReceipt);
    request.set_gateway_mtdiep(notice.receipt.gateway_id.value());
    const v1::Message message = Get(kAcme, request).message();
    EXPECT_EQ(message.has_waits_for(), named == 1);
    if (named == 1) EXPECT_EQ(message.waits_for().shdon(), "1");
  }
}

TEST_F(QueriesTest, AMessageBehindARegistrationNamesItsTaxpayerAlone) {
  const auto registration = world_.Submit(world_.Input(world_.SignedBytes(SpecOfTaxpayer(100))));
  ASSERT_EQ(registration.kind, SubmitOutcome::Kind::kReceipt);
  const auto later = world_.Submit(world_.Input(world_.SignedBytes(Spec203(1, 50))));
  ASSERT_EQ(later.kind, SubmitOutcome::Kind::kReceipt);
  v1::GetMessageRequest request;
  request.set_gateway_mtdiep(registration.receipt.gateway_id.value());
  EXPECT_FALSE(Get(kAcme, request).message().has_waits_for());
  request.set_gateway_mtdiep(later.receipt.gateway_id.value());
  const v1::Message message = Get(kAcme, request).message();
  EXPECT_EQ(message.waits_for().mst(), "0101234567");
  EXPECT_EQ(message.waits_for().shdon(), "");
  MessageSpec change = SpecOfTaxpayer(101);
  change.number = 77;
  ASSERT_EQ(world_.Submit(world_.Input(world_.SignedBytes(change))).kind, SubmitOutcome::Kind::kReceipt);
  EXPECT_TRUE(Get(kAcme, request).message().has_waits_for()) << "a later registration hides no earlier one";
}

TEST_F(QueriesTest, TheDetailsOfOurOwnEventsAreForOperatorsOnly) {
  MessageView view;
  view.events = {{.kind = EventKind::kInDoubt, .reason = "line.cut", .detail = "10.0.0.7:443 CN=tct"},
                 {.kind = EventKind::kResolved, .reason = "dispatch.given_up", .detail = "by Lan"},
                 {.kind = EventKind::kAnswer, .detail = "204 MLoi 1001", .answer_id = "a"}};
  v1::Message provider, person;
  ToProto(view, Reader::kProvider, provider);
  ToProto(view, Reader::kOperator, person);
  ASSERT_EQ(provider.events_size(), 3);
  EXPECT_EQ(provider.events(0).detail(), "");
  EXPECT_EQ(provider.events(0).reason(), "line.cut");
  EXPECT_EQ(provider.events(1).detail(), "");
  EXPECT_EQ(provider.events(2).detail(), "204 MLoi 1001");
  EXPECT_EQ(person.events(0).detail(), "10.0.0.7:443 CN=tct");
  EXPECT_EQ(person.events(1).detail(), "by Lan");
}

TEST_F(QueriesTest, AStoreThatCannotBeReadIsAnErrorAndNotNotSeen) {
  world_.store->SetReads(MemoryStore::Reads::kFail);
  for (const v1::GetMessageRequest& request : AllKeys()) {
    const auto response = world_.queries->Get(kAcme, request);
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(DetailsOf(response.status(), {}, "").code, static_cast<int>(RpcCode::kUnavailable));
  }
  EXPECT_FALSE(world_.queries->List(kAcme, v1::ListMessagesRequest()).ok());
  EXPECT_EQ(world_.Submit(world_.Input(bytes_)).kind, SubmitOutcome::Kind::kFailure);
  world_.store->SetReads(MemoryStore::Reads::kGood);
  EXPECT_EQ(world_.Submit(world_.Input(bytes_)).already_accepted, true);
}

TEST_F(QueriesTest, RefusesAKeyThatIsNone) {
  v1::GetMessageRequest request;
  EXPECT_FALSE(world_.queries->Get(kAcme, request).ok());
  request.set_sha256("12");
  EXPECT_FALSE(world_.queries->Get(kAcme, request).ok());
}

TEST_F(QueriesTest, ListsOwnMessagesByPage) {
  for (int i = 2; i <= 3; ++i) {
    MessageSpec spec = Spec203(1, i);
    spec.number = i;
    ASSERT_EQ(world_.Submit(world_.Signed(spec)).kind, SubmitOutcome::Kind::kReceipt);
  }
  v1::ListMessagesRequest request;
  request.set_page_size(2);
  const auto first = world_.queries->List(kAcme, request);
  ASSERT_EQ(first->messages_size(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = world_.queries->List(kAcme, request);
  ASSERT_EQ(second->messages_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_EQ(world_.queries->List(kBeta, v1::ListMessagesRequest())->messages_size(), 0);
  request.set_page_size(1001);
  EXPECT_FALSE(world_.queries->List(kAcme, request).ok());
  request.set_page_size(1000);
  EXPECT_TRUE(world_.queries->List(kAcme, request).ok());
  request.set_page_token("x1");
  EXPECT_FALSE(world_.queries->List(kAcme, request).ok());
}

}  // namespace
}  // namespace tvan
