// The byte range of every element is exact: what is cut out by it is what was signed.
#include <gtest/gtest.h>

#include <random>

#include "adapters/xml_document.h"

namespace tvan {
namespace {

std::unique_ptr<XmlDocument> Parse(std::string bytes) {
  auto document = MakeXmlParser({})->Parse(std::move(bytes));
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  return document.ok() ? std::move(*document) : nullptr;
}

void Collect(const XmlNode& node, std::vector<XmlNode>* all) {
  all->push_back(node);
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) Collect(c, all);
}

// The element as text, without regard to where it stands.
std::string Shape(const XmlNode& node) {
  std::string shape = "<" + std::string(node.name()) + "|" + node.Text();
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) shape += Shape(c);
  return shape + ">";
}

TEST(XmlRange, EveryRangeParsesToTheSameElement) {
  const char* corpus[] = {"<a/>",
                          "<a></a>",
                          "\n<!-- <b> --><a b='>' c=\"/>'\"><b/>x</a>\n",
                          "<?xml version='1.0' encoding='UTF-8'?>\r\n<a>\r\n<b>\r\n</b>\r\n</a >",
                          "<a><![CDATA[<b></a>]]]]><b>&lt;b&gt;&#x1EC7;&#10;</b><![CDATA[]]></a>",
                          "<a><b \n c = '1'\t/><b c='2' ></b ><!-- - > --><đ>Tổng cục Thuế 税</đ></a>",
                          "<a xmlns='urn:a'><b xmlns=''><c xmlns:p='urn:p' p:d='e'><p:f/></c></b></a>",
                          "<a b='&#60;&lt;&gt;&quot;'>&quot;>&apos;<b>]]&gt;</b></a>"};
  for (const std::string text : corpus) {
    const auto document = Parse(text);
    ASSERT_NE(document, nullptr) << text;
    std::vector<XmlNode> all;
    Collect(document->root(), &all);
    for (const XmlNode& node : all) {
      const std::string cut(node.range().In(document->bytes()));
      if (node.name() == "f") continue;  // its prefix is declared outside
      const auto again = Parse(cut);
      ASSERT_NE(again, nullptr) << cut;
      EXPECT_EQ(Shape(again->root()), Shape(node)) << cut;
      EXPECT_EQ(again->root().range().size, cut.size());
    }
  }
}

TEST(XmlRange, StartTagEndsAtItsOwnBracket) {
  const auto document = Parse("<a b='>'  ><c d=\"/>\"/></a>");
  EXPECT_EQ(document->root().start_tag().In(document->bytes()), "<a b='>'  >");
  EXPECT_EQ(document->root().first_child().start_tag().In(document->bytes()), "<c d=\"/>\"/>");
  EXPECT_EQ(document->root().first_child().range(), document->root().first_child().start_tag());
}

TEST(XmlRange, LeavesTheByteOrderMarkOut) {
  const auto document = Parse("\xEF\xBB\xBF<a>x</a>");
  EXPECT_EQ(document->bytes(), "<a>x</a>");
  EXPECT_EQ(document->root().range(), (ByteRange{0, 8}));
}

// Writes a random document and notes where each element really stands.
class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}
  std::string out;
  std::vector<ByteRange> ranges;  // in document order

  void Element(int depth) {
    const size_t index = ranges.size();
    const auto start = static_cast<uint32_t>(out.size());
    ranges.push_back({start, 0});
    const std::string name = Pick({"a", "b.c", "HDon", "x-y", "đơn", "n1"});
    out += "<" + name;
    for (int i = 0; i < Below(4); ++i) {
      out += Pick({" ", "\n", "\r\n", "\t "}) + "k" + std::to_string(i) + Pick({"=", " = ", "\r\n="});
      out += Pick({"'>'", "\"/>\"", "'&lt;/a>'", "\"'\"", "'&lt;&#x3e;'", "\"ệ税\"", "''", "'![CDATA['"});
    }
    out += Pick({"", " ", "\r\n"});
    if (Below(4) == 0) {
      out += "/>";
    } else {
      out += ">";
      for (int i = 0; i < Below(6); ++i) Content(depth);
      out += "</" + name + Pick({"", " ", "\n"}) + ">";
    }
    ranges[index].size = static_cast<uint32_t>(out.size()) - start;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string Pick(const std::vector<std::string>& from) {
    return from[static_cast<size_t>(Below(static_cast<int>(from.size())))];
  }
  void Content(int depth) {
    if (depth < 12 && Below(2) == 0) return Element(depth + 1);
    out += Pick({"text", "\r\n", "&amp;", "&#xA9;", "Tổng", "<!-- <a> > - -->", "<![CDATA[<a>]] > </b>]]>", "> ",
                 "<!---->", "<![CDATA[]]>"});
  }
  std::mt19937 random_;
};

TEST(XmlRange, AgreesWithTheWriterOnRandomDocuments) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Writer writer(seed);
    if (seed % 2 == 0) writer.out = "<?xml version=\"1.0\"?>\r\n<!-- <x> -->";
    writer.Element(1);
    const auto document = MakeXmlParser({})->Parse(writer.out);
    ASSERT_TRUE(document.ok()) << document.status().ToString() << "\n" << writer.out;
    std::vector<XmlNode> all;
    Collect((*document)->root(), &all);
    ASSERT_EQ(all.size(), writer.ranges.size()) << writer.out;
    for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].range(), writer.ranges[i]) << writer.out;
  }
}

}  // namespace
}  // namespace tvan
