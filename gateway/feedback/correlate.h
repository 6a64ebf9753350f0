#pragma once
// Whose answer it is (P4). Never guessed: an MTDTChieu that is present and unknown is parked, not routed by tax code.
// Pure questions to the store and the contract book; thread-safe.

#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/core/digest.h"
#include "gateway/validate/answer.h"
#include "store/store.h"

namespace tvan {

struct Owner {
  std::optional<MessageView> message;  // the request that is answered
  std::vector<ProviderId> mandated;    // an unasked type: every provider with a mandate for its taxpayer
  Reason parked;                       // not empty: nobody's
  std::string reference;               // parked: the message that it answers, as IncomingAnswer::reference
};

// Errors are the store's: whose it is cannot be said now, so that it must be asked again and not parked.
Result<Owner> FindOwner(const Store& store, const ContractSnapshot& book, const Digester& digester,
                        const ReadAnswer& answer, Time now);

}  // namespace tvan
