// Looking things up by path and name.
#include <gtest/gtest.h>

#include "adapters/xml_document.h"

namespace tvan {
namespace {

class Node : public ::testing::Test {
 protected:
  void SetUp() override {
    auto parsed = MakeXmlParser({})->Parse(
        "<TDiep xmlns:d='urn:d'><TTChung><MST>0101</MST></TTChung><DLieu>"
        "<HDon><A Id=' x '>one<!-- not --> two<B>three</B><![CDATA[ <four>]]></A></HDon>"
        "<d:HDon/><HDon a='1' d:b='2'/></DLieu></TDiep>");
    ASSERT_TRUE(parsed.ok());
    document_ = std::move(*parsed);
    root_ = document_->root();
  }
  std::unique_ptr<XmlDocument> document_;
  XmlNode root_;
};

TEST_F(Node, DescendsByNameInNoNamespace) {
  EXPECT_EQ(root_.Descend({"TTChung", "MST"}).Text(), "0101");
  EXPECT_FALSE(root_.Descend({"TTChung", "Missing", "MST"}));
  EXPECT_EQ(root_.Child("DLieu").CountChildren("HDon"), 2u) << "the one in a namespace is another element";
  EXPECT_EQ(root_.Child("DLieu").Children("HDon").size(), 2u);
  EXPECT_TRUE(root_.Child("DLieu").Child("HDon", "urn:d"));
  EXPECT_FALSE(root_.Child("DLieu").Child("HDon", "urn:e"));
}

TEST_F(Node, ReadsTextAcrossCommentsWithoutChildElements) {
  EXPECT_EQ(root_.Descend({"DLieu", "HDon", "A"}).Text(), "one two <four>");
  EXPECT_TRUE(root_.Descend({"DLieu", "HDon", "A"}).has_child_elements());
  EXPECT_FALSE(root_.Descend({"TTChung", "MST"}).has_child_elements());
}

TEST_F(Node, ReadsAttributesInNoNamespace) {
  const XmlNode second = root_.Child("DLieu").Children("HDon")[1];
  EXPECT_EQ(second.Attribute("a"), "1");
  EXPECT_FALSE(second.Attribute("b"));
  EXPECT_EQ(root_.Descend({"DLieu", "HDon", "A"}).Attribute("Id"), " x ");
}

TEST_F(Node, SaysWhereItStands) {
  EXPECT_EQ(root_.path(), "/TDiep");
  EXPECT_EQ(root_.Descend({"TTChung", "MST"}).path(), "/TDiep/TTChung/MST");
  EXPECT_EQ(root_.Descend({"DLieu", "HDon", "A"}).path(), "/TDiep/DLieu/HDon[1]/A");
  EXPECT_EQ(root_.Child("DLieu").Children("HDon")[1].path(), "/TDiep/DLieu/HDon[3]");
  EXPECT_EQ(root_.Child("DLieu").parent(), root_);
  EXPECT_FALSE(root_.parent());
}

TEST(Path, CountsSiblingsUpToABound) {
  const auto last_of = [](size_t count) {
    std::string text = "<a>";
    for (size_t i = 0; i < count; ++i) text += "<b/>";
    auto document = MakeXmlParser({})->Parse(text + "</a>");
    EXPECT_TRUE(document.ok());
    XmlNode last = (*document)->root().first_child();
    while (last.next_sibling()) last = last.next_sibling();
    return last.path();
  };
  EXPECT_EQ(last_of(1), "/a/b");
  EXPECT_EQ(last_of(20'001), "/a/b[20001]");
  EXPECT_EQ(last_of(20'002), "/a/b[20001+]");
  EXPECT_EQ(last_of(200'000), "/a/b[20001+]");
}

TEST(Path, IsOfBoundedLengthWithBothItsEnds) {
  const auto innermost_of = [](size_t depth, size_t name) {
    std::string open, close;
    for (size_t i = 0; i < depth; ++i) {
      const std::string tag = std::string(name, 'n') + std::to_string(i);
      open += "<" + tag + ">";
      close.insert(0, "</" + tag + ">");
    }
    auto document = MakeXmlParser({})->Parse(open + close);
    EXPECT_TRUE(document.ok());
    XmlNode node = (*document)->root();
    while (node.first_child()) node = node.first_child();
    return node.path();
  };
  EXPECT_EQ(innermost_of(2, 3), "/nnn0/nnn1");
  EXPECT_EQ(innermost_of(4, 250).find("…"), std::string::npos) << "as long as a path may be";
  const std::string path = innermost_of(64, 250);
  EXPECT_LE(path.size(), 1030U);
  EXPECT_EQ(path.rfind("/" + std::string(250, 'n') + "0/", 0), 0U) << path;
  EXPECT_NE(path.find("/…/"), std::string::npos) << path;
  EXPECT_EQ(path.substr(path.size() - 253), "/" + std::string(250, 'n') + "63");
}

TEST_F(Node, AnEmptyNodeAnswersNothing) {
  const XmlNode none;
  EXPECT_FALSE(none);
  EXPECT_TRUE(none.name().empty());
  EXPECT_FALSE(none.first_child());
  EXPECT_FALSE(none.next_sibling());
  EXPECT_FALSE(none.Descend({"a"}));
  EXPECT_FALSE(none.Attribute("a"));
  EXPECT_EQ(none.path(), "");
  EXPECT_EQ(none.Text(), "");
}

}  // namespace
}  // namespace tvan
