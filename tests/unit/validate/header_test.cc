// The header table of the provider hop: each rule accepted and refused, one change apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/validate/header.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }
using Rules = std::vector<std::string>;

template <class Change>
SigningWorld::Outcome With(Change change) {
  MessageSpec spec = Spec203(1);
  change(spec);
  return W().RunSigned(spec);
}
template <class Change>
Rules Errors(Change change) {
  return With(change).errors();
}
Rules ErrorsReplacing(const std::string& what, const std::string& by) {
  MessageSpec spec = Spec203(1);
  spec.signing_time = W().now;
  return W().Run(Replaced(MakeTDiep(spec, W().seller.get()), what, by)).errors();
}

TEST(Header, AGoodMessageHasNoFindings) {
  const auto outcome = With([](MessageSpec&) {});
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), IsEmpty());
  ASSERT_TRUE(outcome.read.message);
  EXPECT_EQ(outcome.read.message->cls, MessageClass::kUncoded);
  EXPECT_EQ(outcome.read.message->id_kind, SubmitIdKind::kMTDiep);
  EXPECT_EQ(outcome.read.message->id_value, outcome.read.message->header.mtdiep);
  EXPECT_EQ(outcome.checked.mst.value(), "0101234567");
}

TEST(Header, VersionsThatAreKnown) {
  for (const char* pban : {"2.0.0", "2.0.1", "2.1.0"})
    EXPECT_THAT(Errors([&](auto& s) { s.pban = pban; }), IsEmpty()) << pban;
  for (const char* pban : {"1.0.0", "2.2.0", "2.1", "abc"})
    EXPECT_THAT(Errors([&](auto& s) { s.pban = pban; }), ElementsAre("header.pban")) << pban;
}

TEST(Header, SenderIsATaxCodeOfTheCallerInAnyOfItsForms) {
  for (const char* mngui : {"0109999999", "V0109999999", "K0109999999"})
    EXPECT_THAT(Errors([&](auto& s) { s.mngui = mngui; }), IsEmpty()) << mngui;
  for (const char* mngui : {"X0109999999", "010999999", "V", "0109999999-01", "VV0109999999"})
    EXPECT_THAT(Errors([&](auto& s) { s.mngui = mngui; }), ElementsAre("header.mngui_syntax")) << mngui;
  for (const char* mngui : {"0108888888", "V0108888888", "0109999999-001"})
    EXPECT_THAT(Errors([&](auto& s) { s.mngui = mngui; }), ElementsAre("header.mngui_not_callers")) << mngui;
}

TEST(Header, ABranchStandsWithOrWithoutItsDash) {
  CheckContext context = W().context();
  context.provider_tax_codes.push_back(TaxCode::Trusted("0109999999-001"));
  for (const char* mngui : {"0109999999-001", "V0109999999001", "0109999999001"}) {
    MessageSpec spec = Spec203(1);
    spec.mngui = mngui;
    spec.mtdiep = "any-id";
    EXPECT_THAT(W().RunSigned(spec, context).errors(), IsEmpty()) << mngui;
  }
}

TEST(Header, ReceiverIsThisTvan) {
  for (const char* mnnhan : {"0309478306", "V0309478306"})
    EXPECT_THAT(Errors([&](auto& s) { s.mnnhan = mnnhan; }), IsEmpty()) << mnnhan;
  EXPECT_THAT(Errors([](auto& s) { s.mnnhan = "V0309478307"; }), ElementsAre("header.mnnhan_not_ours"));
  EXPECT_THAT(Errors([](auto& s) { s.mnnhan = "tct"; }), ElementsAre("header.mnnhan_syntax"));
}

