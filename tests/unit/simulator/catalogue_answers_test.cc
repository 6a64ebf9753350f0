// What answers each type that is relayed upward: by the catalogue, good and refused.
#include "gateway/core/catalogue.h"

#include "tests/unit/simulator/catalogue_world.h"

namespace tvan::test {
namespace {

class CatalogueAnswers : public CatalogueTest {
 protected:
  // A message of any type that is relayed.
  std::string OfType(int type, int id) {
    const int number = id * 10;
    switch (type) {
      case 100:
      case 101:
      case 106:
        return Made(SpecOfTaxpayer(type), id);
      case 201:
        return Made(Spec201(number), id);
      case 206:
        return Made(Spec206(2, number), id);
      case 216:
        return MadeAs(216, Spec206(2, number), id);
      case 300:
        return Made(Spec300(2, number), id);
      case 303:
        return Made(Spec303(2, number), id);
      case 304:
        return MadeAs(304, Spec300(2, number), id);
      case 400:
        return Made(Spec400(2, number), id);
      case 401:
        return MadeAs(401, Spec400(2, number), id);
      case 203:
        return Made(Spec203(2, number), id);
      case 209:
      case 210:
      case 211:
      case 212:
        return MadeAs(type, Spec203(2, number), id);
      default:
        return MadeAs(type, Spec200(number), id);
    }
  }
  bool IsSigned(const std::string& notice) {
    auto document = parser->Parse(notice).value();
    const XmlNode holder = document->root().Descend({"DLieu", "TBao"});
    SignatureDemand demand{"CQT",
                           holder.Descend({"DSCKS", "CQT"}).Child("Signature", "http://www.w3.org/2000/09/xmldsig#"),
                           "",
                           {holder.Child("DLTBao")}};
    return authority_verifier->Verify(*document, {demand}, clock.Now()).faults.empty();
  }
};

TEST_F(CatalogueAnswers, EveryRelayedTypeIsAnsweredByItsFollowUps) {
  options.cash_codes = {{kMst, "A1B2C"}};
  int id = 0;
  for (const MessageType& type : MessageTypes()) {
    if (!type.relayed) continue;
    const auto answers = FreshAnswers(OfType(type.code, ++id));
    ASSERT_GE(answers.size(), 2u) << type.code;
    for (const std::string& answer : answers) {
      const int code = std::stoi(Type(answer));
      EXPECT_GT(std::count(type.follow_ups.begin(), type.follow_ups.end(), code), 0) << type.code << " got " << code;
      EXPECT_TRUE(code == 999 || code == 202 || IsSigned(answer)) << type.code << " got " << code;
    }
    EXPECT_EQ(Events("answer").back()["result"], "ok") << type.code;
  }
  EXPECT_GT(id, 15);
}

TEST_F(CatalogueAnswers, EveryRelayedTypeMayBeRefusedAsAWhole) {
  options.faults = {{"refuse_package", 1}};
  const std::map<int, std::string> ltbao = {{200, "1"}, {203, "9"}, {206, "9"}, {216, "9"}, {300, "9"}, {400, "9"}};
  int id = 0;
  for (const MessageType& type : MessageTypes()) {
    if (!type.relayed) continue;
    const auto answers = FreshAnswers(OfType(type.code, ++id));
    ASSERT_EQ(answers.size(), 2u) << type.code;
    EXPECT_EQ(Events("answer").back()["result"], "refused") << type.code;
    const auto expected = ltbao.find(type.code);
    EXPECT_TRUE(expected == ltbao.end() || Ltbao(answers[1]) == expected->second) << type.code;
  }
}

TEST_F(CatalogueAnswers, ATypeThatNobodyRelaysOrIsNotOfThisVersionIs1001) {
  FreshAnswers(MadeAs(109, Spec300(1), 1));
  EXPECT_EQ(LastDisposition(), "refused:1001");
  MessageSpec old = Spec206(1);
  old.pban = "2.0.0";
  FreshAnswers(Made(old, 2));
  EXPECT_EQ(LastDisposition(), "refused:1001") << "206 came with 2.0.1";
  old.pban = "2.0.1";
  FreshAnswers(Made(old, 3));
  EXPECT_EQ(LastDisposition(), "processed");
}

TEST_F(CatalogueAnswers, ARegistrationIsReceivedAndThenAccepted) {
  options.answer_delay_min = options.answer_delay_max = std::chrono::seconds(5);
  Send(Made(SpecOfTaxpayer(100), 1));
  Pass(std::chrono::seconds(5));
  auto answers = Receive();
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102"}));
  EXPECT_EQ(Said(answers[1], "THop"), "1");
  EXPECT_EQ(Said(answers[1], "MGDDTu"), Id(1));
  Pass(std::chrono::seconds(5));
  answers = Receive();
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102", "103"}));
  EXPECT_EQ(Said(answers[2], "TTXNCQT"), "1");
  EXPECT_EQ(Said(answers[2], "MCCQT").size(), 5u);
  EXPECT_EQ(Events("answer").back()["mccqt"], Said(answers[2], "MCCQT"));
  EXPECT_EQ(Said(LastAnswer(Made(SpecOfTaxpayer(100), 2)), "MCCQT"), Said(answers[2], "MCCQT")) << "it has one";
}

TEST_F(CatalogueAnswers, AChangeIsReceivedAsOne) {
  const std::string change =
      Replace(Unsigned(SpecOfTaxpayer(100), 1), "<HThuc>1</HThuc><TNNT>", "<HThuc>2</HThuc><TNNT>");
  const auto answers =
      FreshAnswers(seller->Sign(change, {"data", "/TDiep/DLieu/TKhai/DSCKS/NNT", clock.Now(), {}}).value());
  EXPECT_EQ(Said(answers[1], "THop"), "3");
}

TEST_F(CatalogueAnswers, ARegistrationMayBeRefusedAtEitherStage) {
  options.faults = {{"refuse_package", 1}};
  auto answers = FreshAnswers(Made(SpecOfTaxpayer(100), 1));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102"}));
  EXPECT_EQ(Said(answers[1], "THop"), "2");
  EXPECT_EQ(All(answers[1], "MLoi"), "9992");
  authority.reset();
  options.faults = {{"refuse_item", 1}};
  answers = FreshAnswers(Made(SpecOfTaxpayer(100), 1));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102", "103"}));
  EXPECT_EQ(Said(answers[1], "THop"), "1");
  EXPECT_EQ(Said(answers[2], "TTXNCQT"), "2");
  EXPECT_EQ(Said(answers[2], "MCCQT"), "(none)");
}

TEST_F(CatalogueAnswers, OneWhoMayNotUseInvoicesMayRegister) {
  options.stopped_mst = {kMst};
  EXPECT_EQ(Type(LastAnswer(Made(SpecOfTaxpayer(100), 1))), "103");
  authority.reset();
  options.taxpayer_status[kMst] = "01";
  EXPECT_EQ(Said(LastAnswer(Made(SpecOfTaxpayer(100), 1)), "THop"), "2");
}

TEST_F(CatalogueAnswers, ADelegationIsAnsweredDelegateByDelegate) {
  auto answers = FreshAnswers(Made(SpecOfTaxpayer(101), 1));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102", "104"}));
  EXPECT_EQ(All(answers[2], "MLoi"), "");
  EXPECT_NE(answers[2].find("<TTUNhiem><MST>0107777777</MST>"), std::string::npos) << answers[2];
  options.faults = {{"refuse_item#1", 1}};
  authority.reset();
  answers = FreshAnswers(Made(SpecOfTaxpayer(101), 1));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "102", "104"}));
  EXPECT_EQ(All(answers[2], "MLoi"), "40199");
}

