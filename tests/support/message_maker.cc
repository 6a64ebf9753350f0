#include "tests/support/message_maker.h"

#include <cstdio>
#include <cstdlib>

namespace tvan {
namespace {

[[noreturn]] void Give(const std::string& what) {
  std::fprintf(stderr, "message_maker: %s\n", what.c_str());
  std::abort();
}

std::string Element(const std::string& name, const std::string& value) {
  return "<" + name + ">" + value + "</" + name + ">";
}

std::string GoodsLine(int number) {
  return "<HHDVu><TChat>1</TChat><STT>" + std::to_string(number) +
         "</STT><THHDVu>Dịch vụ tư vấn</THHDVu><DVTinh>Giờ</DVTinh><SLuong>2</SLuong><DGia>50000</DGia>"
         "<ThTien>100000</ThTien><TSuat>10%</TSuat></HHDVu>";
}

std::string InvoiceHeader(const InvoiceSpec& invoice) {
  std::string out = "<TTChung>" + Element("PBan", invoice.pban) + Element("THDon", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG") +
                    Element("KHMSHDon", invoice.khmshdon) + Element("KHHDon", invoice.khhdon) +
                    Element("SHDon", invoice.shdon) + Element("NLap", invoice.nlap);
  return out + "<DVTTe>VND</DVTTe><HTTToan>TM/CK</HTTToan>" + invoice.related + "</TTChung>";
}

std::string InvoiceContent(const InvoiceSpec& invoice) {
  std::string out = "<NDHDon><NBan><Ten>Công ty Người Bán</Ten>" + Element("MST", invoice.mst) +
                    "<DChi>Hà Nội</DChi></NBan><NMua><Ten>Công ty Người Mua</Ten><DChi>Huế</DChi></NMua><DSHHDVu>";
  for (int i = 1; i <= invoice.lines; ++i) out += GoodsLine(i);
  return out +
         "</DSHHDVu><TToan><TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000</TgTTTBSo>"
         "<TgTTTBChu>Một trăm mười nghìn đồng</TgTTTBChu></TToan></NDHDon>";
}

std::string NoticeXml(const MessageSpec& spec) {
  std::string out = "<TBao><DLTBao Id=\"data\">" + Element("PBan", spec.pban) +
                    "<MSo>04/SS-HĐĐT</MSo><Ten>Thông báo hóa đơn điện tử có sai sót</Ten><Loai>1</Loai>"
                    "<MCQT>10100</MCQT><TCQT>Cục Thuế Hà Nội</TCQT><TNNT>Công ty Người Bán</TNNT>" +
                    Element("MST", spec.mst) + "<DDanh>Hà Nội</DDanh><NTBao>2026-11-20</NTBao><DSHDon>";
  int number = 0;
  for (const InvoiceSpec& invoice : spec.invoices)
    out += "<HDon>" + Element("STT", std::to_string(++number)) + Element("KHMSHDon", invoice.khmshdon) +
           Element("KHHDon", invoice.khhdon) + Element("SHDon", invoice.shdon) + Element("Ngay", invoice.nlap) +
           "<LADHDDT>1</LADHDDT><TCTBao>1</TCTBao><LDo>Sai địa chỉ</LDo></HDon>";
  return out + "</DSHDon></DLTBao><DSCKS><NNT></NNT></DSCKS></TBao>";
}

std::string MadeId(const MessageSpec& spec) {
  char hex[33];
  std::snprintf(hex, sizeof hex, "%08X00004000800000000000%04X", static_cast<unsigned>(spec.number),
                static_cast<unsigned>(spec.type));
  return spec.mngui + hex;
}

std::string HeaderXml(const MessageSpec& spec) {
  const size_t items = spec.type == 300 ? 1 : spec.invoices.size();
  return "<TTChung>" + Element("PBan", spec.pban) + Element("MNGui", spec.mngui) + Element("MNNhan", spec.mnnhan) +
         Element("MLTDiep", std::to_string(spec.type)) +
         Element("MTDiep", spec.mtdiep.empty() ? MadeId(spec) : spec.mtdiep) +
         (spec.mtdtchieu.empty() ? "<MTDTChieu/>" : Element("MTDTChieu", spec.mtdtchieu)) + Element("MST", spec.mst) +
         Element("SLuong", spec.sluong.empty() ? std::to_string(items) : spec.sluong) + spec.more_header + "</TTChung>";
}

std::string DLieuAttributes(const MessageSpec& spec) {
  if (!spec.dlieu_attributes.empty() || spec.type != 206) return spec.dlieu_attributes;
  return " Id=\"SigningData\"";
}

std::string UnsignedTDiep(const MessageSpec& spec) {
  std::string out = spec.declaration + "<TDiep" + spec.root_attributes + ">" + HeaderXml(spec) + "<DLieu" +
                    DLieuAttributes(spec) + ">";
  int number = 0;
  if (spec.type == 300)
    out += NoticeXml(spec);
  else
    for (const InvoiceSpec& invoice : spec.invoices) out += MakeInvoiceXml(invoice, spec.type, ++number);
  return out + "</DLieu>" + (spec.type == 206 ? "<CKSNNT></CKSNNT>" : "") + spec.more_root + "</TDiep>";
}

std::string Signed(const std::string& document, const XmlSigner& signer, const std::string& node_id,
                   const std::string& parent_path, Time at) {
  SignRequest request;
  request.node_id = node_id;
  request.parent_path = parent_path;
  request.signing_time = at;
  auto done = signer.Sign(document, request);
  if (!done.ok()) Give(done.status().ToString());
  return std::move(*done);
}

std::string IdOf(const InvoiceSpec& invoice, int number) {
  return invoice.id.empty() ? "data-" + std::to_string(number) : invoice.id;
}

// The value of Id in the attributes of DLieu.
std::string DLieuId(const MessageSpec& spec) {
  const std::string attributes = DLieuAttributes(spec);
  const size_t start = attributes.find("Id=\"");
  if (start == std::string::npos) Give("a 206 is signed over a DLieu with an Id");
  return attributes.substr(start + 4, attributes.find('"', start + 4) - start - 4);
}

std::vector<InvoiceSpec> Invoices(int count, int first) {
  std::vector<InvoiceSpec> invoices(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) invoices[static_cast<size_t>(i)].shdon = std::to_string(first + i);
  return invoices;
}

MessageSpec SpecOf(int type, int count, int first) {
  MessageSpec spec;
  spec.type = type;
  spec.number = first;
  spec.invoices = Invoices(count, first);
  return spec;
}

}  // namespace

std::string MakeInvoiceXml(const InvoiceSpec& invoice, int type, int number) {
  std::string out = "<HDon><DLHDon Id=\"" + IdOf(invoice, number) + "\">" + InvoiceHeader(invoice) +
                    InvoiceContent(invoice) + "</DLHDon>";
  if (!invoice.mccqt.empty()) out += Element("MCCQT", invoice.mccqt);
  if (type != 206) out += "<DSCKS><NBan></NBan></DSCKS>";
  return out + invoice.more + "</HDon>";
}

std::string MakeTDiep(const MessageSpec& spec, const XmlSigner* signer) {
  std::string document = UnsignedTDiep(spec);
  if (signer == nullptr) return document;
  if (spec.type == 206) return Signed(document, *signer, DLieuId(spec), "/TDiep/CKSNNT", spec.signing_time);
  if (spec.type == 300) return Signed(document, *signer, "data", "/TDiep/DLieu/TBao/DSCKS/NNT", spec.signing_time);
  int number = 0;
  for (const InvoiceSpec& invoice : spec.invoices) {
    ++number;
    const std::string index = spec.invoices.size() > 1 ? "[" + std::to_string(number) + "]" : "";
    document = Signed(document, *signer, IdOf(invoice, number), "/TDiep/DLieu/HDon" + index + "/DSCKS/NBan",
                      spec.signing_time);
  }
  return document;
}

std::string MakeBareHDon(const InvoiceSpec& invoice, const XmlSigner* signer, Time signing_time) {
  const std::string document = MakeInvoiceXml(invoice, 203, 1);
  if (signer == nullptr) return document;
  return Signed(document, *signer, IdOf(invoice, 1), "/HDon/DSCKS/NBan", signing_time);
}

MessageSpec Spec206(int count, int first) {
  MessageSpec spec = SpecOf(206, count, first);
  for (InvoiceSpec& invoice : spec.invoices) {
    char code[32];
    std::snprintf(code, sizeof code, "M1-26-A1B2C-%011d", std::atoi(invoice.shdon.c_str()));
    invoice.khhdon = "C26MAA";
    invoice.mccqt = code;
  }
  return spec;
}

MessageSpec Spec203(int count, int first) { return SpecOf(203, count, first); }

MessageSpec Spec200(int shdon) {
  MessageSpec spec = SpecOf(200, 1, shdon);
  spec.invoices.front().khhdon = "C26TAA";
  return spec;
}

MessageSpec Spec300(int count, int first) { return SpecOf(300, count, first); }

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  if (at == std::string::npos) Give("there is no \"" + what + "\" to replace");
  if (text.find(what, at + 1) != std::string::npos) Give("\"" + what + "\" occurs more than once");
  return text.replace(at, what.size(), by);
}

}  // namespace tvan
