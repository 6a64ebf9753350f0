// Entity bombs are refused before anything grows: the bytes that a parse allocates, all of them from its begin to its
// end, are counted, in libxml2 and in our own code. A program of its own, because libxml2 takes its allocator only
// before anything else. What a bomb would cost a plain libxml2 is measured in the same way.
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <new>
#include <thread>

#include "adapters/xml/libxml.h"
#include "adapters/xml/spare_nodes.h"
#include "adapters/xml_document.h"
#include "tests/unit/xml/vectors.h"

namespace {

std::atomic<size_t> allocated{0};
std::atomic<long> blocks_of_libxml{0};  // that are not freed

void* Counted(size_t size) {
  allocated += size;
  return std::malloc(size);
}
void* CountedAgain(void* block, size_t size) {
  allocated += size;
  return std::realloc(block, size);
}
char* CountedCopy(const char* text) {
  const size_t size = std::strlen(text) + 1;
  return static_cast<char*>(std::memcpy(Counted(size), text, size));
}

void* LibxmlTakes(size_t size) {
  ++blocks_of_libxml;
  return Counted(size);
}
void* LibxmlTakesAgain(void* block, size_t size) {
  if (block == nullptr) ++blocks_of_libxml;
  return CountedAgain(block, size);
}
char* LibxmlCopies(const char* text) {
  ++blocks_of_libxml;
  return CountedCopy(text);
}
void LibxmlFrees(void* block) {
  if (block != nullptr) --blocks_of_libxml;
  std::free(block);
}

const int kCounting = xmlMemSetup(LibxmlFrees, LibxmlTakes, LibxmlTakesAgain, LibxmlCopies);

}  // namespace

void* operator new(size_t size) {
  if (void* block = Counted(size)) return block;
  std::abort();
}
__attribute__((noinline)) void operator delete(void* block) noexcept { std::free(block); }
__attribute__((noinline)) void operator delete(void* block, size_t) noexcept { std::free(block); }

