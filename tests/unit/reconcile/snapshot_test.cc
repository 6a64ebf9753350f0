// The snapshot of a stop: every message in one of four bins, once, with its invoices; sealed.
#include <sys/stat.h>

#include "gateway/reconcile/provider_walk.h"
#include "gateway/reconcile/snapshot_folder.h"
#include "store/keys.h"
#include "tests/unit/reconcile/reconcile_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class Snapshot : public ReconcileWorld {
 protected:
  std::string Take(Time stop_at) {
    const auto name = TakeSnapshot(Parts(), Order(stop_at));
    EXPECT_TRUE(name.ok()) << name.status().ToString();
    return name.ok() ? *name : std::string();
  }
  std::string TakeNow() { return Take(clock->Now()); }
};

TEST_F(Snapshot, IsNotTakenWhenNobodyKnowsWhoseMessagesThereAre) {
  Accept("queued");
  providers = Status::Transient("store.io"_reason, "disk");
  EXPECT_EQ(TakeSnapshot(Parts(), Order(clock->Now())).status().reason(), "store.io"_reason);
  EXPECT_EQ(SnapshotFolder(folder.File("")).Names().size(), 0U);
}

TEST_F(Snapshot, PutsEveryMessageIntoOneOfFourBins) {
  using Outcome = Settlement::Outcome;
  Accept("queued");
  Move(Accept("held"), EventKind::kHeld, Stage::kHeld, "contract.stopped");
  Attempt(Accept("sending"));
  Send(Accept("in doubt"), Outcome::kInDoubt);
  Send(Accept("not sent"), Outcome::kNotSent);
  Send(Accept("sent"));
  const MessageId acknowledged = Accept("acknowledged"), answered = Accept("answered"), partly = Accept("partly"),
                  refused = Accept("refused"), item = Accept("work item"), unsent_item = Accept("unsent item");
  for (const MessageId& id : {acknowledged, answered, partly, refused, item}) Send(id);
  Answer(acknowledged, Stage::kAcknowledged);
  Answer(answered, Stage::kAnswered);
  Answer(partly, Stage::kPartly);
  Answer(refused, Stage::kRefused, "1: sai MST");
  Move(item, EventKind::kWorkItem, Stage::kWorkItem, "dispatch.silent");
  Move(unsent_item, EventKind::kWorkItem, Stage::kWorkItem, "dispatch.waited");
  const MessageId withdrawn = Accept("withdrawn");
  ASSERT_TRUE(store->Withdraw({ProviderId::Trusted("acme"), withdrawn, clock->Now(), "proof"}).ok());
  const std::string name = TakeNow();
  EXPECT_THAT(Bins(name),
              UnorderedElementsAre("queued/queued", "queued/held", "sent_unknown/sending", "sent_unknown/in_doubt",
                                   "queued/queued", "sent_unknown/sent", "sent_unknown/acknowledged",
                                   "answered/answered", "answered/partly_accepted", "refused/refused",
                                   "sent_unknown/work_item", "queued/work_item"));
  for (const Row& row : Rows(name)) {
    EXPECT_EQ(At(row, Column::kReason) == "contract.stopped", At(row, Column::kState) == "held");
    EXPECT_EQ(At(row, Column::kDetail), At(row, Column::kState) == "refused" ? "1: sai MST" : "");
    EXPECT_EQ(At(row, Column::kSentAt).empty(), At(row, Column::kAttempts) == "0");
  }
}

TEST_F(Snapshot, SaysOfEachInvoiceWhatIsNeededToFindItAgain) {
  const MessageId id = Accept("two", 2);
  const std::string name = TakeNow();
  const auto rows = Rows(name);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(At(rows[0], Column::kGatewayId), id.value());
  EXPECT_EQ(At(rows[0], Column::kProvider), "acme");
  EXPECT_EQ(At(rows[0], Column::kProviderId), "0109999999acmetwo");
  EXPECT_EQ(At(rows[1], Column::kItem), "2");
  EXPECT_EQ(At(rows[1], Column::kNumber), "1001");
  EXPECT_EQ(At(rows[1], Column::kAmount), "110000");
  EXPECT_EQ(At(rows[1], Column::kDate), "2026-11-20");
  EXPECT_EQ(At(rows[1], Column::kBuyerName), "Công ty Người Mua");
  EXPECT_EQ(At(rows[1], Column::kAcceptedAt), FormatTime(clock->Now()));
  EXPECT_THAT(Manifest(name), HasSubstr(R"("queued":{"uncoded":{"messages":1,"rows":2}})"));
  EXPECT_THAT(Manifest(name), HasSubstr(R"("queued":{"VND":"220000"})"));
}

