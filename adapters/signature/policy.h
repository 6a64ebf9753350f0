#pragma once
// The signature policy: decides on the parsed Signature element before any engine sees it (DESIGN section 5). What is
// accepted here is a small, closed shape; everything else is refused by its own rule. Private to adapters/signature;
// pure, borrows from the document.

#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/signature/ids.h"

namespace tvan {

inline constexpr std::string_view kDsigNs = "http://www.w3.org/2000/09/xmldsig#";

enum class LegacySha1 { kRefuse, kAccept };  // the switch for SHA-1 and 1024-bit keys

struct SignedReference {
  XmlNode node;    // ds:Reference
  XmlNode target;  // the very node that is digested; the root for URI ''
  bool whole_document = false;
  bool enveloped = false;
  bool inside_signature = false;  // the target stands in the Signature itself
};

// What a Signature says. Meaningful only as far as no error was found.
struct SignatureShape {
  XmlNode signature;
  XmlNode value;  // ds:SignatureValue
  XmlNode key_info;
  std::string method;  // URI of the SignatureMethod
  std::vector<SignedReference> references;
  std::vector<std::string> certificates;  // DER, as they stand
  std::vector<XmlNode> key_values;
  XmlNode signing_time;  // the one covered SigningTime
};

// Reads demand.signature and appends what is wrong with it to `faults`.
SignatureShape ReadSignature(const SignatureDemand& demand, const IdIndex& ids, LegacySha1 legacy,
                             std::vector<Fault>* faults);

// policy_key_info.cc: X509Data with 1..5 certificates; KeyValue is kept for comparison; all else is refused, and so
// are more than 20 elements in KeyInfo and its X509Data; what comes after the 20th is not looked at.
void ReadKeyInfo(SignatureShape* shape, std::vector<Fault>* faults);
// policy_coverage.cc: what the References cover of what must be covered, and the signing time (of four at most).
void CheckCoverage(const SignatureDemand& demand, SignatureShape* shape, std::vector<Fault>* faults);

}  // namespace tvan
