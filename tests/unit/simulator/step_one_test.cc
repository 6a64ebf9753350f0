// Step 1 of the intake (duties.md 1.2-1.12): each of the seven checks with what passes and what does not, what is
// stored, and when the result is there.
#include "tests/unit/simulator/catalogue_world.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kTheirCode = "M1-26-ZZZZZ-00000000001";

class StepOne : public CatalogueTest {
 protected:
  std::string Package(int id, int count = 1) { return Made(Spec206(count, id * 10), id); }
  std::string UnsignedPackage(int id) { return Unsigned(Spec206(1, id * 10), id); }
  std::string Resigned(const std::string& package) {
    return seller->Sign(package, {"SigningData", "/TDiep/CKSNNT", clock.Now(), {}}).value();
  }
  void ExpectWhole(const std::string& notice, const std::string& mloi) {
    EXPECT_EQ(Type(notice), "204");
    EXPECT_EQ(Ltbao(notice), "9");
    EXPECT_EQ(All(notice, "MLoi"), mloi);
  }
  void ExpectPackage(const std::string& notice, const std::string& mloi, const std::string& named) {
    EXPECT_EQ(Ltbao(notice), "7");
    EXPECT_EQ(All(notice, "MLoi"), mloi);
    EXPECT_TRUE(All(notice, "MTLoi").starts_with(named)) << notice;
  }
};

TEST_F(StepOne, AGoodPackageIsValid) {
  const std::string notice = LastAnswer(Package(1, 2));
  EXPECT_EQ(Ltbao(notice), "2");
  EXPECT_EQ(Said(notice, "SLuong"), "2");
  EXPECT_EQ(Said(notice, "MSo"), "01/TB-KTDL");
}

TEST_F(StepOne, Check1TheTaxCodeIsActive) {
  for (const char* active : {"00", "02", "04"}) {
    authority.reset();
    options.taxpayer_status[kMst] = active;
    EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2") << active;
  }
  for (const char* inactive : {"01", "03", "05", "06", "07"}) {
    authority.reset();
    options.taxpayer_status[kMst] = inactive;
    ExpectWhole(LastAnswer(Package(1)), "40107");
  }
  authority.reset();
  options.taxpayer_status = {{"0109999999", "03"}};
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2") << "somebody else's";
}

TEST_F(StepOne, Check2EveryFieldOfTheDataStandardIsThere) {
  int id = 0;
  for (const char* field : {"<THDon>HÓA ĐƠN GIÁ TRỊ GIA TĂNG</THDon>", "<NLap>2026-11-20</NLap>", "<DChi>Hà Nội</DChi>",
                            "<THHDVu>Dịch vụ tư vấn</THHDVu>", "<MCCQT>M1-26-A1B2C-00000000010</MCCQT>"}) {
    const std::string without = Replace(Unsigned(Spec206(1, 10), ++id), field, "");
    ExpectPackage(LastAnswer(Resigned(without)), "40108", "1;C26MAA;10;Thiếu chỉ tiêu bắt buộc");
  }
}

TEST_F(StepOne, Check2NamesThreeFieldsAtMost) {
  std::string empty = UnsignedPackage(1);
  for (const char* field :
       {"<THDon>HÓA ĐƠN GIÁ TRỊ GIA TĂNG</THDon>", "<NLap>2026-11-20</NLap>", "<DChi>Hà Nội</DChi>"})
    empty = Replace(empty, field, "");
  EXPECT_EQ(All(LastAnswer(Resigned(empty)), "MTLoi").find("…"), std::string::npos);
  empty = Replace(Replace(empty, "<THHDVu>Dịch vụ tư vấn</THHDVu>", ""), "<MTDiep>" + Id(1), "<MTDiep>" + Id(2));
  EXPECT_TRUE(All(LastAnswer(Resigned(empty)), "MTLoi").ends_with(" …"));
}

