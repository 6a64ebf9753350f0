// The records and keys of retention, as version 1 writes them.
#include <gtest/gtest.h>

#include "store/codec.h"
#include "store/keys.h"
#include "tests/unit/store/hex.h"

namespace tvan {
namespace {

// Never edited: see golden.h.
constexpr const char* kGoldenRejection =
    "010461636d6502010e0320abababababababababababababababababababababababababababababababab04024d31050296"
    "030606612e623a20630606642e653a20660702ac02";
constexpr const char* kGoldenTombstone =
    "010461636d6502010103024d3104025631072000000000000000000000000000000000000000000000000000000000000000"
    "00082000000000000000000000000000000000000000000000000000000000000000000901020a01000b0a30313031323334"
    "3536370c140101010201000301000600070008010009000a001101051201001301081c01011f02ac02200112";

Rejection FullRejection() {
  Rejection r;
  r.provider = ProviderId::Trusted("acme");
  r.at = {7};
  r.digest.bytes.fill(0xab);
  r.provider_id = "M1";
  r.mltdiep = 203;
  r.findings = {"a.b: c", "d.e: f"};
  r.number = 300;
  return r;
}

StoredMessage Tombstone() {
  StoredMessage m;
  m.meta.key = {ProviderId::Trusted("acme"), SubmitIdKind::kMTDiep, "M1"};
  m.meta.gateway_id = MessageId::Trusted("V1");
  m.meta.mst = TaxCode::Trusted("0101234567");
  m.meta.acceptance = 5;
  m.meta.stage = Stage::kAnswered;
  m.meta.purged_at = {9};
  m.last_item = 300;
  return m;
}

TEST(GoldenRetention, RecordsAndKeysAreWrittenAsVersionOne) {
  EXPECT_EQ(Hex(Encode(FullRejection())), kGoldenRejection);
  EXPECT_EQ(Hex(Encode(Tombstone())), kGoldenTombstone);
  const ProviderId provider = ProviderId::Trusted("ab");
  EXPECT_EQ(Hex(keys::MailboxPurged(provider, "main")), "440002616200046d61696e");
  EXPECT_EQ(Hex(keys::RejectionCount(provider)), "5200026162");
  EXPECT_EQ(Hex(keys::RejectionEntry(provider, 258)), "72000261620000000000000102");
}

TEST(GoldenRetention, VersionOneIsReadWithAllItsFields) {
  const auto rejection = DecodeRejection(FromHex(kGoldenRejection));
  ASSERT_TRUE(rejection.ok());
  EXPECT_EQ(Encode(*rejection), Encode(FullRejection()));
  EXPECT_EQ(rejection->findings.size(), 2u);
  const auto message = DecodeMessage(FromHex(kGoldenTombstone));
  ASSERT_TRUE(message.ok());
  EXPECT_TRUE(message->meta.purged());
  EXPECT_EQ(message->last_item, 300u);
  EXPECT_FALSE(DecodeMessage(Encode(StoredMessage())).ok());
  StoredMessage whole = Tombstone();
  whole.meta.purged_at = {};
  EXPECT_FALSE(DecodeMessage(Encode(whole))->meta.purged());
}

TEST(GoldenRetention, ADamagedRejectionIsRefused) {
  const std::string bytes = Encode(FullRejection());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = DecodeRejection(std::string_view(bytes).substr(0, size));
    if (!cut.ok()) continue;
    EXPECT_EQ(cut->provider.value(), "acme") << size;
  }
  EXPECT_FALSE(DecodeRejection("").ok());
  EXPECT_FALSE(DecodeRejection("\xff\xff\xff").ok());
}

}  // namespace
}  // namespace tvan
