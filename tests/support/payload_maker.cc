#include "tests/support/payload_maker.h"

namespace tvan {
namespace {

std::string Element(const std::string& name, const std::string& value) {
  return "<" + name + ">" + value + "</" + name + ">";
}

std::string Signable(const std::string& root, const std::string& data, const std::string& content) {
  return "<" + root + "><" + data + " Id=\"data\">" + content + "</" + data + "><DSCKS><NNT></NNT></DSCKS></" + root +
         ">";
}

std::string NamedInvoice(const InvoiceSpec& invoice, int number) {
  const std::string code = invoice.mccqt.empty() ? "" : Element("MCCQT", invoice.mccqt);
  return "<HDon>" + Element("STT", std::to_string(number)) + code + Element("KHMSHDon", invoice.khmshdon) +
         Element("KHHDon", invoice.khhdon) + Element("SHDon", invoice.shdon) + Element("Ngay", invoice.nlap) +
         "<LADHDDT>1</LADHDDT><TCTBao>1</TCTBao><LDo>Sai địa chỉ</LDo></HDon>";
}

std::string SummaryRow(const InvoiceSpec& invoice, int number) {
  return "<DLieu>" + Element("STT", std::to_string(number)) + Element("KHMSHDon", invoice.khmshdon) +
         Element("KHHDon", invoice.khhdon) + Element("SHDon", invoice.shdon) + Element("NLap", invoice.nlap) +
         "<TNMua>Khách lẻ</TNMua><TTCThue>100000</TTCThue><TSuat>10%</TSuat><TgTThue>10000</TgTThue>"
         "<TgTTToan>110000</TgTTToan><TThai>0</TThai></DLieu>";
}

template <class Row>
std::string Rows(const MessageSpec& spec, Row row) {
  std::string out;
  int number = 0;
  for (const InvoiceSpec& invoice : spec.invoices) out += row(invoice, ++number);
  return out;
}

// What 100 and 101 say of the taxpayer and of who speaks for it.
std::string Taxpayer(const MessageSpec& spec) {
  return "<TNNT>Công ty Người Bán</TNNT>" + Element("MST", spec.mst) +
         "<CQTQLy>Cục Thuế Hà Nội</CQTQLy><MCQTQLy>10100</MCQTQLy><NLHe>Nguyễn Văn An</NLHe><DCLHe>Hà Nội</DCLHe>"
         "<DCTDTu>an@ban.example</DCTDTu><DTLHe>0240000000</DTLHe><DDanh>Hà Nội</DDanh><NLap>2026-11-20</NLap>";
}

const char kCertificates[] =
    "<DSCTSSDung><CTS><STT>1</STT><TTChuc>CA Mẫu</TTChuc><Seri>5404000000000001</Seri>"
    "<TNgay>2026-01-01T00:00:00</TNgay><DNgay>2029-01-01T00:00:00</DNgay><HThuc>1</HThuc></CTS></DSCTSSDung>";

}  // namespace

std::string MakeNoticeXml(const MessageSpec& spec) {
  return Signable("TBao", "DLTBao",
                  Element("PBan", InnerPBan(spec.pban)) +
                      "<MSo>04/SS-HĐĐT</MSo><Ten>Thông báo hóa đơn điện tử có sai sót</Ten><Loai>1</Loai>"
                      "<MCQT>10100</MCQT><TCQT>Cục Thuế Hà Nội</TCQT><TNNT>Công ty Người Bán</TNNT>" +
                      Element("MST", spec.mst) + "<DDanh>Hà Nội</DDanh><NTBao>2026-11-20</NTBao>" +
                      Element("DSHDon", Rows(spec, NamedInvoice)));
}

std::string MakeSummaryXml(const MessageSpec& spec) {
  const std::string general =
      Element("PBan", InnerPBan(spec.pban)) +
      "<MSo>01/TH-HĐĐT</MSo><Ten>Bảng tổng hợp dữ liệu hóa đơn điện tử</Ten><SBTHDLieu>1</SBTHDLieu>"
      "<LKDLieu>T</LKDLieu><KDLieu>10/2026</KDLieu><LDau>1</LDau><NLap>2026-11-20</NLap><TNNT>Công ty Người "
      "Bán</TNNT>" +
      Element("MST", spec.mst) + "<HDDIn>0</HDDIn><LHHoa>9</LHHoa><DVTTe>VND</DVTTe>";
  return Signable("BTHDLieu", "DLBTHop",
                  Element("TTChung", general) + Element("NDBTHDLieu", Element("DSDLieu", Rows(spec, SummaryRow))));
}

std::string MakeRegistrationXml(const MessageSpec& spec) {
  const std::string general = Element("PBan", InnerPBan(spec.pban)) +
                              "<MSo>01/ĐKTĐ-HĐĐT</MSo><Ten>Tờ khai đăng ký sử dụng hóa đơn điện tử</Ten>"
                              "<HThuc>1</HThuc>" +
                              Taxpayer(spec);
  const std::string content =
      "<HTHDon><CMa>1</CMa><KCMa>0</KCMa></HTHDon><PThuc><CDDu>1</CDDu><CBTHop>0</CBTHop></PThuc>"
      "<LHDSDung><HDGTGT>1</HDGTGT><HDBHang>0</HDBHang><HDBTSCong>0</HDBTSCong><HDBHDTQGia>0</HDBHDTQGia>"
      "<HDKhac>0</HDKhac><CTu>0</CTu></LHDSDung>";
  return Signable("TKhai", "DLTKhai", Element("TTChung", general) + Element("NDTKhai", content + kCertificates));
}

std::string MakeDelegationXml(const MessageSpec& spec) {
  const std::string general = Element("PBan", InnerPBan(spec.pban)) +
                              "<MSo>01/ĐKUN-HĐĐT</MSo><Ten>Tờ khai ủy nhiệm lập hóa đơn</Ten>"
                              "<LDKUNhiem>1</LDKUNhiem>" +
                              Taxpayer(spec);
  const char delegates[] =
      "<DSDKUNhiem><DKUNhiem><STT>1</STT><TLHDon>Hóa đơn giá trị gia tăng</TLHDon><MST>0107777777</MST>"
      "<TTChuc>Công ty Nhận Ủy Nhiệm</TTChuc><MDich>Lập hóa đơn</MDich><TNgay>2026-12-01T00:00:00</TNgay>"
      "<DNgay>2027-12-01T00:00:00</DNgay><PThuc>1</PThuc></DKUNhiem></DSDKUNhiem>";
  return Signable("TKhai", "DLTKhai",
                  Element("TTChung", general) + Element("NDTKhai", std::string(kCertificates) + delegates));
}

std::string MakeRequestXml(const MessageSpec& spec) {
  const std::string general =
      Element("PBan", InnerPBan(spec.pban)) +
      "<MSo>06/ĐN-PSĐT</MSo><Ten>Đề nghị cấp hóa đơn theo từng lần phát sinh</Ten><TCQT>Cục Thuế Hà Nội</TCQT>"
      "<MCQT>10100</MCQT><TTCCNhan>Công ty Người Bán</TTCCNhan><DCLHe>Hà Nội</DCLHe><DTLHe>0240000000</DTLHe>" +
      Element("MST", spec.mst) +
      "<TNNHDon>Nguyễn Văn An</TNNHDon><CMND>001000000001</CMND><NgCCMND>2020-01-01</NgCCMND><NCCMND>Hà Nội</NCCMND>"
      "<DDanh>Hà Nội</DDanh><NLap>2026-11-20</NLap>";
  const char content[] =
      "<NDDNghi><THHDVu>Dịch vụ tư vấn</THHDVu><Ten>Công ty Người Mua</Ten><DChi>Huế</DChi>"
      "<DTPSinh>110000</DTPSinh></NDDNghi>";
  return Signable("DNghi", "DLDNghi", Element("TTChung", general) + content);
}

}  // namespace tvan