TEST_F(Snapshot, AMessageAboutNoInvoiceHasOneRowWithEmptyCells) {
  Accept({.cls = MessageClass::kRegistration, .type = 100}, MakeTDiep(SpecOfTaxpayer(100), nullptr));
  Accept({.id = "2", .cls = MessageClass::kUncoded, .type = 203}, "no document at all");
  const auto rows = Rows(TakeNow());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(At(rows[0], Column::kAmount) + At(rows[0], Column::kNumber) + At(rows[0], Column::kItem), "");
  EXPECT_EQ(At(rows[0], Column::kNote), "");
  EXPECT_EQ(At(rows[1], Column::kNote), "payload_unreadable");
}

TEST_F(Snapshot, SumsByCurrencyAndExactly) {
  const auto with = [this](const std::string& id, const std::string& amount, const std::string& currency) {
    MessageSpec spec = Spec203(1);
    std::string document = MakeTDiep(spec, nullptr);
    document = Replaced(document, "<TgTTTBSo>110000", "<TgTTTBSo>" + amount);
    Accept({.id = id, .cls = MessageClass::kUncoded, .type = 203},
           Replaced(document, "<DVTTe>VND", "<DVTTe>" + currency));
  };
  with("1", "0.1", "USD");
  with("2", "0.2", "USD");
  with("3", "-5", "VND");
  with("4", "9007199254740993", "VND");
  with("5", "10", "");
  with("6", "much", "VND");
  with("7", "1", "=1+1");
  const std::string json = Manifest(TakeNow());
  EXPECT_THAT(json, HasSubstr(R"("queued":{"USD":"0.3","VND":"9007199254740988","not_said":"10"})"));
  EXPECT_THAT(json, HasSubstr(R"("not_summed":2)"));
}

TEST_F(Snapshot, IsAsOfTheStop) {
  const MessageId late_sent = Accept("before");
  Send(late_sent);
  Accept("waits");
  const Time stop = clock->Now();
  clock->AdvanceBy(seconds(30));
  Accept("after");
  Answer(late_sent, Stage::kAcknowledged);
  const std::string name = Take(stop);
  EXPECT_THAT(Bins(name), ElementsAre("sent_unknown/acknowledged", "queued/queued"))
      << "what came after it is left out";
  EXPECT_EQ(At(Rows(name)[0], Column::kNote), "moved");
  EXPECT_EQ(At(Rows(name)[1], Column::kNote), "");
  EXPECT_THAT(Manifest(name), HasSubstr(R"("moved":1,)"));
  EXPECT_THAT(Manifest(name), HasSubstr(R"("late":false)"));
  clock->AdvanceTo(stop + kLateAfter + seconds(1));
  EXPECT_THAT(Manifest(Take(stop)), HasSubstr(R"("late":true)"));
}

TEST_F(Snapshot, TellsOfAnswersSinceTheLastOneAndOfADayAtMost) {
  const auto answered = [this](const std::string& id) {
    const MessageId message = Accept(id);
    Send(message);
    Answer(message, Stage::kAnswered);
  };
  answered("two days old");
  clock->AdvanceBy(hours(48));
  answered("an hour old");
  clock->AdvanceBy(hours(1));
  EXPECT_THAT(Bins(TakeNow()), ElementsAre("answered/answered"));
  EXPECT_EQ(At(Rows(TakeNow())[0], Column::kProviderId), "0109999999acmean hour old");
  clock->AdvanceBy(hours(1));
  answered("new");
  const auto rows = Rows(TakeNow());
  ASSERT_EQ(rows.size(), 1u) << "the snapshot before has the other one";
  EXPECT_EQ(At(rows[0], Column::kProviderId), "0109999999acmenew");
}