TEST_F(CatalogueAnswers, ARequestForSingleInvoicesGetsA205) {
  EXPECT_EQ(Said(LastAnswer(Made(SpecOfTaxpayer(106), 1)), "KQKTra"), "1");
  options.faults = {{"refuse_item", 1}};
  authority.reset();
  EXPECT_EQ(Said(LastAnswer(Made(SpecOfTaxpayer(106), 1)), "KQKTra"), "0");
}

TEST_F(CatalogueAnswers, A303NamesCodesAndA304MayNameNothing) {
  const std::string named = LastAnswer(Made(Spec303(2, 1), 1));
  EXPECT_EQ(All(named, "TTTNCCQT"), "1 1");
  EXPECT_TRUE(All(named, "MCCQT").starts_with("M1-26-A1B2C-")) << named;
  EXPECT_EQ(Type(LastAnswer(MadeAs(304, Spec203(1), 2))), "301");
}

TEST_F(CatalogueAnswers, A300WithoutItsFieldsIsRefusedByA204) {
  const std::string notice = Replace(Unsigned(Spec300(1), 1), "<Loai>1</Loai>", "");
  const std::string answer =
      LastAnswer(seller->Sign(notice, {"data", "/TDiep/DLieu/TBao/DSCKS/NNT", clock.Now(), {}}).value());
  EXPECT_EQ(Type(answer), "204");
  EXPECT_EQ(Ltbao(answer), "9");
  EXPECT_EQ(All(answer, "MLoi"), "40108");
}

