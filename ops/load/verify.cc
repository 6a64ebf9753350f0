#include "ops/load/verify.h"

namespace tvan::load {

std::string WrongReceipt(const CorpusMessage& sent, const v1::SubmitMessageResponse& answer) {
  const v1::Receipt& receipt = answer.receipt();
  if (receipt.provider_mtdiep() != sent.mtdiep) return "the receipt names another MTDiep";
  if (receipt.sha256() != sent.sha256.Hex()) return "the receipt names another digest";
  if (receipt.gateway_mtdiep().empty()) return "the receipt names no MTDiep of the gateway";
  if (receipt.jws().empty()) return "the receipt is not sealed";
  if (receipt.durability().rfind("FLUSHED_", 0) != 0) return "the receipt promises no flush: " + receipt.durability();
  if (answer.ack999().empty()) return "there is no 999 beside the receipt";
  return "";
}

}  // namespace tvan::load
