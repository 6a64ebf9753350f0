// Whose an answer is that nobody asked for, and which of two answers decides.
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

TEST_F(Receive, AnUnaskedTypeIsNobodysAnswerThoughItHoldsAnId) {
  contracts.Set({.providers = [](auto&, Time) { return std::vector<ProviderId>{ProviderId::Trusted("acme")}; }});
  for (const int type : {107, 108, 302}) {
    FakeAnswer answer = Answer(type, {}, AnswerVerdict::kInformation);
    answer.mst = "0101234567";
    answer.reference = "TCT-of-its-own";
    Put(answer);
  }
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 3U);
  EXPECT_EQ(Parked(), "");
}

TEST_F(Receive, RowsOfSeveralTaxpayersReachNobody) {
  contracts.Set({.providers = [](auto&, Time) { return std::vector<ProviderId>{ProviderId::Trusted("acme")}; }});
  FakeAnswer answer = Answer(505, {}, AnswerVerdict::kInformation);
  answer.mst = "0101234567";
  answer.items = {"0101234567=ok", "0101234567=ok"};
  Put(answer);
  answer.items = {"0101234567=ok", "0201234567=ok"};
  answer.mtdiep = "TCT-several";
  Put(answer);
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(Parked(), "feedback.several_taxpayers");
}

TEST_F(Receive, ARealVerdictWinsOverOneThatCouldNotBeRead) {
  const MessageId id = Sent({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  Put(Answer(103, id, AnswerVerdict::kInformation));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kWorkItem);
  Put(Answer(103, id, AnswerVerdict::kRefused));
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(StageOf(*store, id), Stage::kRefused);
  Put(Answer(103, id, AnswerVerdict::kInformation));
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(StageOf(*store, id), Stage::kRefused) << "one that cannot be read overrules nothing";
}

}  // namespace
}  // namespace tvan
