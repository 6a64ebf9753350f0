// What answers say of taxpayers: as facts, and into the contract book before the answer is stored.
#include "gateway/feedback/taxpayer_news.h"

#include <gmock/gmock.h>

#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Time kKnown = *ParseTime("2026-11-21T10:00:00+07:00");

ParsedAnswer Row(int type, std::vector<AnswerField> fields, const std::string& mst = "0101234567") {
  ParsedAnswer answer;
  answer.header.mltdiep = type;
  answer.depth_known = true;
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = mst, .fields = std::move(fields)});
  return answer;
}

std::vector<Taxpayer> News(const ParsedAnswer& answer, const MessageMeta& request = {}) {
  return NewsOf(answer, request, "TCT1", kKnown, {});
}

Taxpayer One(const ParsedAnswer& answer, const MessageMeta& request = {}) {
  const auto news = News(answer, request);
  EXPECT_EQ(news.size(), 1U);
  return news.empty() ? Taxpayer() : news.front();
}

TEST(TaxpayerNews, A505IsAStatusSinceItsDate) {
  const Taxpayer news = One(Row(505, {{"TThai", "03"}, {"NCNhat", "2026-11-20T01:00:00"}}));
  EXPECT_EQ(news.mst.value(), "0101234567");
  ASSERT_EQ(news.statuses.size(), 1U);
  EXPECT_EQ(news.statuses[0].code, "03");
  EXPECT_EQ(news.statuses[0].since, *ParseTime("2026-11-20T01:00:00+07:00"));
  EXPECT_EQ(news.statuses[0].source, "TCT1");
  EXPECT_EQ(news.statuses[0].known_at, kKnown);
}

TEST(TaxpayerNews, ADateThatCannotBeReadCountsFromWhenWeKnew) {
  EXPECT_EQ(One(Row(505, {{"TThai", "03"}, {"NCNhat", "yesterday"}})).statuses[0].since, kKnown);
}

TEST(TaxpayerNews, AStatusOfAnotherFormIsNone) {
  for (const char* odd : {"3", "003", "x1", ""})
    EXPECT_THAT(News(Row(505, {{"TThai", odd}, {"MCQT", "1"}})), IsEmpty());
}

TEST(TaxpayerNews, A506StopsOrLetsGoOn) {
  const auto decision = [](const char* kind) {
    return One(Row(506, {{"LTBao", kind}, {"STBao", "QD-1"}, {"NHLTu", "2026-11-22T00:00:00"}})).decisions;
  };
  for (const char* stop : {"1", "3"}) {
    ASSERT_EQ(decision(stop).size(), 1U) << stop;
    EXPECT_TRUE(decision(stop)[0].stop);
    EXPECT_EQ(decision(stop)[0].from, *ParseDate("2026-11-22"));
    EXPECT_EQ(decision(stop)[0].number, "QD-1");
  }
  for (const char* go_on : {"2", "4"}) EXPECT_FALSE(decision(go_on)[0].stop) << go_on;
  EXPECT_THAT(News(Row(506, {{"LTBao", "5"}})), IsEmpty());
}

TEST(TaxpayerNews, AStopThatNamesItsEndGoesOnThen) {
  const auto decisions = One(Row(506, {{"LTBao", "1"}, {"NHLTu", "2026-11-22"}, {"NHLDen", "2026-12-01"}})).decisions;
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_FALSE(decisions[1].stop);
  EXPECT_EQ(decisions[1].from, *ParseDate("2026-12-01"));
  EXPECT_EQ(One(Row(506, {{"LTBao", "1"}, {"NHLTu", "2026-11-22"}, {"NHLDen", "2026-11-22"}})).decisions.size(), 1U)
      << "an end that is not after the beginning ends nothing";
}

TEST(TaxpayerNews, A507SaysWhichInvoicesAreRegistered) {
  const auto coded = One(Row(507, {{"CMa", "1"}, {"HDGTGT", "1"}, {"HDBHang", "0"}, {"CTu", "1"}})).registrations;
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_TRUE(coded[0].accepted);
  EXPECT_EQ(coded[0].kinds, "16");
  EXPECT_THAT(coded[0].classes, ElementsAre(MessageClass::kCoded, MessageClass::kCashRegister));
  EXPECT_THAT(One(Row(507, {{"CMa", "0"}})).registrations[0].classes, ElementsAre(MessageClass::kUncoded));
  EXPECT_THAT(News(Row(507, {{"MCQTQLy", "10101"}})), IsEmpty());
}

TEST(TaxpayerNews, RowsAreEachTheirOwnTaxpayers) {
  ParsedAnswer answer = Row(505, {{"TThai", "03"}});
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = "0101234568", .fields = {{"TThai", "00"}}});
  ASSERT_EQ(News(answer).size(), 2U);
  EXPECT_EQ(News(answer)[1].mst.value(), "0101234568");
  EXPECT_EQ(News(answer)[1].statuses[0].code, "00");
}

TEST(TaxpayerNews, WhereSeveralTaxCodesStandBesideOneStatusNobodyIsMeant) {
  ParsedAnswer answer = Row(505, {{"TThai", "03"}});
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = "0101234568"});
  EXPECT_THAT(News(answer), IsEmpty());
  ParsedAnswer unclear = Row(505, {{"TThai", "03"}});
  unclear.depth_known = false;
  EXPECT_THAT(News(unclear), IsEmpty());
}

TEST(TaxpayerNews, WhoIsNoTaxpayerIsNobody) { EXPECT_THAT(News(Row(505, {{"TThai", "03"}}, "not a code")), IsEmpty()); }

