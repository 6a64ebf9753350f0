#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "adapters/signature/digests.h"
#include "adapters/signature/signer_certificate.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr std::string_view kDsig11Ns = "http://www.w3.org/2009/xmldsig11#";

BigNumber KeyNumber(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  return EVP_PKEY_get_bn_param(key, name, &number) == 1 ? BigNumber(number) : nullptr;
}

using KeyKind = SignerCertificate::KeyKind;

bool SizeFits(const SignerCertificate& signer, const Policy& policy, SignatureShape* shape) {
  if (signer.kind != KeyKind::kRsa) return signer.kind != KeyKind::kOther;
  if (signer.bits > 4096 || signer.bits < 1024 || !signer.sound_exponent) return false;
  if (signer.bits >= 2048) return true;
  if (policy.allowed.legacy_sha1) AddMark(shape, kMarkLegacySha1);
  return policy.allowed.legacy_sha1;
}

bool MethodFits(const SignerCertificate& signer, std::string_view method) {
  const std::string_view name = method.substr(method.rfind('#') + 1);
  return signer.kind == KeyKind::kRsa ? name.substr(0, 4) == "rsa-" : name.substr(0, 6) == "ecdsa-";
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

EvpKeyContext KeyContexts::Take(EVP_PKEY* key, DigestMethod digest) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto idle =
        std::find_if(idle_.begin(), idle_.end(), [&](const auto& entry) { return entry.first == digest; });
    if (idle != idle_.end()) {
      EvpKeyContext context = std::move(idle->second);
      idle_.erase(idle);
      return context;
    }
  }
  EvpKeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  const bool ready = context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
                     (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
                      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1) &&
                     EVP_PKEY_CTX_set_signature_md(context.get(), MdOf(digest)) == 1;
  return ready ? std::move(context) : nullptr;
}

void KeyContexts::GiveBack(DigestMethod digest, EvpKeyContext context) const {
  constexpr size_t kMostIdle = 8;  // about a thread each
  const std::lock_guard<std::mutex> lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.emplace_back(digest, std::move(context));
}

void CheckSignerKey(const SignerCertificate& signer, const Policy& policy, SignatureShape* shape,
                    std::vector<Fault>* faults) {
  const auto refuse = [&](PolicySwitch by, Reason rule) {
    if (policy.switches.on(by)) faults->push_back({rule, shape->key_info.path()});
  };
  if (!SizeFits(signer, policy, shape)) refuse(PolicySwitch::kKeySize, "signature.key_size"_reason);
  if (!MethodFits(signer, shape->method)) refuse(PolicySwitch::kAlgorithmKey, "signature.algorithm_key"_reason);
  if (!signer.for_signing) refuse(PolicySwitch::kKeyUsage, "signature.key_usage"_reason);
  for (const XmlNode& value : shape->key_values)
    if (!IsSameKey(value, signer.key.get())) refuse(PolicySwitch::kKeyValue, "signature.key_value"_reason);
}

}  // namespace tvan
