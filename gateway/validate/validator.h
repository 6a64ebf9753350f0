#pragma once
// Validate: pure checks of a submitted message, in two steps from cheap to dear (DESIGN section 3). Read parses the
// outline and reads the header; Check wraps the message as it will be sent, parses that once, walks it and verifies
// every signature in it, so that what is judged is what is sent. All findings are collected, none stops the walk except
// an unreadable document. Thread-safe; no store, no clock.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/core/finding.h"
#include "gateway/core/relation.h"
#include "gateway/core/wrapping.h"
#include "gateway/validate/profile_set.h"
#include "gateway/validate/rule_switches.h"

namespace tvan {

// What a provider handed in: a whole TDiep, or a bare HDon with its type and reference.
struct Submission {
  std::string bytes;             // consumed by Read; a leading byte-order mark is dropped there
  int message_type = 0;          // bare HDon only: 200, 201 or 203
  std::string client_reference;  // bare HDon only: the idempotency key, 1..64 printable ASCII
};

// A document whose outline could be read, with its header. Whether what stands inside DLieu is well-formed says Check.
struct ReadMessage {
  std::unique_ptr<XmlDocument> outline;  // of a TDiep without what stands inside DLieu and CKSNNT; a bare HDon whole
  WrappingPlan::Form form = WrappingPlan::Form::kTDiep;
  Envelope header;                  // of the provider hop; for a bare HDon made from its content
  std::optional<MessageClass> cls;  // nullopt: a type that is not relayed (a finding says so)
  SubmitIdKind id_kind = SubmitIdKind::kMTDiep;
  std::string id_value;  // MTDiep or client_reference; empty when unusable (a finding says so)
  Sha256 digest;         // of outline->bytes(), the message as it came
  bool refused = false;  // Read found an error: Check leaves wrapping and signatures out
};
struct ReadResult {
  Status failure;                      // xml.memory (transient): nothing is known of the message, the rest is empty
  std::optional<ReadMessage> message;  // nullopt: unreadable, findings say why
  std::vector<Finding> findings;
};

enum class Leniency { kWarn, kRefuse };
inline Severity SeverityOf(Leniency leniency) {
  return leniency == Leniency::kRefuse ? Severity::kError : Severity::kWarning;
}

// What is known of the caller and of us, for the checks that need it.
struct CheckContext {
  TaxCode our_mst;
  std::vector<TaxCode> provider_tax_codes;         // MNGui must be one of them
  Leniency authority_header = Leniency::kWarn;     // the provider addresses the authority itself (header.authority_hop)
  Leniency breaks_on_forward = Leniency::kRefuse;  // signature.breaks_on_forward
  // signature.signer_unknown, signature.delegate_unregistered; production refuses
  Leniency unknown_signer = Leniency::kWarn;
  SignatureAllowances allowed;              // by contract; what is used is said (signature.accepted_…) and marked
  std::optional<Span> signing_time_behind;  // of the message's class; nullopt: the verifier's
  std::vector<std::string> registered_certificates;  // SHA-256 hex: the taxpayer's, whatever tax code they name
  std::vector<TaxCode> delegates;                    // may sign invoices for the taxpayer, by its mandate
  std::string authority_code = "TCT";                // MNNhan of what goes up
  Time accepted_at;
  MessageId gateway_id;  // our MTDiep for it (DeriveMessageId)
};

struct CheckedMessage {
  Status failure;                 // xml.memory (transient): the check could not be done, the rest does not count
  std::vector<Finding> findings;  // of this step only
  // Meaningful when neither step found an error:
  WrappingPlan plan;
  std::string sent_bytes;  // as they will go to the authority
  TaxCode mst;
  MessageClass cls = MessageClass::kUncoded;
  int item_count = 0;
  std::vector<InvoiceKey> claims;  // 200, 203, 206
  std::vector<InvoiceKey> refers;  // 300: the invoices named; 200/203/206: TTHDLQuan of a replacement/adjustment
  std::vector<InvoiceRelation> relations;  // what it does to earlier invoices, and says of them
  std::vector<RegisterCode> codes;         // MCCQT of its claims; 206
  bool same_day = false;                   // a summary of petrol: due the day it is accepted
  std::string profile;  // by which its fields were judged, "qd1271@<first 12 of the table's SHA-256>" (P7)
  std::vector<SignatureReport> signers;
  std::set<std::string> signature_marks;  // allowances that any of its signatures needed
};

// Those of a message that had room for its own header under `limits`: ours is never 64 KiB longer, and a bare HDon
// comes two levels deeper.
XmlLimits LimitsOfRendered(XmlLimits limits);

class Validator {
 public:
  struct Options {
    int max_items = 500;  // HDon per message (protocol.md section 12)
    // Reads the message as it will be sent, whose header may be longer than the submitted one: see LimitsOfRendered.
    // nullptr: the parser of submissions.
    const XmlParser* rendered = nullptr;
    std::shared_ptr<const ProfileSet> profiles = {};  // never nullptr
    RuleSwitches rules = {};                          // what is off, or graver or milder than the rule table has it
  };
  static std::unique_ptr<Validator> Make(const Options& options, const XmlParser& parser,
                                         const SignatureVerifier& verifier, const Digester& digester);
  virtual ~Validator() = default;
  virtual ReadResult Read(Submission submission) const = 0;
  virtual CheckedMessage Check(const ReadMessage& message, const CheckContext& context) const = 0;
};

}  // namespace tvan
