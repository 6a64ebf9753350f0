#include "adapters/signature.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

TEST_F(DeskTest, PutsAContractThatCountsAtOnceAndHasAnAuthor) {
  admin::v1::PutProviderContractResponse put;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, put).ok());
  EXPECT_EQ(put.contract().version(), 1u);
  EXPECT_NE(contracts_->snapshot()->FindByCertificate(std::string(64, 'a')), nullptr);
  admin::v1::ListProviderContractsResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListProviderContractsRequest(), list).ok());
  ASSERT_EQ(list.contracts_size(), 1);
  EXPECT_EQ(list.contracts(0).SerializeAsString(), put.contract().SerializeAsString());
  const auto history = store_->RecordHistory("provider_contract", "acme", {}).value();
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].author, "Lan");
  EXPECT_EQ(history[0].reason, "signed");
  admin::v1::PutProviderContractResponse next;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, next).ok());
  EXPECT_EQ(next.contract().version(), 2u);
}

TEST_F(DeskTest, AChangeOfAnOlderVersionIsAConflictAndChangesNothing) {
  admin::v1::PutProviderContractResponse put;
  auto change = Contract("acme");
  ASSERT_TRUE(desk_->Put(change, {"Lan"}, put).ok());
  change.mutable_contract()->set_version(1);
  change.mutable_contract()->set_name("by Lan");
  ASSERT_TRUE(desk_->Put(change, {"Lan"}, put).ok());
  EXPECT_EQ(put.contract().version(), 2u);
  change.mutable_contract()->set_name("by Minh");
  EXPECT_EQ(desk_->Put(change, {"Minh"}, put).reason(), "store.conflict"_reason);
  EXPECT_EQ(contracts_->snapshot()->Contracts()[0]->name, "by Lan");
  admin::v1::PutMandateRequest mandate;
  mandate.mutable_mandate()->set_provider("acme");
  mandate.mutable_mandate()->set_mst("0101234567");
  mandate.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  mandate.mutable_mandate()->set_version(7);
  admin::v1::PutMandateResponse mandated;
  EXPECT_EQ(desk_->Put(mandate, {"Lan"}, mandated).reason(), "store.conflict"_reason);
  mandate.mutable_mandate()->set_version(0);
  EXPECT_TRUE(desk_->Put(mandate, {"Lan"}, mandated).ok());
}

TEST_F(DeskTest, RefusesAContractThatIsNone) {
  admin::v1::PutProviderContractResponse put;
  EXPECT_EQ(desk_->Put(Contract("No Id"), {"Lan"}, put).reason(), "admin.bad_request"_reason);
  auto wrong = Contract("acme");
  wrong.mutable_contract()->add_tax_codes("12");
  EXPECT_EQ(desk_->Put(wrong, {"Lan"}, put).reason(), "admin.bad_request"_reason);
  auto unset = Contract("acme");
  unset.mutable_contract()->clear_status();
  EXPECT_EQ(desk_->Put(unset, {"Lan"}, put).reason(), "contract.invalid"_reason);
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, put).ok());
  EXPECT_EQ(desk_->Put(Contract("beta"), {"Lan"}, put).reason(), "contract.certificate_taken"_reason);
}

TEST_F(DeskTest, AContractsAllowancesAreKeptOneByOne) {
  admin::v1::PutProviderContractResponse put;
  auto request = Contract("acme");
  ASSERT_TRUE(desk_->Put(request, {"Lan"}, put).ok());
  EXPECT_FALSE(put.contract().allow_legacy_sha1() || put.contract().allow_enveloped_on_object()) << "off unless told";
  for (const bool sha1 : {true, false}) {
    request.mutable_contract()->set_allow_legacy_sha1(sha1);
    request.mutable_contract()->set_allow_enveloped_on_object(!sha1);
    ASSERT_TRUE(desk_->Put(request, {"Lan"}, put).ok());
    EXPECT_EQ(put.contract().allow_legacy_sha1(), sha1);
    EXPECT_EQ(put.contract().allow_enveloped_on_object(), !sha1);
    EXPECT_EQ(contracts_->snapshot()->Contracts()[0]->allow_legacy_sha1, sha1);
    EXPECT_EQ(contracts_->snapshot()->Contracts()[0]->allow_enveloped_on_object, !sha1);
  }
}

