// The walk over an item, on a small profile of its own.
#include "gateway/validate/field_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/signature.h"
#include "gateway/validate/profile_set.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const char kHead[] =
    "key\tvalue\nid\ttest\nname_vi\tThử\nname_en\tTest\npban\t9.0.0\nvalid_from\t2026-01-01\nsource\tprotocol §7\n";
const char kColumns[] =
    "object\tpath\toccurs\ttype\tdigits\tenumeration\tapplies\tmark\toccurs_mark\trule\tafter\tsource\tnote\n";

// One row: object, path, occurs, type, digits, enumeration, applies, marks (both), rule.
std::string Row(const std::vector<std::string>& cells) {
  std::string text;
  for (size_t i = 0; i < 8; ++i) text += cells[i] + "\t";
  return text + cells[7] + "\t" + (cells.size() > 8 ? cells[8] : "") + "\t\tprotocol §7\t\n";
}

std::string Fields() {
  return kColumns + Row({"hdon", "Data", "1", "object", "", "", "", "sure"}) +
         Row({"hdon", "Data/@Id", "1", "id", "", "", "", "sure"}) +
         Row({"hdon", "Data/Kind", "1", "enum", "", "a|b", "", "sure"}) +
         Row({"hdon", "Data/Name", "1", "text", "3", "", "Kind=a", "sure"}) +
         Row({"hdon", "Data/Name", "0", "text", "", "", "Kind=b", "sure"}) +
         Row({"hdon", "Data/Weak", "1", "number", "4,2", "", "", "weak"}) +
         Row({"hdon", "Data/Ref", "0..1", "mtdiep", "", "", "", "sure"}) +
         Row({"hdon", "Data/Only206", "1", "text", "9", "", "type=206", "sure"}) +
         Row({"hdon", "Data/Lines", "0..1", "object", "", "", "", "sure"}) +
         Row({"hdon", "Data/Lines/Line", "1..n", "object", "", "", "", "sure"}) +
         Row({"hdon", "Data/Lines/Line/Sum", "1", "number", "4,2", "", "", "sure"}) +
         Row({"hdon", "Data/Open", "0..1", "object", "", "", "", "sure"}) +
         Row({"hdon", "Data/Open/Known", "0..1", "date", "", "", "", "sure"}) +
         Row({"hdon", "Data/Open/*", "0..n", "any", "", "", "", "sure"}) +
         Row({"hdon", "Data/Any", "0..1", "any", "", "", "", "sure"}) +
         Row({"hdon", "DSCKS", "0..n", "object", "", "", "", "sure"}) +
         Row({"hdon", "DSCKS/NBan", "1", "signature", "", "", "", "sure"}) +
         Row({"hdon", "DSCKS/NMua", "0..1", "signature", "", "", "", "sure"});
}

const ProfileSet& Profiles() {
  static const auto set = ProfileSet::Make({{"test", kHead, Fields()}}, *MakeDigester());
  if (!set.ok()) ADD_FAILURE() << set.status().message();
  return **set;
}

const std::string kSignature = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";
const std::string kSigned = "<DSCKS><NBan>" + kSignature + "</NBan></DSCKS>";
std::string Data(const std::string& content) {
  return "<HDon><Data Id=\"x\">" + content + "</Data>" + kSigned + "</HDon>";
}
const std::string kGood = "<Kind>a</Kind><Name>abc</Name><Weak>1.5</Weak>";

// The rules said, each with its severity's first letter: "E field.missing".
std::vector<std::string> Said(const std::string& xml, int type = 203) {
  const auto document = MakeXmlParser(XmlLimits())->Parse(xml);
  if (!document.ok()) return {document.status().ToString()};
  FindingList findings;
  WalkItem((*document)->root(), {*Profiles().Find("test")->plan, "hdon", type}, findings);
  std::vector<std::string> said;
  for (const Finding& finding : findings.Take())
    said.push_back((finding.severity == Severity::kError ? "E " : "W ") + std::string(finding.rule.text()) + " " +
                   finding.path.substr(finding.path.rfind('/') + 1));
  return said;
}

