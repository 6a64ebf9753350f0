#pragma once
// Keys, certificates, a validator and an answer reader for the tests of validate; made once per process in a temporary
// folder that goes away with it.

#include <memory>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/clock.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/validator.h"
#include "tests/support/message_maker.h"
#include "tests/support/profiles.h"

namespace tvan {

class SigningWorld {
 public:
  static SigningWorld& Get();
  ~SigningWorld();

  const Time now = *ParseTime("2026-11-20T10:00:00+07:00");
  const TaxCode our_mst = TaxCode::Trusted("0309478306");
  const TaxCode provider_mst = TaxCode::Trusted("0109999999");
  std::string folder;
  std::string trust_file;  // PEM of the sandbox CA

  std::unique_ptr<Clock> clock;
  std::unique_ptr<XmlParser> parser;
  std::unique_ptr<SignatureVerifier> verifier;
  std::unique_ptr<Digester> digester;
  std::unique_ptr<Validator> validator;
  std::unique_ptr<AnswerReader> reader;
  std::unique_ptr<XmlSigner> seller;     // tax code 0101234567
  std::unique_ptr<XmlSigner> delegate;   // tax code 0107777777
  std::unique_ptr<XmlSigner> nameless;   // no tax code in the certificate
  std::unique_ptr<XmlSigner> untrusted;  // tax code 0101234567, of another CA
  std::unique_ptr<XmlSigner> authority;  // signs answers

  // As DeriveMessageId makes it.
  MessageId gateway_id() const { return MessageId::Trusted("V030947830612345678123441238123123456789ABC"); }
  CheckContext context() const;

  struct Outcome {
    ReadResult read;
    CheckedMessage checked;  // of an unreadable message: nothing
    std::vector<std::string> rules(Severity severity) const;
    std::vector<std::string> errors() const { return rules(Severity::kError); }
    std::vector<std::string> warnings() const { return rules(Severity::kWarning); }
    const Finding* Find(const std::string& rule) const;
  };
  // Read and Check, as intake does.
  Outcome Run(Submission submission, const CheckContext& context) const;
  Outcome Run(std::string bytes) const { return Run(Submission{std::move(bytes), 0, {}}, context()); }
  Outcome RunSigned(MessageSpec spec, const CheckContext& context) const;
  Outcome RunSigned(const MessageSpec& spec) const { return RunSigned(spec, context()); }

 private:
  SigningWorld();
  std::unique_ptr<XmlSigner> MakeSigner(const std::string& name, const std::string& tax_code, const std::string& ca);
};

}  // namespace tvan