TEST_F(DeskTest, AMandateNamesSignersAndRefusesWhatNamesNobody) {
  admin::v1::PutProviderContractResponse put;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, put).ok());
  admin::v1::PutMandateRequest good;
  good.mutable_mandate()->set_provider("acme");
  good.mutable_mandate()->set_mst("0101234567");
  good.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  good.mutable_mandate()->add_signer_certificates(std::string(64, 'c'));
  good.mutable_mandate()->add_delegates("0107777777");
  admin::v1::PutMandateResponse response;
  ASSERT_TRUE(desk_->Put(good, {"Lan"}, response).ok());
  admin::v1::ListMandatesResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListMandatesRequest(), list).ok());
  ASSERT_EQ(list.mandates_size(), 1);
  EXPECT_THAT(list.mandates(0).signer_certificates(), testing::ElementsAre(std::string(64, 'c')));
  EXPECT_THAT(list.mandates(0).delegates(), testing::ElementsAre("0107777777"));
  auto bad = good;
  bad.mutable_mandate()->set_delegates(0, "12");
  EXPECT_EQ(desk_->Put(bad, {"Lan"}, response).reason(), "admin.bad_request"_reason);
  bad = good;
  bad.mutable_mandate()->set_signer_certificates(0, "c0ffee");
  EXPECT_EQ(desk_->Put(bad, {"Lan"}, response).reason(), "contract.invalid"_reason);
}

TEST_F(DeskTest, PuttingIsNoWayAroundASecondPerson) {
  ContractChanges two(*store_, *contracts_, *clock_, {.two_to_end = true});
  Desk desk(Desk::Parts{*store_, *contracts_, two, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_});
  admin::v1::PutProviderContractResponse put;
  auto contract = Contract("acme");
  ASSERT_TRUE(desk.Put(contract, {"Lan"}, put).ok());
  contract.mutable_contract()->set_status(admin::v1::CONTRACT_STATUS_TERMINATED);
  const Status waits = desk.Put(contract, {"Lan"}, put);
  EXPECT_EQ(waits.reason(), "admin.needs_approval"_reason);
  EXPECT_EQ(ProposalOf(waits), "p000001");
  admin::v1::PutMandateRequest mandate;
  mandate.mutable_mandate()->set_provider("acme");
  mandate.mutable_mandate()->set_mst("0101234567");
  mandate.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  admin::v1::PutMandateResponse mandated;
  ASSERT_TRUE(desk.Put(mandate, {"Lan"}, mandated).ok());
  mandate.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_TERMINATED);
  EXPECT_EQ(ProposalOf(desk.Put(mandate, {"Lan"}, mandated)), "p000002");
  EXPECT_EQ(contracts_->snapshot()->Find(ProviderId::Trusted("acme"))->status, ContractStatus::kActive);
}

TEST_F(DeskTest, PutsWhateverAContractHolds) {
  auto request = Contract("acme");
  auto& contract = *request.mutable_contract();
  contract.set_number("7/HD");
  contract.mutable_quotas()->set_per_day(100);
  contract.add_message_classes(v1::MESSAGE_CLASS_UNCODED);
  contract.add_contacts()->set_phone("024");
  ToProto(*ParseDate("2025-01-01"), *contract.add_earlier_terms()->mutable_to());
  auto& bound = *contract.add_bound_certificates();
  bound.set_sha256(std::string(64, 'a'));
  ToProto(*ParseDate("2027-01-01"), *bound.mutable_to());
  admin::v1::PutProviderContractResponse put;
  ASSERT_TRUE(desk_->Put(request, {"Lan"}, put).ok());
  admin::v1::ListProviderContractsResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListProviderContractsRequest(), list).ok());
  contract.set_version(1);
  EXPECT_EQ(list.contracts(0).DebugString(), contract.DebugString());
}

TEST_F(DeskTest, PutsAMandateUnderItsContract) {
  admin::v1::PutMandateRequest request;
  request.mutable_mandate()->set_provider("acme");
  request.mutable_mandate()->set_mst("0101234567");
  request.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  admin::v1::PutMandateResponse response;
  EXPECT_FALSE(desk_->Put(request, {"Lan"}, response).ok()) << "no contract yet";
  admin::v1::PutProviderContractResponse put;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, put).ok());
  ASSERT_TRUE(desk_->Put(request, {"Lan"}, response).ok());
  admin::v1::ListMandatesResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListMandatesRequest(), list).ok());
  ASSERT_EQ(list.mandates_size(), 1);
  EXPECT_EQ(list.mandates(0).version(), 1u);
}

