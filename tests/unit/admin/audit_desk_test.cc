// What operators ask the audit chain: lists, one entry in words, and whether it is whole.
#include "gateway/admin/audit_desk.h"

#include "gateway/admin/operator_act.h"
#include "store/keys.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using std::chrono::hours;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AuditDeskTest : public DeskTest {
 protected:
  AuditDeskTest() : audit_(*store_, *contracts_) {}
  void PutContract(const std::string& provider, const std::string& author, const std::string& name) {
    auto request = Contract(provider);
    request.mutable_contract()->set_name(name);
    request.mutable_contract()->clear_certificates();
    request.mutable_contract()->add_certificates(std::string(64, provider.back()));
    api::PutProviderContractResponse response;
    const Status put = desk_->Put(request, {author}, response);
    ASSERT_TRUE(put.ok()) << put.ToString();
  }
  api::ListAuditResponse List(const api::ListAuditRequest& request) const {
    api::ListAuditResponse response;
    const Status listed = audit_.List(request, response);
    EXPECT_TRUE(listed.ok()) << listed.ToString();
    return response;
  }
  std::vector<uint64_t> Places(const api::ListAuditRequest& request) const {
    std::vector<uint64_t> places;
    const api::ListAuditResponse page = List(request);
    for (const api::AuditEntry& entry : page.entries()) places.push_back(entry.sequence());
    return places;
  }
  api::VerifyAuditResponse::Done Verify(const api::VerifyAuditRequest& request = {}) const {
    api::VerifyAuditResponse last;
    const Status verified = audit_.Verify(
        request, [&](const api::VerifyAuditResponse& response) { return last = response, true; }, [] { return false; });
    EXPECT_TRUE(verified.ok()) << verified.ToString();
    EXPECT_TRUE(last.has_done());
    return last.done();
  }
  const AuditDesk audit_;
};

TEST_F(AuditDeskTest, ListsNewestFirstByAuthorKindIdAndTime) {
  PutContract("a", "anna", "one");
  clock_->AdvanceBy(hours(1));
  PutContract("b", "ben", "two");
  PutContract("a", "ben", "three");
  EXPECT_THAT(Places({}), ElementsAre(3, 2, 1));
  api::ListAuditRequest by_author, by_id, by_kind, since, until;
  by_author.set_author("ben");
  EXPECT_THAT(Places(by_author), ElementsAre(3, 2));
  by_id.set_id("a");
  EXPECT_THAT(Places(by_id), ElementsAre(3, 1));
  by_kind.set_kind("mandate");
  EXPECT_THAT(Places(by_kind), IsEmpty());
  ToProto(clock_->Now(), *since.mutable_from());
  EXPECT_THAT(Places(since), ElementsAre(3, 2));
  ToProto(clock_->Now(), *until.mutable_to());
  EXPECT_THAT(Places(until), ElementsAre(1));
  const api::ListAuditResponse all = List({});
  EXPECT_EQ(all.entries(0).before_sha256(), all.entries(2).after_sha256()) << "of the same record";
  EXPECT_EQ(all.entries(2).before_sha256(), "");
}

