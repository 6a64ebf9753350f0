#pragma once
// The digest port: SHA-256 and HMAC-SHA-256, implemented over OpenSSL in adapters/signature.
// Implementations are stateless and safe from any thread.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"

namespace tvan {

// SHA-256 of what comes in pieces. One thread.
class Sha256Stream {
 public:
  virtual ~Sha256Stream() = default;
  virtual void Add(std::string_view bytes) = 0;
  virtual Sha256 Finish() = 0;  // once, last
};

class Digester {
 public:
  virtual ~Digester() = default;
  virtual Sha256 Sha256Of(std::string_view bytes) const = 0;
  virtual Sha256 HmacSha256(std::string_view key, std::string_view bytes) const = 0;
  // Unless overridden it keeps all pieces in memory.
  virtual std::unique_ptr<Sha256Stream> BeginSha256() const;
};

// The gateway's MTDiep (DESIGN P3): 'V' + our MST without dash + 32 upper-case hex of
// HMAC(key, provider, kind, id, digest), shaped as a UUID of version 4. The same submission always gets the same one.
MessageId DeriveMessageId(const Digester& digester, std::string_view key, const TaxCode& our_mst,
                          const IdempotencyKey& submit, const Sha256& digest);
// The same shape for what we make ourselves (our 999 upward, re-wrapped answers), from a purpose and one source id.
MessageId DeriveOwnMessageId(const Digester& digester, std::string_view key, const TaxCode& our_mst,
                             std::string_view purpose, std::string_view source_id);

}  // namespace tvan