TEST_F(DeskTest, PutsAWindowThatClosesTheLine) {
  admin::v1::PutWindowRequest request;
  auto& window = *request.mutable_window();
  window.set_id("tonight");
  ToProto(clock_->Now() + std::chrono::hours(1), *window.mutable_start());
  ToProto(clock_->Now() + std::chrono::hours(2), *window.mutable_end());
  window.add_message_classes(v1::MESSAGE_CLASS_CODED);
  admin::v1::PutWindowResponse response;
  ASSERT_TRUE(desk_->Put(request, {"Lan"}, response).ok());
  const Time inside = clock_->Now() + std::chrono::minutes(90);
  EXPECT_EQ(calendar_->At(LineId::Trusted("main"), MessageClass::kCoded, inside).phase, Phase::kClosed);
  EXPECT_EQ(calendar_->At(LineId::Trusted("main"), MessageClass::kUncoded, inside).phase, Phase::kOpen);
  admin::v1::ListWindowsResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListWindowsRequest(), list).ok());
  ASSERT_EQ(list.windows_size(), 1);
  EXPECT_EQ(list.windows(0).SerializeAsString(), response.window().SerializeAsString());
  window.set_version(1);
  window.set_cancelled(true);
  ASSERT_TRUE(desk_->Put(request, {"Lan"}, response).ok());
  EXPECT_EQ(desk_->Put(request, {"Minh"}, response).reason(), "store.conflict"_reason) << "it is at version 2";
  window.clear_end();
  EXPECT_EQ(desk_->Put(request, {"Lan"}, response).reason(), "admin.bad_request"_reason);
}

TEST_F(DeskTest, RefusesAWindowOfALineThatIsNotThere) {
  admin::v1::PutWindowRequest request;
  auto& window = *request.mutable_window();
  window.set_id("tonight");
  ToProto(clock_->Now() + std::chrono::hours(1), *window.mutable_start());
  ToProto(clock_->Now() + std::chrono::hours(2), *window.mutable_end());
  admin::v1::PutWindowResponse response;
  window.set_line("mian");
  EXPECT_EQ(desk_->Put(request, {"Lan"}, response).reason(), "admin.bad_request"_reason);
  EXPECT_TRUE(calendar_->Windows().empty());
  for (const char* line : {"main", ""}) {
    window.set_line(line);
    EXPECT_TRUE(desk_->Put(request, {"Lan"}, response).ok()) << line;
  }
}

TEST_F(DeskTest, ListsMessagesOfAProviderThatCanBeOne) {
  const auto digester = MakeDigester();
  AcceptFake(*store_, {}, *digester, clock_->Now());
  admin::v1::ListMessagesRequest request;
  admin::v1::ListMessagesResponse response;
  request.set_provider("acme");
  ASSERT_TRUE(desk_->List(request, response).ok());
  EXPECT_EQ(response.messages_size(), 1);
  request.set_provider(std::string(70'000, 'a'));
  EXPECT_EQ(desk_->List(request, response).reason(), "admin.bad_request"_reason);
}

TEST_F(DeskTest, AStoreThatCannotBeReadIsNoEmptyAnswer) {
  const auto digester = MakeDigester();
  const MessageId ours = AcceptFake(*store_, {}, *digester, clock_->Now());
  store_->SetReads(MemoryStore::Reads::kFail);
  admin::v1::GetMessageRequest get;
  get.set_mtdiep(ours.value());
  admin::v1::GetMessageResponse got;
  EXPECT_EQ(desk_->Get(get, got).reason(), "store.io"_reason);
  admin::v1::ListMessagesResponse list;
  EXPECT_EQ(desk_->List(admin::v1::ListMessagesRequest(), list).reason(), "store.io"_reason);
  admin::v1::ResolveMessageRequest resolve;
  resolve.set_gateway_mtdiep(ours.value());
  resolve.set_decision("resend");
  EXPECT_EQ(desk_->Resolve(resolve, "Lan").reason(), "store.io"_reason) << "not: there is no such message";
}

TEST_F(DeskTest, ShowsTheQueueAndTheLine) {
  const auto digester = MakeDigester();
  AcceptFake(*store_, {}, *digester, clock_->Now());
  admin::v1::GetQueueResponse queue;
  ASSERT_TRUE(desk_->Get(admin::v1::GetQueueRequest(), queue).ok());
  ASSERT_EQ(queue.queues_size(), 1);
  EXPECT_EQ(queue.queues(0).provider(), "acme");
  EXPECT_EQ(queue.queues(0).messages(), 1u);
  EXPECT_EQ(queue.accepted_total(), 1u);
  ASSERT_EQ(queue.lines_size(), 1);
  EXPECT_EQ(queue.lines(0).down_reason(), "line.timeout");
}

TEST_F(DeskTest, ShowsTheAlarmAboutSignaturesWithItsLine) {
  admin::v1::GetQueueResponse queue;
  ASSERT_TRUE(desk_->Get(admin::v1::GetQueueRequest(), queue).ok());
  EXPECT_EQ(queue.lines(0).signature_alarm(), "") << "no receiver, no alarm";
  const Desk desk(Desk::Parts{.store = *store_,
                              .contracts = *contracts_,
                              .changes = *changes_,
                              .calendar = *calendar_,
                              .dispatcher = dispatcher_,
                              .line = LineId::Trusted("main"),
                              .clock = *clock_,
                              .signature_alarm = [] { return std::string("4 of the last 8"); }});
  queue.Clear();
  ASSERT_TRUE(desk.Get(admin::v1::GetQueueRequest(), queue).ok());
  EXPECT_EQ(queue.lines(0).signature_alarm(), "4 of the last 8");
}

TEST_F(DeskTest, FindsMessagesOfEveryProviderByEitherMTDiep) {
  const auto digester = MakeDigester();
  admin::v1::PutProviderContractResponse put;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, put).ok());
  const MessageId ours = AcceptFake(*store_, {}, *digester, clock_->Now());
  const auto find = [&](const std::string& mtdiep) {
    admin::v1::GetMessageRequest request;
    request.set_mtdiep(mtdiep);
    admin::v1::GetMessageResponse response;
    EXPECT_TRUE(desk_->Get(request, response).ok());
    return response;
  };
  ASSERT_EQ(find(ours.value()).messages_size(), 1);
  const std::string theirs = find(ours.value()).messages(0).message().provider_mtdiep();
  ASSERT_EQ(find(theirs).messages_size(), 1);
  EXPECT_EQ(find(theirs).messages(0).provider(), "acme");
  EXPECT_EQ(find("V0000").messages_size(), 0);
  admin::v1::GetMessageResponse nothing;
  EXPECT_EQ(desk_->Get(admin::v1::GetMessageRequest(), nothing).reason(), "admin.bad_request"_reason);
}

