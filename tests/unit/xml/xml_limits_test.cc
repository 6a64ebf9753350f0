// What the parser refuses and by which name; every refusal has an accepted twin, one change apart.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "adapters/xml/libxml.h"
#include "adapters/xml/scan.h"
#include "adapters/xml_document.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

std::string Verdict(std::string bytes, const XmlLimits& limits = {}) {
  const auto document = MakeXmlParser(limits)->Parse(std::move(bytes));
  return document.ok() ? "ok" : std::string(document.status().reason().text());
}

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(XmlLimits, RefusesNothingAtAll) {
  EXPECT_EQ(Verdict(""), "xml.empty");
  EXPECT_EQ(Verdict(" \r\n\t"), "xml.empty");
  EXPECT_EQ(Verdict("\xEF\xBB\xBF"), "xml.empty");
  EXPECT_EQ(Verdict("<a/>"), "ok");
}

TEST(XmlLimits, RefusesTwoMegabytesAndOneByte) {
  const size_t limit = XmlLimits().max_bytes;
  const std::string most = "<a>" + std::string(limit - 7, 'x') + "</a>";
  ASSERT_EQ(most.size(), limit);
  EXPECT_EQ(Verdict(most), "ok");
  EXPECT_EQ(Verdict("\xEF\xBB\xBF" + most), "ok") << "the byte-order mark is no part of the document";
  EXPECT_EQ(Verdict("<a>x" + most.substr(3)), "xml.too_large");
}

TEST(XmlLimits, TakesLargeDocumentsAndTextsWhereTheLimitSaysSo) {
  XmlLimits limits;
  limits.max_bytes = 24 << 20;
  const std::string text(11 << 20, 'x'), line = std::string(76, 'x') + "\n";
  EXPECT_EQ(Verdict("<a>" + text + "</a>", limits), "ok");
  EXPECT_EQ(Verdict("<a>" + text + "&amp;đ</a>", limits), "ok");
  EXPECT_EQ(Verdict("<a><b>" + text + "</b><b>" + text + "</b></a>", limits), "ok");
  EXPECT_EQ(Verdict("<a>" + Repeat(line, (20 << 20) / line.size()) + "</a>", limits), "ok");
  EXPECT_EQ(Verdict("<a>" + Repeat("<b>12345678901234567890123456789012345678901234567890</b>", 350'000) + "</a>",
                    [&] {
                      XmlLimits many = limits;
                      many.max_nodes = 1'000'000;
                      return many;
                    }()),
            "ok");
  const std::string most = "<a>" + std::string(limits.max_bytes - 7, 'x') + "</a>";
  EXPECT_EQ(Verdict(most, limits), "ok");
  EXPECT_EQ(Verdict("<a>x" + most.substr(3), limits), "xml.too_large");
}

TEST(XmlLimits, KeepsTheOtherLimitsForLargeDocuments) {
  XmlLimits limits;
  limits.max_bytes = 24 << 20;
  const auto nested = [](size_t depth) { return Repeat("<a>", depth) + Repeat("</a>", depth); };
  EXPECT_EQ(Verdict(nested(static_cast<size_t>(limits.max_depth)), limits), "ok");
  EXPECT_EQ(Verdict(nested(static_cast<size_t>(limits.max_depth) + 1), limits), "xml.too_deep");
  EXPECT_EQ(Verdict("<a b='" + std::string(limits.max_attribute_value + 1, 'v') + "'/>", limits), "xml.value_too_long");
  EXPECT_EQ(Verdict("<" + std::string(limits.max_name + 1, 'n') + "/>", limits), "xml.name_too_long");
  EXPECT_EQ(Verdict(Repeat("<a/>", 1) + "<a/>", limits), "xml.not_well_formed");
  EXPECT_EQ(Verdict("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", limits), "xml.doctype");
}

TEST(XmlLimits, RefusesATruncatedDocument) {
  const std::string whole = "<?xml version=\"1.0\"?><a b='c'><d>e</d><!-- f --><![CDATA[g]]></a>";
  ASSERT_EQ(Verdict(whole), "ok");
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_NE(Verdict(whole.substr(0, size)), "ok") << whole.substr(0, size);
  }
}

