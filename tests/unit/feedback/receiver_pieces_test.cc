// What the receiver does about responses that the line cannot carry, and what counts as an answer to a search.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

// The fake authority behind a line that cannot carry every response.
class NarrowLine final : public AuthorityChannel {
 public:
  explicit NarrowLine(FakeAuthority& behind) : behind_(behind) {}
  const LineId& line() const override { return behind_.line(); }
  std::vector<Status> Send(const std::vector<OutboundMessage>& messages, Steady not_after) override {
    return behind_.Send(messages, not_after);
  }
  Result<InboundBatch> Receive(const std::string& position, uint32_t limit, Steady not_after) override {
    auto batch = behind_.Receive(position, std::min(limit, most.load()), not_after);
    const std::lock_guard lock(mutex_);
    limits_.push_back(limit);
    if (!batch.ok() || !too_much || !too_much(*batch)) return batch;
    return Status::Transient("line.protocol"_reason, "more than this line can carry");
  }
  Result<ProbeReport> Probe(Steady not_after) override { return behind_.Probe(not_after); }
  std::vector<uint32_t> limits() const {
    const std::lock_guard lock(mutex_);
    return limits_;
  }
  std::function<bool(const InboundBatch&)> too_much;
  std::atomic<uint32_t> most{1000};  // whatever the limit

 private:
  FakeAuthority& behind_;
  mutable std::mutex mutex_;
  std::vector<uint32_t> limits_;
};

class ReceivePieces : public Receive {
 protected:
  ~ReceivePieces() override {
    if (receiver) receiver->Stop();  // before the line goes
  }
  NarrowLine narrow{authority};
};

TEST_F(ReceivePieces, AResponseThatIsTooLargeIsAskedForInSmallerPiecesAndTheyGrowAgain) {
  for (int i = 0; i < 12; ++i) Put(Answer(202, Sent({.id = std::to_string(i)})));
  options.batch = 8;
  narrow.too_much = [](const InboundBatch& batch) { return batch.messages.size() > 2; };
  StartOn(narrow);
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Mailbox("acme").size(), 12U);
  const std::vector<uint32_t> limits = narrow.limits();
  ASSERT_GT(limits.size(), 4U);
  EXPECT_EQ(std::vector<uint32_t>(limits.begin(), limits.begin() + 4), (std::vector<uint32_t>{8, 4, 2, 4}));
  EXPECT_EQ(limits.back(), 8U) << "small responses again: all at once again";
}

TEST_F(ReceivePieces, AnAnswerThatCannotBeReadAloneIsNeverSkippedAndLoudlyAskedForAgain) {
  const MessageId id = Sent({.id = "1"}), behind = Sent({.id = "2"});
  Put(Answer(202, id));
  Put(Answer(202, behind));
  options.batch = 4;
  std::atomic<bool> poisonous{true};
  narrow.too_much = [&](const InboundBatch& batch) { return poisonous && !batch.messages.empty(); };
  testing::internal::CaptureStderr();
  StartOn(narrow);
  clock->AdvanceBy(minutes(10));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("feedback.stuck"), std::string::npos) << log;
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "");
  EXPECT_EQ(Mailbox("acme").size(), 0U);
  EXPECT_EQ(narrow.limits().back(), 1U);
  EXPECT_GT(narrow.limits().size(), 15U) << "at least every half minute";
  EXPECT_LT(narrow.limits().size(), 40U) << "with a rest between";
  poisonous = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Mailbox("acme").size(), 2U);
}

TEST_F(ReceivePieces, AReadingThatFailsOtherwiseIsNotNarrowed) {
  authority.on_receive = [] { return Status::Transient("line.connect"_reason, "refused"); };
  options.batch = 4;
  StartOn(narrow);
  clock->AdvanceBy(minutes(5));
  for (const uint32_t limit : narrow.limits()) EXPECT_EQ(limit, 4U);
}

TEST_F(ReceivePieces, ASearchGoesThroughLargeResponsesInSmallerPieces) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 9; ++i) ids.push_back(Sent({.id = std::to_string(i)}));
  for (const MessageId& id : ids) authority.AnswerHidden(Answer(202, id).Bytes());
  Put(Answer(202, Sent({.id = "last"})));
  options.batch = 8;
  StartOn(narrow);
  narrow.too_much = [](const InboundBatch& batch) { return batch.messages.size() > 3; };
  EXPECT_EQ(receiver->Search(authority.line(), "", ids.back()).value(), true);
  narrow.too_much = [](const InboundBatch& batch) { return !batch.messages.empty(); };
  EXPECT_EQ(receiver->Search(authority.line(), "", ids.back()).status().reason().text(), "line.protocol");
}

