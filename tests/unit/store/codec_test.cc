// Records on disk: golden bytes keep the format, and damage is said, never a crash. FORMAT.md names the tags.
#include "store/codec.h"

#include <gtest/gtest.h>

#include "store/keys.h"
#include "store/pack.h"
#include "tests/unit/store/golden.h"
#include "tests/unit/store/hex.h"

namespace tvan {
namespace {

StoredMessage FullMessage() {
  StoredMessage s;
  MessageMeta& m = s.meta;
  m.key = {ProviderId::Trusted("alpha"), SubmitIdKind::kClientReference, "ref-1"};
  m.gateway_id = MessageId::Trusted("V0100");
  m.provider_mtdiep = "M1";
  m.provider_mngui = "0101";
  m.digest.bytes.fill(0xab);
  m.sent_digest.bytes.fill(0xcd);
  m.cls = MessageClass::kErrorNotice;
  m.mltdiep = 300;
  m.mst = TaxCode::Trusted("0101234567-001");
  m.claims = {{TaxCode::Trusted("01"), "1", "C26TAA", "17"}};
  m.refers = {{TaxCode::Trusted("02"), "2", "K26TBB", "18"}};
  m.accepted_at = {1700000000000000};
  m.contract_version = "c7";
  m.acceptance = 5;
  m.payload_size = 8000;
  m.stage = Stage::kInDoubt;
  m.attempts = 2;
  m.stage_since = {1700000000000001};
  m.last_attempt_at = {1700000000000002};
  m.last_not_after = {1700000000000003};
  m.last_line = "main";
  m.search_from = "p1";
  m.reason = "line.timeout";
  s.accepted_sequence = 9;
  s.events = 4;
  return s;
}

AnswerRecord FullAnswer() {
  AnswerRecord r;
  r.answer.answer_id = "a1";
  r.answer.line = LineId::Trusted("main");
  r.answer.mltdiep = -1;
  r.answer.authority_mtdiep = "TCT1";
  r.answer.mtdtchieu = "V0100";
  r.answer.received_at = {1700000000000004};
  r.answer.parsed = "parsed";
  r.answer.annotation = "VERIFIED";
  r.answer.parked_reason = "feedback.unknown_reference";
  r.number = 3;
  r.sequence = 8;
  r.positions = {"p1", "p2"};
  return r;
}

const Event kEvent{.kind = EventKind::kAnswer,
                   .at = {1700000000000005},
                   .sequence = 6,
                   .attempt = 1,
                   .reason = "r.w",
                   .detail = "d",
                   .answer_id = "a1"};
const Event kWithdrawal{.kind = EventKind::kWithdrawn, .at = {1700000000000008}, .sequence = 7, .proof = "a.b.c"};
const Voided kVoided{{1700000000000009}, {"00ff", 300}, "a.b.d"};
const MailboxItem kItem{7, "a1", MessageId::Trusted("V0100"), "M1", "<TDiep/>", {1700000000000006}};
const OperatorRecord kRecord{"window", "w1", 2, {1700000000000007}, "op", "why", "body", true};

TEST(Golden, EveryRecordIsWrittenAsVersionOne) {
  EXPECT_EQ(Hex(Encode(FullMessage())), kGoldenMessage);
  EXPECT_EQ(Hex(Encode(FullAnswer())), kGoldenAnswer);
  EXPECT_EQ(Hex(Encode(kEvent)), kGoldenEvent);
  EXPECT_EQ(Hex(Encode(kWithdrawal)), kGoldenWithdrawal);
  EXPECT_EQ(Hex(Encode(kVoided)), kGoldenVoided);
  EXPECT_EQ(Hex(Encode(kItem)), kGoldenItem);
  EXPECT_EQ(Hex(Encode(kRecord)), kGoldenRecord);
  EXPECT_EQ(Hex(EncodePayload("receipt", "999", "<TDiep/>")), kGoldenPayload) << "short: not packed";
  EXPECT_EQ(Hex(Encode(std::vector<ClaimEntry>{{MessageId::Trusted("V1"), true}, {MessageId::Trusted("V2"), false}})),
            kGoldenClaims);
  EXPECT_EQ(Hex(Encode(QueueEntry{MessageId::Trusted("V1"), {1}})), kGoldenQueueEntry);
}

TEST(Golden, EveryKeyIsWrittenAsVersionOne) {
  const ProviderId alpha = ProviderId::Trusted("alpha");
  EXPECT_EQ(Hex(keys::QueueEntry({alpha, MessageClass::kCoded}, 258)),
            "710005616c70686101"
            "0000000000000102");
  EXPECT_EQ(Hex(keys::StageEntry(Stage::kSent, 1)),
            "7305"
            "0000000000000001");
  EXPECT_EQ(Hex(keys::Idempotency({alpha, SubmitIdKind::kMTDiep, "M1"})),
            "6b0005616c70686101"
            "4d31");
  EXPECT_EQ(Hex(keys::EventOf(1, 2)),
            "0000000000000001"
            "00000002");
  EXPECT_EQ(Hex(keys::MailboxEntry(alpha, "main", 1)),
            "6d0005616c70686100046d61696e"
            "0000000000000001");
  EXPECT_EQ(Hex(keys::Claim({TaxCode::Trusted("01"), "1", "C", "7"})),
            "00023031"
            "000131"
            "000143"
            "000137");
  EXPECT_EQ(Hex(keys::Version("window", "w1", 2)),
            "76000677696e646f7700027731"
            "0000000000000002");
  EXPECT_EQ(Hex(keys::ListEntry(alpha, 1)),
            "6c0005616c706861"
            "0000000000000001");
}

TEST(Golden, VersionOneIsReadWithAllItsFields) {
  auto message = DecodeMessage(FromHex(kGoldenMessage));
  ASSERT_TRUE(message.ok()) << message.status().ToString();
  EXPECT_EQ(Encode(*message), Encode(FullMessage()));
  EXPECT_EQ(message->meta.reason, "line.timeout");
  EXPECT_EQ(message->meta.refers, FullMessage().meta.refers);
  auto answer = DecodeAnswer(FromHex(kGoldenAnswer));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(Encode(*answer), Encode(FullAnswer()));
  EXPECT_EQ(answer->answer.mltdiep, -1);
  auto event = DecodeEvent(FromHex(kGoldenEvent));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(Encode(*event), Encode(kEvent));
  auto item = DecodeMailboxItem(FromHex(kGoldenItem));
  ASSERT_TRUE(item.ok());
  EXPECT_EQ(item->rewrapped, "<TDiep/>");
  auto record = DecodeRecord(FromHex(kGoldenRecord));
  ASSERT_TRUE(record.ok());
  EXPECT_TRUE(record->deleted);
  auto claims = DecodeClaims(FromHex(kGoldenClaims));
  ASSERT_TRUE(claims.ok());
  EXPECT_TRUE(claims->front().released);
  EXPECT_FALSE(claims->back().released);
  const std::string payload = FromHex(kGoldenPayload);
  auto parts = DecodePayload(payload);
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->receipt, "receipt");
  EXPECT_EQ(parts->ack999, "999");
  EXPECT_EQ(parts->payload, "<TDiep/>");
}

TEST(Golden, AWithdrawalAndAVoidedKeyAreReadWithTheirProofs) {
  auto withdrawal = DecodeEvent(FromHex(kGoldenWithdrawal));
  ASSERT_TRUE(withdrawal.ok());
  EXPECT_EQ(withdrawal->proof, "a.b.c");
  EXPECT_EQ(withdrawal->kind, EventKind::kWithdrawn);
  auto voided = DecodeVoided(FromHex(kGoldenVoided));
  ASSERT_TRUE(voided.ok());
  EXPECT_EQ(voided->proof, "a.b.d");
  EXPECT_EQ(voided->at, kVoided.at);
  EXPECT_EQ(voided->position.ToString(), "00ff:300");
}

TEST(Codec, AVoidedKeyIsNoMessageIdAndTheOtherWayRound) {
  EXPECT_TRUE(IsVoided(Encode(kVoided)));
  EXPECT_FALSE(IsVoided("V0309478306"));
  EXPECT_FALSE(IsVoided(""));
  const std::string whole = Encode(kVoided);
  EXPECT_EQ(DecodeVoided("V0309478306").status().reason(), "store.damaged"_reason);
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(DecodeVoided(whole.substr(0, size)).ok()) << size;
}

TEST(Codec, AnUnknownTagIsSkipped) {
  const std::string longer = Encode(FullMessage()) + FromHex("c80103414243");  // tag 200, 3 bytes
  ASSERT_TRUE(DecodeMessage(longer).ok());
  EXPECT_EQ(Encode(*DecodeMessage(longer)), Encode(FullMessage()));
}

TEST(Golden, APackedPayloadRecordIsRead) {
  const auto parts = DecodePayload(FromHex(kGoldenPackedPayload));
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->receipt, "receipt");
  EXPECT_EQ(parts->ack999, "999");
  EXPECT_EQ(parts->payload, "<TDiep><a>1</a><a>1</a><a>1</a><a>1</a><a>1</a><a>1</a></TDiep>");
  std::string flipped = FromHex(kGoldenPackedPayload);
  flipped[flipped.size() - 1] ^= 1;  // of the frame's checksum
  EXPECT_EQ(DecodePayload(flipped).status().reason(), "store.damaged"_reason);
}