TEST(FieldWalk, TakesFieldsInAnyOrder) {
  EXPECT_THAT(Said(Data(kGood)), IsEmpty());
  EXPECT_THAT(Said(Data("<Weak>1.5</Weak><Name>abc</Name><!-- --><Kind>a</Kind>\n ")), IsEmpty());
  EXPECT_THAT(Said("<HDon>" + kSigned + "<Data Id=\"x\">" + kGood + "</Data></HDon>"), IsEmpty());
}

TEST(FieldWalk, AFaultOfAWeakRowOnlyWarns) {
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Name>abc</Name>")), ElementsAre("W field.missing Weak"));
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Name>abc</Name><Weak>1.555</Weak>")), ElementsAre("W field.digits Weak"));
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Weak>1.5</Weak>")), ElementsAre("E field.missing Name"));
}

TEST(FieldWalk, ConditionsLookAtSiblingsWhereverTheyStand) {
  EXPECT_THAT(Said(Data("<Kind>b</Kind><Weak>1</Weak>")), IsEmpty());
  EXPECT_THAT(Said(Data("<Name>abc</Name><Weak>1</Weak><Kind>b</Kind>")), ElementsAre("E field.not_allowed Name"));
  EXPECT_THAT(Said(Data("<Name/><Weak>1</Weak><Kind>b</Kind>")), IsEmpty()) << "empty is absent";
  EXPECT_THAT(Said(Data(kGood), 206), ElementsAre("E field.missing Only206"));
  EXPECT_THAT(Said(Data(kGood + "<Only206>x</Only206>"), 206), IsEmpty());
}

TEST(FieldWalk, WhatStandsTwiceIsSaidAndNotLookedInto) {
  EXPECT_THAT(Said(Data(kGood + "<Lines><Line/></Lines><Lines/>")), ElementsAre("E field.repeated Lines"));
  EXPECT_THAT(Said(Data(kGood + "<Lines><Line><Sum>1</Sum></Line><Line><Sum>x</Sum></Line></Lines>")),
              ElementsAre("E field.number Sum"));
  EXPECT_THAT(Said(Data(kGood + "<Lines/>")), ElementsAre("E field.missing Line"));
}

TEST(FieldWalk, AForbiddenFieldIsNotHiddenByAnEmptyOneBeforeIt) {
  EXPECT_THAT(Said(Data("<Kind>b</Kind><Name/><Name>abc</Name><Weak>1</Weak>")), ElementsAre("E field.repeated Name"));
}

TEST(FieldWalk, WhatHasNoRowForThisTypeIsSaid) {
  EXPECT_THAT(Said(Data(kGood + "<Only206>x</Only206>")), ElementsAre("W field.unknown Only206"));
}

TEST(FieldWalk, NothingStandsBesideASignature) {
  const std::string data = "<HDon><Data Id=\"x\">" + kGood + "</Data><DSCKS><NBan>" + kSignature;
  EXPECT_THAT(Said(data + "<Foo/></NBan></DSCKS></HDon>"), ElementsAre("W field.unknown Foo"));
  EXPECT_THAT(Said(data + "x</NBan></DSCKS></HDon>"), ElementsAre("E envelope.text NBan"));
  EXPECT_THAT(Said(data + "<x:a xmlns:x=\"urn:x\"/></NBan></DSCKS></HDon>"), ElementsAre("E envelope.namespace a"));
}

TEST(FieldWalk, AttributesAndIdsOfMessagesHaveTheirForm) {
  EXPECT_THAT(Said("<HDon><Data>" + kGood + "</Data>" + kSigned + "</HDon>"), ElementsAre("E field.missing @Id"));
  EXPECT_THAT(Said("<HDon><Data Id=\"a b\">" + kGood + "</Data>" + kSigned + "</HDon>"),
              ElementsAre("E field.id Data"));
  EXPECT_THAT(Said(Data(kGood + "<Ref>V1</Ref>")), IsEmpty());
  EXPECT_THAT(Said(Data(kGood + "<Ref>V 1</Ref>")), ElementsAre("E field.message_id Ref"));
}

