#include "adapters/simulator/request.h"

#include <algorithm>
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

// A delegation (101) is answered delegate by delegate.
std::vector<XmlNode> Delegates(const XmlNode& dlieu) {
  return dlieu.Descend({"TKhai", "DLTKhai", "NDTKhai", "DSDKUNhiem"}).Children("DKUNhiem");
}

void ReadItems(Request& request) {
  const ItemKind kind = request.type->items;
  if (kind == ItemKind::kInvoices) {
    for (const XmlNode& hdon : request.documents()) request.items.push_back(ReadInvoice(hdon));
  } else if (kind == ItemKind::kNotice) {
    for (const XmlNode& hdon : request.dlieu.Descend({"TBao", "DLTBao", "DSHDon"}).Children("HDon"))
      request.items.push_back(ReadNamed(hdon, request.header.mst));
  } else {
    for (const XmlNode& node : request.IsAnsweredBy(104) ? Delegates(request.dlieu) : request.documents())
      request.items.emplace_back().node = node;
  }
}

}  // namespace

std::vector<XmlNode> Request::documents() const {
  const std::string_view element = type == nullptr ? std::string_view() : ElementOf(type->items);
  return element.empty() || !dlieu ? std::vector<XmlNode>() : dlieu.Children(element);
}

bool Request::IsAnsweredBy(int code) const {
  return type != nullptr && std::count(type->follow_ups.begin(), type->follow_ups.end(), code) > 0;
}

bool IsPetrol(const Item& table) { return table.node.Descend({"DLBTHop", "TTChung", "LHHoa"}).Text() == "1"; }

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
  request.type = FindMessageType(request.header.mltdiep);
  if (request.type != nullptr && request.dlieu) ReadItems(request);
  return request;
}

}  // namespace tvan::sim
