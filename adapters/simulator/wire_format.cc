#include "adapters/simulator/wire_format.h"

#include <charconv>
#include <ctime>

#include "gateway/core/json.h"

namespace tvan::sim {
namespace {

constexpr std::string_view kLine = "urn:tvan-gateway:authority-line:1";
constexpr std::string_view kSoap = "http://schemas.xmlsoap.org/soap/envelope/";

Status Bad(const std::string& what) { return Status::Permanent("sim.request"_reason, what); }

std::string Wrap(const std::string& inner) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<S:Envelope xmlns:S=\"" + std::string(kSoap) + "\"><S:Body>" +
         inner + "</S:Body></S:Envelope>";
}

std::string Open(std::string_view name) { return "<" + std::string(name) + " xmlns=\"" + std::string(kLine) + "\">"; }

Status ReadSend(const XmlNode& node, WireRequest& request) {
  request.operation = WireRequest::Operation::kSend;
  for (XmlNode child = node.first_child(); child; child = child.next_sibling()) {
    auto mtdiep = child.Attribute("MTDiep");
    if (child.name() != "Message" || child.namespace_uri() != kLine || !mtdiep)
      return Bad("Send holds Message elements with MTDiep only");
    auto bytes = Base64Decode(child.Text());
    if (!bytes) return Bad("a Message is not base64");
    request.messages.push_back({*mtdiep, std::move(*bytes)});
  }
  return request.messages.empty() ? Bad("Send without a Message") : Status();
}

Status ReadReceive(const XmlNode& node, WireRequest& request) {
  request.operation = WireRequest::Operation::kReceive;
  XmlNode after = node.Child("After", kLine);
  std::string limit = node.Child("Limit", kLine).Text();
  auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), request.limit);
  if (!after || error != std::errc() || end != limit.data() + limit.size() || request.limit == 0)
    return Bad("Receive wants After and a Limit of at least 1");
  request.after = after.Text();
  for (char c : request.after)
    if (c < '0' || c > '9') return Bad("After is none of our positions");
  return request.after.size() > 18 ? Bad("After is none of our positions") : Status();
}

}  // namespace

Result<WireRequest> ReadWireRequest(const XmlParser& parser, std::string body) {
  auto document = parser.Parse(std::move(body));
  if (!document) return Bad("not readable: " + std::string(document.status().reason().text()));
  XmlNode envelope = (*document)->root();
  if (envelope.name() != "Envelope" || envelope.namespace_uri() != kSoap) return Bad("no SOAP 1.1 envelope");
  XmlNode operation = envelope.Child("Body", kSoap).first_child();
  if (!operation || operation.namespace_uri() != kLine || operation.next_sibling()) return Bad("no operation of ours");
  WireRequest request;
  Status status;
  if (operation.name() == "Send")
    status = ReadSend(operation, request);
  else if (operation.name() == "Receive")
    status = ReadReceive(operation, request);
  else if (operation.name() != "Probe")
    status = Bad("no operation of ours");
  if (!status) return status;
  return request;
}

std::string WriteSendResponse(const std::vector<SendVerdict>& verdicts) {
  std::string out = Open("SendResponse");
  for (const SendVerdict& v : verdicts)
    out += "<Result MTDiep=\"" + EscapeXml(v.mtdiep) + "\" Status=\"" + v.status + "\"/>";
  return Wrap(out + "</SendResponse>");
}

std::string WriteReceiveResponse(const std::vector<OutgoingAnswer>& answers, std::string_view next) {
  std::string out = Open("ReceiveResponse");
  for (const OutgoingAnswer& a : answers)
    out += "<Message Position=\"" + a.position + "\">" + Base64Encode(a.bytes) + "</Message>";
  return Wrap(out + "<Next>" + EscapeXml(next) + "</Next></ReceiveResponse>");
}

std::string WriteProbeResponse() { return Wrap(Open("ProbeResponse") + "<Status>OPEN</Status></ProbeResponse>"); }

std::string WriteFault(std::string_view faultcode, std::string_view code, std::string_view text) {
  return Wrap("<S:Fault><faultcode>S:" + std::string(faultcode) + "</faultcode><faultstring>" + EscapeXml(text) +
              "</faultstring><detail>" + Open("Code") + EscapeXml(code) + "</Code></detail></S:Fault>");
}

std::string HttpDate(Time t) {
  std::time_t seconds = t.us / 1'000'000;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
  return text;
}

}  // namespace tvan::sim
