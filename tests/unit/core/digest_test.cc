#include "gateway/core/digest.h"

#include <gtest/gtest.h>

#include <set>

namespace tvan {
namespace {

// Spreads all bytes over the digest; no cryptography, but every input byte counts.
class FakeDigester final : public Digester {
 public:
  Sha256 Sha256Of(std::string_view bytes) const override { return HmacSha256("", bytes); }
  Sha256 HmacSha256(std::string_view key, std::string_view bytes) const override {
    Sha256 out;
    uint64_t state = 0xcbf29ce484222325;
    for (const std::string_view part : {key, std::string_view("|"), bytes})
      for (const char c : part) state = (state ^ static_cast<uint8_t>(c)) * 0x100000001b3;
    for (uint8_t& byte : out.bytes) {
      state = state * 6364136223846793005 + 1442695040888963407;
      byte = static_cast<uint8_t>(state >> 56);
    }
    return out;
  }
};

class AllOnes final : public Digester {
 public:
  Sha256 Sha256Of(std::string_view) const override { return HmacSha256("", ""); }
  Sha256 HmacSha256(std::string_view, std::string_view) const override {
    Sha256 out;
    out.bytes.fill(0xFF);
    return out;
  }
};

const TaxCode kOurs = TaxCode::Trusted("0100000001-001");
const IdempotencyKey kSubmit{ProviderId::Trusted("sun"), SubmitIdKind::kMTDiep, "K01"};

TEST(DerivedMessageId, IsAUuidOfVersion4InUpperHexAfterVAndOurTaxCode) {
  EXPECT_EQ(DeriveMessageId(AllOnes(), "key", kOurs, kSubmit, {}).value(),
            "V0100000001001FFFFFFFFFFFF4FFFBFFFFFFFFFFFFFFF");
  EXPECT_TRUE(IsAuthorityHopMessageId(DeriveMessageId(FakeDigester(), "key", kOurs, kSubmit, {}).value()));
  EXPECT_TRUE(IsAuthorityHopMessageId(DeriveOwnMessageId(FakeDigester(), "key", kOurs, "ack", "a1").value()));
}

TEST(DerivedMessageId, IsTheSameForTheSameSubmission) {
  EXPECT_EQ(DeriveMessageId(FakeDigester(), "key", kOurs, kSubmit, {}),
            DeriveMessageId(FakeDigester(), "key", kOurs, kSubmit, {}));
}

TEST(DerivedMessageId, ChangesWithEveryPartOfTheSubmission) {
  const FakeDigester digester;
  Sha256 other_digest;
  other_digest.bytes[31] = 1;
  IdempotencyKey provider = kSubmit, kind = kSubmit, value = kSubmit, moved = kSubmit;
  provider.provider = ProviderId::Trusted("moon");
  kind.kind = SubmitIdKind::kClientReference;
  value.value = "K02";
  moved.provider = ProviderId::Trusted("sunK");  // the same characters, cut elsewhere
  moved.value = "01";
  std::set<MessageId> all{DeriveMessageId(digester, "key", kOurs, kSubmit, {}),
                          DeriveMessageId(digester, "other", kOurs, kSubmit, {}),
                          DeriveMessageId(digester, "key", kOurs, kSubmit, other_digest),
                          DeriveMessageId(digester, "key", kOurs, provider, {}),
                          DeriveMessageId(digester, "key", kOurs, kind, {}),
                          DeriveMessageId(digester, "key", kOurs, value, {}),
                          DeriveMessageId(digester, "key", kOurs, moved, {}),
                          DeriveOwnMessageId(digester, "key", kOurs, "ack", "K01"),
                          DeriveOwnMessageId(digester, "key", kOurs, "ackK", "01")};
  EXPECT_EQ(all.size(), 9u);
}

}  // namespace
}  // namespace tvan
