#pragma once
// The gateway's side of the SOAP envelope: builds requests, reads responses. Pure functions over the XML port.
// The simulator has a codec of its own, so that the two cannot share a mistake.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/authority_channel.h"
#include "adapters/xml_document.h"

namespace tvan::soap {

inline constexpr std::string_view kNamespace = "urn:tvan-gateway:authority-line:1";
inline constexpr std::string_view kEnvelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/";

enum class Operation { kSend, kReceive, kProbe };
std::string_view ToString(Operation operation);  // "Send" …: element name
std::string SoapAction(Operation operation);     // with the quotes of SOAP 1.1

// The body's size for one message, to fill a request up to its limit.
size_t EncodedSize(const OutboundMessage& message);
std::string BuildSend(const OutboundMessage* first, size_t count);
std::string BuildReceive(std::string_view after, uint32_t limit);
std::string BuildProbe();

struct Fault {
  bool is_client = false;  // faultcode Client: the request itself is wrong
  std::string code;        // detail/Code: "Closed", "Busy", …, empty if none
  std::string text;        // faultstring, clean
};

// What goes into logs, findings and the store: at most 200 bytes, whole characters of UTF-8, no control characters.
std::string Clean(std::string_view text);

// One response. All errors are line.protocol and in doubt: what cannot be read proves nothing.
struct Reply {
  bool is_fault = false;
  Fault fault;
  std::vector<std::pair<std::string, std::string>> results;  // Send: MTDiep, Status
  InboundBatch batch;                                        // Receive
};
Result<Reply> ParseReply(const XmlParser& parser, std::string body, Operation operation);

// What one Status word of a SendResponse means.
Status StatusOfResult(std::string_view status);
// What a fault means for the whole call.
Status StatusOfFault(const Fault& fault);

// "Sat, 21 Nov 2026 16:50:00 GMT" (RFC 9110 IMF-fixdate); 0 if it is anything else.
Time ParseHttpDate(std::string_view text);

}  // namespace tvan::soap
