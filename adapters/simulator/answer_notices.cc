// Notices of the authority, each TBao/{DLTBao, DSCKS/CQT}: 204 and 213, 301, 102, 103, 104, 205 (protocol.md 7.6, 7.7,
// 7.10). What our sources do not show is left out.
#include "adapters/simulator/answer.h"
#include "adapters/simulator/answer_parts.h"
#include "gateway/core/json.h"

namespace tvan::sim {
namespace {

std::string Day(Time t) { return FormatLocal(t).substr(0, 10); }
std::string NumberOf(const Answer& answer) { return "SIM-" + answer.id.substr(3, 12); }

std::string Taxpayer(const Envelope& h) { return Tag("MST", h.mst) + Tag("TNNT", "Người nộp thuế " + h.mst); }
std::string Numbered(const Answer& answer, Time now) {
  return Within("STBao", Tag("So", NumberOf(answer)) + Tag("NTBao", Day(now)));
}

// 301: one invoice of an error notice.
std::string NamedInvoice(const Request& request, const BusinessResult& result, size_t index) {
  const Item& item = request.items[index];
  const bool bad = HasError(result, index);
  return Within("HDon", Tag("STT", std::to_string(index + 1)) +
                            Tag(request.header.mltdiep == 303 ? "MCCQT" : "MCQTCap", item.code) + InvoiceName(item) +
                            Tag("LADHDDT", item.ladhddt) + Tag("TCTBao", item.tctbao) +
                            Tag("TTTNCCQT", bad ? "2" : "1") + ShortReasons(result, index, "DSLDKTNhan"));
}

// 104: one delegate.
std::string Delegate(const BusinessResult& result, const Item& item, size_t index, Time now) {
  const bool bad = HasError(result, index);
  return Within("TTUNhiem", Copied(item.node, "MST") + Copied(item.node, "TTChuc") +
                                (bad ? "" : Tag("NTNhan", Day(now))) + ShortReasons(result, index, "DSLDKCNhan"));
}

}  // namespace

Answer AnswerWriter::BeginNotice(const Request& request, int type, const BusinessResult& result, uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = Begin({h.pban, h.mngui, type, h.mtdiep, h.mst, "1", h.mtdiep, ""}, turn);
  if (!result.errors.empty()) answer.mloi = result.errors.front().mloi;
  answer.result = result.errors.empty() ? "ok" : result.good > 0 ? "partly" : "refused";
  return answer;
}

Result<Answer> AnswerWriter::SignNotice(Answer answer, const std::string& data, const std::string& beside,
                                        Time now) const {
  const std::string id = "Id-" + dice_.Hex32("data", answer.id, 0);
  answer.bytes += "<DLieu><TBao><DLTBao Id=\"" + id + "\">" + data + "</DLTBao>" + beside +
                  "<DSCKS><CQT></CQT></DSCKS></TBao></DLieu></TDiep>";
  return Sign(std::move(answer), {id, "/TDiep/DLieu/TBao/DSCKS/CQT", now, {}});
}

// 213 is the same form for e-documents; of its branches nothing is known, so a bad one is bad as a whole.
Result<Answer> AnswerWriter::CheckResult(const Request& request, int type, const BusinessResult& result, Time now,
                                         uint64_t turn) const {
  Answer answer = BeginNotice(request, type, result, turn);
  return FinishCheckResult(request, std::move(answer), result, now);
}

Result<Answer> AnswerWriter::FinishCheckResult(const Request& request, Answer answer, const BusinessResult& result,
                                               Time now) const {
  const Envelope& h = request.header;
  const auto [ltbao, branch] = Branch204(request, result);
  answer.ltbao = ltbao;
  const std::string data = Tag("PBan", h.pban) + Tag("MSo", "01/TB-KTDL") +
                           Tag("Ten", "Thông báo về việc kết quả kiểm tra dữ liệu hóa đơn điện tử") +
                           Tag("So", NumberOf(answer)) + Tag("DDanh", "Hà Nội") + Tag("NTBao", Day(now)) + Taxpayer(h) +
                           Tag("TGGui", FormatLocal(now)) + Tag("LTBao", std::to_string(ltbao)) +
                           Tag("CCu", "Thông điệp " + answer.mtdtchieu) + Tag("MGDDTu", answer.mtdtchieu) +
                           Tag("SLuong", h.sluong) + branch;
  return SignNotice(std::move(answer), data, "", now);
}

Result<Answer> AnswerWriter::ForUnknownRequest(const Request& request, Time now, uint64_t turn) const {
  const Envelope& h = request.header;
  const std::string nobody = h.mngui + dice_.Hex32("unknown request", h.mtdiep, turn);
  return FinishCheckResult(request, Begin({h.pban, h.mngui, 204, nobody, h.mst, "1", nobody, ""}, turn), {}, now);
}

Result<Answer> AnswerWriter::ErrorNoticeResult(const Request& request, const BusinessResult& result, Time now,
                                               uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = BeginNotice(request, 301, result, turn);
  std::string items;
  for (size_t i = 0; i < request.items.size(); ++i) items += NamedInvoice(request, result, i);
  const std::string data = Tag("PBan", h.pban) + Tag("MSo", "01/TB-SSĐT") +
                           Tag("Ten", "Thông báo về việc tiếp nhận và kết quả xử lý hóa đơn điện tử có sai sót") +
                           Tag("DDanh", "Hà Nội") + Tag("TNNT", "Người nộp thuế " + h.mst) + Tag("MST", h.mst) +
                           Tag("MGDDTu", h.mtdiep) + Tag("TGNhan", FormatLocal(now)) +
                           (result.whole_package ? ReasonList(result, kAllItems, "DSLDKCNhan") : "") +
                           (items.empty() ? "" : Within("DSHDon", items));
  return SignNotice(answer, data, Numbered(answer, now), now);
}

// 102: received, or refused as a whole; of a first declaration or of a change.
Result<Answer> AnswerWriter::Received(const Request& request, const BusinessResult& result, Time now,
                                      uint64_t turn) const {
  const Envelope& h = request.header;
  const bool refused = result.whole_package;
  Answer answer = BeginNotice(request, 102, refused ? result : BusinessResult(), turn);
  const XmlNode general = request.dlieu.Descend({"TKhai", "DLTKhai", "TTChung"});
  const bool change = general && general.Child("HThuc") && general.Child("HThuc").Text() == "2";
  const std::string data = Tag("PBan", h.pban) + Tag("MSo", "01/TB-TNĐT") +
                           Tag("Ten", "Thông báo về việc tiếp nhận/không tiếp nhận tờ khai") +
                           Tag("So", NumberOf(answer)) + Tag("DDanh", "Hà Nội") + Tag("NTBao", Day(now)) + Taxpayer(h) +
                           Tag("TTKhai", request.IsAnsweredBy(103) ? "Tờ khai đăng ký" : "Tờ khai ủy nhiệm") +
                           Tag("MGDDTu", h.mtdiep) + Tag("TGGui", FormatLocal(now)) +
                           Tag("THop", std::to_string((change ? 3 : 1) + (refused ? 1 : 0))) +
                           (refused ? ShortReasons(result, kAllItems, "DSLDKCNhan") : Tag("TGNhan", FormatLocal(now)));
  return SignNotice(std::move(answer), data, "", now);
}

// 103; an accepted one carries the taxpayer's five characters of cash-register codes.
Result<Answer> AnswerWriter::Registered(const Request& request, const BusinessResult& result, Time now,
                                        uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = BeginNotice(request, 103, result, turn);
  answer.mccqt = result.register_code;
  const std::string data = Tag("PBan", h.pban) + Tag("MSo", "01/TB-ĐKĐT") +
                           Tag("Ten", "Thông báo về việc chấp nhận/không chấp nhận đăng ký sử dụng hóa đơn điện tử") +
                           Tag("DDanh", "Hà Nội") + Tag("TCQTCTren", "Cục Thuế") +
                           Tag("TCQT", "Thuế thành phố Hà Nội") + Taxpayer(h) + Tag("Ngay", Day(now)) +
                           Tag("HTDKy", "1") + (answer.mccqt.empty() ? "" : Tag("MCCQT", answer.mccqt)) +
                           Tag("TTXNCQT", result.errors.empty() ? "1" : "2") + Tag("HThuc", "Mô phỏng") +
                           Tag("CDanh", "Mô phỏng") + ShortReasons(result, kAllItems, "DSLDKCNhan");
  return SignNotice(answer, data, Numbered(answer, now), now);
}

Result<Answer> AnswerWriter::Delegated(const Request& request, const BusinessResult& result, Time now,
                                       uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = BeginNotice(request, 104, result, turn);
  const XmlNode general = request.dlieu.Descend({"TKhai", "DLTKhai", "TTChung"});
  std::string delegates;
  for (size_t i = 0; i < request.items.size(); ++i) delegates += Delegate(result, request.items[i], i, now);
  const std::string data = Tag("PBan", h.pban) + Taxpayer(h) + Copied(general, "LDKUNhiem", "LUNhiem") +
                           Tag("MGDDTu", h.mtdiep) + (delegates.empty() ? "" : Within("DSTTUNhiem", delegates));
  return SignNotice(std::move(answer), data, "", now);
}

// 205. Its reasons have a text and no code.
Result<Answer> AnswerWriter::RequestResult(const Request& request, const BusinessResult& result, Time now,
                                           uint64_t turn) const {
  const Envelope& h = request.header;
  Answer answer = BeginNotice(request, 205, result, turn);
  answer.mloi.clear();
  std::string reasons;
  for (const ItemError& e : result.errors) reasons += Within("LDo", Tag("NDung", e.text) + Tag("HDXLy", e.advice));
  const std::string data = Tag("PBan", h.pban) + Tag("MSo", "01-1/QTr-HĐĐT") + Taxpayer(h) + Tag("MGDDTu", h.mtdiep) +
                           Tag("KQKTra", result.errors.empty() ? "1" : "0") +
                           (reasons.empty() ? "" : Within("LHSo", Within("DSLDo", reasons)));
  return SignNotice(std::move(answer), data, "", now);
}

}  // namespace tvan::sim