TEST(XmlLimits, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(Verdict("<a>\xC3\xA9\xE1\xBB\x87\xF0\x9F\x98\x80</a>"), "ok");
  for (const char* bad : {"\xE9", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE1\xBB", "\xC1\xBF", "\xFF"}) {
    EXPECT_EQ(Verdict("<a>" + std::string(bad) + "</a>"), "xml.encoding");
  }
  EXPECT_EQ(Verdict(std::string("<a>\0</a>", 8)), "xml.encoding");
  EXPECT_EQ(Verdict(std::string("\xFE\xFF\0<\0a\0/\0>", 10)), "xml.encoding");
}

TEST(XmlLimits, RefusesWhatIsNotUtf8WhereverItStands) {
  for (size_t before = 0; before < 20; ++before) {
    for (size_t behind = 0; behind < 20; ++behind) {
      const std::string head(before, 'a'), tail(behind, 'b');
      for (const char* good : {"x", "\x7F", "\xC3\xA9", "\xE1\xBB\x87", "\xF0\x9F\x98\x80"})
        EXPECT_TRUE(IsUtf8Text(head + good + tail)) << before << ", " << behind;
      for (const char* bad : {"\x80", "\xE9", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE1\xBB", "\xFF"})
        EXPECT_FALSE(IsUtf8Text(head + bad + tail)) << before << ", " << behind;
      EXPECT_FALSE(IsUtf8Text(head + std::string(1, '\0') + tail)) << before << ", " << behind;
    }
  }
}

TEST(XmlLimits, JudgesUtf8AsCharacterByCharacter) {
  const auto one_by_one = [](std::string_view text) {
    while (!text.empty()) {
      const Utf8Char c = FirstUtf8Char(text);
      if (c.size == 0 || c.code == 0) return false;
      text.remove_prefix(c.size);
    }
    return true;
  };
  std::mt19937 random(20261122);
  const std::vector<std::string> parts = {"a", "text", "12345678", "\xC3\xA9", "\xE1\xBB\x87", "\xF0\x9F\x98\x80"};
  int taken = 0, refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (unsigned i = random() % 12; i > 0; --i) text += parts[random() % parts.size()];
    if (!text.empty() && random() % 2 == 0) text[random() % text.size()] = static_cast<char>(random() % 256);
    ASSERT_EQ(IsUtf8Text(text), one_by_one(text)) << text;
    ++(one_by_one(text) ? taken : refused);
  }
  EXPECT_GT(taken, 5000);
  EXPECT_GT(refused, 2000);
}

TEST(XmlLimits, RefusesAnotherDeclaredEncodingOrVersion) {
  EXPECT_EQ(Verdict("<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>"), "ok");
  EXPECT_EQ(Verdict("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>"), "xml.encoding");
  EXPECT_EQ(Verdict("<?xml version='1.0' encoding='UTF-16'?><a/>"), "xml.encoding");
  EXPECT_EQ(Verdict("<?xml version='1.0' encoding='UTF-8' encoding='UTF-16'?><a/>"), "xml.encoding");
  EXPECT_EQ(Verdict("<?xml version='1.0' encoding='UTF-8'\n  ?><a/>"), "ok");
  EXPECT_EQ(Verdict("<?xml version=\"1.1\" encoding=\"utf-8\"?><a/>"), "xml.not_well_formed");
}

TEST(XmlLimits, RefusesDoctypeAndEntities) {
  EXPECT_EQ(Verdict("<!DOCTYPE a><a/>"), "xml.doctype");
  EXPECT_EQ(Verdict("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), "xml.doctype");
  EXPECT_EQ(Verdict("<a>&e;</a>"), "xml.not_well_formed");
  EXPECT_EQ(Verdict("<a b='&e;'/>"), "xml.not_well_formed");
  EXPECT_EQ(Verdict("<a b='&lt;&#65;'>&amp;&#x1EC7;</a>"), "ok");
  EXPECT_EQ(Verdict("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>"), "ok");
}

TEST(XmlLimits, RefusesProcessingInstructions) {
  EXPECT_EQ(Verdict("<?xml version=\"1.0\"?><a/>"), "ok");
  EXPECT_EQ(Verdict("<?xml version=\"1.0\"?><?xml-stylesheet href='x'?><a/>"), "xml.processing_instruction");
  EXPECT_EQ(Verdict("<?xml-stylesheet href='x'?><a/>"), "xml.processing_instruction");
  EXPECT_EQ(Verdict("<a><?php x ?></a>"), "xml.processing_instruction");
  EXPECT_EQ(Verdict("<a/><?x?>"), "xml.processing_instruction");
}

TEST(XmlLimits, RefusesXInclude) {
  EXPECT_EQ(Verdict("<a xmlns:x='http://www.w3.org/2001/XInclude2'/>"), "ok");
  EXPECT_EQ(Verdict("<a xmlns:x='http://www.w3.org/2001/XInclude'/>"), "xml.xinclude");
  EXPECT_EQ(Verdict("<a><include xmlns='http://www.w3.org/2001/XIncl&#117;de' href='/etc/passwd'/></a>"),
            "xml.xinclude");
}

TEST(XmlLimits, RefusesNamespaceErrors) {
  EXPECT_EQ(Verdict("<p:a xmlns:p='urn:p'/>"), "ok");
  EXPECT_EQ(Verdict("<p:a/>"), "xml.namespace");
  EXPECT_EQ(Verdict("<a p:b='c'/>"), "xml.namespace");
  EXPECT_EQ(Verdict("<a xmlns:p=''/>"), "xml.namespace");
}

TEST(XmlLimits, RefusesDeepNestingAtOnce) {
  const XmlLimits limits;
  const auto nested = [](size_t depth) { return Repeat("<a>", depth) + Repeat("</a>", depth); };
  EXPECT_EQ(Verdict(nested(static_cast<size_t>(limits.max_depth))), "ok");
  EXPECT_EQ(Verdict(nested(static_cast<size_t>(limits.max_depth) + 1)), "xml.too_deep");
  EXPECT_EQ(Verdict(nested(10'000)), "xml.too_deep");
  EXPECT_EQ(Verdict(Repeat("<a>", 10'000)), "xml.too_deep");
}

TEST(XmlLimits, RefusesTooManyAttributes) {
  const auto with = [](size_t count) {
    std::string text = "<a";
    for (size_t i = 0; i < count; ++i) text += " b" + std::to_string(i) + "='c'";
    return text + "/>";
  };
  const auto limit = static_cast<size_t>(XmlLimits().max_attributes);
  EXPECT_EQ(Verdict(with(limit)), "ok");
  EXPECT_EQ(Verdict(with(limit + 1)), "xml.too_many_attributes");
  EXPECT_EQ(Verdict(with(100'000)), "xml.too_many_attributes");
}

TEST(XmlLimits, RefusesTooManyNamespacesInScope) {
  const auto with = [](size_t count) {
    std::string open, close;
    for (size_t i = 0; i < count; i += 2) {
      open += "<a xmlns:n" + std::to_string(i) + "='urn:x' xmlns:n" + std::to_string(i + 1) + "='urn:y'>";
      close += "</a>";
    }
    return open + close;
  };
  EXPECT_EQ(Verdict(with(64)), "ok");
  EXPECT_EQ(Verdict(with(66)), "xml.too_many_attributes");
  EXPECT_EQ(Verdict("<r>" + Repeat(with(64), 3) + "</r>"), "ok") << "siblings do not add up";
}

TEST(XmlLimits, RefusesLongNamesAndValues) {
  const XmlLimits limits;
  EXPECT_EQ(Verdict("<" + std::string(limits.max_name, 'n') + "/>"), "ok");
  EXPECT_EQ(Verdict("<" + std::string(limits.max_name + 1, 'n') + "/>"), "xml.name_too_long");
  EXPECT_EQ(Verdict("<a " + std::string(limits.max_name + 1, 'n') + "='b'/>"), "xml.name_too_long");
  EXPECT_EQ(Verdict("<a b='" + std::string(limits.max_attribute_value, 'v') + "'/>"), "ok");
  EXPECT_EQ(Verdict("<a b='" + std::string(limits.max_attribute_value + 1, 'v') + "'/>"), "xml.value_too_long");
}

TEST(XmlLimits, RefusesTooManyNodes) {
  XmlLimits limits;
  limits.max_nodes = 7;  // a, three b, three texts
  EXPECT_EQ(Verdict("<a><b/>x<b/>x<b/>x</a>", limits), "ok");
  EXPECT_EQ(Verdict("<a><b/>x<b/>x<b/>x<b/></a>", limits), "xml.too_many_nodes");
}

TEST(XmlLimits, RefusesStructureThatIsNotXml) {
  for (const char* bad : {"a",
                          "<a>",
                          "</a>",
                          "<a></b>",
                          "<a></ab>",
                          "<ab></a>",
                          "<ab></ab:>",
                          "<a></a",
                          "<a></a b>",
                          "\xEF\xBB\xBF\xEF\xBB\xBF<a/>x",
                          "<a/><b/>",
                          "<a b/>",
                          "<a b=c/>",
                          "<a b='c/>",
                          "<a b='<'/>",
                          "<a b='1' b='2'/>",
                          "<a>]]></a>",
                          "<a><!-- -- --></a>",
                          "<a><!foo></a>",
                          "<a><![CDATA[</a>",
                          "x<a/>",
                          "<a/>x",
                          "< a/>",
                          "<a / >",
                          "<a 'b'/>",
                          "<a>\x01</a>",
                          "<1a/>",
                          "<a>&#0;</a>",
                          "<a b = 'c' d='e'f='g'/>"}) {
    EXPECT_EQ(Verdict(bad), "xml.not_well_formed") << bad;
  }
  EXPECT_EQ(Verdict("<!-- x --><a b = 'c' \n d='e' ></a\n> <!-- y -->\n"), "ok");
}

TEST(XmlLimits, ErrorTextsDoNotQuoteTheDocument) {
  const auto document = MakeXmlParser({})->Parse("<a>\n<secret></wrong></a>");
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.status().message().find("secret"), std::string::npos);
  EXPECT_NE(document.status().message().find("line 2"), std::string::npos) << document.status().message();
  const auto longer = MakeXmlParser({})->Parse("<a>\n<b></bc></a>");
  ASSERT_FALSE(longer.ok());
  EXPECT_NE(longer.status().message().find("line 2"), std::string::npos) << longer.status().message();
}

TEST(XmlLimits, ParsesInManyThreadsAndOpensNothing) {
  const auto parser = MakeXmlParser({});
  const uint64_t before = ExternalLoadAttempts();
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        good += parser->Parse("<a xmlns='urn:a'><b Id='x'>text</b></a>").ok();
        good -= parser->Parse("<a><b></a>").ok();
        good -= parser->Parse("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>").ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
  EXPECT_EQ(ExternalLoadAttempts(), before);
}

}  // namespace
}  // namespace tvan