TEST_F(CatalogueAnswers, ASummaryTableIsBadInItsOwnBranch) {
  options.faults = {{"refuse_item", 1}};
  const std::string other = LastAnswer(Made(Spec400(2, 1), 1));
  EXPECT_EQ(Ltbao(other), "4");
  EXPECT_EQ(
      Text(other, {"DLieu", "TBao", "DLTBao", "LBTHKXDau", "DSBTHop", "BTHop", "DSLDTTChung", "LDTTChung", "MLoi"}),
      "40199");
  EXPECT_EQ(All(other, "KDLieu"), "10/2026");
  const std::string petrol = Replace(Unsigned(Spec400(1, 1), 2), "<LHHoa>9", "<LHHoa>1");
  const std::string answer =
      LastAnswer(seller->Sign(petrol, {"data", "/TDiep/DLieu/BTHDLieu/DSCKS/NNT", clock.Now(), {}}).value());
  EXPECT_EQ(Ltbao(answer), "5");
  EXPECT_EQ(
      Text(answer, {"DLieu", "TBao", "DLTBao", "LBTHXDau", "DSBTHop", "BTHop", "DSLDTTChung", "LDTTChung", "MLoi"}),
      "40199");
}

// A 204 has one branch, and none for tables of both kinds.
TEST_F(CatalogueAnswers, BadTablesOfPetrolAndOfOthersTogetherRefuseTheWhole) {
  const auto both = [this](int id) {
    const std::string one = Replace(Unsigned(Spec400(1, id), id), "<SLuong>1", "<SLuong>2");
    const size_t from = one.find("<BTHDLieu>"), end = one.find("</DLieu></TDiep>");
    const std::string other = Replace(one.substr(from, end - from), "\"data\"", "\"data-2\"");
    std::string bytes = Replace(one, "<LHHoa>9", "<LHHoa>1").insert(end, other);
    const auto sign = [&](const char* data, const char* table) {
      bytes = seller->Sign(bytes, {data, std::string("/TDiep/DLieu/") + table + "/DSCKS/NNT", clock.Now(), {}}).value();
    };
    sign("data", "BTHDLieu[1]");
    sign("data-2", "BTHDLieu[2]");
    return bytes;
  };
  options.faults = {{"refuse_item#1", 1}, {"refuse_item#2", 1}};
  const std::string mixed = LastAnswer(both(1));
  EXPECT_EQ(Ltbao(mixed), "9");
  EXPECT_EQ(All(mixed, "MLoi"), "40199 40199");
  EXPECT_EQ(mixed.find("<BTHop>"), std::string::npos);
  EXPECT_EQ(Events("answer").back()["result"], "refused");
  authority.reset();
  options.faults = {{"refuse_item#2", 1}};
  const std::string one = LastAnswer(both(2));
  EXPECT_EQ(Ltbao(one), "4") << "the bad one is of no petrol, whatever the other is";
  EXPECT_EQ(Events("answer").back()["result"], "partly");
}

TEST_F(CatalogueAnswers, AnInvoiceAskingForACodeHasNone) {
  MessageSpec coded = Spec200(1);
  coded.invoices[0].mccqt = "M1-26-A1B2C-00000000001";
  const std::string answer = LastAnswer(Made(coded, 1));
  EXPECT_EQ(Ltbao(answer), "1");
  EXPECT_EQ(All(answer, "MLoi"), "40111");
  EXPECT_EQ(Type(LastAnswer(Made(Spec200(1), 2))), "202");
}

TEST_F(CatalogueAnswers, TheSellerIsTheTaxpayerOfTheMessage) {
  MessageSpec spec = Spec203(2, 1);
  spec.invoices[1].mst = "0102222222";
  const std::string answer = LastAnswer(Made(spec, 1));
  EXPECT_EQ(Ltbao(answer), "3");
  EXPECT_EQ(All(answer, "MLoi"), "40110");
  EXPECT_EQ(All(answer, "SHDon"), "2");
}

TEST_F(CatalogueAnswers, WhatIsAcknowledgedIsInTheCatalogue) {
  FreshAnswers(Made(SpecOfTaxpayer(100), 1));
  Sim().ReportMissingAcks();
  EXPECT_EQ(Events("ack999").size(), 2u) << "102 and 103, not the 999";
}

}  // namespace
}  // namespace tvan::test
