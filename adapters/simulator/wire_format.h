#pragma once
// The authority's side of the SOAP envelope (tvan_authority.wsdl), written apart from the gateway's codec so that the
// two cannot share a mistake. Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/time.h"

namespace tvan::sim {

struct IncomingMessage {
  std::string mtdiep;  // as the transport names it
  std::string bytes;
};

struct WireRequest {
  enum class Operation { kSend, kReceive, kProbe } operation = Operation::kProbe;
  std::vector<IncomingMessage> messages;
  std::string after;
  uint32_t limit = 0;
};
// sim.request: what is wrong with it.
Result<WireRequest> ReadWireRequest(const XmlParser& parser, std::string body);

struct SendVerdict {
  std::string mtdiep;
  std::string status;  // ACCEPTED, BUSY, TOO_LARGE
};
struct OutgoingAnswer {
  std::string position;
  std::string bytes;
};
std::string WriteSendResponse(const std::vector<SendVerdict>& verdicts);
std::string WriteReceiveResponse(const std::vector<OutgoingAnswer>& answers, std::string_view next);
std::string WriteProbeResponse();
std::string WriteFault(std::string_view faultcode, std::string_view code, std::string_view text);

// "Sat, 21 Nov 2026 16:50:00 GMT"
std::string HttpDate(Time t);

}  // namespace tvan::sim
