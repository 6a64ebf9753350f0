#pragma once
// Is a receipt that of the message which was sent? Pure.

#include <string>

#include "ops/load/corpus.h"
#include "tvan/v1/relay.pb.h"

namespace tvan::load {

// Empty: it is. Else what is wrong: the id or digest of another message, nothing sealed, no MTDiep of the gateway, not
// FLUSHED, no 999 beside it.
std::string WrongReceipt(const CorpusMessage& sent, const v1::SubmitMessageResponse& answer);

}  // namespace tvan::load
