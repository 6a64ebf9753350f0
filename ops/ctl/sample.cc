#include "ops/ctl/sample.h"

#include <cstdio>
#include <cstdlib>

#include "gateway/core/catalogue.h"
#include "gateway/core/ids.h"

namespace tvan::ctl {
namespace {

std::string Element(const std::string& name, const std::string& value) {
  return "<" + name + ">" + value + "</" + name + ">";
}

std::string DayOf(Time time) { return FormatLocal(time).substr(0, 10); }

// KHHDon: C (with code) or K, two digits of the year, T or M (cash register), two free letters.
std::string Symbol(const SampleSpec& spec, int type) {
  const std::string year = DayOf(spec.time).substr(2, 2);
  if (type == 200) return "C" + year + "TAA";
  return type == 206 ? "C" + year + "MAA" : "K" + year + "TAA";
}

// "M1-26-A4567-00000000017": the five characters stand for those issued to the taxpayer.
std::string CashRegisterCode(const SampleSpec& spec, int number) {
  char tail[16];
  std::snprintf(tail, sizeof tail, "%011d", number);
  const std::string digits = spec.seller_mst.substr(0, 10);
  return "M1-" + DayOf(spec.time).substr(2, 2) + "-A" + digits.substr(digits.size() - 4) + "-" + tail;
}

std::string InvoiceHeader(const SampleSpec& spec, int number) {
  return "<TTChung>" + Element("PBan", "2.1.0") + Element("THDon", "Hóa đơn giá trị gia tăng") +
         Element("KHMSHDon", "1") + Element("KHHDon", Symbol(spec, spec.type)) +
         Element("SHDon", std::to_string(number)) + Element("NLap", DayOf(spec.time)) +
         "<DVTTe>VND</DVTTe><HTTToan>TM/CK</HTTToan></TTChung>";
}

// Goods given away (TChat 2) make an invoice longer and leave its totals alone.
std::string FreeLines(const SampleSpec& spec) {
  std::string out;
  for (int line = 2; line <= spec.lines; ++line)
    out += "<HHDVu><TChat>2</TChat>" + Element("STT", std::to_string(line)) +
           "<THHDVu>Hàng khuyến mại không thu tiền</THHDVu><DVTinh>Cái</DVTinh><SLuong>1</SLuong><DGia>0</DGia>"
           "<ThTien>0</ThTien><TSuat>10%</TSuat></HHDVu>";
  return out;
}

std::string InvoiceContent(const SampleSpec& spec) {
  return "<NDHDon><NBan><Ten>Công ty TNHH Bán Hàng Mẫu</Ten>" + Element("MST", spec.seller_mst) +
         "<DChi>Số 1 Tràng Tiền, Hà Nội</DChi></NBan><NMua><Ten>Công ty CP Mua Hàng Mẫu</Ten><DChi>Huế</DChi></NMua>"
         "<DSHHDVu><HHDVu><TChat>1</TChat><STT>1</STT><THHDVu>Dịch vụ tư "
         "vấn</THHDVu><DVTinh>Giờ</DVTinh><SLuong>2</SLuong>"
         "<DGia>50000</DGia><ThTien>100000</ThTien><TSuat>10%</TSuat></HHDVu>" +
         FreeLines(spec) +
         "</DSHHDVu>"
         "<TToan><THTTLTSuat><LTSuat><TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>10000</TThue></LTSuat></"
         "THTTLTSuat>"
         "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000</TgTTTBSo>"
         "<TgTTTBChu>Một trăm mười nghìn đồng</TgTTTBChu></TToan></NDHDon>";
}

std::string Invoice(const SampleSpec& spec, int index) {
  const int number = spec.number + index;
  std::string out = "<HDon><DLHDon Id=\"data-" + std::to_string(index + 1) + "\">" + InvoiceHeader(spec, number) +
                    InvoiceContent(spec) + "</DLHDon>";
  if (spec.type == 206) return out + Element("MCCQT", CashRegisterCode(spec, number)) + "</HDon>";
  return out + "<DSCKS><NBan></NBan></DSCKS></HDon>";
}

// An error notice that names `count` uncoded invoices from `number` on.
std::string Notice(const SampleSpec& spec) {
  std::string out =
      "<TBao><DLTBao Id=\"data\">" + Element("PBan", "2.1.0") +
      "<MSo>04/SS-HĐĐT</MSo><Ten>Thông báo hóa đơn điện tử có sai sót</Ten><Loai>1</Loai><MCQT>10100</MCQT>"
      "<TCQT>Thuế thành phố Hà Nội</TCQT><TNNT>Công ty TNHH Bán Hàng Mẫu</TNNT>" +
      Element("MST", spec.seller_mst) + "<DDanh>Hà Nội</DDanh>" + Element("NTBao", DayOf(spec.time)) + "<DSHDon>";
  for (int i = 0; i < spec.count; ++i)
    out += "<HDon>" + Element("STT", std::to_string(i + 1)) + Element("KHMSHDon", "1") +
           Element("KHHDon", Symbol(spec, 203)) + Element("SHDon", std::to_string(spec.number + i)) +
           Element("Ngay", DayOf(spec.time)) +
           "<LADHDDT>1</LADHDDT><TCTBao>1</TCTBao><LDo>Sai địa chỉ người mua</LDo></HDon>";
  return out + "</DSHDon></DLTBao><DSCKS><NNT></NNT></DSCKS></TBao>";
}

std::string Header(const SampleSpec& spec) {
  const int items = spec.type == 300 ? 1 : spec.count;
  return "<TTChung>" + Element("PBan", "2.1.0") + Element("MNGui", spec.provider_mst) +
         Element("MNNhan", "V" + spec.tvan_mst) + Element("MLTDiep", std::to_string(spec.type)) +
         Element("MTDiep", spec.mtdiep) + "<MTDTChieu/>" + Element("MST", spec.seller_mst) +
         Element("SLuong", std::to_string(items)) + "</TTChung>";
}

Status Check(const SampleSpec& spec) {
  const bool known = spec.type == 200 || spec.type == 203 || spec.type == 206 || spec.type == 300;
  if (!known) return Status::Permanent("ctl.sample"_reason, "samples are made of types 200, 203, 206 and 300");
  if (spec.count < 1 || spec.count > 500) return Status::Permanent("ctl.sample"_reason, "1 to 500 invoices a message");
  if (spec.count != 1 && (spec.type == 200 || spec.bare))
    return Status::Permanent("ctl.sample"_reason, "a 200 and a bare HDon carry exactly one invoice");
  if (spec.bare && spec.type != 200 && spec.type != 203)
    return Status::Permanent("ctl.sample"_reason, "a bare HDon is of type 200 or 203");
  return {};
}

struct Place {
  std::string node_id, parent_path;
};

std::string IdOf(const XmlNode& node) {
  if (!node) return "";
  return node.Attribute("Id").value_or("");
}

const MessageType* TypeOf(const XmlNode& root) {
  const XmlNode type = root.Descend({"TTChung", "MLTDiep"});
  return root.name() == "TDiep" && type ? FindMessageType(std::atoi(type.Text().c_str())) : nullptr;
}

// Each item is signed over its first element: DLHDon, DLTBao, DLTKhai …
std::vector<Place> PlacesOfItems(const XmlNode& dlieu, const MessageType& type, const std::string& place) {
  std::vector<Place> places;
  for (const XmlNode& item : dlieu.Children(ElementOf(type.items)))
    places.push_back({IdOf(item.first_child()), item.path() + place});
  return places;
}

// Where the types that are relayed are signed (protocol.md section 10.1).
std::vector<Place> PlacesOf(const XmlNode& root) {
  if (root.name() == "HDon") return {{IdOf(root.Child("DLHDon")), "/HDon/DSCKS/NBan"}};
  const MessageType* type = TypeOf(root);
  const XmlNode dlieu = root.Child("DLieu");
  if (type == nullptr || !dlieu) return {};
  switch (type->signature) {
    case SignaturePlace::kPackage:
      return {{IdOf(dlieu), "/TDiep/CKSNNT"}};
    case SignaturePlace::kInvoice:
      return PlacesOfItems(dlieu, *type, "/DSCKS/NBan");
    case SignaturePlace::kTaxpayer:
      return PlacesOfItems(dlieu, *type, "/DSCKS/NNT");
    default:
      return {};
  }
}

}  // namespace

std::string SampleMessageId(const std::string& mngui, std::string_view bytes16) {
  std::string hex;
  for (size_t i = 0; i < 16; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02X", static_cast<unsigned>(static_cast<unsigned char>(bytes16[i])));
    hex += two;
  }
  hex[12] = '4';
  hex[16] = "89AB"[static_cast<unsigned char>(bytes16[8]) % 4];
  return mngui + hex;
}

Result<std::string> MakeSample(const SampleSpec& spec) {
  const Status possible = Check(spec);
  if (!possible.ok()) return possible;
  if (spec.bare) return Invoice(spec, 0);
  const std::string attributes =
      spec.extra_namespaces
          ? " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
          : "";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep" + attributes + ">" + Header(spec) + "<DLieu" +
                    (spec.type == 206 ? " Id=\"SigningData\">" : ">");
  if (spec.type == 300) out += Notice(spec);
  for (int i = 0; spec.type != 300 && i < spec.count; ++i) out += Invoice(spec, i);
  return out + "</DLieu>" + (spec.type == 206 ? "<CKSNNT></CKSNNT>" : "") + "</TDiep>";
}

Result<std::string> SignDocument(const std::string& document, const XmlSigner& signer, Time time) {
  const auto parsed = MakeXmlParser(XmlLimits())->Parse(document);
  if (!parsed.ok()) return parsed.status();
  const std::vector<Place> places = PlacesOf((*parsed)->root());
  if (places.empty())
    return Status::Permanent("ctl.sign"_reason, "this is neither a TDiep of a known type nor an HDon");
  std::string out((*parsed)->bytes());
  for (const Place& place : places) {
    if (place.node_id.empty())
      return Status::Permanent("ctl.sign"_reason, "the element to be signed for " + place.parent_path + " has no Id");
    SignRequest request;
    request.node_id = place.node_id;
    request.parent_path = place.parent_path;
    request.signing_time = time;
    auto done = signer.Sign(out, request);
    if (!done.ok()) return done;
    out = std::move(*done);
  }
  return out;
}

}  // namespace tvan::ctl
