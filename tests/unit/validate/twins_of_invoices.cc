#include "tests/unit/validate/twins.h"

namespace tvan {
namespace {

constexpr Severity kError = Severity::kError, kWarning = Severity::kWarning;

const std::string kPayment = "<HTTToan>TM/CK</HTTToan>";
const std::string kCode = "M1-26-A1B2C-00000000001";

// TTHDLQuan: what the invoice replaces (1) or adjusts (2).
std::string Related(const std::string& number, const std::string& day = "2026-11-20") {
  return kPayment + "<TTHDLQuan><TCHDon>1</TCHDon><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan>" +
         "<KHHDCLQuan>K26TAA</KHHDCLQuan>" + (number.empty() ? "" : "<SHDCLQuan>" + number + "</SHDCLQuan>") +
         "<NLHDCLQuan>" + day + "</NLHDCLQuan></TTHDLQuan>";
}

MessageSpec TwoRegisterInvoices() { return Spec206(2); }

}  // namespace

std::vector<Twin> TwinsOfInvoices() {
  const MessageSpec invoice = Spec203(1), two = Spec203(2), coded = Spec200(), register_invoice = Spec206(1);
  const std::string one = "<SLuong>1</SLuong></TTChung>";
  return {
      {"count.sluong_mismatch", kError, two, {}, {{"<SLuong>2</SLuong></TTChung>", "<SLuong>3</SLuong></TTChung>"}}},
      {"count.one_invoice_only", kError, two, {}, {{"<MLTDiep>203", "<MLTDiep>200"}}},
      {"count.no_items", kError, invoice, {}, {{"<DLieu><HDon>", "<DLieu><!--"}, {"</HDon></DLieu>", "--></DLieu>"}}},
      {"count.too_many_items", kError, Spec203(3), {}, {{"</HDon></DLieu>", "</HDon><HDon/></DLieu>"}}},
      {"invoice.key_repeated", kError, two, {}, {{"<SHDon>2</SHDon>", "<SHDon>01</SHDon>"}}},
      {"invoice.code_repeated", kError, TwoRegisterInvoices(), {}, {{"M1-26-A1B2C-00000000002", kCode}}},
      {"invoice.code_missing", kError, register_invoice, {}, {{"<MCCQT>" + kCode + "</MCCQT>", ""}}},
      {"invoice.code_form",
       kError,
       register_invoice,
       {{kCode, "M1-26-ZZZZZ-99999999999"}},
       {{kCode, "M1-26-a1b2c-00000000001"}}},
      {"invoice.code_not_allowed",
       kError,
       coded,
       {{"</DLHDon>", "</DLHDon><MCCQT/>"}},
       {{"</DLHDon>", "</DLHDon><MCCQT>" + kCode + "</MCCQT>"}}},
      {"invoice.code_type", kWarning, register_invoice, {}, {{kCode, "M7-26-A1B2C-00000000001"}}},
      {"invoice.code_kind", kWarning, register_invoice, {}, {{kCode, "M2-26-A1B2C-00000000001"}}},
      {"invoice.code_year", kWarning, register_invoice, {}, {{kCode, "M1-25-A1B2C-00000000001"}}},
      {"invoice.form_beyond", kWarning, invoice, {}, {{"<KHMSHDon>1<", "<KHMSHDon>7<"}}},
      {"invoice.nature_beyond",
       kWarning,
       invoice,
       {{"<TChat>1</TChat>", "<TChat>4</TChat>"}},
       {{"<TChat>1</TChat>", "<TChat>5</TChat>"}}},
      {"invoice.pban_differs", kWarning, invoice, {}, {{"<PBan>2.1.0</PBan><THDon>", "<PBan>2.0.0</PBan><THDon>"}}},
      {"invoice.currency_spelling", kWarning, invoice, {}, {{"<DVTTe>VND<", "<DVTTe>VNĐ<"}}},
      {"invoice.date_future", kWarning, invoice, {}, {{"<NLap>2026-11-20<", "<NLap>2026-11-21<"}}},
      {"invoice.reference_incomplete", kWarning, invoice, {{kPayment, Related("7")}}, {{kPayment, Related("")}}},
      {"invoice.reference_itself", kError, invoice, {{kPayment, Related("7")}}, {{kPayment, Related("1")}}},
      {"invoice.reference_date",
       kWarning,
       invoice,
       {{kPayment, Related("7")}},
       {{kPayment, Related("7", "2026-11-21")}}},
  };
}

std::vector<Twin> TwinsOfNotices() {
  const MessageSpec notice = Spec300(1), two = Spec300(2), register_notice = Spec303(1), table = Spec400(2);
  const std::string one = "<SLuong>1</SLuong></TTChung>", mine = "<Loai>1</Loai>";
  const std::string row_end = "<TThai>0</TThai></DLieu></DSDLieu>";
  return {
      {"count.sluong_uncertain", kWarning, two, {}, {{one, "<SLuong>2</SLuong></TTChung>"}}},
      {"count.sluong_mismatch", kError, two, {}, {{one, "<SLuong>3</SLuong></TTChung>"}}},
      {"count.one_item_only",
       kError,
       SpecOfTaxpayer(100),
       {},
       {{"</TKhai>", "</TKhai><TKhai/>"}, {one, "<SLuong>2</SLuong></TTChung>"}}},
      {"notice.invoice_count", kError, Spec300(3), {}, {{"</HDon></DSHDon>", "</HDon><HDon/></DSHDon>"}}},
      {"notice.invoice_malformed",
       kError,
       notice,
       {{"<KHMSHDon>1</KHMSHDon><KHHDon>K26TAA<", "<KHMSHDon>01GTKT0/001</KHMSHDon><KHHDon>AA/20E<"}},
       {{"<SHDon>1</SHDon>", "<SHDon>A1</SHDon>"}}},
      {"notice.invoice_repeated",
       kWarning,
       two,
       {{"<SHDon>2</SHDon>", "<SHDon>3</SHDon>"}},
       {{"<SHDon>2</SHDon><Ngay>2026-11-20</Ngay><LADHDDT>1</LADHDDT><TCTBao>1</TCTBao>",
         "<SHDon>1</SHDon><Ngay>2026-11-20</Ngay><LADHDDT>1</LADHDDT><TCTBao>2</TCTBao>"}}},
      {"notice.reason_missing",
       kError,
       notice,
       {{"<TCTBao>1</TCTBao><LDo>Sai địa chỉ</LDo>", "<TCTBao>2</TCTBao>"}},
       {{"<LDo>Sai địa chỉ</LDo>", "<LDo> </LDo>"}}},
      {"notice.answer_number",
       kError,
       notice,
       {{mine, "<Loai>2</Loai><So>15/TB</So><NTBCCQT>2026-11-01</NTBCCQT>"}},
       {{mine, "<Loai>2</Loai><NTBCCQT>2026-11-01</NTBCCQT>"}}},
      {"notice.register_in_300",
       kWarning,
       notice,
       {{"<STT>1</STT>", "<STT>1</STT><MCQTCap>00ABCDEF0123456789ABCDEF0123456789</MCQTCap>"}},
       {{"<STT>1</STT>", "<STT>1</STT><MCQTCap>M1-26-A1B2C-00000000001</MCQTCap>"}}},
      {"summary.date",
       kWarning,
       table,
       {{"<KDLieu>10/2026<", "<KDLieu>11/2026<"}},
       {{"<KDLieu>10/2026<", "<KDLieu>12/2026<"}}},
      {"summary.row_repeated", kWarning, table, {}, {{"<SHDon>2</SHDon>", "<SHDon>1</SHDon>"}}},
  };
}

}  // namespace tvan