class A103 : public testing::Test {
 protected:
  A103() {
    answer.header.mltdiep = 103;
    answer.header.mst = "0101234567";
    answer.verdict = AnswerVerdict::kAccepted;
    answer.notice.date = "2026-11-19";
    answer.register_range = "A1B2C";
    request.mltdiep = 100;
    request.mst = TaxCode::Trusted("0101234567");
  }
  ParsedAnswer answer;
  MessageMeta request;
};

TEST_F(A103, ToTheTaxpayersOwnRegistrationIsOne) {
  const auto registrations = One(answer, request).registrations;
  ASSERT_EQ(registrations.size(), 1U);
  EXPECT_TRUE(registrations[0].accepted);
  EXPECT_EQ(registrations[0].from, *ParseDate("2026-11-19"));
  EXPECT_EQ(registrations[0].register_range, "A1B2C");
  EXPECT_THAT(registrations[0].classes, IsEmpty()) << "it does not say which";
  answer.verdict = AnswerVerdict::kRefused;
  EXPECT_FALSE(One(answer, request).registrations[0].accepted);
}

TEST_F(A103, ToAnythingElseIsNone) {
  EXPECT_THAT(News(answer), IsEmpty()) << "nobody asked";
  request.mltdiep = 101;
  EXPECT_THAT(News(answer, request), IsEmpty());
  request.mltdiep = 100;
  request.mst = TaxCode::Trusted("0101234568");
  EXPECT_THAT(News(answer, request), IsEmpty()) << "another taxpayer's";
  request.mst = TaxCode::Trusted("0101234567");
  answer.verdict = AnswerVerdict::kInformation;
  EXPECT_THAT(News(answer, request), IsEmpty());
}

TEST(TaxpayerNews, TheNumbersOfNoticesThatStopAndLetGoOnAreConfigured) {
  ParsedAnswer answer;
  answer.header.mst = "0101234567";
  answer.notice = {"TB-7", "2026-11-20", ""};
  const auto decision = [&](int type, const NewsTypes& types) {
    answer.header.mltdiep = type;
    const auto news = NewsOf(answer, {}, "TCT1", kKnown, types);
    return news.empty() ? std::string("none") : news[0].decisions[0].stop ? "stop" : "go on";
  };
  EXPECT_EQ(decision(108, {}), "stop");
  EXPECT_EQ(decision(114, {}), "go on");
  EXPECT_EQ(decision(112, {}), "none");
  EXPECT_EQ(decision(114, {.stop = {108}, .go_on = {112}}), "none");
  EXPECT_EQ(decision(112, {.stop = {108}, .go_on = {112}}), "go on");
  EXPECT_EQ(One(answer = (answer.header.mltdiep = 108, answer)).decisions[0].number, "TB-7");
}

class Learning : public Receive {
 protected:
  Learning() {
    contracts.Set(
        {.providers = [](const TaxCode&, Time) { return std::vector<ProviderId>{ProviderId::Trusted("acme")}; },
         .learn =
             [this](const Taxpayer& news, const ContractBook::By& by) {
               stored_when_learned_ = store->Measure()->answers_total;
               if (!next_.ok()) return std::exchange(next_, Status());
               learned_.push_back(news.mst.value() + (news.decisions[0].stop ? " stops by " : " goes on by ") +
                                  by.author);
               return Status();
             }});
  }
  FakeAnswer Stop(const std::string& annotation = "VERIFIED") {
    FakeAnswer answer = Answer(108, MessageId(), AnswerVerdict::kInformation);
    answer.mst = "0101234567";
    answer.annotation = annotation;
    return answer;
  }
  std::vector<std::string> learned_;
  uint64_t stored_when_learned_ = 99;
  Status next_;
};

TEST_F(Learning, ComesBeforeTheAnswerIsStored) {
  Put(Stop());
  Start();
  EXPECT_THAT(learned_, ElementsAre("0101234567 stops by TCT1"));
  EXPECT_EQ(stored_when_learned_, 0U);
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

TEST_F(Learning, ThatCannotBeWrittenNowKeepsTheAnswerOnTheLine) {
  next_ = Status::Transient("store.io"_reason, "disk");
  Put(Stop());
  Start();
  EXPECT_THAT(learned_, IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 0U);
  clock->AdvanceBy(minutes(5));
  EXPECT_THAT(learned_, ElementsAre("0101234567 stops by TCT1"));
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

TEST_F(Learning, ThatTheBookRefusesForGoodKeepsNoAnswerFromItsOwner) {
  next_ = Status::Permanent("contract.invalid"_reason, "no");
  Put(Stop());
  Start();
  EXPECT_THAT(learned_, IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

TEST_F(Learning, WaitsForASignatureThatVerifies) {
  Put(Stop("UNVERIFIED(signature.untrusted)"));
  Start();
  EXPECT_THAT(learned_, IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 1U);
  EXPECT_EQ(store->UndecidedAnswers(0, 10)->answers.size(), 1U);
  reader.annotate = [](const std::string&) { return std::string("VERIFIED"); };
  receiver->TrustChanged();
  clock->Settle();
  EXPECT_THAT(learned_, ElementsAre("0101234567 stops by TCT1"));
  EXPECT_THAT(store->UndecidedAnswers(0, 10)->answers, IsEmpty());
}

TEST_F(Learning, OfAnAnswerThatIsReadAgainHappensOnce) {
  Put(Stop());
  Start();
  receiver->Stop();
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(learned_.size(), 1U);
}

}  // namespace
}  // namespace tvan
