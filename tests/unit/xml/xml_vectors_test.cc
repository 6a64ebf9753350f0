// The parse stage on the shared vectors: every verdict as expected, nothing opened.
#include <gtest/gtest.h>

#include "adapters/xml/libxml.h"
#include "adapters/xml_document.h"
#include "tests/unit/xml/vectors.h"

namespace tvan {
namespace {

void CheckFolder(const std::filesystem::path& folder, const std::string& column, size_t rows_at_least) {
  const auto parser = MakeXmlParser({});
  const uint64_t before = ExternalLoadAttempts();
  const auto rows = ReadExpected(folder);
  EXPECT_GE(rows.size(), rows_at_least);
  for (VectorRow row : rows) {
    const auto document = parser->Parse(ReadWhole(folder / row["file"]));
    const std::string got = document.ok() ? "accept" : "reject";
    EXPECT_EQ(got, row[column]) << row["file"] << ": " << row["reason"] << "; " << document.status().ToString();
  }
  EXPECT_EQ(ExternalLoadAttempts(), before) << "a document made the parser open something";
}

TEST(XmlVectors, AttacksAreRefused) {
  TVAN_NEEDS_VECTORS(vectors);
  CheckFolder(*vectors / "xml-attacks", "expected", 103);
}

TEST(XmlVectors, ConformanceSuiteIsJudgedByThePolicy) {
  TVAN_NEEDS_VECTORS(vectors);
  CheckFolder(*vectors / "xmlconf", "expected", 163);
}

TEST(XmlVectors, PublicSamplesAreRead) {
  TVAN_NEEDS_VECTORS(vectors);
  CheckFolder(*vectors / "invoices", "parse", 5);
}

TEST(XmlVectors, RangesCutOutWholeElements) {
  TVAN_NEEDS_VECTORS(vectors);
  size_t elements = 0;
  const auto parser = MakeXmlParser({});
  for (const auto& file : std::filesystem::recursive_directory_iterator(*vectors)) {
    if (file.path().extension() != ".xml") continue;
    const auto document = parser->Parse(ReadWhole(file.path()));
    if (!document.ok()) continue;
    std::vector<XmlNode> left = {(*document)->root()};
    while (!left.empty()) {
      const XmlNode node = left.back();
      left.pop_back();
      for (XmlNode c = node.first_child(); c; c = c.next_sibling()) left.push_back(c);
      const std::string_view cut = node.range().In((*document)->bytes());
      ASSERT_EQ(cut.front(), '<') << file.path();
      ASSERT_EQ(cut.back(), '>') << file.path();
      const std::string_view name = cut.substr(1, cut.find_first_of(" \t\r\n/>") - 1);
      EXPECT_EQ(name.substr(name.find(':') + 1), node.name()) << file.path();
      const size_t end_tag = cut.rfind("</");
      if (node.range() == node.start_tag()) {
        EXPECT_EQ(cut.substr(cut.size() - 2), "/>") << file.path();
      } else {
        EXPECT_EQ(cut.substr(end_tag + 2, name.size()), name) << file.path();
      }
      ++elements;
    }
  }
  EXPECT_GT(elements, 1000u);
}

}  // namespace
}  // namespace tvan
