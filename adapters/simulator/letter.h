#pragma once
// One message on its way through Authority::Send: what it is, what was done with it, what the sender gets to see.

#include <string>
#include <vector>

#include "adapters/simulator/authority.h"

namespace tvan::sim {

struct Authority::Letter {
  std::string transport_mtdiep;
  const std::string* bytes = nullptr;
  std::string sha256, dlieu_sha256;
  Request request;
  bool header_ok = false;
  Refusal refusal;  // of header, contract, shape; of count or signatures, unless these are step 1's
  Examined examined;
  int64_t tries = 0;
  Span lag{};  // its answers are made so much later
  std::vector<std::string> faults;
  std::string status = "ACCEPTED";  // in SendResponse
  std::string disposition, response;

  bool is_ack() const { return request.readable() && request.header.mltdiep == 999; }
  const std::string& mtdiep() const { return request.header.mtdiep.empty() ? transport_mtdiep : request.header.mtdiep; }
};

// What closes the line, on the wire.
Wire WireOfMode(LineMode mode);
// The word for `response` of the transcript.
std::string ResponseWord(Wire wire, const std::string& status);

}  // namespace tvan::sim