TEST_F(ReceivePieces, APageCutForItsSizeIsNotTheEnd) {
  const MessageId other = Sent({.id = "1"}), id = Sent({.id = "2"});
  for (const MessageId& of : {other, other, id}) Put(Answer(202, of));
  options.batch = 8;
  narrow.most = 1;
  int reads = 0;
  std::string short_page;
  authority.on_receive = [&] {  // the receiver has stored the first and asks for what stands behind it
    if (++reads == 2) short_page = receiver->Search(narrow.line(), "", id).status().reason().text();
    return Status();
  };
  StartOn(narrow);
  EXPECT_EQ(short_page, "feedback.behind");
  EXPECT_EQ(receiver->Search(narrow.line(), "", id).value(), true);
}

TEST_F(ReceivePieces, OnABusyLineAPageThatHasGrownReachesTheEnd) {
  const MessageId other = Sent({.id = "1"}), id = Sent({.id = "2"});
  Put(Answer(202, other));
  options.batch = 8;
  StartOn(narrow);
  open = false;
  clock->AdvanceBy(seconds(5));  // from now on it does not know
  open = true;
  authority.on_receive = [this, other] {
    Put(Answer(202, other));
    return Status();
  };
  EXPECT_EQ(receiver->Search(narrow.line(), "", id).value(), false);
  narrow.most = 2;
  EXPECT_EQ(receiver->Search(narrow.line(), "", id).status().reason().text(), "feedback.behind") << "does not grow";
}

TEST_F(ReceivePieces, ReadThroughDoesNotEndAtAReceiverThatIsStuck) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  StartOn(narrow);
  EXPECT_TRUE(receiver->ReadThrough(narrow.line(), "").ok());
  narrow.too_much = [](const InboundBatch& batch) {
    return std::any_of(batch.messages.begin(), batch.messages.end(), [](const auto& m) { return m.position == "2"; });
  };
  Put(Answer(202, id));
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(receiver->ReadThrough(narrow.line(), "").reason(), "line.protocol"_reason);
}

// Every page has one more behind it, so that only the receiver's place can end it; that moves while it is read.
TEST_F(ReceivePieces, OnABusyLineReadThroughEndsWhereTheReceiverHasCaughtUp) {
  const MessageId id = Sent({.id = "1"});
  for (int i = 0; i < 2; ++i) Put(Answer(202, id));
  options.batch = 1;
  StartOn(narrow);
  open = false;
  clock->AdvanceBy(seconds(5));  // from now on it does not know
  open = true;
  size_t pages = 0;
  authority.on_receive = [&, ours = std::this_thread::get_id()] {
    if (std::this_thread::get_id() != ours) return Status();
    Put(Answer(202, id));
    if (++pages == 4) clock->AdvanceBy(seconds(5));  // beyond where it stood, it has caught up
    return pages < 50 ? Status() : Status::Transient("line.connect"_reason, "no end");
  };
  EXPECT_TRUE(receiver->ReadThrough(narrow.line(), "").ok());
  EXPECT_GE(Mailbox("acme").size(), 6U);
}

TEST_F(ReceivePieces, AnOldSystemCodeIsNoAnswerToASearch) {
  const MessageId id = Sent({.id = "1"});
  FakeAnswer answer = Answer(999, id, AnswerVerdict::kRefused);
  answer.codes = {"2006"};
  Put(answer);
  Start();
  ASSERT_EQ(StageOf(*store, id), Stage::kQueued);
  AttemptIntent again{.gateway_id = id, .at = clock->Now(), .not_after = kForever, .line = authority.line()};
  ASSERT_TRUE(store->RecordAttempts(fence, {again}).value()[0].ok());
  ASSERT_TRUE(store->Settle(fence, {{id, 2, Settlement::Outcome::kInDoubt, clock->Now(), "", ""}}).ok());
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), false);
  Put(Answer(999, id, AnswerVerdict::kReceived));
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), true);
}

}  // namespace
}  // namespace tvan