TEST_F(DeskTest, ResolvesWhatExistsByOneOfTwoWords) {
  const auto digester = MakeDigester();
  const MessageId ours = AcceptFake(*store_, {}, *digester, clock_->Now());
  admin::v1::ResolveMessageRequest request;
  request.set_gateway_mtdiep(ours.value());
  request.set_decision("forget");
  EXPECT_EQ(desk_->Resolve(request, "Lan").reason(), "admin.bad_request"_reason);
  request.set_decision("resend");
  ASSERT_TRUE(desk_->Resolve(request, "Lan").ok());
  EXPECT_EQ(dispatcher_.resolved, ours.value() + " resend Lan");
  request.set_reason("the authority said so by phone");
  ASSERT_TRUE(desk_->Resolve(request, "Lan").ok());
  EXPECT_EQ(dispatcher_.resolved, ours.value() + " resend Lan: the authority said so by phone");
  request.set_reason(std::string(501, 'x'));
  EXPECT_EQ(desk_->Resolve(request, "Lan").reason(), "admin.bad_request"_reason);
  request.clear_reason();
  request.set_gateway_mtdiep("V0000");
  EXPECT_EQ(desk_->Resolve(request, "Lan").reason(), "admin.not_found"_reason);
}

TEST_F(DeskTest, ShowsWhoStandsWhereAndWhatIsAsked) {
  Census census;
  census.at = clock_->Now();
  census.rows.push_back({StandingKind::kSilent, MessageClass::kCoded, "", 3, clock_->Now(), clock_->Now(), "ask",
                         clock_->Now() + std::chrono::minutes(5)});
  census.rows.push_back({StandingKind::kWorkItem, MessageClass::kUncoded, "dispatch.silent_ask", 1});
  census.unreadable.push_back({"acme/coded", 7, MessageId::Trusted("V1"), clock_->Now(), "store.damaged"});
  dispatcher_.census = std::make_shared<const Census>(census);
  admin::v1::GetQueueResponse queue;
  ASSERT_TRUE(desk_->Get(admin::v1::GetQueueRequest(), queue).ok());
  ASSERT_EQ(queue.standings_size(), 2);
  EXPECT_EQ(queue.standings(0).standing(), "silent");
  EXPECT_EQ(queue.standings(0).messages(), 3U);
  EXPECT_EQ(queue.standings(0).next(), "ask");
  EXPECT_TRUE(queue.standings(0).has_next_at());
  EXPECT_EQ(queue.standings(0).asked_size(), 0);
  EXPECT_FALSE(queue.standings(1).has_next_at());
  EXPECT_EQ(queue.standings(1).reason(), "dispatch.silent_ask");
  EXPECT_THAT(queue.standings(1).asked(), testing::ElementsAre("resend", "give_up"));
  ASSERT_EQ(queue.unreadable_size(), 1);
  EXPECT_EQ(queue.unreadable(0).acceptance(), 7U);
}

