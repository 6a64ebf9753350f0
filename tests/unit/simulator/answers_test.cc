// Each kind of answer, read back, its signature verified by the verifier and by the stock xmlsec1 program.
#include <cstdlib>

#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";

class Answers : public SimulatorTest {
 protected:
  SignatureCheck Verify(const std::string& answer, std::initializer_list<std::string_view> holder,
                        std::vector<std::initializer_list<std::string_view>> covered) {
    document = parser->Parse(answer).value();
    SignatureDemand demand{"CQT", document->root().Descend(holder).Child("Signature", kDsig), "", {}};
    for (auto path : covered) demand.must_cover.push_back(document->root().Descend(path));
    return authority_verifier->Verify(*document, {demand}, clock.Now());
  }
  static bool Good(const SignatureCheck& check) {
    return check.faults.empty() && check.reports.size() == 1 && check.reports[0].valid;
  }
  SignatureCheck VerifyNotice(const std::string& answer) {
    return Verify(answer, {"DLieu", "TBao", "DSCKS", "CQT"}, {{"DLieu", "TBao", "DLTBao"}});
  }
  std::unique_ptr<XmlDocument> document;
};

TEST_F(Answers, A200Gets999AndThenThe202WithItsCode) {
  auto answers = AnswersTo(Coded(1));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "202"}));
  EXPECT_EQ(Text(answers[0], {"DLieu", "TBao", "TTTNhan"}), "0");
  EXPECT_EQ(Text(answers[0], {"DLieu", "TBao", "MTDiep"}), Id(1));
  EXPECT_EQ(Text(answers[0], {"TTChung", "MST"}), "(none)");
  EXPECT_EQ(Text(answers[1], {"TTChung", "MTDTChieu"}), Id(1));
  std::string code = Text(answers[1], {"DLieu", "HDon", "MCCQT"});
  EXPECT_EQ(code.size(), 34u);
  EXPECT_EQ(code.substr(0, 2), "00");
  EXPECT_TRUE(Good(Verify(answers[1], {"DLieu", "HDon", "DSCKS", "CQT"},
                          {{"DLieu", "HDon", "DLHDon"}, {"DLieu", "HDon", "MCCQT"}})));
  EXPECT_NE(answers[1].find("Id=\"Tct-"), std::string::npos);
}

TEST_F(Answers, TheAuthoritysSignatureBreaksWhenTheCodeIsChanged) {
  auto answers = AnswersTo(Coded(1));
  std::string code = Text(answers[1], {"DLieu", "HDon", "MCCQT"});
  std::string forged = Replace(answers[1], code, "01" + code.substr(2));
  EXPECT_FALSE(Good(
      Verify(forged, {"DLieu", "HDon", "DSCKS", "CQT"}, {{"DLieu", "HDon", "DLHDon"}, {"DLieu", "HDon", "MCCQT"}})));
}

TEST_F(Answers, A202HoldsTheInvoicesBytesAsSent) {
  std::string message = Coded(1);
  auto answers = AnswersTo(message);
  size_t from = message.find("<DLHDon"), to = message.find("</DLHDon>") + 9;
  EXPECT_NE(answers[1].find(message.substr(from, to - from)), std::string::npos);
}

TEST_F(Answers, Xmlsec1AcceptsBothSignaturesOfA202WithExtraNamespaces) {
  std::string message = SignedInvoices(*seller, 200, Id(1), {1}, clock.Now(), "C26TAA", " xmlns:x=\"urn:extra\"");
  auto answers = AnswersTo(message);
  ASSERT_EQ(answers.size(), 2u);
  std::ofstream(folder.File("202.xml"), std::ios::binary) << answers[1];
  auto run = [&](const std::string& ca, const std::string& holder) {
    std::string command = "xmlsec1 --verify --verification-time '2026-11-21 15:00:00' --trusted-pem " +
                          SharedPki::Get().folder.File(ca) + " --id-attr:Id DLHDon --id-attr:Id MCCQT --id-attr:Id " +
                          std::string(kDsig) + ":Object" + " --node-xpath \"/TDiep/DLieu/HDon/DSCKS/" + holder +
                          "/*[local-name()='Signature']\" " + folder.File("202.xml") + " >" + folder.File("out") +
                          " 2>&1";
    return std::system(command.c_str());
  };
  EXPECT_EQ(run("authority.pem", "CQT"), 0) << ReadAll(folder.File("out"));
  EXPECT_EQ(run("sellers.pem", "NBan"), 0) << ReadAll(folder.File("out"));
  EXPECT_NE(run("stranger.pem", "CQT"), 0);
}

