#include "tests/support/message_maker.h"

#include <cstdio>
#include <cstdlib>

#include "tests/support/payload_maker.h"

namespace tvan {
namespace {

[[noreturn]] void Give(const std::string& what) {
  std::fprintf(stderr, "message_maker: %s\n", what.c_str());
  std::abort();
}

std::string Element(const std::string& name, const std::string& value) {
  return "<" + name + ">" + value + "</" + name + ">";
}

// The first line costs 2 × 50000; those after it are given away, so that the totals hold for any number of lines.
std::string GoodsLine(int number) {
  const std::string start =
      "<HHDVu><TChat>" + std::string(number == 1 ? "1" : "2") + "</TChat><STT>" + std::to_string(number) + "</STT>";
  if (number > 1)
    return start + "<THHDVu>Quà tặng</THHDVu><DVTinh>Cái</DVTinh><SLuong>1</SLuong><DGia>0</DGia></HHDVu>";
  return start +
         "<THHDVu>Dịch vụ tư vấn</THHDVu><DVTinh>Giờ</DVTinh><SLuong>2</SLuong><DGia>50000</DGia>"
         "<ThTien>100000</ThTien><TSuat>10%</TSuat></HHDVu>";
}

std::string InvoiceHeader(const InvoiceSpec& invoice, int type) {
  std::string out = "<TTChung>" + Element("PBan", invoice.pban.empty() ? "2.1.0" : invoice.pban) +
                    Element("THDon", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG") + Element("KHMSHDon", invoice.khmshdon) +
                    Element("KHHDon", invoice.khhdon) + Element("SHDon", invoice.shdon);
  if (type == 201) out += Element("MHSo", "HS0001");
  return out + Element("NLap", invoice.nlap) + "<DVTTe>VND</DVTTe><HTTToan>TM/CK</HTTToan>" + invoice.related +
         "</TTChung>";
}

std::string InvoiceContent(const InvoiceSpec& invoice) {
  std::string out = "<NDHDon><NBan><Ten>Công ty Người Bán</Ten>" + Element("MST", invoice.mst) +
                    "<DChi>Hà Nội</DChi></NBan><NMua><Ten>Công ty Người Mua</Ten><DChi>Huế</DChi></NMua><DSHHDVu>";
  for (int i = 1; i <= invoice.lines; ++i) out += GoodsLine(i);
  return out +
         "</DSHHDVu><TToan><THTTLTSuat><LTSuat><TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>10000</TThue></LTSuat>"
         "</THTTLTSuat><TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000</TgTTTBSo>"
         "<TgTTTBChu>Một trăm mười nghìn đồng</TgTTTBChu></TToan></NDHDon>";
}

std::string MadeId(const MessageSpec& spec) {
  char hex[33];
  std::snprintf(hex, sizeof hex, "%08X00004000800000000000%04X", static_cast<unsigned>(spec.number),
                static_cast<unsigned>(spec.type));
  return spec.mngui + hex;
}

// The element of DLieu whose DSCKS/NNT signs; empty: invoices are signed each, a 206 as a whole.
std::string SignedByTaxpayer(int type) {
  if (type == 100 || type == 101) return "TKhai";
  if (type == 106) return "DNghi";
  if (type == 300 || type == 303) return "TBao";
  return type == 400 ? "BTHDLieu" : "";
}

std::string HeaderXml(const MessageSpec& spec) {
  const size_t items = SignedByTaxpayer(spec.type).empty() ? spec.invoices.size() : 1;
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

std::string Invoices(const MessageSpec& spec) {
  std::string out;
  int number = 0;
  for (InvoiceSpec invoice : spec.invoices) {
    if (invoice.pban.empty()) invoice.pban = InnerPBan(spec.pban);
    out += MakeInvoiceXml(invoice, spec.type, ++number);
  }
  return out;
}

std::string Payload(const MessageSpec& spec) {
  switch (spec.type) {
    case 100:
      return MakeRegistrationXml(spec);
    case 101:
      return MakeDelegationXml(spec);
    case 106:
      return MakeRequestXml(spec);
    case 300:
    case 303:
      return MakeNoticeXml(spec);
    case 400:
      return MakeSummaryXml(spec);
    default:
      return Invoices(spec);
  }
}

std::string UnsignedTDiep(const MessageSpec& spec) {
  return spec.declaration + "<TDiep" + spec.root_attributes + ">" + HeaderXml(spec) + "<DLieu" + DLieuAttributes(spec) +
         ">" + Payload(spec) + "</DLieu>" + (spec.type == 206 ? "<CKSNNT></CKSNNT>" : "") + spec.more_root + "</TDiep>";
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

std::vector<InvoiceSpec> InvoicesOf(int count, int first) {
  std::vector<InvoiceSpec> invoices(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) invoices[static_cast<size_t>(i)].shdon = std::to_string(first + i);
  return invoices;
}

MessageSpec SpecOf(int type, int count, int first) {
  MessageSpec spec;
  spec.type = type;
  spec.number = first;
  spec.invoices = InvoicesOf(count, first);
  return spec;
}

MessageSpec WithRegisterCodes(MessageSpec spec) {
  for (InvoiceSpec& invoice : spec.invoices) {
    char code[32];
    std::snprintf(code, sizeof code, "M1-26-A1B2C-%011d", std::atoi(invoice.shdon.c_str()));
    invoice.khhdon = "C26MAA";
    invoice.mccqt = code;
  }
  return spec;
}

}  // namespace

std::string InnerPBan(const std::string& pban) { return pban == "2.0.0" || pban == "2.0.1" ? pban : "2.1.0"; }

std::string MakeInvoiceXml(const InvoiceSpec& invoice, int type, int number) {
  std::string out = "<HDon><DLHDon Id=\"" + IdOf(invoice, number) + "\">" + InvoiceHeader(invoice, type) +
                    InvoiceContent(invoice) + "</DLHDon>";
  if (!invoice.mccqt.empty()) out += Element("MCCQT", invoice.mccqt);
  if (type != 206) out += "<DSCKS><NBan></NBan></DSCKS>";
  return out + invoice.more + "</HDon>";
}

std::string MakeTDiep(const MessageSpec& spec, const XmlSigner* signer) {
  std::string document = UnsignedTDiep(spec);
  if (signer == nullptr) return document;
  if (spec.type == 206) return Signed(document, *signer, DLieuId(spec), "/TDiep/CKSNNT", spec.signing_time);
  if (const std::string root = SignedByTaxpayer(spec.type); !root.empty())
    return Signed(document, *signer, "data", "/TDiep/DLieu/" + root + "/DSCKS/NNT", spec.signing_time);
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

MessageSpec Spec206(int count, int first) { return WithRegisterCodes(SpecOf(206, count, first)); }
MessageSpec Spec203(int count, int first) { return SpecOf(203, count, first); }

MessageSpec Spec200(int shdon) {
  MessageSpec spec = SpecOf(200, 1, shdon);
  spec.invoices.front().khhdon = "C26TAA";
  return spec;
}

MessageSpec Spec201(int shdon) {
  MessageSpec spec = Spec200(shdon);
  spec.type = 201;
  return spec;
}

MessageSpec Spec300(int count, int first) { return SpecOf(300, count, first); }
MessageSpec Spec303(int count, int first) { return WithRegisterCodes(SpecOf(303, count, first)); }

MessageSpec Spec400(int count, int first) {
  MessageSpec spec = SpecOf(400, count, first);
  for (InvoiceSpec& invoice : spec.invoices) invoice.nlap = "2026-10-20";
  return spec;
}

MessageSpec SpecOfTaxpayer(int type) { return SpecOf(type, 0, 1); }

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  if (at == std::string::npos) Give("there is no \"" + what + "\" to replace");
  if (text.find(what, at + 1) != std::string::npos) Give("\"" + what + "\" occurs more than once");
  return text.replace(at, what.size(), by);
}

}  // namespace tvan
