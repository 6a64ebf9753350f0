#pragma once
// The dear half of a check: wraps the message as it will be sent and verifies its signatures in those very bytes, so
// that "verified" and "forwarded" cannot differ (DESIGN P2).

#include "gateway/validate/catalogue.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"

namespace tvan {

struct ForwardJob {
  const ReadMessage& message;
  const MessageType& type;
  const CheckContext& context;
  const XmlParser& parser;  // of the message as it will be sent
  const SignatureVerifier& verifier;
};

// Fills plan, sent_bytes and signers of `checked`. The message has passed all cheaper checks.
void Forward(const ForwardJob& job, CheckedMessage& checked, FindingList& findings);

}  // namespace tvan