TEST(Header, AddressingTheAuthorityIsAWarningOrARefusalBySwitch) {
  CheckContext refusing = W().context();
  refusing.authority_header = Leniency::kRefuse;
  MessageSpec to_authority = Spec203(1);
  to_authority.mnnhan = "TCT";
  EXPECT_THAT(W().RunSigned(to_authority).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(to_authority).warnings(), ElementsAre("header.authority_hop"));
  EXPECT_THAT(W().RunSigned(to_authority, refusing).errors(), ElementsAre("header.authority_hop"));
  MessageSpec as_us = Spec203(1);
  as_us.mngui = "V0309478306";
  as_us.mnnhan = "TCT";
  EXPECT_THAT(W().RunSigned(as_us).warnings(), ElementsAre("header.authority_hop"));
  EXPECT_THAT(W().RunSigned(as_us, refusing).errors(), ElementsAre("header.authority_hop"));
  as_us.mngui = "0309478306";  // our tax code, but not as a T-VAN writes itself
  EXPECT_THAT(W().RunSigned(as_us).errors(), ElementsAre("header.mngui_not_callers"));
  EXPECT_THAT(W().RunSigned(Spec203(1), refusing).errors(), IsEmpty());
}

TEST(Header, ProvidersIdIsAnyPrintableStringUpTo46) {
  for (const std::string& id : {std::string("x"), std::string(42, 'a'), std::string(45, 'b'), std::string(46, 'c')})
    EXPECT_THAT(Errors([&](auto& s) { s.mtdiep = id; }), IsEmpty()) << id;
  for (const std::string& id : {std::string(47, 'c'), std::string("a b"), std::string("é")}) {
    const auto outcome = With([&](auto& s) { s.mtdiep = id; });
    EXPECT_THAT(outcome.errors(), ElementsAre("header.mtdiep_syntax")) << id;
    EXPECT_EQ(outcome.read.message->id_value, "");
  }
}

TEST(Header, AFilledReferenceIsTolerated) {
  EXPECT_THAT(Errors([](auto& s) { s.mtdtchieu = "V0107001729001F6CA05C0FAD546FCA237A8E930E7CB49"; }), IsEmpty());
}

TEST(Header, TypesThatAreRelayed) {
  EXPECT_THAT(W().RunSigned(Spec200()).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(Spec206(2)).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(Spec300(2)).errors(), IsEmpty());
  EXPECT_EQ(W().RunSigned(Spec300(2)).read.message->cls, MessageClass::kErrorNotice);
}

TEST(Header, TypesThatAreNotRelayedAndThoseThatDoNotExist) {
  for (const char* type : {"109", "150", "500", "600", "901", "202", "999", "-1"})
    EXPECT_THAT(ErrorsReplacing("<MLTDiep>203<", std::string("<MLTDiep>") + type + "<"),
                ElementsAre("catalogue.type_not_relayed"))
        << type;
  for (const char* type : {"1", "-3", "205000"})
    EXPECT_FALSE(ErrorsReplacing("<MLTDiep>203<", std::string("<MLTDiep>") + type + "<").empty()) << type;
  EXPECT_THAT(ErrorsReplacing("<MLTDiep>203<", "<MLTDiep>777<"), ElementsAre("catalogue.unknown_type"));
  EXPECT_THAT(ErrorsReplacing("<MLTDiep>203<", "<MLTDiep>2x3<"), ElementsAre("header.mltdiep_syntax"));
  EXPECT_THAT(ErrorsReplacing("<MLTDiep>203<", "<MLTDiep>99999999999<"), ElementsAre("header.mltdiep_syntax"));
  EXPECT_THAT(ErrorsReplacing("<MLTDiep>203<", "<MLTDiep>0203<"), ElementsAre("header.mltdiep_syntax"));
  MessageSpec spec = Spec203(1);
  spec.type = 777;
  EXPECT_EQ(W().Run(MakeTDiep(spec, nullptr)).Find("catalogue.unknown_type")->authority_code, "1001");
}

TEST(Header, MalformedTaxCode) {
  for (const char* mst : {"010123456", "01012345678", "0101234567-1", "0101234567001", "O101234567", " 0101234567"})
    EXPECT_THAT(Errors([&](auto& s) { s.mst = mst; }), ElementsAre("header.mst_syntax")) << mst;
  for (const char* mst : {"0101234567-001", "010123456789"}) {
    MessageSpec spec = Spec203(1);
    spec.mst = spec.invoices[0].mst = mst;
    spec.signing_time = W().now;
    EXPECT_THAT(W().Run(MakeTDiep(spec, W().nameless.get())).errors(), IsEmpty()) << mst;
  }
}

