// An outline and what it leaves out are together the whole document: what one of the two parses takes, Parse takes.

#include <gtest/gtest.h>

#include <random>

#include "adapters/xml_document.h"

namespace tvan {
namespace {

Result<std::unique_ptr<XmlDocument>> Outline(std::string bytes) {
  return MakeXmlParser({})->ParseOutline(std::move(bytes), {"t/d", "t/k"});
}

TEST(XmlOutline, LeavesOutWhatStandsInsideAndKeepsThePlaces) {
  const std::string text =
      "\xEF\xBB\xBF<?xml version='1.0'?>\n<t a='1'><h><x>1</x></h><d n='2'>\n<e>2</e></d><k/><z><d>3</d></z></t>";
  const auto parsed = Outline(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  const XmlDocument& outline = **parsed;
  EXPECT_EQ(outline.bytes(), text.substr(3));
  const XmlNode root = outline.root(), d = root.Child("d");
  EXPECT_EQ(root.range().In(outline.bytes()).front(), '<');
  EXPECT_EQ(root.range().size, text.size() - 3 - std::string("<?xml version='1.0'?>\n").size());
  EXPECT_EQ(d.range().In(outline.bytes()), "<d n='2'>\n<e>2</e></d>");
  EXPECT_EQ(d.start_tag().In(outline.bytes()), "<d n='2'>");
  EXPECT_EQ(d.Attribute("n"), "2");
  EXPECT_FALSE(d.has_child_elements());
  EXPECT_EQ(d.Text(), "\n") << "line breaks stay, for the lines of errors";
  EXPECT_EQ(root.Descend({"h", "x"}).Text(), "1");
  EXPECT_EQ(root.Descend({"h", "x"}).range().In(outline.bytes()), "<x>1</x>");
  EXPECT_EQ(root.Child("k").range().In(outline.bytes()), "<k/>");
  EXPECT_EQ(root.Descend({"z", "d"}).Text(), "3") << "no child of the root";
}

TEST(XmlOutline, IsWholeUnderAnotherRoot) {
  const auto parsed = Outline("<u><d><e/></d></u>");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE((*parsed)->root().Child("d").has_child_elements());
}

TEST(XmlOutline, HoldsWhatItLeavesOutToEveryLimit) {
  std::string deep = "<t><d>";
  for (int i = 0; i < 100; ++i) deep += "<e>";
  for (int i = 0; i < 100; ++i) deep += "</e>";
  EXPECT_EQ(Outline(deep + "</d></t>").status().reason(), "xml.too_deep"_reason);
  EXPECT_EQ(Outline("<t><d><?p?></d></t>").status().reason(), "xml.processing_instruction"_reason);
  EXPECT_EQ(Outline("<t><d>\xFF</d></t>").status().reason(), "xml.encoding"_reason);
  EXPECT_TRUE(Outline("<t><d>&nbsp;</d></t>").ok()) << "whether it is well-formed nobody looked";
  EXPECT_FALSE(Outline("<t>&nbsp;<d></d></t>").ok());
}

// The other half: a hollow child inside its parent's tags.
bool ChildrenParse(const XmlDocument& outline) {
  const XmlNode root = outline.root();
  const std::string open(root.start_tag().In(outline.bytes()));
  for (XmlNode child = root.first_child(); child; child = child.next_sibling()) {
    const std::string name(child.start_tag().In(outline.bytes()).substr(1, 1));
    if (name != "d" && name != "k") continue;
    if (!MakeXmlParser({})->Parse(open + std::string(child.range().In(outline.bytes())) + "</t>").ok()) return false;
  }
  return true;
}

TEST(XmlOutline, WithItsChildrenIsWellFormedExactlyWhenTheDocumentIs) {
  const std::string good =
      "<t xmlns:p='urn:p' i='1'><h>&lt;<!-- d --></h><d p:j='2'>\n<e k=\"v>\">x</e><![CDATA[</d>]]>&amp;<e/>"
      "<d>y</d></d ><k><p:s/>z</k><z/></t>";
  ASSERT_TRUE(MakeXmlParser({})->Parse(good).ok());
  std::mt19937 random(20261121);
  const std::string letters = "<>/='\"& dkte!-[]:x\n";
  int taken = 0, refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = good;
    for (unsigned edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = letters[random() % letters.size()];
          break;
        case 1:
          text.erase(at, 1 + random() % 4);
          break;
        case 2:
          text.insert(at, 1, letters[random() % letters.size()]);
          break;
        default:
          text.insert(at, good.substr(random() % good.size(), random() % 12));
      }
    }
    const bool whole = MakeXmlParser({})->Parse(text).ok();
    const auto outline = Outline(text);
    const bool halves = outline.ok() && ((*outline)->root().name() != "t" || ChildrenParse(**outline));
    ASSERT_EQ(whole, halves) << text;
    ++(whole ? taken : refused);
  }
  EXPECT_GT(taken, 3000);
  EXPECT_GT(refused, 3000);
}

}  // namespace
}  // namespace tvan
