#pragma once
// The digests of the policy, fetched from OpenSSL once: looking one up by name costs more than digesting a small node.
// Private to adapters/signature. Any thread.

#include <openssl/evp.h>

#include <string_view>

#include "adapters/signature/policy.h"

namespace tvan {

const EVP_MD* MdOf(DigestMethod method);  // nullptr: kOther

// The digest of `bytes`, as a view of `out`; empty when OpenSSL cannot.
std::string_view DigestOf(DigestMethod method, std::string_view bytes, unsigned char (&out)[EVP_MAX_MD_SIZE]);

}  // namespace tvan