namespace tvan {
namespace {

// A parser's own state and its dictionary, whatever the document; its copies of the document.
constexpr size_t kConstant = 32 * 1024;
constexpr size_t kPerByte = 5;

struct Cost {
  std::string verdict;  // the reason; "ok"
  size_t bytes = 0;
};

template <class Parse>
Cost CostOf(std::string document, Parse parse) {
  const size_t before = allocated;
  const auto parsed = parse(std::move(document));
  return {parsed.ok() ? "ok" : std::string(parsed.status().reason().text()), allocated - before};
}

Cost WholeCost(const std::string& document) {
  static const auto parser = MakeXmlParser(XmlLimits());
  return CostOf(document, [](std::string bytes) { return parser->Parse(std::move(bytes)); });
}
Cost OutlineCost(const std::string& document) {
  static const auto parser = MakeXmlParser(XmlLimits());
  return CostOf(document, [](std::string bytes) { return parser->ParseOutline(std::move(bytes), {"TDiep/DLieu"}); });
}

// Refused, for one of `reasons` if there are any, with nothing opened and next to nothing allocated.
void ExpectDefused(const std::string& name, const std::string& document, const std::vector<std::string>& reasons = {}) {
  const uint64_t loads = ExternalLoadAttempts();
  for (const Cost& cost : {WholeCost(document), OutlineCost(document)}) {
    EXPECT_NE(cost.verdict, "ok") << name;
    if (!reasons.empty()) {
      EXPECT_NE(std::find(reasons.begin(), reasons.end(), cost.verdict), reasons.end()) << name << ": " << cost.verdict;
    }
    EXPECT_LE(cost.bytes, kPerByte * document.size() + kConstant)
        << name << " of " << document.size() << " bytes: " << cost.verdict;
  }
  EXPECT_EQ(ExternalLoadAttempts(), loads) << name;
}

std::string Times(size_t count, const std::string& text) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// Entities e0 … e<levels>, each ten times the one before.
std::string Laughs(int levels) {
  std::string out = "<!ENTITY e0 \"lollollollol\">";
  for (int i = 1; i <= levels; ++i)
    out += "<!ENTITY e" + std::to_string(i) + " \"" + Times(10, "&e" + std::to_string(i - 1) + ";") + "\">";
  return out;
}
std::string WithSubset(const std::string& subset, const std::string& root) {
  return "<?xml version=\"1.0\"?><!DOCTYPE TDiep [" + subset + "]>" + root;
}

// What libxml2 alone allocates when it is told to replace entities and to keep to no limit.
size_t PlainCost(const std::string& document) {
  const size_t before = allocated;
  xmlDoc* const doc = xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                                    XML_PARSE_NOENT | XML_PARSE_DTDATTR | XML_PARSE_HUGE | XML_PARSE_NONET);
  EXPECT_NE(doc, nullptr);
  xmlFreeDoc(doc);
  return allocated - before;
}

TEST(Bombs, AreCountedInLibxmlAndInOurOwnCode) {
  ASSERT_EQ(kCounting, 0);
  const Cost good = WholeCost("<TDiep><DLieu>" + Times(1000, "<a>text</a>") + "</DLieu></TDiep>");
  EXPECT_EQ(good.verdict, "ok");
  EXPECT_GT(good.bytes, 1000 * sizeof(xmlNode)) << "a tree is counted";
}

TEST(Bombs, OfEntitiesAreRefusedUnexpanded) {
  const std::string laughs = Laughs(9);
  ExpectDefused("billion laughs", WithSubset(laughs, "<TDiep>&e9;</TDiep>"), {"xml.doctype"});
  ExpectDefused("in an attribute", WithSubset(laughs, "<TDiep a=\"&e9;\"/>"), {"xml.doctype"});
  ExpectDefused("in DLieu", WithSubset(laughs, "<TDiep><DLieu>&e9;</DLieu></TDiep>"), {"xml.doctype"});
  ExpectDefused("behind a byte-order mark", "\xEF\xBB\xBF" + WithSubset(laughs, "<TDiep>&e9;</TDiep>"),
                {"xml.doctype"});
  ExpectDefused(
      "quadratic",
      WithSubset("<!ENTITY e \"" + std::string(50'000, 'x') + "\">", "<TDiep>" + Times(20'000, "&e;") + "</TDiep>"),
      {"xml.doctype"});
  std::string parameters = "<!ENTITY % p0 \"<!ENTITY a 'lollollollol'>\">";
  for (int i = 1; i < 10; ++i)
    parameters +=
        "<!ENTITY % p" + std::to_string(i) + " \"" + Times(10, "&#37;p" + std::to_string(i - 1) + ";") + "\">";
  ExpectDefused("parameter entities", WithSubset(parameters + "%p9;", "<TDiep>&a;</TDiep>"), {"xml.doctype"});
  ExpectDefused("an entity of itself", WithSubset("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">", "<TDiep>&a;</TDiep>"),
                {"xml.doctype"});
}

TEST(Bombs, OfOtherDeclarationsAreRefused) {
  ExpectDefused("attribute defaults",
                WithSubset("<!ATTLIST e a CDATA \"" + std::string(30'000, 'x') + "\">",
                           "<TDiep>" + Times(100'000, "<e/>") + "</TDiep>"),
                {"xml.doctype"});
  std::string entities;
  for (int i = 0; entities.size() < 1'000'000; ++i) entities += "<!ENTITY n" + std::to_string(i) + " \"text\">";
  ExpectDefused("a subset of 1 MB of entities", WithSubset(entities, "<TDiep/>"), {"xml.doctype"});
  ExpectDefused("a subset of 1 MB of comment", WithSubset("<!--" + std::string(1'000'000, 'x') + "-->", "<TDiep/>"),
                {"xml.doctype"});
  ExpectDefused("from a file", "<!DOCTYPE TDiep SYSTEM \"file:///etc/passwd\"><TDiep/>", {"xml.doctype"});
  ExpectDefused("from a parameter entity of a file",
                WithSubset("<!ENTITY % f SYSTEM \"file:///etc/passwd\">%f;", "<TDiep/>"), {"xml.doctype"});
}

TEST(Bombs, WithoutDeclarationsAreRefusedToo) {
  ExpectDefused("references to nothing", "<TDiep>" + Times(100'000, "&e9;") + "</TDiep>", {"xml.not_well_formed"});
  ExpectDefused("in attributes", "<TDiep a=\"" + Times(2'000, "&e9;") + "\"/>", {"xml.not_well_formed"});
  ExpectDefused("references to no character", "<TDiep>" + Times(100'000, "&#0;") + "</TDiep>", {"xml.not_well_formed"});
  ExpectDefused("a document type in the payload", "<TDiep><DLieu><!DOCTYPE a [" + Laughs(9) + "]>&e9;</DLieu></TDiep>",
                {"xml.doctype"});
  std::string wide;
  for (const char c : WithSubset(Laughs(9), "<TDiep>&e9;</TDiep>")) wide += {c, '\0'};
  ExpectDefused("in UTF-16", "\xFF\xFE" + wide, {"xml.encoding"});
}

TEST(Bombs, OfTheSharedVectorsAreRefused) {
  TVAN_NEEDS_VECTORS(vectors);
  const auto rows = ReadExpected(*vectors / "xml-attacks");
  EXPECT_GE(rows.size(), 103u);
  size_t most = 0;
  for (VectorRow row : rows) {
    const std::string document = ReadWhole(*vectors / "xml-attacks" / row["file"]);
    ExpectDefused(row["file"], document);
    most = std::max(most, WholeCost(document).bytes);
  }
  std::cout << rows.size() << " files; the dearest allocates " << most << " bytes\n";
}

// Elements, short and long texts, attributes, namespaces, ids, sections and comments, blanks that the dictionary holds.
std::string OfEverything(size_t count) {
  return "<!-- one --><TDiep xmlns:p='urn:p'>" +
         Times(count,
               "<a Id='i' p:b='&lt;'>\n                    <c xmlns='urn:c'>short</c>\n    <p:d>a text of some "
               "length</p:d>"
               "<![CDATA[<a section>]]><!-- a comment -->&amp;</a>") +
         "</TDiep><!-- two -->";
}

// What libxml2 holds after `run`, in a thread of its own that ended, against before.
long BlocksLeftBy(void (*run)()) {
  std::thread(run).join();  // libxml2's own for the first thread
  const long before = blocks_of_libxml;
  std::thread(run).join();
  return blocks_of_libxml - before;
}

TEST(SpareNodes, OfADocumentServeTheNextUpToABound) {
  const std::string document = "<TDiep>" + Times(3'000, "<a/>") + "</TDiep>";
  WholeCost("<a/>");  // the parser's own
  Cost first, second;
  std::thread([&] {
    first = WholeCost(document);
    second = WholeCost(document);
  }).join();
  EXPECT_EQ(first.verdict, "ok");
  EXPECT_EQ(second.verdict, "ok");
  EXPECT_EQ(first.bytes - second.bytes, kMostSpareNodes * sizeof(xmlNode));
}

TEST(SpareNodes, AreFreedWithTheirThread) {
  EXPECT_EQ(BlocksLeftBy([] { EXPECT_EQ(WholeCost(OfEverything(10)).verdict, "ok"); }), 0);
  EXPECT_EQ(BlocksLeftBy([] { EXPECT_EQ(WholeCost(OfEverything(1'000)).verdict, "ok"); }), 0) << "more than are kept";
}

TEST(SpareNodes, AreNotLostToARefusedDocument) {
  EXPECT_EQ(BlocksLeftBy([] {
              WholeCost(OfEverything(10));
              EXPECT_EQ(WholeCost("<TDiep><a>b</a>&nothing;</TDiep>").verdict, "xml.not_well_formed");
              EXPECT_EQ(WholeCost("<TDiep><a>a text of some length</a><q:c/></TDiep>").verdict, "xml.namespace");
              EXPECT_EQ(WholeCost("<TDiep><a>b</a><x xmlns='http://www.w3.org/2001/XInclude'/></TDiep>").verdict,
                        "xml.xinclude");
            }),
            0);
}

TEST(SpareNodes, MayBeFreedByAnotherThreadThanTheOneThatRead) {
  EXPECT_EQ(BlocksLeftBy([] {
              auto document = MakeXmlParser({})->Parse(OfEverything(10));
              ASSERT_TRUE(document.ok());
              std::thread([&] { document->reset(); }).join();
            }),
            0);
}

TEST(SpareNodes, LeaveWhatOthersPutInToLibxml) {
  EXPECT_EQ(BlocksLeftBy([] {
              const auto document = MakeXmlParser({})->Parse(OfEverything(2));
              ASSERT_TRUE(document.ok());
              auto* const root = static_cast<xmlNode*>((*document)->root().native());
              const auto* text = reinterpret_cast<const xmlChar*>("a text of some length");
              xmlNode* const added = xmlAddChild(root, xmlNewNode(nullptr, reinterpret_cast<const xmlChar*>("added")));
              xmlNewProp(added, reinterpret_cast<const xmlChar*>("b"), text);
              xmlNewChild(added, nullptr, reinterpret_cast<const xmlChar*>("inner"), text);
              xmlNodeSetContent(root->children, text);
            }),
            0);
}

// Without a refusal the same counter sees them grow.
TEST(Bombs, WouldExplodeInAPlainParser) {
  const std::string laughs = WithSubset(Laughs(5), "<TDiep>&e5;</TDiep>");
  const std::string defaults = WithSubset("<!ATTLIST e a CDATA \"" + std::string(3'000, 'x') + "\">",
                                          "<TDiep>" + Times(1'000, "<e/>") + "</TDiep>");
  for (const std::string& bomb : {laughs, defaults}) {
    EXPECT_GT(PlainCost(bomb), 10 * (kPerByte * bomb.size() + kConstant));
    ExpectDefused("a small one", bomb, {"xml.doctype"});
  }
}

}  // namespace
}  // namespace tvan