TEST_F(Answers, A203GetsLtbao2OrNamesTheBadInvoicesOnly) {
  options.refused_khhdon = {"C26TXX"};
  auto good = AnswersTo(SignedInvoices(*seller, 203, Id(1), {1, 2}, clock.Now()));
  ASSERT_EQ(Types(good), (std::vector<std::string>{"999", "204"}));
  EXPECT_EQ(Text(good[1], {"DLieu", "TBao", "DLTBao", "LTBao"}), "2");
  EXPECT_EQ(Text(good[1], {"DLieu", "TBao", "DLTBao", "MGDDTu"}), Id(1));
  EXPECT_TRUE(Good(VerifyNotice(good[1])));

  auto mixed = AnswersTo(SignedInvoices(*seller, 203, Id(2), {2, 3}, clock.Now()));
  ASSERT_EQ(mixed.size(), 4u);
  EXPECT_EQ(Text(mixed[3], {"DLieu", "TBao", "DLTBao", "LTBao"}), "3");
  auto listed = parser->Parse(mixed[3]).value();
  auto items = listed->root().Descend({"DLieu", "TBao", "DLTBao", "LHDKMa", "DSHDon"}).Children("HDon");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].Child("SHDon").Text(), "2");
  EXPECT_TRUE(Good(VerifyNotice(mixed[3])));
  EXPECT_EQ(Events("answer").back()["result"], "partly");
}

TEST_F(Answers, ARefusedSymbolGivesLtbao1) {
  options.refused_khhdon = {"C26TXX"};
  auto refused = AnswersTo(Coded(1, "C26TXX"));
  EXPECT_EQ(Text(refused[1], {"DLieu", "TBao", "DLTBao", "LTBao"}), "1");
  EXPECT_EQ(Text(refused[1], {"DLieu", "TBao", "DLTBao", "LCMa", "DSLDo", "LDo", "MLoi"}), "40102");
  EXPECT_TRUE(Good(VerifyNotice(refused[1])));
}

TEST_F(Answers, TheSameInvoiceUnderAnotherIdIsRefused) {
  AnswersTo(Coded(1));
  auto answers = AnswersTo(SignedInvoices(*seller, 200, Id(2), {1}, clock.Now()));
  EXPECT_EQ(Text(answers[3], {"DLieu", "TBao", "DLTBao", "LCMa", "DSLDo", "LDo", "MLoi"}), "40101");
  EXPECT_EQ(Types(AnswersTo(Coded(3))).back(), "202");
}

TEST_F(Answers, ARefusedItemDoesNotTakeTheNumberOver) {
  options.duplicate_policy = sim::DuplicatePolicy::kProcessAgain;
  std::string first = Coded(1);
  AnswersTo(first);
  AnswersTo(SignedInvoices(*seller, 203, Id(2), {1, 2}, clock.Now()));
  EXPECT_EQ(Events("answer").back()["result"], "partly");
  EXPECT_EQ(Types(AnswersTo(first)).back(), "202");  // invoice 1 still belongs to the first message
}

