#include <sodium.h>

#include "adapters/signature.h"
#include "adapters/signature/openssl.h"

namespace tvan {
namespace {

constexpr size_t kPublicSize = 32;
constexpr size_t kSignatureSize = 64;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// libsodium's memory for keys: locked, between guard pages, wiped when it goes.
struct FreeSecret {
  void operator()(unsigned char* key) const { sodium_free(key); }
};
using Secret = std::unique_ptr<unsigned char, FreeSecret>;

// Signs with libsodium, in half of OpenSSL's time (every receipt is sealed); read and verified is with OpenSSL.
class Ed25519Key final : public SealKey {
 public:
  // nullptr: `key` has no raw private key, or no memory.
  static std::unique_ptr<Ed25519Key> Make(const EVP_PKEY* key) {
    auto made = std::unique_ptr<Ed25519Key>(new Ed25519Key);
    const Secret seed(static_cast<unsigned char*>(sodium_malloc(crypto_sign_SEEDBYTES)));
    size_t size = crypto_sign_SEEDBYTES;
    if (seed == nullptr || made->secret_ == nullptr) return nullptr;
    if (EVP_PKEY_get_raw_private_key(key, seed.get(), &size) != 1 || size != crypto_sign_SEEDBYTES) return nullptr;
    auto* const open = reinterpret_cast<unsigned char*>(made->public_key_.data());
    return crypto_sign_seed_keypair(open, made->secret_.get(), seed.get()) == 0 ? std::move(made) : nullptr;
  }

  std::string Sign(std::string_view bytes) const override {
    std::string signature(kSignatureSize, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(signature.data());
    TVAN_CHECK(crypto_sign_detached(out, nullptr, Bytes(bytes), bytes.size(), secret_.get()) == 0);
    return signature;
  }
  std::string public_key() const override { return public_key_; }

 private:
  Ed25519Key() = default;

  Secret secret_{static_cast<unsigned char*>(sodium_malloc(crypto_sign_SECRETKEYBYTES))};
  std::string public_key_ = std::string(kPublicSize, '\0');
};

}  // namespace

Result<std::unique_ptr<SealKey>> LoadSealKey(const std::string& private_key_file) {
  const auto pem = ReadSmallFile(private_key_file);
  if (!pem) return Status::Permanent("signature.key"_reason, "cannot read the key file " + private_key_file);
  EvpKey key = PrivateKeyFromPem(*pem);
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return Status::Permanent("signature.key"_reason, private_key_file + " is not an Ed25519 private key in PEM");
  }
  auto seal = sodium_init() >= 0 ? Ed25519Key::Make(key.get()) : nullptr;
  if (seal == nullptr) return Status::Permanent("signature.key"_reason, private_key_file + " cannot be used");
  return std::unique_ptr<SealKey>(std::move(seal));
}

bool VerifyEd25519(std::string_view public_key, std::string_view bytes, std::string_view signature) {
  const QuietErrors quiet;
  if (public_key.size() != kPublicSize || signature.size() != kSignatureSize) return false;
  const EvpKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  const EvpDigestContext context(EVP_MD_CTX_new());
  if (key == nullptr || context == nullptr) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(bytes), bytes.size()) == 1;
}

}  // namespace tvan
