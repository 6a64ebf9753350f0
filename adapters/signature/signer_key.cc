#include <openssl/core_names.h>

#include "adapters/signature/signer_certificate.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr std::string_view kDsig11Ns = "http://www.w3.org/2009/xmldsig11#";
constexpr int kMaxExponentBits = 64;  // larger ones only cost time

BigNumber KeyNumber(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  return EVP_PKEY_get_bn_param(key, name, &number) == 1 ? BigNumber(number) : nullptr;
}

std::string CurveOf(const EVP_PKEY* key) {
  char name[64] = {};
  size_t size = 0;
  return EVP_PKEY_get_group_name(key, name, sizeof name, &size) == 1 ? std::string(name, size) : std::string();
}

bool SizeFits(const EVP_PKEY* key, LegacySha1 legacy) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    const std::string curve = CurveOf(key);
    return curve == "prime256v1" || curve == "P-256" || curve == "secp384r1" || curve == "P-384";
  }
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const int bits = EVP_PKEY_get_bits(key);
  const BigNumber exponent = KeyNumber(key, OSSL_PKEY_PARAM_RSA_E);
  return bits >= (legacy == LegacySha1::kAccept ? 1024 : 2048) && bits <= 4096 && exponent != nullptr &&
         BN_num_bits(exponent.get()) <= kMaxExponentBits;
}

bool MethodFits(const EVP_PKEY* key, std::string_view method) {
  const std::string_view name = method.substr(method.rfind('#') + 1);
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? name.substr(0, 6) == "ecdsa-" : name.substr(0, 4) == "rsa-";
}

bool NumberIs(const XmlNode& node, const BIGNUM* expected) {
  const auto bytes = Base64Decode(node.Text());
  if (!bytes.ok() || bytes->empty() || expected == nullptr) return false;
  const BigNumber number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()), static_cast<int>(bytes->size()), nullptr));
  return number != nullptr && BN_cmp(number.get(), expected) == 0;
}

bool IsRsaKey(const XmlNode& value, const EVP_PKEY* key) {
  const XmlNode modulus = value.first_child();
  const XmlNode exponent = modulus.next_sibling();
  return value.name() == "RSAKeyValue" && modulus.name() == "Modulus" && exponent.name() == "Exponent" &&
         NumberIs(modulus, KeyNumber(key, OSSL_PKEY_PARAM_RSA_N).get()) &&
         NumberIs(exponent, KeyNumber(key, OSSL_PKEY_PARAM_RSA_E).get());
}

bool IsEcKey(const XmlNode& value, const EVP_PKEY* key) {
  const XmlNode point = value.Child("PublicKey", kDsig11Ns);
  if (value.name() != "ECKeyValue" || !point || !value.Child("NamedCurve", kDsig11Ns)) return false;
  const auto bytes = Base64Decode(point.Text());
  unsigned char own[256];
  size_t size = 0;
  return bytes.ok() && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, own, sizeof own, &size) == 1 &&
         *bytes == std::string_view(reinterpret_cast<const char*>(own), size);
}

bool IsSameKey(const XmlNode& key_value, const EVP_PKEY* key) {
  const XmlNode value = key_value.first_child();
  if (!value || value.next_sibling()) return false;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? IsEcKey(value, key) : IsRsaKey(value, key);
}

}  // namespace

void CheckSignerKey(const SignerCertificate& signer, const SignatureShape& shape, LegacySha1 legacy,
                    std::vector<Fault>* faults) {
  const std::string path = shape.key_info.path();
  const EVP_PKEY* key = signer.key.get();
  const auto add = [&](Reason rule) { faults->push_back({rule, path}); };
  if (!SizeFits(key, legacy)) return add("signature.key_size"_reason);
  if (!MethodFits(key, shape.method)) return add("signature.algorithm_key"_reason);
  const uint32_t usage = X509_get_key_usage(signer.certificate.get());  // all bits when not stated
  if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) add("signature.key_usage"_reason);
  for (const XmlNode& value : shape.key_values) {
    if (!IsSameKey(value, key)) add("signature.key_value"_reason);
  }
}

}  // namespace tvan
