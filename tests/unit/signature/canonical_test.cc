// The canonicaliser against libxml2's, over random documents of all that the subset allows, and against examples
// written by hand.
#include "adapters/signature/canonical.h"

#include <optional>

#include "tests/support/libxml_canonical.h"
#include "tests/unit/signature/documents.h"
#include "tests/unit/signature/random_document.h"

namespace tvan {
namespace {

struct Subset {
  const xmlNode* apex;
  const xmlNode* left_out;
};

std::optional<std::string> ByLibxml(Subset subset) { return CanonicalByLibxml({subset.apex, subset.left_out}); }

std::optional<std::string> ByUs(Subset subset) {
  std::string out;
  return AppendCanonical(subset.apex, subset.left_out, &out) ? std::optional(out) : std::nullopt;
}

const xmlNode* Native(const XmlNode& node) { return static_cast<const xmlNode*>(node.native()); }

void Collect(const XmlNode& node, std::vector<XmlNode>* out) {
  out->push_back(node);
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) Collect(c, out);
}

std::vector<XmlNode> Below(const XmlNode& node) {
  std::vector<XmlNode> all;
  Collect(node, &all);
  return all;
}

struct Tally {
  size_t compared = 0, left_alone = 0, refused = 0;
};

// A relative namespace name: we leave alone what it reaches, libxml2 refuses any document that holds one.
void Compare(const XmlDocument& document, Subset subset, Tally* tally) {
  const auto ours = ByUs(subset), theirs = ByLibxml(subset);
  const bool relative = document.bytes().find(kRelative) != std::string_view::npos;
  if (ours && theirs) {
    ++tally->compared;
    EXPECT_EQ(*ours, *theirs) << document.bytes();
    return;
  }
  ++(ours ? tally->refused : tally->left_alone);
  EXPECT_TRUE(relative) << document.bytes();
  EXPECT_FALSE(theirs) << "we left alone what libxml2 takes: " << document.bytes();
}

TEST(Canonical, WritesWhatLibxmlWritesOfRandomDocuments) {
  Tally tally;
  for (unsigned seed = 1; seed <= 600 && !::testing::Test::HasFailure(); ++seed) {
    const auto document = ParseXml(RandomDocument(seed).Make());
    ASSERT_NE(document, nullptr) << "seed " << seed;
    for (const XmlNode& apex : Below(document->root())) {
      const auto inside = Below(apex);
      Compare(*document, {Native(apex), nullptr}, &tally);
      if (inside.size() > 1) Compare(*document, {Native(apex), Native(inside[1 + seed % (inside.size() - 1)])}, &tally);
    }
  }
  std::cout << tally.compared << " canonical forms compared, " << tally.left_alone << " left alone, " << tally.refused
            << " refused by libxml2 for what stands beside\n";
  EXPECT_GT(tally.compared, 5000u);
  EXPECT_GT(tally.left_alone, 0u) << "relative namespace names";
  EXPECT_LT(tally.left_alone * 50, tally.compared) << "rare";
}

TEST(Canonical, LeavesRelativeNamespaceNamesAlone) {
  for (const char* name : {"relative", "a/b", "#x", "?q", "../x"}) {
    for (const std::string& text :
         {"<a xmlns:x='" + std::string(name) + "'><b/></a>", "<a><b xmlns='" + std::string(name) + "'/></a>"}) {
      const auto document = ParseXml(text);
      const XmlNode b = document->root().first_child();
      EXPECT_EQ(ByUs({Native(b), nullptr}), std::nullopt) << text;
      EXPECT_EQ(ByUs({Native(document->root()), nullptr}), std::nullopt) << text;
      EXPECT_EQ(ByLibxml({Native(document->root()), nullptr}), std::nullopt) << text;
    }
  }
  const auto beside = ParseXml("<a><b/><c xmlns='relative'/></a>");
  EXPECT_EQ(ByUs({Native(beside->root().first_child()), nullptr}), "<b></b>") << "what stands beside does not count";
}

std::string Canonical(const std::string& document, std::initializer_list<std::string_view> path = {}) {
  const auto parsed = ParseXml(document);
  XmlNode apex = parsed->root();
  for (const std::string_view name : path)
    for (apex = apex.first_child(); apex && apex.name() != name;) apex = apex.next_sibling();
  return ByUs({Native(apex), nullptr}).value_or("outside of the subset");
}

// The examples of the recommendation, section 3, as far as they need no DTD.
TEST(Canonical, KeepsWhiteSpaceInContent) {
  const std::string text =
      "<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n"
      "      B\n      <dirty>   A   B   </dirty>\n      C\n   </mixed>\n</doc>";
  EXPECT_EQ(Canonical("<?xml version=\"1.0\"?>\n\n" + text + "\n\n<!-- Comment 2 -->"), text);
}

TEST(Canonical, WritesStartAndEndTags) {
  EXPECT_EQ(Canonical("<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n"
                      "   <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n"
                      "      xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n"
                      "      xmlns=\"http://example.org\"/>\n</doc>"),
            "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n"
            "   <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" "
            "attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n</doc>");
}

TEST(Canonical, WritesEachNamespaceWhereItChanges) {
  EXPECT_EQ(Canonical("<e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n<e7 xmlns=\"http://www.ietf.org\">\n"
                      "<e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n<e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>"
                      "\n</e8>\n</e7>\n</e6>"),
            "<e6 xmlns:a=\"http://www.w3.org\">\n<e7 xmlns=\"http://www.ietf.org\">\n<e8 xmlns=\"\">\n"
            "<e9 xmlns:a=\"http://www.ietf.org\"></e9>\n</e8>\n</e7>\n</e6>");
}

TEST(Canonical, WritesCharacters) {
  EXPECT_EQ(Canonical("<doc><text>First line&#x0d;&#10;Second line</text><value>&#x32;</value>"
                      "<compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>"
                      "<compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>"
                      "<norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/></doc>"),
            "<doc><text>First line&#xD;\nSecond line</text><value>2</value>"
            "<compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>"
            "<compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error"
            "&quot;\">valid</compute><norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm></doc>");
  EXPECT_EQ(Canonical("<doc>&#169;</doc>"), "<doc>\xC2\xA9</doc>");
}

TEST(Canonical, TakesOverWhatStandsAroundTheElement) {
  const std::string around =
      "<doc xmlns=\"http://www.ietf.org\" xmlns:w3c=\"http://www.w3.org\" xml:lang=\"vi\" xml:space=\"default\">"
      "<e1><e2 xmlns=\"\" xml:space=\"preserve\"><e3 id=\"E3\"/></e2></e1></doc>";
  EXPECT_EQ(Canonical(around, {"e1", "e2", "e3"}),
            "<e3 xmlns:w3c=\"http://www.w3.org\" id=\"E3\" xml:lang=\"vi\" xml:space=\"preserve\"></e3>");
  EXPECT_EQ(Canonical(around, {"e1"}),
            "<e1 xmlns=\"http://www.ietf.org\" xmlns:w3c=\"http://www.w3.org\" xml:lang=\"vi\" xml:space=\"default\">"
            "<e2 xmlns=\"\" xml:space=\"preserve\"><e3 id=\"E3\"></e3></e2></e1>");
}

TEST(Canonical, LeavesOneSubtreeOut) {
  const auto document = ParseXml("<a>1<b>2</b>3<c xmlns='urn:c'><d/></c>4</a>");
  const XmlNode a = document->root(), b = a.first_child(), c = b.next_sibling();
  EXPECT_EQ(ByUs({Native(a), Native(b)}), "<a>13<c xmlns=\"urn:c\"><d></d></c>4</a>");
  EXPECT_EQ(ByUs({Native(a), Native(c)}), "<a>1<b>2</b>34</a>");
  EXPECT_EQ(ByUs({Native(a), Native(c.first_child())}), "<a>1<b>2</b>3<c xmlns=\"urn:c\"></c>4</a>");
  EXPECT_EQ(ByUs({Native(b), Native(c)}), "<b>2</b>") << "it does not stand in this one";
}

TEST(Canonical, AppendsToWhatIsThere) {
  std::string out = "before";
  const auto document = ParseXml("<a/>");
  EXPECT_TRUE(AppendCanonical(Native(document->root()), nullptr, &out));
  EXPECT_EQ(out, "before<a></a>");
}

TEST(HoldsComment, FindsItAtAnyDepth) {
  const auto holds = [](const std::string& text) {
    const auto document = ParseXml(text);
    return HoldsComment(Native(document->root()));
  };
  EXPECT_TRUE(holds("<a><!-- --></a>"));
  EXPECT_TRUE(holds("<a><b/><b>x<c><!----></c></b></a>"));
  EXPECT_FALSE(holds("<a><b>&lt;!-- --></b><![CDATA[<!-- -->]]></a>"));
  EXPECT_FALSE(holds("<!-- before --><a/><!-- after -->")) << "beside is not in it";
}

}  // namespace
}  // namespace tvan
