// Answers that name invoices: which of the request's they decide, and when a person must read them.
#include <gtest/gtest.h>

#include "gateway/feedback/effects.h"
#include "tests/support/fake_messages.h"

namespace tvan {
namespace {

constexpr const char* kMst = "0101234567";
constexpr auto kAccepted = AnswerVerdict::kAccepted, kRefused = AnswerVerdict::kRefused;
constexpr auto kPartly = AnswerVerdict::kPartly, kUndecided = AnswerVerdict::kInformation;

MessageMeta Files(int type, const std::vector<std::string>& invoices) {
  MessageMeta meta;
  meta.mltdiep = type;
  for (const std::string& shdon : invoices) meta.claims.push_back(FakeInvoice(kMst, shdon));
  return meta;
}

MessageMeta Names(const std::vector<std::string>& invoices) {
  MessageMeta meta = Files(300, invoices);
  std::swap(meta.claims, meta.refers);
  return meta;
}

AnswerItem Item(AnswerVerdict verdict, const std::string& shdon) {
  return {.verdict = verdict, .invoice = FakeInvoice("", shdon)};
}

AnswerEffect To(const MessageMeta& meta, int type, AnswerVerdict verdict, std::vector<AnswerItem> items,
                const std::string& kind = "") {
  ParsedAnswer answer;
  answer.header.mltdiep = type;
  answer.verdict = verdict;
  answer.items = std::move(items);
  answer.notice_kind = kind;
  const Effect effect = EffectOf(answer, {.meta = meta}, {});
  const bool asks = effect.effect.stage == Stage::kWorkItem;
  EXPECT_EQ(effect.alarm, asks);
  EXPECT_EQ(effect.effect.reason == "feedback.not_understood", asks) << effect.effect.reason;
  return effect.effect;
}

std::string Released(const AnswerEffect& effect) {
  std::string text;
  for (const InvoiceKey& invoice : effect.released_claims) text += invoice.shdon;
  return text;
}

TEST(Items, A301DecidesTheInvoicesThatItNamesAndNoOther) {
  const MessageMeta notice = Names({"1", "2", "3"});
  const AnswerEffect refused = To(notice, 301, kRefused, {Item(kRefused, "1")});
  EXPECT_EQ(refused.stage, Stage::kPartly);
  EXPECT_EQ(Released(refused), "1");
  const AnswerEffect accepted = To(notice, 301, kAccepted, {Item(kAccepted, "1")});
  EXPECT_EQ(accepted.stage, Stage::kPartly);
  EXPECT_EQ(Released(accepted), "");
}

TEST(Items, A301ThatNamesAllOfThemDecidesTheWhole) {
  const MessageMeta notice = Names({"1", "2"});
  EXPECT_EQ(To(notice, 301, kRefused, {Item(kRefused, "2"), Item(kRefused, "1")}).stage, Stage::kRefused);
  EXPECT_EQ(To(notice, 301, kAccepted, {Item(kAccepted, "2"), Item(kAccepted, "1")}).stage, Stage::kAnswered);
  EXPECT_EQ(To(notice, 301, kRefused, {}).stage, Stage::kRefused) << "reasons alone refuse the whole";
  EXPECT_EQ(To(Names({}), 301, kAccepted, {Item(kAccepted, "1")}).stage, Stage::kAnswered)
      << "of a notice that was not read";
}

TEST(Items, ARefusedInvoiceThatTheRequestDoesNotHaveIsForAPerson) {
  const MessageMeta package = Files(203, {"1", "2", "3"});
  const AnswerItem nameless{.verdict = kRefused};
  for (const AnswerItem& strange : {Item(kRefused, "9"), nameless}) {
    const AnswerEffect alone = To(package, 204, kPartly, {strange}, "3");
    EXPECT_EQ(alone.stage, Stage::kWorkItem);
    const AnswerEffect beside = To(package, 204, kPartly, {Item(kRefused, "1"), strange}, "3");
    EXPECT_EQ(beside.stage, Stage::kWorkItem);
    EXPECT_EQ(Released(beside), "") << "nothing is decided";
  }
  EXPECT_EQ(To(package, 204, kPartly, {Item(kRefused, "1")}, "3").stage, Stage::kPartly);
  EXPECT_EQ(To(Files(203, {"1"}), 204, kPartly, {Item(kRefused, "1"), Item(kRefused, "9")}, "3").stage, Stage::kRefused)
      << "none of ours is left";
}

TEST(Items, An301ItemThatIsNotDecidedIsForAPerson) {
  const MessageMeta notice = Names({"1", "2"});
  EXPECT_EQ(To(notice, 301, kPartly, {Item(kRefused, "1"), Item(kUndecided, "2")}).stage, Stage::kWorkItem);
  EXPECT_EQ(To(notice, 301, kPartly, {Item(kRefused, "1"), Item(kAccepted, "2")}).stage, Stage::kPartly);
  EXPECT_EQ(To(notice, 301, kPartly, {Item(kRefused, "1"), Item(kAccepted, "2"), Item(kUndecided, "9")}).stage,
            Stage::kPartly)
      << "each of the notice's is decided";
}

TEST(Items, AnAnswerAboutAnotherInvoiceDecidesNothing) {
  for (const int type : {200, 201, 207, 208}) {
    const MessageMeta coded = Files(type, {"1"});
    EXPECT_EQ(To(coded, 202, kAccepted, {Item(kAccepted, "2")}).stage, Stage::kWorkItem) << type;
    EXPECT_EQ(To(coded, 204, kRefused, {Item(kRefused, "2")}, "1").stage, Stage::kWorkItem) << type;
    EXPECT_EQ(To(coded, 202, kAccepted, {Item(kAccepted, "1")}).stage, Stage::kAnswered);
    EXPECT_EQ(To(coded, 204, kRefused, {Item(kRefused, "1")}, "1").stage, Stage::kRefused);
    EXPECT_EQ(To(coded, 204, kRefused, {{.verdict = kRefused}}, "1").stage, Stage::kRefused)
        << "what cannot be read names no other";
  }
}

TEST(Items, RowsThatAreNoInvoicesDecideTheWhole) {
  const AnswerItem delegate{.subject = AnswerSubject::kDelegate, .verdict = kRefused, .mst = kMst};
  EXPECT_EQ(To(Files(101, {}), 104, kPartly, {delegate}).stage, Stage::kPartly);
  const AnswerItem table{.subject = AnswerSubject::kTable, .verdict = kRefused};
  EXPECT_EQ(To(Files(400, {}), 204, kRefused, {table, Item(kRefused, "5")}, "4").stage, Stage::kRefused);
}

}  // namespace
}  // namespace tvan
