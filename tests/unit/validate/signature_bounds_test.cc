// A message of hostile shape asks for little work: what its signatures have to cover, all of them together, stays
// within a few thousand nodes, however often signatures and elements stand in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/validate/covered.h"
#include "gateway/validate/signature_places.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }

std::string Times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string Empty(int count) { return Times(count, "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"); }

std::string With(const std::string& payload, const std::string& behind = "") {
  return "<TDiep><TTChung></TTChung><DLieu>" + payload + "</DLieu>" + behind + "</TDiep>";
}

struct Asked {
  size_t demands = 0, nodes = 0;  // nodes to cover, over all demands
  std::vector<std::string> rules;
};

std::vector<std::string> RulesOf(FindingList& findings) {
  std::vector<std::string> rules;
  for (const Finding& finding : findings.Take()) rules.emplace_back(finding.rule.text());
  return rules;
}

Asked Ask(int type, std::string document) {
  const auto parsed = W().parser->Parse(std::move(document));
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  FindingList findings;
  Asked asked;
  for (const SignatureDemand& demand : FindDemands((*parsed)->root(), *FindMessageType(type), findings)) {
    ++asked.demands;
    asked.nodes += demand.must_cover.size();
  }
  asked.rules = RulesOf(findings);
  return asked;
}

TEST(SignatureBounds, ARoleWrittenThousandsOfTimesIsRefusedOnceAndDemandedAsOftenAsItMayStand) {
  const std::string data = "<DLDNghi/>" + Times(20000, "<a/>");
  const Asked taxpayer = Ask(106, With("<DNghi>" + data + "<DSCKS><NNT>" + Empty(3000) + "</NNT></DSCKS></DNghi>"));
  EXPECT_THAT(taxpayer.rules, ElementsAre("signature.role_twice"));
  EXPECT_EQ(taxpayer.demands, 1u);
  EXPECT_LE(taxpayer.nodes, 4u);
  const std::string two = "<DSCKS><NNT>" + Empty(1) + "</NNT><CCKSKhac>" + Empty(3000) + "</CCKSKhac></DSCKS>";
  const Asked others = Ask(106, With("<DNghi>" + data + two + "</DNghi>"));
  EXPECT_THAT(others.rules, ElementsAre("signature.role_twice"));
  EXPECT_EQ(others.demands, 17u);
  EXPECT_LE(others.nodes, 4u * 17);
}

TEST(SignatureBounds, OfALargePackageOneNodeIsDemandedHoweverOftenItIsSigned) {
  const std::string package = Times(500, "<HDon><DLHDon/></HDon>");
  const Asked once = Ask(206, With(package, "<CKSNNT>" + Empty(1) + "</CKSNNT>"));
  EXPECT_THAT(once.rules, IsEmpty());
  EXPECT_EQ(once.nodes, 1u);
  const Asked often = Ask(206, With(package, "<CKSNNT>" + Empty(3000) + "</CKSNNT>"));
  EXPECT_THAT(often.rules, ElementsAre("signature.role_twice"));
  EXPECT_EQ(often.nodes, 1u);
}

TEST(SignatureBounds, SignaturesThatAreFoundShareNoLongListOfData) {
  const Asked asked = Ask(209, With("<HDon>" + Times(20000, "<DLHDon/>") + "<CK>" + Empty(1500) + "</CK></HDon>"));
  EXPECT_LE(asked.demands, 1000u);
  EXPECT_LE(asked.nodes, asked.demands * 4);
  EXPECT_THAT(asked.rules, ::testing::SizeIs(FindingList::kLimit + 1)) << "200 that are misplaced, and a count";
}

// --- The short form of a demand asks for the same as the long one.
std::string Request(int elements) {
  std::string data;
  for (int i = 0; i < elements; ++i) data += "<DLDNghi Id=\"d" + std::to_string(i) + "\">Giờ</DLDNghi>";
  return With("<DNghi Id=\"all\">" + data + "<DSCKS><NNT></NNT></DSCKS></DNghi>");
}

std::vector<std::string> Judge(int type, const std::string& document) {
  const auto parsed = W().parser->Parse(document);
  FindingList findings;
  const auto demands = FindDemands((*parsed)->root(), *FindMessageType(type), findings);
  const SignatureCheck check = W().verifier->Verify(**parsed, demands, W().now);
  findings.Say(check.faults);
  CheckCovered(demands, check.reports, findings);
  return RulesOf(findings);
}

std::vector<std::string> SignedOver(int elements, const std::string& id, const std::vector<std::string>& more = {}) {
  return Judge(106, *W().seller->Sign(Request(elements), {id, "/TDiep/DLieu/DNghi/DSCKS/NNT", W().now, more}));
}

TEST(SignatureBounds, FewElementsMayEachHaveAReferenceAndManyAreSignedAsOne) {
  EXPECT_THAT(SignedOver(3, "d0", {"d1", "d2"}), IsEmpty());
  EXPECT_THAT(SignedOver(4, "d0", {"d1", "d2"}), ElementsAre("signature.not_covered"));
  for (const int elements : {1, 4, 5, 300}) EXPECT_THAT(SignedOver(elements, "all"), IsEmpty()) << elements;
  for (const int elements : {5, 300})
    EXPECT_THAT(SignedOver(elements, "d0", {"d1", "d2"}), ElementsAre("signature.not_covered")) << elements;
}

TEST(SignatureBounds, ASheetWithoutDataIsNotSigned) {
  EXPECT_THAT(Judge(106, *W().seller->Sign("<TDiep><TTChung Id=\"x\"/><DLieu><DNghi><DSCKS><NNT></NNT></DSCKS></DNghi>"
                                           "</DLieu></TDiep>",
                                           {"x", "/TDiep/DLieu/DNghi/DSCKS/NNT", W().now, {}})),
              ElementsAre("signature.not_covered"));
}

TEST(SignatureBounds, WhatStandsInAPackageSignaturesPlaceIsCountedBeyondTheLimit) {
  MessageSpec spec = Spec206(1);
  spec.signing_time = W().now;
  const std::string good = MakeTDiep(spec, W().seller.get());
  const auto outcome = W().Run(Replaced(good, "</CKSNNT>", Times(5000, "<a/>") + "</CKSNNT>"));
  EXPECT_EQ(outcome.checked.findings.size(), FindingList::kLimit + 1);
  ASSERT_NE(outcome.Find("findings.truncated"), nullptr);
  EXPECT_THAT(outcome.Find("findings.truncated")->text_en, ::testing::HasSubstr("4801")) << "and the invoice unread";
}

}  // namespace
}  // namespace tvan
