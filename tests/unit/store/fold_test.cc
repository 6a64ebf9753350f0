// The rules of a message's life, as tables: every stage, and what may follow.
#include "store/fold.h"

#include <gtest/gtest.h>

#include <set>

namespace tvan {
namespace {

constexpr Stage kAll[] = {Stage::kQueued, Stage::kHeld,         Stage::kSending,  Stage::kInDoubt,
                          Stage::kSent,   Stage::kAcknowledged, Stage::kWorkItem, Stage::kAnswered,
                          Stage::kPartly, Stage::kRefused,      Stage::kWithdrawn};

MessageMeta In(Stage stage, uint32_t attempts = 1) {
  MessageMeta meta;
  meta.gateway_id = MessageId::Trusted("V1");
  meta.stage = stage;
  meta.attempts = attempts;
  return meta;
}

AnswerEffect To(Stage stage, EventKind kind = EventKind::kAnswer) {
  AnswerEffect effect;
  effect.event = kind;
  effect.stage = stage;
  return effect;
}

Stage After(Stage before, const AnswerEffect& effect) {
  MessageMeta meta = In(before);
  Event event;
  FoldAnswer(effect, "a", {1}, meta, event);
  EXPECT_EQ(event.answer_id, "a");
  EXPECT_EQ(event.kind, effect.event);
  return meta.stage;
}

TEST(FoldAttempt, BeginsOnlyWhereNothingIsUnderWay) {
  const std::set<Stage> allowed = {Stage::kQueued, Stage::kInDoubt, Stage::kSent, Stage::kAcknowledged};
  for (Stage stage : kAll) {
    MessageMeta meta = In(stage);
    Event event;
    const Status status = FoldAttempt({.line = LineId::Trusted("main")}, meta, event);
    EXPECT_EQ(status.ok(), allowed.count(stage) == 1) << ToString(stage);
    EXPECT_EQ(meta.stage, status.ok() ? Stage::kSending : stage);
    EXPECT_EQ(meta.attempts, status.ok() ? 2u : 1u);
  }
}

TEST(FoldAttempt, AnotherLineStartsItsOwnSearch) {
  MessageMeta meta = In(Stage::kQueued, 0);
  Event event;
  ASSERT_TRUE(FoldAttempt({.line = LineId::Trusted("main"), .search_from = "m1"}, meta, event).ok());
  meta.stage = Stage::kInDoubt;
  ASSERT_TRUE(FoldAttempt({.line = LineId::Trusted("main"), .search_from = "m2"}, meta, event).ok());
  EXPECT_EQ(meta.search_from, "m1");
  meta.stage = Stage::kInDoubt;
  ASSERT_TRUE(FoldAttempt({.line = LineId::Trusted("backup"), .search_from = "b1"}, meta, event).ok());
  EXPECT_EQ(meta.search_from, "b1");
  EXPECT_EQ(event.attempt, 3u);
}

TEST(FoldSettlement, MovesOnlyASendingMessageAndOnlyForItsAttempt) {
  for (Stage stage : kAll)
    for (uint32_t attempt : {1u, 2u, 3u}) {
      MessageMeta meta = In(stage, 2);
      Event event;
      const Fold fold = FoldSettlement({.attempt = attempt, .outcome = Settlement::Outcome::kSent}, meta, event);
      const bool this_one = attempt == 2, sending = stage == Stage::kSending;
      EXPECT_EQ(fold, !this_one ? Fold::kNothing : sending ? Fold::kMoved : Fold::kEventOnly);
      EXPECT_EQ(meta.stage, this_one && sending ? Stage::kSent : stage);
    }
}

TEST(FoldChange, NeverLeavesAFinalStageNorMakesItSending) {
  for (Stage stage : kAll) {
    MessageMeta meta = In(stage);
    Event event;
    EXPECT_EQ(FoldChange({.to = Stage::kInDoubt}, meta, event).ok(), IsOpen(stage)) << ToString(stage);
    meta = In(stage);
    EXPECT_FALSE(FoldChange({.to = Stage::kSending}, meta, event).ok());
    EXPECT_EQ(meta.stage, stage);
    EXPECT_TRUE(FoldChange({.event = EventKind::kSearched}, meta, event).ok());
    EXPECT_EQ(meta.stage, stage);
  }
}

TEST(FoldWithdrawal, TakesBackOnlyWhatWaitsAndWasNeverTried) {
  for (Stage stage : kAll)
    for (uint32_t attempts : {0u, 1u}) {
      MessageMeta meta = In(stage, attempts);
      Event event;
      const bool may = attempts == 0 && (stage == Stage::kQueued || stage == Stage::kHeld);
      EXPECT_FALSE(FoldChange({.to = Stage::kWithdrawn}, meta, event).ok()) << "a change never does";
      EXPECT_EQ(FoldWithdrawal({.at = {7}, .proof = "p"}, meta, event).ok(), may) << ToString(stage);
      EXPECT_EQ(meta.stage, may ? Stage::kWithdrawn : stage);
      if (!may) continue;
      EXPECT_EQ(meta.stage_since.us, 7);
      EXPECT_EQ(event.kind, EventKind::kWithdrawn);
      EXPECT_EQ(event.proof, "p");
    }
}

TEST(FoldAnswer, OpenMovesForwardAcknowledgedWorkItemFinal) {
  for (Stage stage : kAll) {
    const bool before_999 = stage < Stage::kAcknowledged;
    EXPECT_EQ(After(stage, To(Stage::kAcknowledged, EventKind::kAcknowledged)),
              before_999 ? Stage::kAcknowledged : stage);
    const bool before_work = stage < Stage::kWorkItem;
    EXPECT_EQ(After(stage, To(Stage::kWorkItem, EventKind::kWorkItem)), before_work ? Stage::kWorkItem : stage);
    EXPECT_EQ(After(stage, To(Stage::kRefused)), IsOpen(stage) ? Stage::kRefused : stage);
  }
}

TEST(FoldAnswer, OnlyARealAnswerOverwritesAndOnlyARefusal) {
  for (Stage stage : kAll)
    for (Stage to : {Stage::kAnswered, Stage::kPartly}) {
      const bool may = IsOpen(stage) || stage == Stage::kRefused;
      EXPECT_EQ(After(stage, To(to)), may ? to : stage) << ToString(stage);
    }
  EXPECT_EQ(After(Stage::kRefused, To(Stage::kAnswered, EventKind::kAcknowledged)), Stage::kRefused);
}

AnswerEffect SystemCode() {
  AnswerEffect effect;
  effect.event = EventKind::kAcknowledged;
  effect.back_to_queue = true;
  return effect;
}

TEST(FoldAnswer, ASystemCodePutsBackOnlyWhatWasSentAndHasNoNewerNews) {
  const std::set<Stage> goes_back = {Stage::kSent, Stage::kInDoubt};
  for (Stage stage : kAll)
    EXPECT_EQ(After(stage, SystemCode()), goes_back.count(stage) == 1 ? Stage::kQueued : stage) << ToString(stage);
}

TEST(FoldAnswer, ASystemCodeAfterSeveralAttemptsLeavesInDoubt) {
  MessageMeta meta;
  meta.stage = Stage::kSent;
  meta.attempts = 2;
  Event event;
  EXPECT_EQ(FoldAnswer(SystemCode(), "a1", Time{9}, meta, event), Fold::kMoved);
  EXPECT_EQ(meta.stage, Stage::kInDoubt);
}

TEST(FoldAnswer, ASystemCodeDuringAnAttemptCountsWhenTheAttemptIsSettled) {
  for (uint32_t attempts : {1U, 2U}) {
    MessageMeta meta;
    meta.stage = Stage::kSending;
    meta.attempts = attempts;
    Event event;
    EXPECT_EQ(FoldAnswer(SystemCode(), "a1", Time{9}, meta, event), Fold::kEventOnly);
    EXPECT_EQ(meta.stage, Stage::kSending);
    Settlement sent;
    sent.attempt = attempts;
    sent.outcome = Settlement::Outcome::kSent;
    EXPECT_EQ(FoldSettlement(sent, meta, event), Fold::kMoved);
    EXPECT_EQ(meta.stage, attempts == 1 ? Stage::kQueued : Stage::kInDoubt);
  }
}

TEST(FoldAttempt, IsRecordedOnlyInTheStageThatWasLookedAt) {
  for (Stage stage : {Stage::kQueued, Stage::kInDoubt, Stage::kSent, Stage::kAcknowledged}) {
    AttemptIntent intent;
    intent.from = stage;
    MessageMeta meta;
    meta.stage = stage;
    Event event;
    MessageMeta moved = meta;
    moved.stage = stage == Stage::kSent ? Stage::kAcknowledged : Stage::kSent;
    EXPECT_TRUE(FoldAttempt(intent, meta, event).ok());
    EXPECT_EQ(FoldAttempt(intent, moved, event).reason(), "store.stage"_reason);
  }
}

TEST(ClaimsAfter, RefusedAndWithdrawnReleaseAndALateAnswerReclaims) {
  EXPECT_EQ(ClaimsAfter(Stage::kSent, Stage::kRefused), ClaimAct::kRelease);
  EXPECT_EQ(ClaimsAfter(Stage::kQueued, Stage::kWithdrawn), ClaimAct::kRelease);
  EXPECT_EQ(ClaimsAfter(Stage::kRefused, Stage::kAnswered), ClaimAct::kReclaim);
  EXPECT_EQ(ClaimsAfter(Stage::kSent, Stage::kPartly), ClaimAct::kKeep);
  EXPECT_EQ(ClaimsAfter(Stage::kSent, Stage::kAnswered), ClaimAct::kKeep);
}

}  // namespace
}  // namespace tvan
