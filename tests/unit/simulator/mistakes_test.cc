// Verdicts that the script asks for: items refused by name or by seed, codes that nobody knows, a second thought.
#include "tests/unit/simulator/catalogue_world.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;

class Mistakes : public CatalogueTest {
 protected:
  void Script(std::map<std::string, double> faults, uint64_t seed = 1) {
    authority.reset();
    options.faults = std::move(faults);
    options.seed = seed;
  }
};

TEST_F(Mistakes, ANamedItemIsRefusedAndTheOthersAreNot) {
  Script({{"refuse_item#2", 1}});
  const std::string listed = LastAnswer(Made(Spec203(3, 1), 1));
  EXPECT_EQ(Ltbao(listed), "3");
  EXPECT_EQ(All(listed, "SHDon"), "2");
  EXPECT_EQ(Events("answer").back()["result"], "partly");
  EXPECT_EQ(Events("send").back()["faults"], Json::array({"refuse_item#2"}));
  EXPECT_EQ(All(LastAnswer(Made(Spec300(3, 1), 2)), "TTTNCCQT"), "1 2 1");
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec203(1, 9), 3))), "2") << "there is no second item";
}

TEST_F(Mistakes, TwoItemsMayBeNamed) {
  Script({{"refuse_item#1", 1}, {"refuse_item#3", 1}});
  EXPECT_EQ(All(LastAnswer(Made(Spec300(3, 1), 1)), "TTTNCCQT"), "2 1 2");
}

TEST_F(Mistakes, AMistakeMayBeOfOneTaxpayer) {
  Script({{"refuse_item#1@0109999999", 1}});
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec203(2, 1), 1))), "2");
  Script({{"refuse_item#1", 0}, {std::string("refuse_item#1@") + kMst, 1}});
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec203(2, 1), 1))), "3");
}

TEST_F(Mistakes, TheSeedChoosesTheItem) {
  auto chosen = [&](uint64_t seed) {
    Script({{"refuse_item", 1}}, seed);
    return All(LastAnswer(Made(Spec203(9, 1), 1)), "SHDon");
  };
  std::set<std::string> numbers;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    numbers.insert(chosen(seed));
    EXPECT_EQ(chosen(seed).size(), 1u);
  }
  EXPECT_GT(numbers.size(), 2u);
  EXPECT_EQ(chosen(1), chosen(1));
}

TEST_F(Mistakes, APackageNamesItsBadInvoicesInsideMtloi) {
  Script({{"refuse_item#2", 1}});
  const std::string answer = LastAnswer(Made(Spec206(2, 1), 1));
  EXPECT_EQ(Ltbao(answer), "7");
  EXPECT_EQ(All(answer, "MTLoi"), "1;C26MAA;2;Từ chối theo kịch bản");
  EXPECT_EQ(Events("answer").back()["result"], "refused") << "a package is good or bad as a whole";
}

TEST_F(Mistakes, SomeItemsAreRefusedAndNeverAll) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Script({{"refuse_some", 1}}, seed);
    const std::string answer = LastAnswer(Made(Spec300(4, 1), 1));
    const std::string results = All(answer, "TTTNCCQT");
    EXPECT_NE(results.find('1'), std::string::npos) << results;
    EXPECT_NE(results.find('2'), std::string::npos) << results;
    EXPECT_EQ(Events("answer").back()["result"], "partly");
  }
  EXPECT_EQ(All(LastAnswer(Made(Spec300(1, 9), 2)), "TTTNCCQT"), "1") << "one item has no some";
}

TEST_F(Mistakes, ARowOfASummaryTableIsNamedWithItsReason) {
  Script({{"refuse_row", 1}});
  const std::string answer = LastAnswer(Made(Spec400(1, 7), 1));
  EXPECT_EQ(Ltbao(answer), "4");
  const auto row = {"DLieu", "TBao", "DLTBao", "LBTHKXDau", "DSBTHop", "BTHop", "DSLHDon", "HDon"};
  auto document = parser->Parse(answer).value();
  XmlNode node = document->root();
  for (const char* step : row) node = node.Child(step);
  EXPECT_EQ(node.Child("SHDon").Text(), "7");
  EXPECT_EQ(node.Descend({"DSLDo", "LDo", "MLoi"}).Text(), "40199");
  EXPECT_EQ(answer.find("DSLDTTChung"), std::string::npos) << "the table itself is good";
}

TEST_F(Mistakes, ARowOfPetrolIsAKindOfGoods) {
  Script({{"refuse_row", 1}});
  const std::string petrol = Replace(Unsigned(Spec400(1, 7), 1), "<LHHoa>9", "<LHHoa>1");
  const std::string answer =
      LastAnswer(seller->Sign(petrol, {"data", "/TDiep/DLieu/BTHDLieu/DSCKS/NNT", clock.Now(), {}}).value());
  EXPECT_EQ(Ltbao(answer), "5");
  EXPECT_EQ(Text(answer, {"DLieu", "TBao", "DLTBao", "LBTHXDau", "DSBTHop", "BTHop", "DSLMHang", "MHang", "DSLDo",
                          "LDo", "MLoi"}),
            "40199");
}

TEST_F(Mistakes, ACodeMayBeOneThatNoListHas) {
  Script({{"unknown_mloi", 1}});
  const std::string code = All(LastAnswer(Made(Spec203(2, 1), 1)), "MLoi");
  EXPECT_EQ(code.size(), 5u);
  EXPECT_TRUE(code.starts_with("49")) << code;
}

TEST_F(Mistakes, ARefusedInvoiceMayComeAgain) {
  Script({{"refuse_item@" + std::string(kMst), 1}});
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec200(1), 1))), "1");
  Script({});
  EXPECT_EQ(Type(LastAnswer(Made(Spec200(1), 2))), "202");
}

TEST_F(Mistakes, AGoodVerdictMayBeFollowedByALateSecondOne) {
  Script({{"second_verdict", 1}});
  Send(Made(Spec206(1, 1), 1));
  Pass(2s);
  ASSERT_EQ(Types(Receive()), (std::vector<std::string>{"999", "204"}));
  EXPECT_EQ(Ltbao(Receive()[1]), "2");
  Pass(30min - 1us);
  EXPECT_EQ(Receive().size(), 2u);
  Pass(1us);
  const auto answers = Receive();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(Ltbao(answers[2]), "7");
  EXPECT_EQ(Text(answers[2], {"TTChung", "MTDTChieu"}), Id(1));
  EXPECT_NE(Text(answers[2], {"TTChung", "MTDiep"}), Text(answers[1], {"TTChung", "MTDiep"}));
  EXPECT_EQ(Events("answer").back()["faults"], Json::array({"second_verdict"}));
}

TEST_F(Mistakes, ABadVerdictHasNoSecondOne) {
  Script({{"second_verdict", 1}, {"refuse_package", 1}});
  EXPECT_EQ(FreshAnswers(Made(Spec206(1, 1), 1)).size(), 2u);
}

TEST_F(Mistakes, BothAnswersToARegistrationShareItsFaults) {
  Script({{"doubled", 1}});
  EXPECT_EQ(Types(FreshAnswers(Made(SpecOfTaxpayer(100), 1))),
            (std::vector<std::string>{"999", "102", "102", "103", "103"}));
  Script({{"withhold", 1}});
  EXPECT_EQ(Types(FreshAnswers(Made(SpecOfTaxpayer(100), 2))), (std::vector<std::string>{"999"}));
  EXPECT_EQ(Events("answer").back()["mltdiep"], 103);
  EXPECT_EQ(Events("answer").back()["disposition"], "withheld");
}

}  // namespace
}  // namespace tvan::test
