#pragma once
// Messages of the store's fault tests: all facts follow from a number, so that the test and the process it kills agree
// without talking. Pure functions.

#include <memory>
#include <string>

#include "store/store.h"

namespace tvan {

inline Sha256 FaultDigest(int n) {
  Sha256 digest;
  for (size_t i = 0; i < 8; ++i) digest.bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(n) >> (8 * i));
  return digest;
}

inline NewMessage FaultMessage(int n, size_t size) {
  const std::string number = std::to_string(n);
  std::string payload = "<TDiep>" + number + ":";
  for (uint32_t x = static_cast<uint32_t>(n) * 2654435761u + 1; payload.size() < size; x = x * 1664525u + 1013904223u)
    payload += x % 3 != 0 ? "<Ten>" : std::to_string(x);  // compresses about as XML does
  NewMessage m;
  m.key = {ProviderId::Trusted("p" + std::to_string(n % 3)), SubmitIdKind::kMTDiep, "M" + number};
  m.gateway_id = MessageId::Trusted("V0100000000" + std::string(32 - number.size(), 'A') + number);
  m.provider_mtdiep = "M" + number;
  m.payload = std::make_shared<const std::string>(std::move(payload));
  m.digest = FaultDigest(n);
  m.sent_digest = FaultDigest(-n);
  m.mltdiep = 203;
  m.mst = TaxCode::Trusted("0101234567");
  m.plan.payload = {7, 5};
  m.claims = {{m.mst, "1", "C26TAA", number}};
  m.accepted_at = {n};
  m.receipt = std::string(600, 'r') + number;
  m.ack999 = std::string(500, 'a') + number;
  return m;
}

}  // namespace tvan
