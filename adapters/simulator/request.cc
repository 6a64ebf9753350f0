#include "adapters/simulator/request.h"

#include <charconv>

namespace tvan::sim {
namespace {

void ReadHeader(const XmlNode& chung, Request& request) {
  Envelope& h = request.header;
  for (XmlNode field = chung.first_child(); field; field = field.next_sibling()) {
    std::string name(field.name());
    std::string text = field.Text();
    request.header_names.push_back(name);
    if (name == "PBan") h.pban = text;
    if (name == "MNGui") h.mngui = text;
    if (name == "MNNhan") h.mnnhan = text;
    if (name == "MTDiep") h.mtdiep = text;
    if (name == "MTDTChieu") h.mtdtchieu = text;
    if (name == "MST") h.mst = text;
    if (name == "SLuong") h.sluong = text;
    if (name == "MLTDiep") (void)std::from_chars(text.data(), text.data() + text.size(), h.mltdiep);
  }
}

std::string WithoutZeros(const std::string& number) {
  size_t first = number.find_first_not_of('0');
  return first == std::string::npos ? number.substr(0, 1) : number.substr(first);
}

void SetKey(Item& item) {
  item.key = item.seller_mst + ";" + item.khmshdon + ";" + item.khhdon + ";" + WithoutZeros(item.shdon);
}

Item ReadInvoice(const XmlNode& hdon) {
  Item item;
  item.node = hdon;
  XmlNode chung = hdon.Descend({"DLHDon", "TTChung"});
  item.khmshdon = chung.Child("KHMSHDon").Text();
  item.khhdon = chung.Child("KHHDon").Text();
  item.shdon = chung.Child("SHDon").Text();
  item.nlap = chung.Child("NLap").Text();
  item.seller_mst = hdon.Descend({"DLHDon", "NDHDon", "NBan", "MST"}).Text();
  item.code = hdon.Child("MCCQT").Text();
  SetKey(item);
  return item;
}

Item ReadNamed(const XmlNode& hdon, const std::string& mst) {
  Item item;
  item.node = hdon;
  item.seller_mst = mst;
  item.khmshdon = hdon.Child("KHMSHDon").Text();
  item.khhdon = hdon.Child("KHHDon").Text();
  item.shdon = hdon.Child("SHDon").Text();
  item.nlap = hdon.Child("Ngay").Text();
  item.code = hdon.Child("MCQTCap") ? hdon.Child("MCQTCap").Text() : hdon.Child("MCCQT").Text();
  item.ladhddt = hdon.Child("LADHDDT").Text();
  item.tctbao = hdon.Child("TCTBao").Text();
  item.reason = hdon.Child("LDo").Text();
  SetKey(item);
  return item;
}

}  // namespace

bool IsInvoiceType(int t) { return t == 200 || t == 201 || t == 203 || t == 206; }
bool IsErrorNoticeType(int t) { return t == 300 || t == 303; }

Request ReadRequest(const XmlParser& parser, const std::string& bytes) {
  Request request;
  auto parsed = parser.Parse(bytes);
  if (!parsed) return request;
  request.document = std::move(*parsed);
  XmlNode root = request.document->root();
  std::string_view start = root.start_tag().In(request.document->bytes());
  if (root.name() != "TDiep" || !root.namespace_uri().empty() || !start.starts_with("<TDiep")) {
    request.document.reset();  // no TDiep: there is no header to answer to
    return request;
  }
  start.remove_prefix(6);
  start.remove_suffix(start.ends_with("/>") ? 2 : 1);
  request.root_attributes = start;
  ReadHeader(root.Child("TTChung"), request);
  request.dlieu = root.Child("DLieu");
  request.cksnnt = root.Child("CKSNNT");
  for (XmlNode n = request.dlieu ? request.dlieu.first_child() : XmlNode(); n; n = n.next_sibling())
    ++request.documents;
  if (IsInvoiceType(request.header.mltdiep))
    for (const XmlNode& hdon : request.dlieu.Children("HDon")) request.items.push_back(ReadInvoice(hdon));
  if (IsErrorNoticeType(request.header.mltdiep))
    for (const XmlNode& hdon : request.dlieu.Descend({"TBao", "DLTBao", "DSHDon"}).Children("HDon"))
      request.items.push_back(ReadNamed(hdon, request.header.mst));
  return request;
}

}  // namespace tvan::sim
