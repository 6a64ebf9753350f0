#include "adapters/signature/digests.h"
#include "adapters/signature/engine.h"

#include <xmlsec/xmlsec.h>

#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/keys.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>

#include <mutex>

namespace tvan {
namespace {

using DSigContext = std::unique_ptr<xmlSecDSigCtx, FreeBy<xmlSecDSigCtxDestroy>>;

void Silent(const char*, int, const char*, const char*, const char*, int, const char*) {}

// Once per process; afterwards xmlsec1 can open neither files nor addresses.
void StartXmlsec() {
  static std::once_flag once;
  std::call_once(once, [] {
    TVAN_CHECK(xmlSecInit() == 0);
    TVAN_CHECK(xmlSecCryptoInit() == 0);
    xmlSecErrorsSetCallback(Silent);  // both of the above set their own
    xmlSecIOCleanupCallbacks();
  });
}

bool EnableTransforms(xmlSecDSigCtx* context, const SignatureAllowances& allowed) {
  const xmlSecTransformId both[] = {xmlSecTransformInclC14NId, xmlSecTransformInclC14NWithCommentsId,
                                    xmlSecTransformExclC14NId};
  const xmlSecTransformId references[] = {xmlSecTransformEnvelopedId, xmlSecTransformSha256Id, xmlSecTransformSha384Id,
                                          xmlSecTransformSha512Id};
  const xmlSecTransformId signatures[] = {xmlSecTransformRsaSha256Id, xmlSecTransformRsaSha384Id,
                                          xmlSecTransformRsaSha512Id, xmlSecTransformEcdsaSha256Id,
                                          xmlSecTransformEcdsaSha384Id};
  bool ok = true;
  const auto reference = [&](xmlSecTransformId id) { ok &= xmlSecDSigCtxEnableReferenceTransform(context, id) >= 0; };
  const auto signature = [&](xmlSecTransformId id) { ok &= xmlSecDSigCtxEnableSignatureTransform(context, id) >= 0; };
  for (const xmlSecTransformId id : both) reference(id), signature(id);
  for (const xmlSecTransformId id : references) reference(id);
  for (const xmlSecTransformId id : signatures) signature(id);
  if (allowed.legacy_sha1) {
    reference(xmlSecTransformSha1Id);
    signature(xmlSecTransformRsaSha1Id);
    signature(xmlSecTransformEcdsaSha1Id);
  }
  return ok;
}

// A context with the key in it; empty when out of memory or the key is of a foreign kind.
DSigContext MakeContext(EVP_PKEY* key, const SignatureAllowances& allowed, xmlSecKeyDataType type) {
  StartXmlsec();
  DSigContext context(xmlSecDSigCtxCreate(nullptr));
  if (context == nullptr || !EnableTransforms(context.get(), allowed)) return nullptr;
  context->enabledReferenceUris = xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
  context->flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
  if (EVP_PKEY_up_ref(key) != 1) return nullptr;
  const xmlSecKeyDataPtr data = xmlSecOpenSSLEvpKeyAdopt(key);
  if (data == nullptr) {
    EVP_PKEY_free(key);
    return nullptr;
  }
  context->signKey = xmlSecKeyCreate();
  if (context->signKey == nullptr || xmlSecKeySetValue(context->signKey, data) < 0) {
    xmlSecKeyDataDestroy(data);
    return nullptr;
  }
  context->signKey->usage = type == xmlSecKeyDataTypePrivate ? xmlSecKeyUsageSign : xmlSecKeyUsageVerify;
  return context;
}

// The engine read the very URI that the policy judged.
bool IsUriOf(const xmlSecDSigReferenceCtx* seen, const SignedReference& judged) {
  return seen->uri != nullptr && judged.node.Attribute("URI") == reinterpret_cast<const char*>(seen->uri);
}

}  // namespace

void StartEngines() {
  StartXmlsec();
  for (const DigestMethod method :
       {DigestMethod::kSha256, DigestMethod::kSha384, DigestMethod::kSha512, DigestMethod::kSha1})
    TVAN_CHECK(MdOf(method) != nullptr);
}

EngineVerdict VerifyWithXmlsec(const SignatureShape& shape, const XmlNode& signature, EVP_PKEY* key,
                               const SignatureAllowances& allowed) {
  using What = EngineVerdict::What;
  const DSigContext context = MakeContext(key, allowed, xmlSecKeyDataTypePublic);
  if (context == nullptr) return {};
  if (xmlSecDSigCtxVerify(context.get(), static_cast<xmlNodePtr>(signature.native())) < 0) return {};
  const xmlSecSize count = xmlSecPtrListGetSize(&context->signedInfoReferences);
  for (xmlSecSize i = 0; i < count; ++i) {
    const auto* reference =
        static_cast<const xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context->signedInfoReferences, i));
    if (reference == nullptr || i >= shape.references.size()) return {};
    if (!IsUriOf(reference, shape.references[i])) return {};
    if (reference->status != xmlSecDSigStatusSucceeded) return {What::kBadDigest, i};
  }
  if (count != shape.references.size()) return {};
  return {context->status == xmlSecDSigStatusSucceeded ? What::kValid : What::kBadValue, 0};
}

bool SignWithXmlsec(const XmlNode& signature, EVP_PKEY* key) {
  const DSigContext context = MakeContext(key, {}, xmlSecKeyDataTypePrivate);
  return context != nullptr && xmlSecDSigCtxSign(context.get(), static_cast<xmlNodePtr>(signature.native())) == 0 &&
         context->status == xmlSecDSigStatusSucceeded;
}

}  // namespace tvan
