#include "store/codec_audit.h"

#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {
namespace {

constexpr size_t kHashSize = 32;

std::string Hashed(const AuditEntry& entry) {
  TaggedWriter out;
  out.Unsigned(1, entry.sequence).Signed(2, entry.at.us);
  codec::Text(out, 3, entry.author);
  codec::Text(out, 4, entry.reason);
  codec::Text(out, 5, entry.kind);
  codec::Text(out, 6, entry.id);
  out.Unsigned(7, entry.version);
  if (entry.deleted) out.Unsigned(8, 1);
  if (entry.before != Sha256()) out.Bytes(9, entry.before.view());
  out.Bytes(10, entry.after.view());
  return out.Take();
}

Sha256 ToSha256(std::string_view bytes) {
  Sha256 digest;
  if (bytes.size() == kHashSize) std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

}  // namespace

Sha256 AuditHash(const Sha256& hash_before, const AuditEntry& entry) {
  return AuditDigest(std::string(hash_before.view()) + Hashed(entry));
}

std::string Encode(const AuditEntry& entry) { return std::string(entry.hash.view()) + Hashed(entry); }

Result<AuditEntry> DecodeAuditEntry(std::string_view bytes) {
  using codec::Into;
  if (bytes.size() < kHashSize) return codec::Damaged("audit entry");
  AuditEntry entry;
  entry.hash = ToSha256(bytes.substr(0, kHashSize));
  const Status read = ReadTagged(bytes.substr(kHashSize), [&](const TaggedField& f) {
    if (f.tag == 8) entry.deleted = f.Unsigned() != 0;
    if (f.tag == 9) entry.before = ToSha256(f.bytes);
    if (f.tag == 10) entry.after = ToSha256(f.bytes);
    (void)(Into(f, 1, entry.sequence) || Into(f, 2, entry.at) || Into(f, 3, entry.author) || Into(f, 4, entry.reason) ||
           Into(f, 5, entry.kind) || Into(f, 6, entry.id) || Into(f, 7, entry.version));
  });
  if (!read.ok() || Encode(entry) != bytes) return codec::Damaged("audit entry");
  return entry;
}

std::string Encode(const AuditHead& head) { return U64(head.sequence) + std::string(head.hash.view()); }

Result<AuditHead> DecodeAuditHead(std::string_view bytes) {
  if (bytes.size() != 8 + kHashSize) return codec::Damaged("end of the audit chain");
  return AuditHead{*ReadU64(bytes.substr(0, 8)), ToSha256(bytes.substr(8))};
}

}  // namespace tvan
