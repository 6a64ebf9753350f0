// The records of the history: written as version 2, read whole, and damage is damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/codec.h"
#include "store/keys.h"
#include "tests/unit/store/golden.h"
#include "tests/unit/store/hex.h"

namespace tvan {
namespace {

using testing::ElementsAre;

InvoiceKey Invoice(const std::string& n) { return {TaxCode::Trusted("01"), "1", "C26TAA", n}; }

StoredMessage WithHistory() {
  StoredMessage s;
  MessageMeta& m = s.meta;
  m.key = {ProviderId::Trusted("alpha"), SubmitIdKind::kMTDiep, "M1"};
  m.gateway_id = MessageId::Trusted("V1");
  m.cls = MessageClass::kCashRegister;
  m.mltdiep = 206;
  m.mst = TaxCode::Trusted("01");
  m.acceptance = 5;
  m.claims = {Invoice("17"), Invoice("18")};
  m.relations = {{RelationKind::kAdjusts, Invoice("7"), Invoice("17")}, {RelationKind::kCancels, Invoice("8"), {}}};
  m.codes = {{"M1-26-A1B2C-00000000001", Invoice("17")}, {"M1-26-A1B2C-00000000002", Invoice("18")}};
  return s;
}
const std::vector<FollowerEntry> kFollowers = {{RelationKind::kReplaces, MessageId::Trusted("V1"), Invoice("9"), true},
                                               {RelationKind::kCancels, MessageId::Trusted("V2"), {}, false}};

TEST(Codec, AMessageThatIsDueTheSameDayIsReadBackAsSuch) {
  StoredMessage message = WithHistory();
  message.events = 1;
  for (const bool same_day : {false, true}) {
    message.meta.same_day = same_day;
    const auto read = DecodeMessage(Encode(message));
    ASSERT_TRUE(read.ok()) << read.status().ToString();
    EXPECT_EQ(read->meta.same_day, same_day);
  }
}

TEST(Codec, AMessageIsReadBackWithTheAllowancesThatItsSignaturesNeeded) {
  StoredMessage message = WithHistory();
  message.events = 1;
  for (const std::vector<std::string>& marks : {std::vector<std::string>(), {"enveloped_on_object", "legacy_sha1"}}) {
    message.meta.signature_marks = marks;
    const auto read = DecodeMessage(Encode(message));
    ASSERT_TRUE(read.ok()) << read.status().ToString();
    EXPECT_EQ(read->meta.signature_marks, marks);
  }
}

TEST(Codec, CodesAreReadBackWithTheirInvoicesInWhateverOrder) {
  StoredMessage message = WithHistory();
  message.meta.claims.push_back(Invoice("19"));
  message.meta.codes = {{"c", Invoice("19")}, {"a", Invoice("17")}, {"b", Invoice("18")}, {"d", Invoice("17")}};
  const auto read = DecodeMessage(Encode(message));
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->meta.codes, message.meta.codes);
}

TEST(GoldenHistory, EveryRecordIsWrittenAsVersionTwo) {
  EXPECT_EQ(Hex(Encode(WithHistory())), kGoldenMessageWithHistory);
  EXPECT_EQ(Hex(Encode(kFollowers)), kGoldenFollowers);
  EXPECT_EQ(Hex(EncodeRanges({"A1B2C", "ZZZZZ"})), kGoldenRanges);
  EXPECT_EQ(Hex(keys::CodeClaim("M1")), "6300024d31");
  EXPECT_EQ(Hex(keys::Followers(Invoice("7"))), "66" + Hex(keys::Claim(Invoice("7"))));
  EXPECT_EQ(Hex(keys::Ranges(TaxCode::Trusted("01"))), "6700023031");
}

TEST(GoldenHistory, VersionTwoIsReadWithAllItsFields) {
  const auto message = DecodeMessage(FromHex(kGoldenMessageWithHistory));
  ASSERT_TRUE(message.ok()) << message.status().ToString();
  EXPECT_EQ(message->meta.relations, WithHistory().meta.relations);
  EXPECT_EQ(message->meta.codes, WithHistory().meta.codes);
  const auto followers = DecodeFollowers(FromHex(kGoldenFollowers));
  ASSERT_TRUE(followers.ok());
  ASSERT_EQ(followers->size(), 2u);
  EXPECT_TRUE(followers->front().released);
  EXPECT_EQ(followers->front().by, Invoice("9"));
  EXPECT_FALSE(followers->back().released);
  EXPECT_EQ(followers->back().kind, RelationKind::kCancels);
  EXPECT_EQ(followers->back().gateway_id.value(), "V2");
  EXPECT_EQ(followers->back().by, std::nullopt);
  EXPECT_THAT(*DecodeRanges(FromHex(kGoldenRanges)), ElementsAre("A1B2C", "ZZZZZ"));
}

TEST(GoldenHistory, AVersionOneMessageHasNone) {
  const auto message = DecodeMessage(FromHex(kGoldenMessage));
  ASSERT_TRUE(message.ok());
  EXPECT_TRUE(message->meta.relations.empty());
  EXPECT_TRUE(message->meta.codes.empty());
}

TEST(HistoryCodec, AnAnswerKeepsTheRangeThatItBrought) {
  AnswerRecord record;
  record.answer.answer_id = "a1";
  record.answer.register_range = RegisterRange{TaxCode::Trusted("0101234567-001"), "A1B2C"};
  record.positions = {"p1"};
  const auto read = DecodeAnswer(Encode(record));
  ASSERT_TRUE(read.ok());
  ASSERT_TRUE(read->answer.register_range.has_value());
  EXPECT_EQ(read->answer.register_range->mst.value(), "0101234567-001");
  EXPECT_EQ(read->answer.register_range->range, "A1B2C");
  record.answer.register_range.reset();
  EXPECT_FALSE(DecodeAnswer(Encode(record))->answer.register_range.has_value());
}

TEST(HistoryCodec, AnAnswerKeepsWhatOfItIsUndecided) {
  AnswerRecord record;
  record.answer.answer_id = "a1";
  record.positions = {"p1"};
  const std::string decided = Encode(record);
  EXPECT_EQ(DecodeAnswer(decided)->answer.undecided, Undecided::kNothing) << "and so is one of before";
  for (const Undecided undecided : {Undecided::kRange, Undecided::kEverything}) {
    record.answer.undecided = undecided;
    EXPECT_EQ(Hex(Encode(record)), Hex(decided) + "10010" + std::to_string(static_cast<int>(undecided)));
    EXPECT_EQ(DecodeAnswer(Encode(record))->answer.undecided, undecided);
  }
  EXPECT_EQ(Hex(keys::Undecided(258)), "760000000000000102");
}

TEST(HistoryCodec, EveryTruncationAndEveryFlippedBitEndsInAnAnswer) {
  const std::string message = Encode(WithHistory()), followers = Encode(kFollowers);
  for (size_t size = 0; size < message.size(); ++size) (void)DecodeMessage(message.substr(0, size)).ok();
  for (const std::string& whole : {message, followers})
    for (size_t i = 0; i < whole.size() * 8; ++i) {
      std::string flipped = whole;
      flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
      (void)DecodeMessage(flipped).ok();
      (void)DecodeFollowers(flipped).ok();
      (void)DecodeRanges(flipped).ok();
    }
  EXPECT_EQ(DecodeFollowers("").status().reason(), "store.damaged"_reason);
  EXPECT_EQ(DecodeFollowers(followers.substr(0, followers.size() - 1)).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(DecodeRanges("").status().reason(), "store.damaged"_reason);
}

TEST(HistoryCodec, ACodeOfNoClaimIsDamage) {
  const std::string whole = Encode(WithHistory());
  const std::string place(7, '\0');
  std::string beyond = whole;
  const size_t at = beyond.rfind(place + '\1' + "M1-26");
  ASSERT_NE(at, std::string::npos);
  beyond[at + 7] = '\2';
  EXPECT_EQ(DecodeMessage(beyond).status().reason(), "store.damaged"_reason);
}

}  // namespace
}  // namespace tvan
