#pragma once
// A message with as little in it as the store takes; `n` makes it another one.

#include <memory>
#include <string>

#include "store/records.h"

namespace tvan {

inline NewMessage SmallMessage(int n) {
  NewMessage m;
  m.key = {ProviderId::Trusted("alpha"), SubmitIdKind::kMTDiep, "M" + std::to_string(n)};
  m.gateway_id = MessageId::Trusted("V" + std::to_string(n));
  m.payload = std::make_shared<const std::string>("payload " + std::to_string(n));
  m.digest.bytes[0] = static_cast<uint8_t>(n);
  m.receipt = "receipt " + std::to_string(n);
  return m;
}

}  // namespace tvan
