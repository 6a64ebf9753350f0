#include "adapters/simulator/answer.h"

#include "adapters/simulator/answer_parts.h"
#include "gateway/core/json.h"

namespace tvan::sim {
namespace {

// Carriage returns survive only as references.
std::string AsText(std::string_view bytes) {
  std::string out;
  for (char c : EscapeXml(bytes)) c == '\r' ? out += "&#13;" : out += c;
  return out;
}

bool IsXmlText(std::string_view bytes) {
  for (char c : bytes)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
  return JsonEscape(bytes).find("\xEF\xBF\xBD") == std::string::npos;  // U+FFFD: it was no UTF-8
}

// The types that answer, in their order.
std::vector<int> AnswerTypes(const Request& request, const BusinessResult& result) {
  const bool whole = result.whole_package;
  if (request.IsAnsweredBy(102)) {
    if (whole) return {102};
    return {102, request.IsAnsweredBy(103) ? 103 : 104};
  }
  if (request.IsAnsweredBy(202) && result.errors.empty()) return {202};
  if (request.IsAnsweredBy(301) && (!whole || !request.IsAnsweredBy(204))) return {301};
  for (int other : {205, 213})
    if (request.IsAnsweredBy(other)) return {other};
  return {204};
}

// Real answers carry Signature Id="Tct-<uuid>". The attribute is outside of what the signature covers.
void NameSignature(std::string& document, const std::string& hex) {
  size_t at = document.find("Signature", document.rfind("<CQT>"));
  if (at == std::string::npos) return;
  size_t end = document.find('>', at);
  std::string uuid = "Tct-" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
                     hex.substr(16, 4) + "-" + hex.substr(20);
  size_t id = document.find(" Id=\"", at);
  if (id < end) {
    size_t value = id + 5;
    document.replace(value, document.find('"', value) - value, uuid);
  } else {
    document.insert(at + 9, " Id=\"" + uuid + "\"");
  }
}

}  // namespace

Answer AnswerWriter::Begin(const Head& h, uint64_t turn) const {
  Answer answer;
  answer.type = h.type;
  answer.id = "TCT" + dice_.Hex32("answer " + std::to_string(h.type), h.seed, turn);
  answer.mtdtchieu = h.mtdtchieu;
  answer.mst = h.mst;
  answer.bytes = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep" + h.root_attributes + "><TTChung>" +
                 Tag("PBan", h.pban) + Tag("MNGui", "TCT") + Tag("MNNhan", h.mnnhan) +
                 Tag("MLTDiep", std::to_string(h.type)) + Tag("MTDiep", answer.id) + Tag("MTDTChieu", h.mtdtchieu);
  if (!h.mst.empty()) answer.bytes += Tag("MST", h.mst) + Tag("SLuong", h.sluong);
  answer.bytes += "</TTChung>";
  return answer;
}

Result<Answer> AnswerWriter::Sign(Answer answer, const SignRequest& sign) const {
  auto document = signer_.Sign(answer.bytes, sign);
  if (!document) return document.status();
  answer.bytes = std::move(*document);
  NameSignature(answer.bytes, dice_.Hex32("signature", answer.id, 0));
  answer.sha256 = digester_.Sha256Of(answer.bytes).Hex();
  return answer;
}

Answer AnswerWriter::Technical(const Request& request, const Refusal& refusal, Time arrived, uint64_t turn) const {
  const Envelope& h = request.header;
  bool bad = !refusal.mloi.empty();
  std::string pban = h.pban.empty() ? "2.1.0" : h.pban;
  Answer answer = Begin({pban, h.mngui, 999, h.mtdiep, "", "", h.mtdiep, ""}, turn);
  answer.bytes += "<DLieu><TBao>" + Tag("MTDiep", h.mtdiep) + Tag("MNGui", h.mngui) +
                  Tag("NNhan", FormatLocal(arrived)) + Tag("TTTNhan", bad ? "1" : "0");
  if (bad) answer.bytes += "<DSLDo><LDo>" + Tag("MLoi", refusal.mloi) + Tag("MTa", refusal.text) + "</LDo></DSLDo>";
  answer.bytes += "</TBao></DLieu></TDiep>";
  answer.mloi = refusal.mloi;
  answer.result = bad ? "refused" : "ok";
  answer.sha256 = digester_.Sha256Of(answer.bytes).Hex();
  return answer;
}

Answer AnswerWriter::Unreadable(const std::string& original, const std::string& mnnhan, uint64_t turn) const {
  std::string digest = digester_.Sha256Of(original).Hex();
  Answer answer = Begin({"2.1.0", mnnhan, -1, "", "", "", digest, ""}, turn);
  size_t size = original.size();
  if (size > 256 * 1024)
    for (size = 256 * 1024; size > 0 && (original[size] & 0xC0) == 0x80;) --size;
  std::string_view head = std::string_view(original).substr(0, size);
  answer.bytes += "<DLieu>" + Tag("MLoi", "1000") + Tag("MTa", "Không đọc được thông điệp") + "<HSGoc>" +
                  (IsXmlText(head) ? AsText(head) : Base64Encode(head)) + "</HSGoc></DLieu></TDiep>";
  answer.mloi = "1000";
  answer.result = "refused";
  answer.sha256 = digester_.Sha256Of(answer.bytes).Hex();
  return answer;
}

Result<std::vector<Answer>> AnswerWriter::Business(const Request& request, const BusinessResult& result, Time now,
                                                   uint64_t turn) const {
  std::vector<Answer> answers;
  for (int type : AnswerTypes(request, result)) {
    auto answer = OneOf(request, type, result, now, turn);
    if (!answer) return answer.status();
    answers.push_back(std::move(*answer));
  }
  return answers;
}

Result<Answer> AnswerWriter::OneOf(const Request& request, int type, const BusinessResult& result, Time now,
                                   uint64_t turn) const {
  switch (type) {
    case 102:
      return Received(request, result, now, turn);
    case 103:
      return Registered(request, result, now, turn);
    case 104:
      return Delegated(request, result, now, turn);
    case 202:
      return CodedInvoice(request, now, turn);
    case 205:
      return RequestResult(request, result, now, turn);
    case 301:
      return ErrorNoticeResult(request, result, now, turn);
    default:
      return CheckResult(request, type, result, now, turn);
  }
}

Result<Answer> AnswerWriter::CodedInvoice(const Request& request, Time now, uint64_t turn) const {
  const Envelope& h = request.header;
  XmlNode dlhdon = request.items[0].node.Child("DLHDon");
  auto id = dlhdon.Attribute("Id");
  if (!id) return Status::Permanent("sim.request"_reason, "DLHDon has no Id to sign");
  Answer answer = Begin({h.pban, h.mngui, 202, h.mtdiep, h.mst, "1", h.mtdiep, request.root_attributes}, turn);
  answer.mccqt = "00" + dice_.Hex32("mccqt", h.mtdiep, turn);
  std::string code_id = "Id-" + dice_.Hex32("mccqt id", h.mtdiep, turn);
  std::string_view all = request.document->bytes();
  ByteRange data = request.dlieu.range(), invoice = dlhdon.range();
  size_t split = invoice.offset + invoice.size;
  answer.bytes.append(all.substr(data.offset, split - data.offset));
  answer.bytes.append("<MCCQT Id=\"" + code_id + "\">" + answer.mccqt + "</MCCQT>");
  answer.bytes.append(all.substr(split, data.offset + data.size - split)).append("</TDiep>");
  return Sign(std::move(answer), {*id, "/TDiep/DLieu/HDon/DSCKS/CQT", now, {code_id}});
}

}  // namespace tvan::sim