TEST(Codec, ALongPayloadRecordIsPackedAndReadBack) {
  std::string payload;
  for (int i = 0; i < 300; ++i) payload += "<HHDVu><STT>" + std::to_string(i) + "</STT></HHDVu>";
  const std::string record = EncodePayload("a.b.c", "<TDiep>999</TDiep>", payload);
  EXPECT_EQ(Hex(record).substr(0, 8), "28b52ffd");
  EXPECT_LT(record.size(), payload.size() / 3);
  const auto parts = DecodePayload(record);
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->receipt, "a.b.c");
  EXPECT_EQ(parts->ack999, "<TDiep>999</TDiep>");
  EXPECT_EQ(parts->payload, payload);
  for (size_t size = 0; size < record.size(); ++size)
    EXPECT_EQ(DecodePayload(record.substr(0, size)).status().reason(), "store.damaged"_reason) << size;
  for (size_t i = 0; i < record.size() * 8; ++i) {
    std::string flipped = record;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    (void)DecodePayload(flipped).ok();
  }
}

// A frame that says it is larger than any record takes no memory.
TEST(Codec, AFrameThatClaimsTooMuchIsDamage) {
  const std::string small = Pack(std::string(kMostUnpacked, 'x'));
  ASSERT_TRUE(IsPacked(small));
  EXPECT_EQ(Unpack(small)->size(), kMostUnpacked);
  std::string claims = small;  // magic, descriptor, then the content's size in four bytes
  claims[8] = static_cast<char>(claims[8] + 1);
  EXPECT_EQ(Unpack(claims).status().reason(), "store.damaged"_reason);
  EXPECT_FALSE(Unpack(FromHex("28b52ffde0ffffffffffffff7f00")).ok()) << "no memory is asked for so much";
  const std::string noise = "\x01\x02\x03";
  EXPECT_EQ(Pack(noise), noise) << "not shorter";
}