TEST_F(StepOne, Check2AsksOfEachTypeItsOwn) {
  const std::string currency = "<DVTTe>VND</DVTTe>";
  EXPECT_EQ(Ltbao(LastAnswer(Resigned(Replace(UnsignedPackage(1), currency, "")))), "2") << "a register names none";
  const std::string invoice = Replace(Unsigned(Spec203(1, 1), 2), currency, "");
  const std::string answer =
      LastAnswer(seller->Sign(invoice, {"data-1", "/TDiep/DLieu/HDon/DSCKS/NBan", clock.Now(), {}}).value());
  EXPECT_EQ(Ltbao(answer), "3");
  EXPECT_EQ(All(answer, "MLoi"), "40108");
  EXPECT_EQ(Type(LastAnswer(Made(Spec201(1), 3))), "202");
  EXPECT_EQ(All(LastAnswer(MadeAs(201, Spec200(2), 4)), "MTLoi"), "Thiếu chỉ tiêu bắt buộc: DLHDon/TTChung/MHSo");
}

TEST_F(StepOne, Check3TheTaxpayerIsInNoStop) {
  options.stopped_mst = {"0109999999"};
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
  authority.reset();
  options.stopped_mst = {kMst};
  ExpectWhole(LastAnswer(Package(2)), "40105");
}

TEST_F(StepOne, Check4TheSignatureOfThePackageIsValid) {
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
  ExpectWhole(LastAnswer(Replace(Package(2), "<Ten>Công ty Người Mua", "<Ten>Công ty Người Khác")), "2011");
  ExpectWhole(LastAnswer(Unsigned(Spec206(1, 30), 3)), "2011");
  EXPECT_EQ(LastDisposition(), "processed");
}

TEST_F(StepOne, Check5TheContractOfTheTvanMayEndMidRun) {
  options.contracts = {{kSender, {}, clock.Now() + 10s}};
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
  authority.reset();
  options.contracts = {{kSender, {}, clock.Now() + 1s}};  // before the result is due, two seconds after the message
  ExpectWhole(LastAnswer(Package(2)), "2003");
  FreshAnswers(Package(3));
  EXPECT_EQ(LastDisposition(), "refused:2003") << "nobody takes a message of a T-VAN without contract";
}

TEST_F(StepOne, Check5AContractMayBeSuspended) {
  options.contracts = {{kSender, {}, kForever, true}};
  FreshAnswers(Package(1));
  EXPECT_EQ(LastDisposition(), "refused:2004");
  FreshAnswers(Package(1));
  EXPECT_EQ(LastDisposition(), "refused:2004") << "it speaks of the T-VAN: the message may come again";
  authority.reset();
  options.contracts = {{kSender, {}, kForever, false}};
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
}

TEST_F(StepOne, Check6TheNumberOfInvoicesIsThatOfTheHeader) {
  EXPECT_EQ(Ltbao(LastAnswer(Package(1, 2))), "2");
  ExpectWhole(LastAnswer(Replace(Package(2, 2), "<SLuong>2<", "<SLuong>3<")), "2010");
}

TEST_F(StepOne, Check7ACodeIsUniqueAndWellFormed) {
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
  MessageSpec used = Spec206(1, 11);
  used.invoices[0].mccqt = "M1-26-A1B2C-00000000010";
  ExpectPackage(LastAnswer(Made(used, 2)), "40104", "1;C26MAA;11;");
  used.invoices[0].mccqt = "M1-26-A1B2C-0000000011";
  ExpectPackage(LastAnswer(Made(used, 3)), "40103", "1;C26MAA;11;");
  used.invoices[0].mccqt = "M1-26-A1B2C-00000000011";
  EXPECT_EQ(Ltbao(LastAnswer(Made(used, 4))), "2");
}