TEST_F(AuditDeskTest, PagesMeetWithoutAGapAlsoWhereLittleFits) {
  for (int i = 0; i < 7; ++i) PutContract("a", i % 2 == 0 ? "anna" : "ben", std::to_string(i));
  api::ListAuditRequest request;
  request.set_page_size(2);
  request.set_author("anna");
  std::vector<uint64_t> places;
  do {
    const api::ListAuditResponse page = List(request);
    for (const api::AuditEntry& entry : page.entries()) places.push_back(entry.sequence());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(places, ElementsAre(7, 5, 3, 1));
}

TEST_F(AuditDeskTest, ShowsARecordInWordsBeforeAndAfter) {
  PutContract("a", "anna", "old name");
  PutContract("a", "ben", "new name");
  api::GetAuditEntryRequest request;
  request.set_sequence(2);
  api::GetAuditEntryResponse shown;
  ASSERT_TRUE(audit_.Get(request, shown).ok());
  EXPECT_EQ(shown.entry().author(), "ben");
  EXPECT_THAT(shown.before(), Contains(HasSubstr("old name")));
  EXPECT_THAT(shown.after(), Contains(HasSubstr("new name")));
  request.set_sequence(3);
  EXPECT_EQ(audit_.Get(request, shown).reason().text(), "admin.not_found");
  request.set_sequence(0);
  EXPECT_EQ(audit_.Get(request, shown).reason().text(), "admin.not_found");
}

TEST_F(AuditDeskTest, ShowsAWindowAndAModeInWords) {
  api::PutWindowRequest put;
  auto& window = *put.mutable_window();
  window.set_id("night");
  window.set_reason("upgrade of the authority");
  window.set_source("TB 12/CT");
  ToProto(clock_->Now() + hours(24), *window.mutable_start());
  ToProto(clock_->Now() + hours(26), *window.mutable_end());
  api::PutWindowResponse response;
  ASSERT_TRUE(desk_->Put(put, "anna", response).ok());
  ASSERT_TRUE(calendar_->SetMode(MessageClass::kSummary, IntakeMode::kRefuseNew, "anna", "disk", clock_->Now()).ok());
  api::GetAuditEntryRequest request;
  api::GetAuditEntryResponse shown, mode;
  request.set_sequence(1);
  ASSERT_TRUE(audit_.Get(request, shown).ok());
  EXPECT_THAT(shown.before(), IsEmpty());
  EXPECT_THAT(shown.after(), Contains("reason: upgrade of the authority"));
  request.set_sequence(2);
  ASSERT_TRUE(audit_.Get(request, mode).ok());
  EXPECT_THAT(mode.after(), ElementsAre("mode: refuse_new"));
}

TEST_F(AuditDeskTest, ShowsActsInWordsAndWhatItDoesNotKnowBySizeAndDigest) {
  ASSERT_TRUE(RecordAct(*store_, {"backup_store", "night", "", "anna", "", clock_->Now()}).ok());
  ASSERT_TRUE(
      store_->PutRecord({.kind = "contact_sheet", .id = "x", .author = "anna", .body = "Mr. Nam 0912"}, 0).ok());
  api::GetAuditEntryRequest request;
  api::GetAuditEntryResponse act, sheet;
  request.set_sequence(1);
  ASSERT_TRUE(audit_.Get(request, act).ok());
  EXPECT_THAT(act.after(), ElementsAre("what: backup_store", "about: night"));
  request.set_sequence(2);
  ASSERT_TRUE(audit_.Get(request, sheet).ok());
  EXPECT_THAT(sheet.after(), ElementsAre("bytes: 12", "sha256: " + AuditDigest("Mr. Nam 0912").Hex()));
}

TEST_F(AuditDeskTest, AWholeChainSaysWhereItEndsAndKnowsThatPlaceAgain) {
  EXPECT_TRUE(Verify().whole()) << "empty";
  PutContract("a", "anna", "one");
  const auto noted = Verify();
  EXPECT_TRUE(noted.whole());
  EXPECT_EQ(noted.entries(), 1u);
  PutContract("b", "anna", "two");
  api::VerifyAuditRequest request;
  request.set_known_sequence(1);
  request.set_known_hash(noted.head());
  EXPECT_TRUE(Verify(request).whole());
  request.set_known_hash(std::string(64, 'f'));
  EXPECT_THAT(Verify(request).breaks(), ElementsAre("entry 1 is not what was noted elsewhere"));
  request.set_known_sequence(9);
  EXPECT_FALSE(Verify(request).whole()) << "the chain was longer once";
  request.set_known_hash("no hash");
  EXPECT_EQ(audit_.Verify(request, nullptr, nullptr).reason().text(), "admin.bad_request");
}

TEST_F(AuditDeskTest, WhatCannotBeReadIsToldWithItsPlaceAndHidesNothing) {
  for (const char* provider : {"a", "b", "c"}) PutContract(provider, "anna", provider);
  ASSERT_TRUE(store_->Damage(Family::kRecord, keys::Audit(2)));
  const auto done = Verify();
  EXPECT_FALSE(done.whole());
  EXPECT_THAT(done.breaks(), Contains("entry 2 is missing"));
  EXPECT_EQ(done.entries(), 2u) << "the others";
}

TEST_F(AuditDeskTest, TheLastEntryThatCannotBeReadIsMissedToo) {
  for (const char* provider : {"a", "b"}) PutContract(provider, "anna", provider);
  ASSERT_TRUE(store_->Damage(Family::kRecord, keys::Audit(2)));
  EXPECT_THAT(Verify().breaks(), SizeIs(1));
}

TEST_F(AuditDeskTest, EveryBreakIsToldInBothLanguages) {
  for (const char* provider : {"a", "b"}) PutContract(provider, "anna", provider);
  ASSERT_TRUE(store_->Damage(Family::kRecord, keys::Audit(2)));
  const auto done = Verify();
  EXPECT_THAT(done.breaks(), ElementsAre("entry 2 is not the end that the store has written down"));
  EXPECT_THAT(done.breaks_vi(), ElementsAre("mục 2 không phải điểm cuối mà kho đã ghi"));
}

TEST_F(AuditDeskTest, OneIsVerifiedAtATimeAndTheNextWhenItIsOver) {
  PutContract("a", "anna", "one");
  const auto goes_on = [] { return false; };
  Status second;
  const auto meanwhile = [&](const api::VerifyAuditResponse&) {
    second = audit_.Verify(
        {}, [](const api::VerifyAuditResponse&) { return true; }, goes_on);
    return true;
  };
  EXPECT_TRUE(audit_.Verify({}, meanwhile, goes_on).ok());
  EXPECT_EQ(second.reason().text(), "admin.busy");
  EXPECT_TRUE(second.is_transient());
  EXPECT_TRUE(Verify().whole());
}

TEST_F(AuditDeskTest, WhoCancelledIsToldNothingMore) {
  PutContract("a", "anna", "one");
  int told = 0;
  const auto count = [&](const api::VerifyAuditResponse&) { return ++told > 0; };
  EXPECT_TRUE(audit_.Verify({}, count, [] { return true; }).ok());
  EXPECT_EQ(told, 0);
}

TEST_F(AuditDeskTest, ACallerThatIsGoneEndsIt) {
  PutContract("a", "anna", "one");
  int told = 0;
  EXPECT_TRUE(audit_
                  .Verify(
                      {}, [&](const api::VerifyAuditResponse&) { return ++told > 1; }, [] { return false; })
                  .ok());
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace tvan
