#include "gateway/core/digest.h"

#include <algorithm>

#include "gateway/core/hex.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

// What is hashed: tagged fields, so that no two tuples share one input. Tag 1 keeps the two uses apart.
enum : uint32_t { kUse = 1, kProvider = 2, kKind = 3, kId = 4, kDigest = 5, kPurpose = 6 };

// 'V' + MST + the first 16 bytes as a UUID of version 4, variant 10 (RFC 4122 section 4.4), without dashes.
MessageId Shape(const Sha256& mac, const TaxCode& our_mst) {
  std::array<uint8_t, 16> uuid;
  std::copy_n(mac.bytes.begin(), uuid.size(), uuid.begin());
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0F) | 0x40);
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3F) | 0x80);
  return MessageId::Trusted("V" + WithoutDash(our_mst) + HexUpper(uuid));
}

class WholeStream final : public Sha256Stream {
 public:
  explicit WholeStream(const Digester& digester) : digester_(digester) {}
  void Add(std::string_view bytes) override { bytes_.append(bytes); }
  Sha256 Finish() override { return digester_.Sha256Of(bytes_); }

 private:
  const Digester& digester_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Sha256Stream> Digester::BeginSha256() const { return std::make_unique<WholeStream>(*this); }

MessageId DeriveMessageId(const Digester& digester, std::string_view key, const TaxCode& our_mst,
                          const IdempotencyKey& submit, const Sha256& digest) {
  TaggedWriter input;
  input.Bytes(kUse, "submit");
  input.Bytes(kProvider, submit.provider.value());
  input.Unsigned(kKind, static_cast<uint64_t>(submit.kind));
  input.Bytes(kId, submit.value);
  input.Bytes(kDigest, digest.view());
  return Shape(digester.HmacSha256(key, input.bytes()), our_mst);
}

MessageId DeriveOwnMessageId(const Digester& digester, std::string_view key, const TaxCode& our_mst,
                             std::string_view purpose, std::string_view source_id) {
  TaggedWriter input;
  input.Bytes(kUse, "own");
  input.Bytes(kPurpose, purpose);
  input.Bytes(kId, source_id);
  return Shape(digester.HmacSha256(key, input.bytes()), our_mst);
}

}  // namespace tvan
