// The parser: no input makes it fall; its ranges are those of the elements; what the whole parse takes the outline
// takes; what small limits take large ones take, and it is within them.

#include "adapters/xml_document.h"

#include "tests/fuzz/counter.h"
#include "tests/fuzz/elements.h"

namespace tvan::fuzz {
namespace {

Counter accepted("documents accepted");
Counter outlines_only("documents of which only the outline is accepted");
Counter within_small("documents accepted under small limits");
Counter beyond_small("documents refused by small limits alone");
Counter reparsed("elements parsed again alone");

XmlLimits SmallLimits() {
  XmlLimits limits;
  limits.max_bytes = 2048;
  limits.max_depth = 4;
  limits.max_attributes = 3;
  limits.max_name = 12;
  limits.max_attribute_value = 48;
  limits.max_nodes = 40;
  return limits;
}

size_t End(const ByteRange& range) { return range.offset + range.size; }

// The tags are tags, and children stand between them, in order.
void CheckRanges(const XmlNode& node) {
  const std::string_view whole = BytesOf(node), tag = StartTagOf(node);
  Require(!whole.empty() && whole.size() == node.range().size, "a range leaves the document");
  Require(whole.front() == '<' && whole.back() == '>' && tag.back() == '>', "a range is not that of an element");
  Require(node.start_tag().offset == node.range().offset && tag.size() <= whole.size(), "a start tag is elsewhere");
  size_t at = End(node.start_tag());
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) {
    Require(c.range().offset >= at && End(c.range()) <= End(node.range()), "a child stands outside of its parent");
    Require(c.parent() == node, "a child has another parent");
    at = End(c.range());
    CheckRanges(c);
  }
}

void CheckAlone(const XmlNode& node) {
  const auto alone = Parser().Parse(Alone(node));
  Require(alone.ok(), "an element of an accepted document is refused alone");
  XmlNode same = (*alone)->root();
  for (size_t depth = DepthOf(node); depth > 1; --depth) same = same.first_child();
  Require(same.name() == node.name() && same.namespace_uri() == node.namespace_uri() && same.Text() == node.Text(),
          "an element says another thing alone");
  Require(BytesOf(same) == BytesOf(node), "an element has other bytes alone");
  Require(!same.path().empty() && same.path().size() < 4096, "a path has no bound");
  ++reparsed;
}

void CheckSmall(const std::string& bytes, bool accepted_by_large) {
  static const std::unique_ptr<XmlParser> parser = MakeXmlParser(SmallLimits());
  const auto small = parser->Parse(bytes);
  Require(!small.ok() || accepted_by_large, "small limits take what large ones refuse");
  if (!small.ok()) {
    if (accepted_by_large) ++beyond_small;
    return;
  }
  ++within_small;
  const XmlLimits limits = SmallLimits();
  const std::vector<XmlNode> elements = ElementsOf((*small)->root());
  Require(elements.size() <= limits.max_nodes && bytes.size() <= limits.max_bytes + 3, "beyond the limits");
  for (const XmlNode& element : elements) {
    Require(DepthOf(element) <= static_cast<size_t>(limits.max_depth), "deeper than the limit");
    Require(QualifiedName(element).size() <= limits.max_name, "a name longer than the limit");
  }
}

void CheckDocument(const XmlDocument& document, Dice dice) {
  CheckRanges(document.root());
  const std::vector<XmlNode> elements = ElementsOf(document.root());
  for (int i = 0; i < 4; ++i) CheckAlone(elements[dice.Below(elements.size())]);
}

}  // namespace
}  // namespace tvan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tvan::fuzz;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = Parser().Parse(bytes);
  const auto outline = Parser().ParseOutline(bytes, {"TDiep/DLieu", "TDiep/CKSNNT"});
  Require(!whole.ok() || outline.ok(), "the whole document is accepted, its outline is not");
  CheckSmall(bytes, whole.ok());
  if (outline.ok()) CheckRanges((*outline)->root());
  if (outline.ok() && !whole.ok()) ++outlines_only;
  if (!whole.ok()) return 0;
  ++accepted;
  CheckDocument(**whole, Dice(bytes));
  return 0;
}