TEST_F(Answers, A206IsGoodAsAWholeOrNamesInvoicesInsideMtloi) {
  auto good = AnswersTo(SignedPackage(*seller, Id(1), {1, 2}, {CashCode(1), CashCode(2)}, clock.Now()));
  EXPECT_EQ(Text(good[1], {"DLieu", "TBao", "DLTBao", "LTBao"}), "2");
  auto bad = AnswersTo(
      SignedPackage(*seller, Id(2), {3, 4, 5}, {CashCode(2), "M1-26-a1b2c-00000000009", CashCode(5)}, clock.Now()));
  EXPECT_EQ(Text(bad[3], {"DLieu", "TBao", "DLTBao", "LTBao"}), "7");
  auto document = parser->Parse(bad[3]).value();
  auto reasons = document->root().Descend({"DLieu", "TBao", "DLTBao", "LHDMTTien", "DSLDo"}).Children("LDo");
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_EQ(reasons[0].Child("MLoi").Text(), "40104");
  EXPECT_TRUE(reasons[0].Child("MTLoi").Text().starts_with("1;C26MAA;3;"));
  EXPECT_EQ(reasons[1].Child("MLoi").Text(), "40103");
  // Nothing of a bad package was stored, not even its good invoice 5.
  auto again = AnswersTo(SignedPackage(*seller, Id(3), {3, 5}, {CashCode(3), CashCode(5)}, clock.Now()));
  EXPECT_EQ(Text(again[5], {"DLieu", "TBao", "DLTBao", "LTBao"}), "2");
}

TEST_F(Answers, AStoppedTaxpayersPackageGetsLtbao9) {
  options.stopped_mst = {kMst};
  auto answers = AnswersTo(SignedPackage(*seller, Id(1), {1}, {CashCode(1)}, clock.Now()));
  EXPECT_EQ(Text(answers[1], {"DLieu", "TBao", "DLTBao", "LTBao"}), "9");
  EXPECT_EQ(Text(answers[1], {"DLieu", "TBao", "DLTBao", "KHLKhac", "DSLDo", "LDo", "MLoi"}), "40105");
}

TEST_F(Answers, A300IsAnsweredInvoiceByInvoice) {
  options.refused_khhdon = {"C26TXX"};
  auto answers = AnswersTo(SignedNotice(*seller, Id(1), {{1, "C26TAA"}, {2, "C26TXX"}}, clock.Now()));
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "301"}));
  auto notice = parser->Parse(answers[1]).value();
  auto items = notice->root().Descend({"DLieu", "TBao", "DLTBao", "DSHDon"}).Children("HDon");
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].Child("TTTNCCQT").Text(), "1");
  EXPECT_EQ(items[1].Child("TTTNCCQT").Text(), "2");
  EXPECT_EQ(items[1].Descend({"DSLDKTNhan", "LDo", "MLoi"}).Text(), "40102");
  EXPECT_TRUE(Good(VerifyNotice(answers[1])));
}

TEST_F(Answers, BytesThatCannotBeReadGetMinusOneWithTheOriginal) {
  auto answers = AnswersTo("<TDiep><broken & </TDiep>");
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"-1"}));
  EXPECT_EQ(Text(answers[0], {"DLieu", "HSGoc"}), "<TDiep><broken & </TDiep>");
  EXPECT_EQ(Text(answers[0], {"TTChung", "MTDTChieu"}), "");
  EXPECT_EQ(LastDisposition(), "unreadable");
}

TEST_F(Answers, TheSameSeedGivesTheSameBytesAnotherSeedOtherIds) {
  const std::string message = Coded(1);
  const Time start = clock.Now();
  auto play = [&](uint64_t seed) {
    authority.reset();
    clock.MoveTo(start);
    options.seed = seed;
    return AnswersTo(message);
  };
  auto first = play(1);
  EXPECT_TRUE(play(1) == first);
  auto other = play(2);
  EXPECT_NE(Text(other[1], {"TTChung", "MTDiep"}), Text(first[1], {"TTChung", "MTDiep"}));
  EXPECT_NE(Text(other[1], {"DLieu", "HDon", "MCCQT"}), Text(first[1], {"DLieu", "HDon", "MCCQT"}));
}

}  // namespace
}  // namespace tvan::test
