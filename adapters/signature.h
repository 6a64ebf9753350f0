#pragma once
// The signature ports: verifying and making XML signatures under one policy, and Ed25519 for our own seals.
// The policy decides on the parsed SignedInfo before any engine; what it refuses no engine sees (DESIGN section 5).
// Verifiers are thread-safe; the key of a certificate and its chain verdict are cached by SHA-256 of the DER.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/trust_options.h"
#include "adapters/xml_document.h"
#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "gateway/core/finding.h"
#include "gateway/core/time.h"

namespace tvan {

// One signature that must be there: the ds:Signature element and the nodes it has to cover.
struct SignatureDemand {
  std::string role;                     // "NBan", "NNT", "CKSNNT", "CQT": for faults and reports
  XmlNode signature;                    // empty: missing, gives signature.missing
  std::string expected_path;            // where it should stand, for the finding's path
  std::vector<XmlNode> must_cover;      // each by a Reference of this very node (or of an ancestor of it)
  bool must_cover_signing_time = true;  // a Reference to the Object that holds SigningTime (seed 3.15)
  bool target_demanded = true;          // the SignatureProperty of that SigningTime must have a Target
  // A Reference with URI '' (whole document) verifies here but breaks when wrapped: signature.breaks_on_forward.
  bool whole_document_breaks = false;
};

// For whom and as of when signatures are judged.
struct VerifyContext {
  VerifyContext(Time when) : at(when) {}         // NOLINT(google-explicit-constructor): a time alone is the common case
  Time at;                                       // accepted_at, or when an answer was received
  SignatureAllowances allowed = {};              // beside those of TrustOptions
  std::optional<Span> signing_time_behind = {};  // of the message's class; nullopt: that of TrustOptions
};

struct SignatureReport {
  std::string role;
  bool valid = false;
  std::vector<std::string> marks;  // names of the allowances it needed: "legacy_sha1", "enveloped_on_object"
  std::string certificate_sha256;  // hex of the signer's certificate DER
  std::string subject;             // RFC 2253
  std::string signer_tax_code;     // from the subject (see TrustOptions), empty if none found
  Time signing_time;               // 0 when absent
  std::vector<ByteRange> covered;  // ranges of XmlDocument::bytes() that the References cover
};

struct SignatureCheck {
  std::vector<SignatureReport> reports;  // one per demand, in order
  std::vector<Fault> faults;             // signature.*; empty: all demands are met
};

class SignatureVerifier {
 public:
  virtual ~SignatureVerifier() = default;
  // Checks every demand in `document` as of `context.at`. Ids must be unique over the whole document
  // (signature.id_not_unique; across items of a package signature.id_reused_across_items).
  virtual SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                                const VerifyContext& context) const = 0;
  // Reads the trust files again. True: they changed and are in force, nothing cached before counts any more. False: as
  // before. signature.trust: one cannot be read; what was loaded stays in force. Any thread, beside Verify.
  virtual Result<bool> Reload() { return false; }
  virtual TrustFacts Loaded() const { return {}; }
};
// signature.trust: a file cannot be read, holds nothing, or a tax code source is malformed.
Result<std::unique_ptr<SignatureVerifier>> MakeSignatureVerifier(const TrustOptions& options, const Clock& clock);

// What a sandbox signer makes: the shape that sellers send (protocol.md section 10.2).
struct SignRequest {
  std::string node_id;      // Id of the data element to sign, e.g. "data"
  std::string parent_path;  // "/TDiep/DLieu/HDon/DSCKS/NBan": where the Signature goes; created if missing
  Time signing_time;
  std::vector<std::string> more_ids;  // further References, e.g. MCCQT's Id in a 202
};
class XmlSigner {
 public:
  virtual ~XmlSigner() = default;
  // Answers the whole document with the Signature inserted; other bytes stay as they are.
  virtual Result<std::string> Sign(std::string_view document, const SignRequest& request) const = 0;
};
// RSA or EC key and its certificate, PEM files. signature.key
Result<std::unique_ptr<XmlSigner>> MakeXmlSigner(const std::string& key_file, const std::string& certificate_file);

// Ed25519, for the seal module.
class SealKey {
 public:
  virtual ~SealKey() = default;
  virtual std::string Sign(std::string_view bytes) const = 0;  // 64 bytes
  virtual std::string public_key() const = 0;                  // 32 bytes
};
Result<std::unique_ptr<SealKey>> LoadSealKey(const std::string& private_key_file);  // PEM; signature.key
bool VerifyEd25519(std::string_view public_key, std::string_view bytes, std::string_view signature);

std::unique_ptr<Digester> MakeDigester();
// Bytes from the operating system's generator; aborts if there are none.
std::string RandomBytes(size_t count);

}  // namespace tvan
