#include "adapters/signature/digests.h"

#include "adapters/signature/openssl.h"

namespace tvan {
namespace {

using Md = std::unique_ptr<EVP_MD, FreeBy<EVP_MD_free>>;

}  // namespace

const EVP_MD* MdOf(DigestMethod method) {
  static const Md sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr)), sha384(EVP_MD_fetch(nullptr, "SHA384", nullptr)),
      sha512(EVP_MD_fetch(nullptr, "SHA512", nullptr)), sha1(EVP_MD_fetch(nullptr, "SHA1", nullptr));
  switch (method) {
    case DigestMethod::kSha256:
      return sha256.get();
    case DigestMethod::kSha384:
      return sha384.get();
    case DigestMethod::kSha512:
      return sha512.get();
    case DigestMethod::kSha1:
      return sha1.get();
    case DigestMethod::kOther:
      break;
  }
  return nullptr;
}

std::string_view DigestOf(DigestMethod method, std::string_view bytes, unsigned char (&out)[EVP_MAX_MD_SIZE]) {
  thread_local const EvpDigestContext context(EVP_MD_CTX_new());
  const EVP_MD* md = MdOf(method);
  unsigned int size = 0;
  const bool done = context != nullptr && md != nullptr && EVP_DigestInit_ex(context.get(), md, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), out, &size) == 1;
  return done ? std::string_view(reinterpret_cast<const char*>(out), size) : std::string_view();
}

}  // namespace tvan
