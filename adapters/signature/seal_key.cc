#include "adapters/signature.h"
#include "adapters/signature/openssl.h"

namespace tvan {
namespace {

constexpr size_t kPublicSize = 32;
constexpr size_t kSignatureSize = 64;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

class Ed25519Key final : public SealKey {
 public:
  explicit Ed25519Key(EvpKey key) : key_(std::move(key)) {}

  std::string Sign(std::string_view bytes) const override {
    std::string signature(kSignatureSize, '\0');
    size_t size = signature.size();
    const EvpDigestContext context(EVP_MD_CTX_new());
    TVAN_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    TVAN_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, Bytes(bytes),
                              bytes.size()) == 1 &&
               size == kSignatureSize);
    return signature;
  }
  std::string public_key() const override {
    std::string bytes(kPublicSize, '\0');
    size_t size = bytes.size();
    TVAN_CHECK(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1 &&
               size == kPublicSize);
    return bytes;
  }

 private:
  EvpKey key_;
};

}  // namespace

Result<std::unique_ptr<SealKey>> LoadSealKey(const std::string& private_key_file) {
  const auto pem = ReadSmallFile(private_key_file);
  if (!pem) return Status::Permanent("signature.key"_reason, "cannot read the key file " + private_key_file);
  EvpKey key = PrivateKeyFromPem(*pem);
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return Status::Permanent("signature.key"_reason, private_key_file + " is not an Ed25519 private key in PEM");
  }
  return std::unique_ptr<SealKey>(std::make_unique<Ed25519Key>(std::move(key)));
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