TEST_F(Snapshot, AnOldWorkItemIsNotForgotten) {
  const MessageId old = Accept("old");
  Send(old);
  Move(old, EventKind::kWorkItem, Stage::kWorkItem, "dispatch.silent");
  clock->AdvanceBy(hours(24 * 30));
  Accept("new");
  EXPECT_THAT(Bins(TakeNow()), ElementsAre("sent_unknown/work_item", "queued/queued"));
}

// Open messages of a month ago, and something that happens when the n-th page of them was looked at.
class SnapshotOfOld : public Snapshot {
 protected:
  std::string TakeWhile(const std::function<void()>& something, int page = 1) {
    clock->AdvanceBy(hours(24 * 30));
    Accept("new");
    SnapshotOrder order = Order(clock->Now());
    int pages = 0;
    order.stopped = [&] {
      if (++pages == page) something();
      return false;
    };
    const auto name = TakeSnapshot(Parts(), order);
    EXPECT_TRUE(name.ok()) << name.status().ToString();
    return *name;
  }
  std::vector<std::string> ids(const std::string& name) const {
    std::vector<std::string> ids;
    for (const Row& row : Rows(name)) ids.push_back(At(row, Column::kGatewayId));
    return ids;
  }
};

TEST_F(SnapshotOfOld, AMessageThatMovesOnWhileItIsReadIsToldOnce) {
  const MessageId moves = Accept("moves"), stays = Accept("stays");
  const auto name = TakeWhile([&] { Move(moves, EventKind::kHeld, Stage::kHeld, "contract.stopped"); });
  EXPECT_THAT(Bins(name), UnorderedElementsAre("queued/held", "queued/queued", "queued/queued"));
  EXPECT_THAT(ids(name), testing::IsSupersetOf({moves.value(), stays.value()}));
}

TEST_F(SnapshotOfOld, AMessageThatMovesBackWhileItIsReadIsNotMissed) {
  const MessageId held = Accept("held");
  Accept("queued");
  Move(held, EventKind::kHeld, Stage::kHeld, "contract.stopped");
  const auto name = TakeWhile([&] { Move(held, EventKind::kReleased, Stage::kQueued, ""); });
  EXPECT_EQ(ids(name).size(), 3u);
  EXPECT_THAT(ids(name), testing::Contains(held.value()));
}

TEST_F(SnapshotOfOld, OneThatIsAnsweredAfterItWasFoundIsToldWithItsAnswer) {
  const MessageId sent = Accept("sent");
  Send(sent);
  const auto name = TakeWhile([&] { Answer(sent, Stage::kAnswered); }, 2);
  EXPECT_THAT(Bins(name), UnorderedElementsAre("answered/answered", "queued/queued"));
}

TEST_F(SnapshotOfOld, WhereMoreAreOldThanIsRememberedAllIsReadFromTheOldestOn) {
  const MessageId final = Accept("final");
  Send(final);
  Answer(final, Stage::kAnswered);
  for (int i = 0; i < 4; ++i) Accept("old " + std::to_string(i));
  clock->AdvanceBy(hours(24 * 30));
  Accept("new");
  SnapshotOrder order = Order(clock->Now());
  const auto looked_from = [&](size_t most) {
    order.most_old = most;
    const auto name = TakeSnapshot(Parts(), order);
    EXPECT_EQ(ids(*name).size(), 5u) << most;
    const std::string json = Manifest(*name);
    const size_t at = json.find("\"looked_from\":") + 14;
    return json.substr(at, json.find(',', at) - at);
  };
  EXPECT_EQ(looked_from(4), "5");
  EXPECT_EQ(looked_from(3), "1");
}