TEST_F(StepOne, Check7ACodeIsOfTheRangeThatAnEarlier103Issued) {
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2") << "of what was issued before this run nothing is known";
  const std::string five = Said(LastAnswer(Made(SpecOfTaxpayer(100), 2)), "MCCQT");
  ASSERT_EQ(five.size(), 5u);
  MessageSpec package = Spec206(1, 30);
  ExpectPackage(LastAnswer(Made(package, 3)), "40109", "1;C26MAA;30;");
  package.invoices[0].mccqt = "M1-26-" + five + "-00000000030";
  EXPECT_EQ(Ltbao(LastAnswer(Made(package, 4))), "2");
}

TEST_F(StepOne, Check7RangesMayBeScripted) {
  options.cash_codes = {{kMst, "A1B2C"}, {"0109999999", "ZZZZZ"}};
  EXPECT_EQ(Ltbao(LastAnswer(Package(1))), "2");
  MessageSpec theirs = Spec206(1, 20);
  theirs.invoices[0].mccqt = kTheirCode;
  ExpectPackage(LastAnswer(Made(theirs, 2)), "40109", "1;C26MAA;20;");
  EXPECT_EQ(Said(LastAnswer(Made(SpecOfTaxpayer(100), 3)), "MCCQT"), "A1B2C") << "it keeps what it has";
  authority.reset();
  options.cash_codes = {{"0109999999", "ZZZZZ"}};
  ExpectPackage(LastAnswer(Package(4)), "40109", "1;C26MAA;40;");
}

TEST_F(StepOne, AllThatIsWrongWithThePackageIsSaidAtOnce) {
  options.taxpayer_status[kMst] = "03";
  options.stopped_mst = {kMst};
  ExpectWhole(LastAnswer(Replace(Unsigned(Spec206(1, 10), 1), "<SLuong>1<", "<SLuong>2<")), "40107 40105 2011 2010");
}

TEST_F(StepOne, InvalidDataAreNotStoredAndComeAgainCorrected) {
  const std::string bad = Replace(Unsigned(Spec206(2, 10), 1), "<DChi>Hà Nội</DChi>", "");
  ExpectPackage(LastAnswer(Resigned(bad)), "40108", "1;C26MAA;10;");
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec206(2, 10), 2))), "2") << "nor is what was good in a bad package";
  ExpectPackage(LastAnswer(Made(Spec206(1, 10), 3)), "40101",
                "1;C26MAA;10;Số hóa đơn đã tồn tại. Mã của cơ quan thuế đã được sử dụng");
}

TEST_F(StepOne, OnlyTheGoodInvoicesOfA203AreStored) {
  options.faults = {{"refuse_item#2", 1}};
  EXPECT_EQ(Ltbao(LastAnswer(Made(Spec203(2, 1), 1))), "3");
  EXPECT_EQ(All(LastAnswer(Made(Spec203(2, 1), 2)), "MLoi"), "40101 40199") << "1 is stored, 2 came again";
}

TEST_F(StepOne, TheResultIsThereWithin15MinutesByTheClock) {
  options.answer_delay_min = options.answer_delay_max = 8h;
  Send(Package(1));
  Pass(15min - 1us);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999"}));
  Pass(1us);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999", "204"}));
}

TEST_F(StepOne, OtherMessagesMayTakeLonger) {
  options.answer_delay_min = options.answer_delay_max = 8h;
  Send(Made(Spec203(1), 1));
  Pass(15min);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999"}));
}

TEST_F(StepOne, TheDelayOfAPackageIsItsOwnAndComesFromTheSeed) {
  options.package_delay = {1min, 14min};
  auto due = [&](uint64_t seed) {
    authority.reset();
    std::filesystem::remove(folder.File("transcript"));
    options.seed = seed;
    Send(Package(1));
    return Events("answer").back()["due"].get<std::string>();
  };
  const std::string first = due(1);
  EXPECT_EQ(due(1), first);
  EXPECT_NE(due(2), first);
  EXPECT_GE(first, FormatTime(clock.Now() + 1min));
  EXPECT_LE(first, FormatTime(clock.Now() + 14min));
}

}  // namespace
}  // namespace tvan::test
