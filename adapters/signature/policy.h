#pragma once
// The signature policy: decides on the parsed Signature element before any engine sees it (DESIGN section 5). What is
// accepted here is a small, closed shape; everything else is refused by its own rule. Private to adapters/signature;
// pure, borrows from the document.

#include <bitset>
#include <span>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/signature/ids.h"

namespace tvan {

inline constexpr std::string_view kDsigNs = "http://www.w3.org/2000/09/xmldsig#";

// The switches of the policy. All are on in every verifier that MakeSignatureVerifier makes; tests turn single ones off
// to show which vector needs which (verifier.h).
enum class PolicySwitch : uint8_t {
  kIdUnique,           // one bearer per id, over the whole document
  kSinglePart,         // SignedInfo, SignatureValue, KeyInfo once each, in this order
  kForeignAttribute,   // below SignedInfo only attributes that XML Signature knows
  kCanonicalization,   // of SignedInfo: inclusive C14N 1.0 with or without comments, exclusive without
  kMethod,             // RSA or ECDSA with SHA-2
  kDigest,             // SHA-2
  kSha1,               // SHA-1 by allowance only
  kTransform,          // enveloped-signature, then at most one canonicalisation
  kTransformCount,     // ≤ 2
  kReferenceCount,     // ≤ 4
  kReferenceUri,       // '' or '#id'
  kWholeDocument,      // '' breaks when forwarded
  kWholeTransform,     // '' wants enveloped-signature
  kInsideSignature,    // into the own signature only for signed properties
  kEnvelopedOnObject,  // never with enveloped-signature
  kCoverage,           // what must be covered is, by this very node or one around it
  kSigningTime,        // there, and covered
  kOneSigningTime,     // one
  kTarget,             // its SignatureProperty has a Target
  kKeyInfo,            // X509Data and KeyValue alone
  kCertificates,       // 1..5
  kKeyValue,           // the certificate's own key
  kKeySize,            // RSA 2048..4096, P-256, P-384
  kAlgorithmKey,       // the method fits the key
  kKeyUsage,           // the certificate is for signing
  kWork,               // bytes to canonicalise, over the whole document
  kNamespaces,         // ≤ 64 namespace declarations in force at one element
  kSigningTimeBounds,  // not ahead, not too far behind
  kTrust,              // a chain to a root of ours
  kChainDepth,         // ≤ 4 steps
  kValidity,           // of the whole chain at SigningTime
  kRevocation,         // not before accepted_at
  kCount,
};
class PolicySwitches {
 public:
  bool on(PolicySwitch s) const { return !off_.test(static_cast<size_t>(s)); }
  void TurnOff(PolicySwitch s) { off_.set(static_cast<size_t>(s)); }

 private:
  std::bitset<static_cast<size_t>(PolicySwitch::kCount)> off_;
};
std::string_view NameOf(PolicySwitch s);  // "id_unique", for reports of tests

// What judges one signature.
struct Policy {
  SignatureAllowances allowed;
  PolicySwitches switches;
};

enum class DigestMethod : uint8_t { kSha256, kSha384, kSha512, kSha1, kOther };
enum class CanonicalForm : uint8_t { kInclusive, kInclusiveWithComments, kExclusive, kOther };

struct SignedReference {
  XmlNode node;          // ds:Reference
  XmlNode target;        // the very node that is digested; the root for URI ''
  XmlNode digest_value;  // ds:DigestValue
  DigestMethod digest = DigestMethod::kOther;
  CanonicalForm form = CanonicalForm::kInclusive;  // inclusive where no transform names one
  bool whole_document = false;
  bool enveloped = false;
  bool inside_signature = false;  // the target stands in the Signature itself
};

// What a Signature says. Meaningful only as far as no error was found.
struct SignatureShape {
  XmlNode signature;
  XmlNode signed_info;
  XmlNode value;  // ds:SignatureValue; the first, where a switch lets several pass
  XmlNode key_info;
  std::string method;  // URI of the SignatureMethod
  DigestMethod method_digest = DigestMethod::kOther;
  CanonicalForm form = CanonicalForm::kOther;  // of SignedInfo
  bool plain_namespaces = false;               // of the whole document, see IdIndex
  std::vector<SignedReference> references;
  std::vector<std::string> certificates;  // DER, as they stand
  std::vector<XmlNode> key_values;
  XmlNode signing_time;            // the one covered SigningTime
  std::vector<std::string> marks;  // allowances used: see SignatureReport
};

inline constexpr std::string_view kMarkLegacySha1 = "legacy_sha1";
inline constexpr std::string_view kMarkEnvelopedOnObject = "enveloped_on_object";
void AddMark(SignatureShape* shape, std::string_view mark);  // once each

// Reads demand.signature and appends what is wrong with it to `faults`.
SignatureShape ReadSignature(const SignatureDemand& demand, const IdIndex& ids, const Policy& policy,
                             std::vector<Fault>* faults);

// policy_key_info.cc: X509Data with 1..5 certificates; KeyValue is kept for comparison; all else is refused, and so
// are more than 20 elements in KeyInfo and its X509Data; what comes after the 20th is not looked at.
void ReadKeyInfo(const Policy& policy, SignatureShape* shape, std::vector<Fault>* faults);
// policy_coverage.cc: what the References cover of what must be covered, and the signing time (of four at most).
void CheckCoverage(const SignatureDemand& demand, const Policy& policy, SignatureShape* shape,
                   std::vector<Fault>* faults);

}  // namespace tvan
