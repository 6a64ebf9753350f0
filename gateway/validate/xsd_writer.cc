#include "gateway/validate/xsd_writer.h"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/core/catalogue.h"
#include "gateway/validate/xsd_types.h"

namespace tvan {
namespace {

constexpr std::string_view kSignature =
    "<xs:complexType name=\"signature\">\n"
    "  <xs:sequence>\n"
    "    <xs:any namespace=\"##other\" processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n"
    "  </xs:sequence>\n"
    "</xs:complexType>\n";
constexpr std::string_view kAny =
    "<xs:complexType name=\"any\" mixed=\"true\">\n"
    "  <xs:sequence>\n"
    "    <xs:any processContents=\"skip\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n"
    "  </xs:sequence>\n"
    "  <xs:anyAttribute processContents=\"skip\"/>\n"
    "</xs:complexType>\n";
// Which payload a message holds depends on its type, which a schema cannot ask: what is known by name is checked.
constexpr std::string_view kPayload =
    "<xs:complexType name=\"payload\">\n"
    "  <xs:sequence>\n"
    "    <xs:any namespace=\"##local\" processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n"
    "  </xs:sequence>\n"
    "</xs:complexType>\n";

class Writer {
 public:
  explicit Writer(const Profile& profile) : profile_(profile) {}

  std::string Write() {
    std::string elements = Message();
    for (const auto& [element, objects] : Payloads()) {
      const std::vector<std::string_view> names(objects.begin(), objects.end());
      elements +=
          "<xs:element name=\"" + element + "\">\n" + Complex(XsdTree(profile_, names), "  ") + "</xs:element>\n";
    }
    std::string fragments;
    for (const std::string& name : fragments_)
      fragments += Complex(XsdTree(profile_, {name}), "", " name=\"" + name + "\"");
    return Head() + elements + fragments + types_.Text() + std::string(kPayload) + std::string(kSignature) +
           std::string(kAny) + "</xs:schema>\n";
  }

 private:
  std::string Head() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!-- Made from config/profiles/" +
           profile_.id +
           "; gateway/validate/xsd_writer.h says what it promises. -->\n"
           "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n"
           "<xs:annotation><xs:documentation>" +
           XmlEscaped(profile_.name_en) + "</xs:documentation></xs:annotation>\n";
  }

  // HDon, TBao … of the types that are checked to the bottom, with their objects.
  std::map<std::string, std::set<std::string_view>> Payloads() const {
    std::map<std::string, std::set<std::string_view>> payloads;
    for (const MessageType& type : MessageTypes())
      if (type.relayed && type.depth == Depth::kFull && profile_.objects.count(std::string(type.object)) > 0)
        payloads[std::string(ElementOf(type.items))].insert(type.object);
    return payloads;
  }

  std::string Message() {
    XsdNode message = XsdTree(profile_, {"tdiep"});
    const bool provider = profile_.objects.count("tdiep.header.provider") > 0;
    for (XsdNode& part : message.children) {
      if (part.name != "TTChung") continue;
      XsdNode header = XsdTree(profile_, {provider ? "tdiep.header.provider" : "tdiep.header"});
      part.children = std::move(header.children);
      part.open = header.open;
    }
    return "<xs:element name=\"TDiep\">\n" + Complex(message, "  ") + "</xs:element>\n";
  }

  std::string Complex(const XsdNode& node, const std::string& indent, const std::string& attributes = "") {
    if (node.open)
      return indent + "<xs:complexType" + attributes +
             "><xs:complexContent><xs:extension base=\"any\"/></xs:complexContent></xs:complexType>\n";
    std::string text = indent + "<xs:complexType" + attributes + ">\n" + indent + "  <xs:sequence>\n";
    for (const XsdNode& child : node.children)
      if (child.name[0] != '@') text += Element(child, indent + "    ");
    text += indent + "  </xs:sequence>\n" + Attributes(node, indent + "  ");
    return text + indent + "</xs:complexType>\n";
  }

  static std::string Attributes(const XsdNode& node, const std::string& indent) {
    std::string text;
    for (const XsdNode& child : node.children)
      if (child.name[0] == '@')
        text += indent + "<xs:attribute name=\"" + child.name.substr(1) + "\" type=\"xs:string\"/>\n";
    return text;
  }

  std::string Element(const XsdNode& node, const std::string& indent) {
    const FieldType type = node.rows.front()->type;
    std::string start = indent + "<xs:element name=\"" + node.name + "\"";
    if (type == FieldType::kSignature || node.MayBeAbsent()) start += " minOccurs=\"0\"";
    const uint32_t most = node.MostOccurs();
    if (most == FieldRow::kUnbounded)
      start += " maxOccurs=\"unbounded\"";
    else if (most > 1)
      start += " maxOccurs=\"" + std::to_string(most) + "\"";
    if (type == FieldType::kSignature && node.name == "Signature") return Part(node, indent);
    if (type == FieldType::kSignature) return start + " type=\"signature\"/>\n";
    if (type == FieldType::kAny) return start + " type=\"any\"/>\n";
    if (!node.IsObject()) return Leaf(node, start, indent);
    if (const std::string& other = node.rows.front()->reference; !other.empty()) {
      fragments_.insert(other);
      return start + " type=\"" + other + "\"/>\n";
    }
    if (node.name == "DLieu" && node.children.empty()) return start + " type=\"payload\"/>\n";
    return start + ">\n" + Complex(node, indent + "  ") + indent + "</xs:element>\n";
  }

  // The third part of a message: holds the signature, or is it.
  static std::string Part(const XsdNode& node, const std::string& indent) {
    return indent + "<xs:choice" + (node.MayBeAbsent() ? " minOccurs=\"0\"" : "") + ">\n" + indent +
           "  <xs:element name=\"Signature\" type=\"signature\"/>\n" + indent +
           "  <xs:any namespace=\"##other\" processContents=\"lax\"/>\n" + indent + "</xs:choice>\n";
  }

  std::string Leaf(const XsdNode& node, const std::string& start, const std::string& indent) {
    const std::string type = types_.NameFor(node);
    if (node.children.empty()) return start + " type=\"" + type + "\"/>\n";
    return start + ">\n" + indent + "  <xs:complexType><xs:simpleContent><xs:extension base=\"" + type + "\">\n" +
           Attributes(node, indent + "    ") + indent + "  </xs:extension></xs:simpleContent></xs:complexType>\n" +
           indent + "</xs:element>\n";
  }

  const Profile& profile_;
  XsdTypes types_;
  std::set<std::string> fragments_;  // objects that others refer to
};

}  // namespace

std::string WriteXsd(const Profile& profile) { return Writer(profile).Write(); }

}  // namespace tvan