class ListedQueue : public DeskTest {
 protected:
  // Accepted, and sent now.
  void Sent(const FakeMessage& spec) {
    const MessageId id = AcceptFake(*store_, spec, *digester_, clock_->Now());
    const Fence fence = store_->TakeOwnership();
    AttemptIntent intent{.gateway_id = id, .at = clock_->Now(), .not_after = kForever};
    ASSERT_TRUE(store_->RecordAttempts(fence, {intent}).value()[0].ok());
    ASSERT_TRUE(store_->Settle(fence, {{id, 1, Settlement::Outcome::kSent, clock_->Now(), "", ""}}).ok());
  }
  // The ids that providers gave, or the reason of the refusal.
  std::string List(const admin::v1::ListQueueRequest& request) {
    response_.Clear();
    const Status status = desk_->List(request, response_);
    if (!status.ok()) return std::string(status.reason().text());
    std::string ids;
    for (const auto& entry : response_.entries()) ids += (ids.empty() ? "" : " ") + entry.message().gateway_mtdiep();
    return ids;
  }
  std::string Id(const FakeMessage& spec) {
    return MakeFakeMessage(spec, *digester_, clock_->Now()).gateway_id.value();
  }
  std::unique_ptr<Digester> digester_ = MakeDigester();
  admin::v1::ListQueueResponse response_;
};

TEST_F(ListedQueue, HoldsTheMessagesOfOneStandingClassAndProvider) {
  const FakeMessage old{.id = "1"}, coded{.id = "2"},
      uncoded{.provider = "beta", .id = "3", .cls = MessageClass::kUncoded};
  Sent(old);
  clock_->AdvanceBy(std::chrono::minutes(20));
  Sent(coded);
  Sent(uncoded);
  AcceptFake(*store_, {.id = "4"}, *digester_, clock_->Now());
  dispatcher_.now = clock_->Now();
  admin::v1::ListQueueRequest request;
  request.set_standing("silent");
  EXPECT_EQ(List(request), Id(old));
  EXPECT_EQ(response_.entries(0).next(), "ask");
  request.set_standing("un_999d");
  EXPECT_EQ(List(request), Id(coded) + " " + Id(uncoded));
  request.set_provider("beta");
  EXPECT_EQ(List(request), Id(uncoded));
  request.set_message_class(v1::MESSAGE_CLASS_CODED);
  EXPECT_EQ(List(request), "");
  request.set_standing("loud");
  EXPECT_EQ(List(request), "admin.bad_request");
}

TEST_F(ListedQueue, GoesPageByPageAndStepsOverDamage) {
  for (int i = 1; i <= 5; ++i) Sent({.id = std::to_string(i)});
  ASSERT_TRUE(store_->Damage(Family::kMeta, Id({.id = "3"})));
  dispatcher_.now = clock_->Now();
  admin::v1::ListQueueRequest request;
  request.set_standing("un_999d");
  request.set_page_size(3);
  EXPECT_EQ(List(request), Id({.id = "1"}) + " " + Id({.id = "2"}) + " " + Id({.id = "4"}));
  request.set_page_token(response_.next_page_token());
  EXPECT_EQ(List(request), Id({.id = "5"}));
  EXPECT_EQ(response_.next_page_token(), "");
}

TEST_F(DeskTest, SaysThatTheStoreIsACopyAndFromWhenOnToSubmitAgain) {
  admin::v1::GetQueueResponse plain, restored;
  ASSERT_TRUE(desk_->Get(admin::v1::GetQueueRequest(), plain).ok());
  EXPECT_FALSE(plain.has_recovery());
  const auto copy = store_->Restore(store_->MakeCopy(), std::string(32, 'b'));
  const Desk desk(
      Desk::Parts{*copy, *contracts_, *changes_, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_});
  ASSERT_TRUE(desk.Get(admin::v1::GetQueueRequest(), restored).ok());
  EXPECT_EQ(restored.recovery().reason(), "restore");
  EXPECT_FALSE(restored.recovery().has_ended_at());
  EXPECT_EQ(restored.recovery().as_of().seconds() - restored.recovery().submit_again_from().seconds(), 300);
}

}  // namespace
}  // namespace tvan