TEST_F(SnapshotOfOld, WhatCannotBeReadIsToldOnceAndHidesNoOther) {
  const MessageId first = Accept("first"), damaged = Accept("damaged"), last = Accept("last");
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  const auto name = TakeWhile([] {});
  EXPECT_EQ(ids(name).size(), 3u);
  EXPECT_THAT(ids(name), testing::IsSupersetOf({first.value(), last.value()}));
  EXPECT_THAT(Manifest(name), HasSubstr(R"("unreadable":{"messages":1,"messages_after":[1],"payloads":0})"));
}

TEST_F(Snapshot, MoreThanAPageIsReadOnceEach) {
  const size_t many = ProviderWalk::kPage * 2 + 3;
  for (size_t i = 0; i < many; ++i) Accept(std::to_string(i), 1, i % 3 == 0 ? "beta" : "acme");
  uint64_t told = 0;
  SnapshotOrder order = Order(clock->Now());
  order.progress = [&](uint64_t messages, uint64_t) { told = messages; };
  const auto rows = Rows(*TakeSnapshot(Parts(), order));
  std::set<std::string> ids;
  for (const Row& row : rows) ids.insert(At(row, Column::kGatewayId));
  EXPECT_EQ(rows.size(), many);
  EXPECT_EQ(ids.size(), many);
  EXPECT_EQ(told, many);
}

TEST_F(Snapshot, WhatCannotBeReadIsSteppedOverAndTold) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(Accept(std::to_string(i)));
  ASSERT_TRUE(store->Damage(Family::kMeta, ids[1].value()));
  ASSERT_TRUE(store->Damage(Family::kPayload, U64(4)));
  const std::string name = TakeNow();
  const auto rows = Rows(name);
  ASSERT_EQ(rows.size(), 5u) << "one that cannot be read hides no other";
  EXPECT_EQ(At(rows[2], Column::kNote), "payload_unreadable");
  EXPECT_EQ(At(rows[1], Column::kNote), "");
  EXPECT_THAT(Manifest(name), HasSubstr(R"("unreadable":{"messages":1,"messages_after":[1],"payloads":1})"));
}

TEST_F(Snapshot, AStoreThatCannotReadGivesNoSnapshot) {
  Accept("1");
  store->SetReads(MemoryStore::Reads::kFail);
  EXPECT_EQ(TakeSnapshot(Parts(), Order(clock->Now())).status().reason(), "store.io"_reason);
  store->SetReads(MemoryStore::Reads::kGood);
  EXPECT_TRUE(TakeSnapshot(Parts(), Order(clock->Now())).ok());
}

TEST_F(Snapshot, IsSealedWithTheDigestOfItsFileAndNobodyElseMayReadIt) {
  Accept("1");
  const std::string name = TakeNow(), csv = Contents(name + ".csv");
  EXPECT_THAT(Manifest(name), HasSubstr("\"sha256\":\"" + digester->Sha256Of(csv).Hex() + "\""));
  EXPECT_THAT(Manifest(name), HasSubstr("\"bytes\":" + std::to_string(csv.size()) + ","));
  EXPECT_EQ(Contents(name + ".jws"), sealer.Seal(kSnapshotType, Manifest(name)));
  for (const char* ending : {".csv", ".json", ".jws"}) {
    struct stat facts {};
    ASSERT_EQ(::stat(folder.File(name + ending).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
}

TEST_F(Snapshot, AFormulaInABuyersNameIsText) {
  MessageSpec spec = Spec203(1);
  const std::string document =
      Replaced(MakeTDiep(spec, nullptr), "Công ty Người Mua", "=HYPERLINK(&quot;http://x&quot;)");
  Accept({.cls = MessageClass::kUncoded, .type = 203}, document);
  const std::string name = TakeNow();
  EXPECT_THAT(Contents(name + ".csv"), HasSubstr(",\"'=HYPERLINK(\"\"http://x\"\")\","));
  EXPECT_EQ(At(Rows(name)[0], Column::kBuyerName), "=HYPERLINK(\"http://x\")");
}

TEST_F(Snapshot, ChangesNothingInTheStore) {
  Accept("1");
  const auto before = store->position();
  TakeNow();
  EXPECT_EQ(store->position().sequence, before.sequence);
}

}  // namespace
}  // namespace tvan
