#include "tests/unit/validate/twins.h"

namespace tvan {
namespace {

constexpr Severity kError = Severity::kError, kWarning = Severity::kWarning;

const std::string kTitle = "<THDon>HÓA ĐƠN GIÁ TRỊ GIA TĂNG</THDon>";
const std::string kPayment = "<HTTToan>TM/CK</HTTToan>";
const std::string kBuyer = "<NMua><Ten>Công ty Người Mua</Ten>";
const std::string kLastTotal = "<TgTTTBChu>Một trăm mười nghìn đồng</TgTTTBChu>";
const std::string kLineEnd = "<ThTien>100000</ThTien><TSuat>10%</TSuat></HHDVu>";

std::string Title(const std::string& text) { return "<THDon>" + text + "</THDon>"; }
std::string Letters(size_t count, const std::string& letter) {
  std::string text;
  while (count-- > 0) text += letter;
  return text;
}
std::string Extra(const std::string& kind, const std::string& data) {
  return kLastTotal + "<TTKhac><TTin><TTruong>Ghi chú</TTruong><KDLieu>" + kind + "</KDLieu><DLieu>" + data +
         "</DLieu></TTin></TTKhac>";
}

}  // namespace

std::vector<Twin> TwinsOfFields() {
  const MessageSpec invoice = Spec203(1), notice = Spec300(1), table = Spec400(1), declaration = SpecOfTaxpayer(100);
  return {
      {"field.missing", kError, invoice, {}, {{"<NLap>2026-11-20</NLap>", ""}}},
      {"field.missing", kError, notice, {}, {{"<Ngay>2026-11-20</Ngay>", "<Ngay/>"}}},
      {"field.missing", kError, table, {}, {{"<LHHoa>9</LHHoa>", ""}}},
      {"field.missing", kWarning, declaration, {}, {{"<HThuc>1</HThuc><TNNT>", "<TNNT>"}}},
      {"field.repeated",
       kError,
       invoice,
       {},
       {{"<TgTThue>10000</TgTThue>", "<TgTThue>10000</TgTThue><TgTThue>9</TgTThue>"}}},
      {"field.not_text", kError, invoice, {{kTitle, Title("HÓA<!-- x --> ĐƠN")}}, {{kTitle, Title("HÓA <b/>ĐƠN")}}},
      {"notice.code_name",
       kWarning,
       notice,
       {{"<STT>1</STT>", "<STT>1</STT><MCQTCap>" + Letters(34, "A") + "</MCQTCap>"}},
       {{"<STT>1</STT>", "<STT>1</STT><MCCQT>" + Letters(34, "A") + "</MCCQT>"}}},
      {"field.unknown", kWarning, invoice, {}, {{kPayment, kPayment + "<HTToan>TM</HTToan>"}}},
      {"field.length",
       kError,
       invoice,
       {{kTitle, Title(Letters(100, "e\xCC\x82\xCC\x81"))}},
       {{kTitle, Title(Letters(101, "ế"))}}},
      {"field.number",
       kError,
       invoice,
       {{"<TgTThue>10000</TgTThue>", "<TgTThue>10000.00</TgTThue>"}},
       {{"<TgTThue>10000</TgTThue>", "<TgTThue>10.000,00</TgTThue>"}}},
      {"field.digits",
       kError,
       invoice,
       {{kPayment, "<TGia>25000.12</TGia>" + kPayment}},
       {{kPayment, "<TGia>25000.123</TGia>" + kPayment}}},
      {"field.integer", kError, invoice, {{"<STT>1</STT>", "<STT>9999</STT>"}}, {{"<STT>1</STT>", "<STT>1.0</STT>"}}},
      {"field.shdon",
       kError,
       invoice,
       {{"<SHDon>1</SHDon>", "<SHDon>00000001</SHDon>"}},
       {{"<SHDon>1</SHDon>", "<SHDon>0</SHDon>"}}},
      {"field.date",
       kError,
       invoice,
       {{kPayment, "<NBKe>2024-02-29</NBKe>" + kPayment}},
       {{kPayment, "<NBKe>2025-02-29</NBKe>" + kPayment}}},
      {"field.nlap",
       kError,
       invoice,
       {{"<NLap>2026-11-20</NLap>", "<NLap>2026-11-19</NLap>"}},
       {{"<NLap>2026-11-20</NLap>", "<NLap>2026-11-31</NLap>"}}},
      {"field.datetime",
       kWarning,
       declaration,
       {{"2026-01-01T00:00:00", "2026-01-01T23:59:59"}},
       {{"2026-01-01T00:00:00", "2026-01-01T23:59:59Z"}}},
      {"field.enum",
       kError,
       invoice,
       {{"<TChat>1</TChat>", "<TChat>2</TChat>"}},
       {{"<TChat>1</TChat>", "<TChat>9</TChat>"}}},
      {"field.code",
       kError,
       invoice,
       {{kLineEnd, "<ThTien>100000</ThTien><TSuat>KHAC:5.26%</TSuat></HHDVu>"}},
       {{kLineEnd, "<ThTien>100000</ThTien><TSuat>10</TSuat></HHDVu>"}}},
      {"field.khmshdon", kError, invoice, {}, {{"<KHMSHDon>1</KHMSHDon>", "<KHMSHDon>01</KHMSHDon>"}}},
      {"field.khhdon", kError, invoice, {{"K26TAA", "K26TAB"}}, {{"K26TAA", "K26TA"}}},
      {"field.mst", kError, invoice, {}, {{"<MST>0101234567</MST><DChi>", "<MST>0101234567001</MST><DChi>"}}},
      {"field.tax_code", kError, notice, {}, {{"</TNNT><MST>0101234567<", "</TNNT><MST>0101234567001<"}}},
      {"field.buyer_mst",
       kWarning,
       invoice,
       {{kBuyer, kBuyer + "<MST>0102030405</MST>"}},
       {{kBuyer, kBuyer + "<MST>PASS123</MST>"}}},
      {"field.id", kError, invoice, {}, {{"DLHDon Id=\"data-1\"", "DLHDon Id=\"data 1\""}}},
      {"field.period",
       kError,
       table,
       {{"<KDLieu>10/2026</KDLieu>", "<KDLieu>09/2026</KDLieu>"}},
       {{"<KDLieu>10/2026</KDLieu>", "<KDLieu>13/2026</KDLieu>"}}},
      {"field.lookalike", kWarning, notice, {}, {{"04/SS-HĐĐT", "04/SS-HÐÐT"}}},
      {"field.ttkhac_length",
       kError,
       invoice,
       {{kLastTotal, Extra("string", Letters(500, "ế"))}},
       {{kLastTotal, Extra("string", Letters(501, "ế"))}}},
      {"field.ttin_type",
       kWarning,
       invoice,
       {{kLastTotal, Extra("date", "2026-11-20")}},
       {{kLastTotal, Extra("date", "20/11/2026")}}},
      {"qr.form",
       kError,
       invoice,
       {{"</DLHDon>", "</DLHDon><DLQRCode>000201010212</DLQRCode>"}},
       {{"</DLHDon>", "</DLHDon><DLQRCode>000201010212...</DLQRCode>"}}},
      {"qr.crc",
       kWarning,
       invoice,
       {{"</DLHDon>", "</DLHDon><DLQRCode>0002016304AAE6</DLQRCode>"}},
       {{"</DLHDon>", "</DLHDon><DLQRCode>000201630400F0</DLQRCode>"}}},
  };
}

}  // namespace tvan
