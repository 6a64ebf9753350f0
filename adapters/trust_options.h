#pragma once
// What a signature verifier trusts, and what it lets pass. Plain values of the port adapters/signature.h.

#include <string>
#include <vector>

#include "gateway/core/time.h"

namespace tvan {

// What the policy lets pass for one caller though it is weak or wrong; off by default, each use is marked.
struct SignatureAllowances {
  bool legacy_sha1 = false;          // SHA-1, and RSA keys from 1024 bit
  bool enveloped_on_object = false;  // a Reference to a signed Object with enveloped-signature (protocol.md 10.4 a)
};

// Trust and policy of one verifier. Files are PEM.
struct TrustOptions {
  std::vector<std::string> trust_files;  // roots and intermediates
  std::vector<std::string> crl_files;
  bool trust_nobody = false;       // that there is no root is no fault: every signature is signature.untrusted
  SignatureAllowances allowed;     // for every caller
  bool check_signing_time = true;  // within [certificate's validity]; and ≤ at + 5 min
  Span signing_time_ahead = std::chrono::minutes(5);
  Span signing_time_behind = std::chrono::hours(24) * 366;
  size_t cache_entries = 4096;
  // Where a certificate names its holder's tax code, the first that gives one counts: "UID=MST:" (what follows the
  // prefix), "UID=" (the whole value), "CN~" (the only tax code that stands as a word of its own: a host name
  // holds none). Attributes: UID, serialNumber, organizationIdentifier, CN, O, OU, or a dotted OID. Empty:
  // DefaultTaxCodeSources().
  std::vector<std::string> tax_code_from;
};
// The forms that Vietnamese CAs write; see TrustOptions::tax_code_from.
std::vector<std::string> DefaultTaxCodeSources();

// What is loaded of trust files and lists.
struct TrustFacts {
  size_t roots = 0, intermediates = 0, crls = 0;
  Time crl_next_update = kForever;  // the earliest "next update" of the lists
  std::string sha256;               // hex, over the bytes of all files in order
  size_t unverified_crls = 0;       // of `crls`: signed by no configured certificate of their issuer's name
};

}  // namespace tvan
