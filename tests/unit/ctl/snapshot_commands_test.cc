// tvanctl snapshot offline: what is genuine, what was touched, how two differ, and what became of a message.
#include <gmock/gmock.h>

#include <fstream>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/reconcile/csv.h"
#include "gateway/seal/seal.h"
#include "ops/ctl/files.h"
#include "ops/ctl/snapshot_file.h"
#include "ops/ctl/tool.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan::ctl {
namespace {

using testing::HasSubstr;

SnapshotCells Row(const std::string& id, const std::string& bin, const std::string& state,
                  const std::string& attempts = "0") {
  SnapshotCells cells(kColumns);
  cells[static_cast<size_t>(Column::kGatewayId)] = id;
  cells[static_cast<size_t>(Column::kBin)] = bin;
  cells[static_cast<size_t>(Column::kState)] = state;
  cells[static_cast<size_t>(Column::kAttempts)] = attempts;
  cells[static_cast<size_t>(Column::kBuyerName)] = "=1+1";
  return cells;
}

class SnapshotCommands : public testing::Test {
 protected:
  SnapshotCommands() {
    TVAN_CHECK(WritePem(folder_.File("seal.key"), MakeEd25519KeyPem().value(), PemKind::kSecret).ok());
    sealer_ = Sealer::Load(folder_.File("seal.key")).value();
    TVAN_CHECK(WriteFile(folder_.File("keys"), sealer_->KeySetJson()).ok());
  }
  void Make(const std::string& name, const std::vector<SnapshotCells>& rows,
            const std::string& type = "tvan-snapshot+jws") {
    std::string csv;
    AppendCsvRecord(std::vector<std::string>(kColumnNames.begin(), kColumnNames.end()), csv);
    for (const SnapshotCells& row : rows) AppendCsvRecord(row, csv);
    const std::string json = R"({"csv":{"bytes":)" + std::to_string(csv.size()) + R"(,"rows":)" +
                             std::to_string(rows.size()) + R"(,"sha256":")" + MakeDigester()->Sha256Of(csv).Hex() +
                             R"("},"late":true,"line":"main","moved":0,"version":1})";
    Put(name + ".csv", csv);
    Put(name + ".json", json);
    Put(name + ".jws", sealer_->Seal(type, json));
  }
  void Put(const std::string& name, const std::string& text) { TVAN_CHECK(WriteFile(folder_.File(name), text).ok()); }
  std::string Get(const std::string& name) const { return ReadFile(folder_.File(name)).value(); }

  int Run(std::vector<std::string> words) {
    CLI::App app;
    Tool tool;
    AddSnapshotCommands(app, tool);
    AddSnapshotCompare(app, tool);
    words.insert(words.begin(), "snapshot");
    std::reverse(words.begin(), words.end());  // CLI11 wants the last first
    app.parse(words);
    testing::internal::CaptureStdout();
    const int code = tool.action();
    said_ = testing::internal::GetCapturedStdout();
    return code;
  }
  int Verify(const std::string& name) { return Run({"verify", folder_.File(name), "--keys", folder_.File("keys")}); }

  TempFolder folder_;
  std::unique_ptr<Sealer> sealer_;
  std::string said_;
};

TEST_F(SnapshotCommands, VerifyTakesAGenuineOneByAnyOfItsFiles) {
  Make("a", {Row("V1", "queued", "queued")});
  for (const char* file : {"a", "a.csv", "a.json", "a.jws"}) {
    EXPECT_EQ(Verify(file), kOk) << said_;
    EXPECT_THAT(said_, HasSubstr("VALID\n"));
    EXPECT_THAT(said_, HasSubstr("LATE"));
  }
}

