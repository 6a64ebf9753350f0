#include "adapters/soap/soap_codec.h"

#include <array>
#include <charconv>

#include "gateway/core/json.h"
#include "gateway/core/utf8.h"

namespace tvan::soap {
namespace {

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope "
    "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>";
constexpr std::string_view kTail = "</soap:Body></soap:Envelope>";
constexpr std::string_view kXmlns = " xmlns=\"urn:tvan-gateway:authority-line:1\"";

Status Unreadable(const std::string& what) {
  return Status::InDoubt("line.protocol"_reason, "the line's response cannot be read: " + what);
}

Fault ReadFault(const XmlNode& node) {
  Fault fault;
  std::string code = node.Child("faultcode").Text();
  if (size_t colon = code.rfind(':'); colon != std::string::npos) code.erase(0, colon + 1);
  fault.is_client = code == "Client";
  fault.text = Clean(node.Child("faultstring").Text());
  if (XmlNode detail = node.Child("detail")) fault.code = Clean(detail.Child("Code", kNamespace).Text());
  return fault;
}

Status ReadResults(const XmlNode& response, Reply& reply) {
  for (XmlNode n = response.first_child(); n; n = n.next_sibling()) {
    if (n.name() != "Result" || n.namespace_uri() != kNamespace) return Unreadable("an element that is no Result");
    auto mtdiep = n.Attribute("MTDiep");
    auto status = n.Attribute("Status");
    if (!mtdiep || !status) return Unreadable("a Result without MTDiep or Status");
    reply.results.emplace_back(std::move(*mtdiep), std::move(*status));
  }
  return {};
}

Status ReadMessages(const XmlNode& response, InboundBatch& batch) {
  bool has_next = false;
  for (XmlNode n = response.first_child(); n; n = n.next_sibling()) {
    if (n.namespace_uri() != kNamespace || has_next) return Unreadable("an element that does not belong there");
    if (n.name() == "Next") {
      batch.next = n.Text();
      has_next = true;
      continue;
    }
    auto position = n.Attribute("Position");
    if (n.name() != "Message" || !position || position->empty()) return Unreadable("a Message without Position");
    auto bytes = Base64Decode(n.Text());
    if (!bytes) return Unreadable("a Message that is not base64");
    batch.messages.push_back({std::move(*position), std::move(*bytes)});
  }
  return has_next ? Status() : Unreadable("no Next");
}

bool ReadNumber(std::string_view text, int& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string Clean(std::string_view text) {
  std::string out(CutUtf8(text, 200));
  for (char& c : out)
    if ((c >= 0 && c < 0x20) || c == 0x7f) c = ' ';
  return out;
}

std::string_view ToString(Operation operation) {
  switch (operation) {
    case Operation::kSend:
      return "Send";
    case Operation::kReceive:
      return "Receive";
    case Operation::kProbe:
      break;
  }
  return "Probe";
}

std::string SoapAction(Operation operation) {
  return "\"" + std::string(kNamespace) + "#" + std::string(ToString(operation)) + "\"";
}

size_t EncodedSize(const OutboundMessage& message) {
  return (message.bytes->size() + 2) / 3 * 4 + message.mtdiep.value().size() + 32;
}

std::string BuildSend(const OutboundMessage* first, size_t count) {
  size_t size = kHead.size() + kTail.size() + 128;
  for (size_t i = 0; i < count; ++i) size += EncodedSize(first[i]);
  std::string out;
  out.reserve(size);
  out.append(kHead).append("<Send").append(kXmlns).append(">");
  for (size_t i = 0; i < count; ++i) {
    out.append("<Message MTDiep=\"").append(EscapeXml(first[i].mtdiep.value())).append("\">");
    out.append(Base64Encode(*first[i].bytes)).append("</Message>");
  }
  return out.append("</Send>").append(kTail);
}

std::string BuildReceive(std::string_view after, uint32_t limit) {
  std::string out(kHead);
  out.append("<Receive").append(kXmlns).append("><After>").append(EscapeXml(after)).append("</After><Limit>");
  return out.append(std::to_string(limit)).append("</Limit></Receive>").append(kTail);
}

std::string BuildProbe() { return std::string(kHead).append("<Probe").append(kXmlns).append("/>").append(kTail); }

Result<Reply> ParseReply(const XmlParser& parser, std::string body, Operation operation) {
  auto document = parser.Parse(std::move(body));
  if (!document) return Unreadable(std::string(document.status().reason().text()));
  XmlNode root = (*document)->root();
  if (root.name() != "Envelope" || root.namespace_uri() != kEnvelopeNamespace) return Unreadable("no SOAP envelope");
  XmlNode content = root.Child("Body", kEnvelopeNamespace).first_child();
  if (!content || content.next_sibling()) return Unreadable("its Body does not hold exactly one element");

  Reply reply;
  if (content.name() == "Fault" && content.namespace_uri() == kEnvelopeNamespace) {
    reply.is_fault = true;
    reply.fault = ReadFault(content);
    return reply;
  }
  if (content.namespace_uri() != kNamespace || content.name() != std::string(ToString(operation)) + "Response")
    return Unreadable("it answers another operation");
  Status status;
  if (operation == Operation::kSend) status = ReadResults(content, reply);
  if (operation == Operation::kReceive) status = ReadMessages(content, reply.batch);
  if (!status) return status;
  return reply;
}

Status StatusOfResult(std::string_view status) {
  if (status == "ACCEPTED") return {};
  if (status == "BUSY") return Status::Transient("line.refused"_reason, "the line did not take the message: BUSY");
  if (status == "TOO_LARGE")
    return Status::Permanent("line.refused"_reason, "the line does not take the message: TOO_LARGE");
  return Status::InDoubt("line.protocol"_reason, "the line answered with an unknown status: " + Clean(status));
}

Status StatusOfFault(const Fault& fault) {
  std::string text = "the line answered with a fault: " + (fault.code.empty() ? fault.text : fault.code);
  if (fault.is_client) return Status::Permanent("line.refused"_reason, text);
  if (fault.code == "Closed" || fault.code == "Busy") return Status::Transient("line.refused"_reason, text);
  return Status::InDoubt("line.protocol"_reason, text);
}

Time ParseHttpDate(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  size_t month = 0;
  while (month < kMonths.size() && kMonths[month] != text.substr(8, 3)) ++month;
  bool numbers = ReadNumber(text.substr(5, 2), day) && ReadNumber(text.substr(12, 4), year) &&
                 ReadNumber(text.substr(17, 2), hour) && ReadNumber(text.substr(20, 2), minute) &&
                 ReadNumber(text.substr(23, 2), second);
  auto date = std::chrono::year(year) / std::chrono::month(unsigned(month + 1)) / std::chrono::day(unsigned(day));
  if (!numbers || month == kMonths.size() || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return {};
  auto whole = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
               std::chrono::seconds(second);
  return {std::chrono::duration_cast<std::chrono::microseconds>(whole.time_since_epoch()).count()};
}

}  // namespace tvan::soap
