// The one file behind which libsodium stays in this room.
#include <sodium.h>

#include "store/audit.h"

namespace tvan {

Sha256 AuditDigest(std::string_view body) {
  Sha256 digest;
  crypto_hash_sha256(digest.bytes.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
  return digest;
}

}  // namespace tvan
