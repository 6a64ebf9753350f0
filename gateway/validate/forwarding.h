#pragma once
// The dear half of a check: wraps the message as it will be sent, and verifies its signatures in those very bytes, so
// that "verified" and "forwarded" cannot differ (DESIGN P2).

#include "gateway/core/catalogue.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"

namespace tvan {

struct ForwardJob {
  const ReadMessage& message;
  const MessageType& type;
  const CheckContext& context;
  const XmlParser& submitted;  // of the message as it came
  const XmlParser& rendered;   // of the message as it will be sent
  const SignatureVerifier& verifier;
};

// The message as it will be sent, parsed. Empty `document`: a finding says why it cannot be sent, or `failure` is set.
struct Wrapped {
  Status failure;  // xml.memory (transient)
  WrappingPlan plan;
  std::unique_ptr<XmlDocument> document;
};
// `job.message` was not refused.
Wrapped Wrap(const ForwardJob& job, FindingList& findings);

// Verifies; fills signers of `checked`, or its failure. Nothing found before was an error.
void VerifyWrapped(const ForwardJob& job, const XmlDocument& wrapped, CheckedMessage& checked, FindingList& findings);

// Paths of the wrapped message, said as its sender knows them.
void AsSubmitted(WrappingPlan::Form form, std::vector<Finding>& findings);

}  // namespace tvan
