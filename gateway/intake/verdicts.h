#pragma once
// What intake itself says about a message: its findings, the 999 for the provider, the record to accept. Pure.

#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/core/digest.h"
#include "gateway/intake/submit.h"
#include "gateway/seal/seal.h"
#include "store/store.h"

namespace tvan {

Finding OtherBytesFinding(const Sha256& accepted, const Sha256& submitted);
// The same bare HDon was accepted as another message type: the type is beside the document, not in its digest.
Finding OtherTypeFinding(int accepted, int submitted);
// The key was voided, or its message withdrawn: it takes nothing any more.
Finding VoidedFinding(Time at);
Finding WithdrawnFinding(Time at);
// The key was used so long ago that the receipt was removed after the retention time.
Finding PurgedFinding(const MessageId& gateway_id, Time accepted_at);
Finding DocumentFormFinding(WrappingPlan::Form asked);

// Who answers, and with which ids.
struct ReplySigns {
  const Digester& digester;
  const TaxCode& our_mst;
  const std::string& message_id_key;
};
struct ReplyFacts {
  const ProviderContract& contract;
  const ReadMessage* message = nullptr;  // nullptr: unreadable
  Time at;
};
// The 999 of a receipt: its id is a function of the message's own gateway id.
std::string Render999Accepted(const ReplySigns& signs, const ReplyFacts& facts, const MessageId& gateway_id);
// The 999 of a rejection that says the same as its findings; `seed` makes its id.
std::string Render999Rejected(const ReplySigns& signs, const ReplyFacts& facts, const std::vector<Finding>& findings,
                              const std::string& seed);
// MNGui as submitted if it is a party's code at all, else the provider's first tax code: where what goes back is
// addressed.
std::string ReplyAddress(const ReplyFacts& facts);

// Of a withdrawn message; empty for others.
ProofView WithdrawalOf(const MessageView& stored);
ReceiptView ViewOfStored(const MessageView& stored);
// What a sealed receipt names; empty and 0 when it cannot be read.
std::string DurabilityOf(const std::string& jws);
int MessageTypeOf(const std::string& jws);

}  // namespace tvan