TEST_F(SnapshotCommands, VerifyRefusesWhatWasTouched) {
  Make("a", {Row("V1", "queued", "queued"), Row("V2", "queued", "held")});
  const std::string csv = Get("a.csv");
  const auto refused = [&](const std::string& why) {
    EXPECT_EQ(Verify("a"), kNegative);
    EXPECT_THAT(said_, HasSubstr("NOT VALID"));
    EXPECT_THAT(said_, HasSubstr(why));
  };
  std::string other = csv;
  other.replace(other.find("V2"), 2, "V3");
  Put("a.csv", other);
  refused("was changed");
  Put("a.csv", csv.substr(0, csv.size() / 2));
  refused("was changed");
  Put("a.csv", csv);
  EXPECT_EQ(Verify("a"), kOk);
  Put("a.json", "{}");
  refused("something else than the seal");
  Make("a", {Row("V1", "queued", "queued")});
  std::string jws = Get("a.jws");
  jws[jws.size() - 10] = jws[jws.size() - 10] == 'A' ? 'B' : 'A';
  Put("a.jws", jws);
  refused("seal.bad_signature");
  Make("a", {Row("V1", "queued", "queued")}, "tvan-receipt+jws");
  refused("seal.type");
}

TEST_F(SnapshotCommands, ShowSaysThatNobodyVerifiedIt) {
  Make("a", {Row("V1", "queued", "queued")});
  EXPECT_EQ(Run({"show", folder_.File("a.csv")}), kOk);
  EXPECT_THAT(said_, HasSubstr("NOT VERIFIED"));
  EXPECT_EQ(Run({"show", folder_.File("a.csv"), "--keys", folder_.File("keys")}), kOk);
  EXPECT_THAT(said_, testing::Not(HasSubstr("NOT VERIFIED")));
  EXPECT_EQ(Run({"show", folder_.File("none")}), kUsage);
}

TEST_F(SnapshotCommands, DiffTellsOfEachMessageThatStandsElsewhere) {
  Make("a", {Row("V1", "queued", "queued"), Row("V1", "queued", "queued"), Row("V2", "queued", "queued"),
             Row("V3", "sent_unknown", "sent")});
  Make("b", {Row("V1", "queued", "queued"), Row("V3", "answered", "answered"), Row("V4", "queued", "held")});
  EXPECT_EQ(Run({"diff", folder_.File("a"), folder_.File("b.csv")}), kOk);
  EXPECT_THAT(said_, HasSubstr("1 the same, 3 not"));
  EXPECT_THAT(said_, testing::ContainsRegex("V3 +sent_unknown/sent +answered/answered"));
  EXPECT_EQ(Run({"diff", folder_.File("a"), folder_.File("b.csv"), "--limit", "0"}), kOk);
  EXPECT_EQ(said_, "1 the same, 3 not\n");
  Put("c.csv", "a,b\r\n1,2\r\n");
  EXPECT_EQ(Run({"diff", folder_.File("a"), folder_.File("c")}), kNegative) << "that is no snapshot";
}

TEST(SnapshotFate, IsWhatBecameOfAMessageSince) {
  const auto fate = [](const SnapshotCells& was, v1::MessageState state, uint32_t attempts) {
    v1::Message now;
    now.set_state(state);
    now.set_attempts(attempts);
    return FateOf(was, &now);
  };
  const SnapshotCells sent = Row("V1", "sent_unknown", "in_doubt", "1"), queued = Row("V2", "queued", "queued");
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_ANSWERED, 1), Fate::kAnswered);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_PARTLY_ACCEPTED, 2), Fate::kAnswered);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_REFUSED, 1), Fate::kRefused);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_IN_DOUBT, 1), Fate::kUnknown);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_SENT, 2), Fate::kResent);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_QUEUED, 1), Fate::kQueued);
  EXPECT_EQ(fate(sent, v1::MESSAGE_STATE_WORK_ITEM, 1), Fate::kWorkItem);
  EXPECT_EQ(fate(queued, v1::MESSAGE_STATE_SENT, 1), Fate::kSent);
  EXPECT_EQ(fate(queued, v1::MESSAGE_STATE_WITHDRAWN, 0), Fate::kWithdrawn);
  EXPECT_EQ(fate(queued, v1::MESSAGE_STATE_HELD, 0), Fate::kHeld);
  EXPECT_EQ(FateOf(sent, nullptr), Fate::kGone);
  for (const Fate settled : {Fate::kAnswered, Fate::kRefused, Fate::kWithdrawn}) EXPECT_TRUE(IsSettled(settled));
  for (const Fate open :
       {Fate::kResent, Fate::kSent, Fate::kUnknown, Fate::kQueued, Fate::kHeld, Fate::kWorkItem, Fate::kGone})
    EXPECT_FALSE(IsSettled(open)) << ToString(open);
}

}  // namespace
}  // namespace tvan::ctl
