#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "adapters/signature.h"

namespace tvan {
namespace {

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

class OpensslStream final : public Sha256Stream {
 public:
  OpensslStream() { TVAN_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1); }
  ~OpensslStream() override { EVP_MD_CTX_free(context_); }
  OpensslStream(const OpensslStream&) = delete;
  OpensslStream& operator=(const OpensslStream&) = delete;
  void Add(std::string_view bytes) override { TVAN_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1); }
  Sha256 Finish() override {
    Sha256 digest;
    TVAN_CHECK(EVP_DigestFinal_ex(context_, digest.bytes.data(), nullptr) == 1);
    return digest;
  }

 private:
  EVP_MD_CTX* const context_ = EVP_MD_CTX_new();
};

class OpensslDigester final : public Digester {
 public:
  std::unique_ptr<Sha256Stream> BeginSha256() const override { return std::make_unique<OpensslStream>(); }
  Sha256 Sha256Of(std::string_view bytes) const override {
    Sha256 digest;
    SHA256(Bytes(bytes), bytes.size(), digest.bytes.data());
    return digest;
  }
  Sha256 HmacSha256(std::string_view key, std::string_view bytes) const override {
    Sha256 digest;
    unsigned int size = 0;
    TVAN_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(bytes), bytes.size(),
                    digest.bytes.data(), &size) != nullptr &&
               size == digest.bytes.size());
    return digest;
  }
};

}  // namespace

std::unique_ptr<Digester> MakeDigester() { return std::make_unique<OpensslDigester>(); }

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  TVAN_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

}  // namespace tvan