TEST(FieldWalk, WhatIsOpenIsNotLookedIntoBesideWhatIsKnown) {
  EXPECT_THAT(Said(Data(kGood + "<Open>text<Khac><x/></Khac></Open>")), IsEmpty());
  EXPECT_THAT(Said(Data(kGood + "<Open><Known>1.1.2026</Known></Open>")), ElementsAre("E field.date Known"));
  EXPECT_THAT(Said(Data(kGood + "<Any>text<Khac/></Any>")), IsEmpty());
  EXPECT_THAT(Said(Data(kGood + "<Khac/>")), ElementsAre("W field.unknown Khac"));
}

TEST(FieldWalk, ForeignNamespacesAndTextBesideFieldsAreRefused) {
  EXPECT_THAT(Said(Data(kGood + "<Kind xmlns=\"urn:x\">b</Kind>")), ElementsAre("E envelope.namespace Kind[2]"));
  EXPECT_THAT(Said(Data(kGood + "x")), ElementsAre("E envelope.text Data"));
  EXPECT_THAT(Said(Data(kGood + "<![CDATA[x]]>")), ElementsAre("E envelope.text Data"));
}

TEST(FieldWalk, SignaturesAreCountedOverAllTheirLists) {
  const std::string data = "<HDon><Data Id=\"x\">" + kGood + "</Data>";
  EXPECT_THAT(Said(data + "<DSCKS/>" + kSigned + "<DSCKS><NMua/></DSCKS></HDon>"), IsEmpty());
  for (const std::string& none : {std::string(), std::string("<DSCKS/>"), std::string("<DSCKS><NBan/></DSCKS>"),
                                  "<DSCKS><NMua>" + kSignature + "</NMua></DSCKS>"})
    EXPECT_THAT(Said(data + none + "</HDon>"), ElementsAre("E signature.missing Signature")) << none;
  EXPECT_THAT(Said(data + "<DSCKS><NBan>" + kSignature + "</NBan><Khac/></DSCKS></HDon>"),
              ElementsAre("W field.unknown Khac"));
}

TEST(FieldWalk, TextInSeveralPiecesIsOneValue) {
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Name>a<!-- -->b<![CDATA[c]]></Name><Weak>1</Weak>")), IsEmpty());
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Name>a<!-- -->b<![CDATA[cd]]></Name><Weak>1</Weak>")),
              ElementsAre("E field.length Name"));
  EXPECT_THAT(Said(Data("<Kind>a</Kind><Name>a<b/></Name><Weak>1</Weak>")), ElementsAre("E field.not_text Name"));
}

TEST(FieldWalk, ManyFaultsAreAllFound) {
  EXPECT_THAT(Said(Data("<Kind>c</Kind><Weak>x</Weak><Ref>ữ</Ref><Khac/>y")),
              UnorderedElementsAre("E field.enum Kind", "W field.number Weak", "E field.message_id Ref",
                                   "W field.unknown Khac", "E envelope.text Data"));
}

TEST(WalkPlan, NamesEveryRowItCannotUse) {
  std::string fields = Fields() + Row({"hdon", "Data/Bad", "0..1", "text", "1", "", "", "sure", "no.such_rule"});
  const auto set = ProfileSet::Make({{"test", kHead, fields}}, *MakeDigester());
  ASSERT_FALSE(set.ok());
  EXPECT_THAT(set.status().message(), ::testing::HasSubstr("there is no rule no.such_rule"));
}

TEST(ProfileSet, IsChosenByPBanAlone) {
  EXPECT_NE(Profiles().ForPBan("9.0.0"), nullptr);
  EXPECT_EQ(Profiles().ForPBan("9.0.1"), nullptr);
  EXPECT_EQ(Profiles().newest().profile->id, "test");
  const std::string twin = std::string(kHead).replace(std::string(kHead).find("id\ttest"), 7, "id\ttwin");
  const auto both = ProfileSet::Make({{"test", kHead, Fields()}, {"twin", twin, Fields()}}, *MakeDigester());
  ASSERT_FALSE(both.ok());
  EXPECT_THAT(both.status().message(), ::testing::HasSubstr("PBan 9.0.0 is another profile's too"));
}

}  // namespace
}  // namespace tvan
