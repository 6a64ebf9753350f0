// Number, amount, date and counterparty are read by path, from every type that has them.
#include "gateway/reconcile/invoice_facts.h"

#include <gmock/gmock.h>

#include "tests/support/message_maker.h"

namespace tvan {
namespace {

std::vector<InvoiceFacts> Read(int type, const std::string& document) {
  const auto parsed = MakeXmlParser(XmlLimits())->Parse(document);
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  return InvoicesOf(type, **parsed);
}

const InvoiceFacts kLawful = {"1", "K26TAA", "7", "2026-11-20", "110000", "VND", "Công ty Người Mua", ""};

TEST(InvoiceFacts, OfEachInvoiceOfAPackage) {
  auto facts = Read(203, MakeTDiep(Spec203(3, 7), nullptr));
  ASSERT_EQ(facts.size(), 3u);
  EXPECT_EQ(facts[0], kLawful);
  EXPECT_EQ(facts[2].number, "9");
  facts = Read(206, MakeTDiep(Spec206(2), nullptr));
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[1].series, "C26MAA");
}

TEST(InvoiceFacts, OfABareInvoiceAndItsBuyer) {
  InvoiceSpec spec;
  spec.shdon = "7";
  const std::string document = MakeBareHDon(spec, nullptr, {});
  EXPECT_THAT(Read(203, document), testing::ElementsAre(kLawful));
  const std::string buyer = "<NMua><Ten>Công ty Người Mua</Ten>";
  const auto person =
      Read(203, Replaced(document, buyer, "<NMua><HVTNMHang>Trần Bình</HVTNMHang><MST>0107777777</MST>"));
  ASSERT_EQ(person.size(), 1u);
  EXPECT_EQ(person[0].buyer, "Trần Bình") << "a person has no firm's name";
  EXPECT_EQ(person[0].buyer_mst, "0107777777");
}

TEST(InvoiceFacts, OfTheRowsOfASummaryTable) {
  const auto facts = Read(400, MakeTDiep(Spec400(2, 7), nullptr));
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0], (InvoiceFacts{"1", "K26TAA", "7", "2026-10-20", "110000", "VND", "Khách lẻ", ""}));
}

TEST(InvoiceFacts, OfTheInvoicesThatANoticeNames) {
  const auto facts = Read(300, MakeTDiep(Spec300(2, 7), nullptr));
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[1], (InvoiceFacts{"1", "K26TAA", "8", "2026-11-20", "", "", "", ""}));
}

TEST(InvoiceFacts, NoneOfARegistration) { EXPECT_TRUE(Read(100, MakeTDiep(SpecOfTaxpayer(100), nullptr)).empty()); }

TEST(InvoiceFacts, ATagOfTheSameNameElsewhereIsNotRead) {
  MessageSpec spec = Spec203(1, 7);
  spec.invoices[0].related =
      "<TTKhac><TTin><TTruong>x</TTruong><SHDon>999</SHDon><NLap>1999-01-01</NLap></TTin></TTKhac>";
  spec.invoices[0].more = "<TToan><TgTTTBSo>1</TgTTTBSo></TToan>";
  EXPECT_THAT(Read(203, MakeTDiep(spec, nullptr)), testing::ElementsAre(kLawful));
}

TEST(InvoiceFacts, ATextWithoutEndIsCut) {
  const std::string document = MakeTDiep(Spec203(1, 7), nullptr);
  const auto facts = Read(203, Replaced(document, "Công ty Người Mua", "ế" + std::string(100'000, 'x')));
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].buyer.size(), kMostFact);
}

}  // namespace
}  // namespace tvan
