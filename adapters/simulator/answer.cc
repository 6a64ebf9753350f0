#include "adapters/simulator/answer.h"

#include "gateway/core/json.h"

namespace tvan::sim {
namespace {

std::string Tag(const char* name, const std::string& text) {
  return std::string("<") + name + ">" + EscapeXml(text) + "</" + name + ">";
}

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

const ItemError* FirstError(const BusinessResult& result) {
  return result.errors.empty() ? nullptr : &result.errors.front();
}

// DSLDo/LDo of one invoice, or of all (item == npos).
std::string Reasons(const BusinessResult& result, size_t item) {
  std::string out = "<DSLDo>";
  int number = 0;
  for (const ItemError& e : result.errors)
    if (item == std::string::npos || e.item == item)
      out += "<LDo>" + Tag("STT", std::to_string(++number)) + Tag("MLoi", e.mloi) + Tag("MTLoi", e.text) +
             Tag("HDXLy", e.advice) + "</LDo>";
  return out + "</DSLDo>";
}

std::string InvoiceName(const Item& item) {
  return Tag("KHMSHDon", item.khmshdon) + Tag("KHHDon", item.khhdon) + Tag("SHDon", item.shdon) +
         Tag("NLap", item.nlap);
}

bool HasError(const BusinessResult& result, size_t item) {
  for (const ItemError& e : result.errors)
    if (e.item == item) return true;
  return false;
}

// The branch of a 204 and its LTBao.
std::pair<int, std::string> Branch204(const Request& request, const BusinessResult& result) {
  int type = request.header.mltdiep;
  if (result.errors.empty()) return {2, ""};
  if (result.whole_package) return {9, "<KHLKhac>" + Reasons(result, std::string::npos) + "</KHLKhac>"};
  if (type == 200 || type == 201) return {1, "<LCMa>" + InvoiceName(request.items[0]) + Reasons(result, 0) + "</LCMa>"};
  std::string out;
  if (type == 206) {  // invoices are named inside MTLoi only
    int number = 0;
    for (const ItemError& e : result.errors) {
      const Item& item = request.items[e.item];
      out += "<LDo>" + Tag("STT", std::to_string(++number)) + Tag("MLoi", e.mloi) +
             Tag("MTLoi", item.khmshdon + ";" + item.khhdon + ";" + item.shdon + ";" + e.text) +
             Tag("HDXLy", e.advice) + "</LDo>";
    }
    return {7, "<LHDMTTien><DSLDo>" + out + "</DSLDo></LHDMTTien>"};
  }
  for (size_t i = 0; i < request.items.size(); ++i)
    if (HasError(result, i))
      out +=
          "<HDon>" + Tag("STT", std::to_string(i + 1)) + InvoiceName(request.items[i]) + Reasons(result, i) + "</HDon>";
  return {3, "<LHDKMa><DSHDon>" + out + "</DSHDon></LHDKMa>"};
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

struct AnswerWriter::Head {
  std::string pban, mnnhan;
  int type = 0;
  std::string mtdtchieu, mst, sluong;
  std::string seed;             // what the id is made from
  std::string root_attributes;  // of TDiep
};

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

Result<Answer> AnswerWriter::Business(const Request& request, const BusinessResult& result, Time now,
                                      uint64_t turn) const {
  int type = request.header.mltdiep;
  if ((type == 200 || type == 201) && result.errors.empty()) return CodedInvoice(request, now, turn);
  if (IsErrorNoticeType(type) && !result.whole_package) return Notice301(request, result, now, turn);
  return Notice204(request, result, request.header.mtdiep, now, turn);
}

Result<Answer> AnswerWriter::ForUnknownRequest(const Request& request, Time now, uint64_t turn) const {
  std::string nobody = request.header.mngui + dice_.Hex32("unknown request", request.header.mtdiep, turn);
  return Notice204(request, {{}, false, request.items.size()}, nobody, now, turn);
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

Result<Answer> AnswerWriter::Notice204(const Request& request, const BusinessResult& result,
                                       const std::string& mtdtchieu, Time now, uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = Begin({h.pban, h.mngui, 204, mtdtchieu, h.mst, "1", mtdtchieu, ""}, turn);
  auto [ltbao, branch] = Branch204(request, result);
  answer.ltbao = ltbao;
  if (const ItemError* error = FirstError(result)) answer.mloi = error->mloi;
  answer.result = result.errors.empty() ? "ok" : result.good > 0 ? "partly" : "refused";
  std::string id = "Id-" + dice_.Hex32("data", answer.id, 0);
  answer.bytes += "<DLieu><TBao><DLTBao Id=\"" + id + "\">" + Tag("PBan", h.pban) + Tag("MSo", "01/TB-KTDL") +
                  Tag("Ten", "Thông báo về việc kết quả kiểm tra dữ liệu hóa đơn điện tử") +
                  Tag("So", "SIM-" + answer.id.substr(3, 12)) + Tag("DDanh", "Hà Nội") +
                  Tag("NTBao", FormatLocal(now).substr(0, 10)) + Tag("MST", h.mst) +
                  Tag("TNNT", "Người nộp thuế " + h.mst) + Tag("TGGui", FormatLocal(now)) +
                  Tag("LTBao", std::to_string(ltbao)) + Tag("CCu", "Thông điệp " + mtdtchieu) +
                  Tag("MGDDTu", mtdtchieu) + Tag("SLuong", h.sluong) + branch +
                  "</DLTBao><DSCKS><CQT></CQT></DSCKS></TBao></DLieu></TDiep>";
  return Sign(std::move(answer), {id, "/TDiep/DLieu/TBao/DSCKS/CQT", now, {}});
}

Result<Answer> AnswerWriter::Notice301(const Request& request, const BusinessResult& result, Time now,
                                       uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = Begin({h.pban, h.mngui, 301, h.mtdiep, h.mst, "1", h.mtdiep, ""}, turn);
  if (const ItemError* error = FirstError(result)) answer.mloi = error->mloi;
  answer.result = result.errors.empty() ? "ok" : result.good > 0 ? "partly" : "refused";
  std::string items;
  for (size_t i = 0; i < request.items.size(); ++i) {
    const Item& item = request.items[i];
    bool bad = HasError(result, i);
    items += "<HDon>" + Tag("STT", std::to_string(i + 1)) + Tag(h.mltdiep == 303 ? "MCCQT" : "MCQTCap", item.code) +
             InvoiceName(item) + Tag("LADHDDT", item.ladhddt) + Tag("TCTBao", item.tctbao) +
             Tag("TTTNCCQT", bad ? "2" : "1");
    if (bad) items += "<DSLDKTNhan>";
    for (const ItemError& e : result.errors)
      if (e.item == i) items += "<LDo>" + Tag("MLoi", e.mloi) + Tag("MTa", e.text) + "</LDo>";
    items += bad ? "</DSLDKTNhan></HDon>" : "</HDon>";
  }
  std::string id = "Id-" + dice_.Hex32("data", answer.id, 0);
  std::string number = "SIM-" + answer.id.substr(3, 12);
  answer.bytes += "<DLieu><TBao><DLTBao Id=\"" + id + "\">" + Tag("PBan", h.pban) + Tag("MSo", "01/TB-SSĐT") +
                  Tag("Ten", "Thông báo về việc tiếp nhận và kết quả xử lý hóa đơn điện tử có sai sót") +
                  Tag("DDanh", "Hà Nội") + Tag("TNNT", "Người nộp thuế " + h.mst) + Tag("MST", h.mst) +
                  Tag("MGDDTu", h.mtdiep) + Tag("TGNhan", FormatLocal(now)) + "<DSHDon>" + items +
                  "</DSHDon></DLTBao><STBao>" + Tag("So", number) + Tag("NTBao", FormatLocal(now).substr(0, 10)) +
                  "</STBao><DSCKS><CQT></CQT></DSCKS></TBao></DLieu></TDiep>";
  return Sign(std::move(answer), {id, "/TDiep/DLieu/TBao/DSCKS/CQT", now, {}});
}

}  // namespace tvan::sim