TEST(Codec, EveryTruncationAndEveryFlippedBitEndsInAnAnswer) {
  const std::string whole = Encode(FullMessage());
  for (size_t size = 0; size < whole.size(); ++size) (void)DecodeMessage(whole.substr(0, size)).ok();
  for (size_t i = 0; i < whole.size() * 8; ++i) {
    std::string flipped = whole;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    (void)DecodeMessage(flipped).ok();
    (void)DecodeAnswer(flipped).ok();
    (void)DecodeEvent(flipped).ok();
    (void)DecodeMailboxItem(flipped).ok();
    (void)DecodeRecord(flipped).ok();
    (void)DecodePayload(flipped).ok();
    (void)DecodeClaims(flipped).ok();
    (void)DecodeVoided(flipped).ok();
  }
  EXPECT_EQ(DecodeMessage("").status().reason(), "store.damaged"_reason);
  EXPECT_EQ(DecodeMessage(whole.substr(0, whole.size() / 2)).status().reason(), "store.damaged"_reason);
  EXPECT_FALSE(DecodePayload("1234567").ok());
  EXPECT_FALSE(DecodePayload(std::string(8, '\xff')).ok());
}

TEST(Keys, StringsOfAnyContentDoNotCollide) {
  const TaxCode mst = TaxCode::Trusted("01");
  EXPECT_NE(keys::Claim({mst, "1", "2;3", "4"}), keys::Claim({mst, "1", "2", "3;4"}));
  EXPECT_NE(keys::Claim({mst, std::string("1\0", 2), "2", "4"}), keys::Claim({mst, "1", std::string("\0002", 2), "4"}));
  const InvoiceKey odd{mst, std::string("\0\xff", 2), "", ";"};
  EXPECT_EQ(keys::ParseClaim(keys::Claim(odd)), odd);
  EXPECT_FALSE(keys::ParseClaim("x").has_value());
}

}  // namespace
}  // namespace tvan