TEST(Header, ItemCountIsANumberWithinBounds) {
  EXPECT_THAT(Errors([&](auto& s) { s.sluong = "1"; }), IsEmpty());
  EXPECT_THAT(Errors([&](auto& s) { s.sluong = "0000001"; }), ElementsAre("envelope.authority_header"))
      << "a number, but not as it may go up";
  for (const char* sluong : {"0", "-1", "1.0", "00000001", "x", "+1"})
    EXPECT_THAT(Errors([&](auto& s) { s.sluong = sluong; }), ElementsAre("header.sluong_syntax")) << sluong;
}

TEST(Header, EveryFieldButTheReferenceIsRequired) {
  for (const char* field : {"PBan", "MNGui", "MNNhan", "MLTDiep", "MTDiep", "MST", "SLuong"}) {
    MessageSpec spec = Spec203(1);
    spec.signing_time = W().now;
    std::string text = MakeTDiep(spec, W().seller.get());
    const size_t from = text.find(std::string("<") + field + ">");
    const size_t to = text.find(std::string("</") + field + ">") + std::string(field).size() + 3;
    const auto outcome = W().Run(text.substr(0, from) + text.substr(to));
    ASSERT_NE(outcome.Find("header.missing"), nullptr) << field;
    EXPECT_EQ(outcome.Find("header.missing")->path, std::string("/TDiep/TTChung/") + field);
  }
  EXPECT_THAT(ErrorsReplacing("<MTDTChieu/>", ""), IsEmpty());
}

TEST(Header, AFieldTwiceIsRefused) {
  EXPECT_THAT(Errors([](auto& s) { s.more_header = "<MST>0101234567</MST>"; }),
              ElementsAre("header.duplicate_element"));
  EXPECT_THAT(Errors([](auto& s) { s.more_header = "<MTDTChieu>x</MTDTChieu>"; }),
              ElementsAre("header.duplicate_element"));
}

TEST(Header, AnUnknownFieldIsAWarningAndAnElementInAFieldAnError) {
  const auto outcome = With([](auto& s) { s.more_header = "<Khac>1</Khac>"; });
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), ElementsAre("header.unknown_element"));
  EXPECT_THAT(ErrorsReplacing("<MTDTChieu/>", "<MTDTChieu><x/></MTDTChieu>"), ElementsAre("header.not_text"));
}

TEST(Header, ATextIsTheWholeTextAcrossAComment) {
  EXPECT_THAT(ErrorsReplacing("</MNNhan>", "<!-- c --></MNNhan>"), IsEmpty());
  EXPECT_THAT(ErrorsReplacing("<MNNhan>V0309478306<", "<MNNhan>V0309478306<!-- c -->7<"),
              ElementsAre("header.mnnhan_syntax"));
}

TEST(Header, FindingsNameThePlaceAndTheValueWithinBounds) {
  const auto outcome = With([](auto& s) { s.mst = std::string(5000, '7'); });
  const Finding* finding = outcome.Find("header.mst_syntax");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->path, "/TDiep/TTChung/MST");
  EXPECT_EQ(finding->authority_code, "1000");
  EXPECT_THAT(finding->text_en, HasSubstr("7777…\""));
  EXPECT_LT(finding->text_en.size(), 300u);
}

TEST(Header, TaxCodesOfParties) {
  EXPECT_EQ(TaxCodeOfParty("V0101234567001")->value(), "0101234567-001");
  EXPECT_EQ(TaxCodeOfParty("K010123456789")->value(), "010123456789");
  EXPECT_FALSE(TaxCodeOfParty("").has_value());
  EXPECT_FALSE(TaxCodeOfParty("TCT").has_value());
}

}  // namespace
}  // namespace tvan
