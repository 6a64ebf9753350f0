// What the authority refuses technically: every case is the good message with one change.
#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

class Checks : public SimulatorTest {
 protected:
  std::string After(const std::string& bytes) {
    Send(bytes, Id(1));
    return LastDisposition();
  }
};

TEST_F(Checks, TheGoodMessageIsProcessed) { EXPECT_EQ(After(Coded(1)), "processed"); }

TEST_F(Checks, TheHeaderIsStrict) {
  std::string good = Coded(1);
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"<PBan>2.1.0</PBan><MNGui>", "<PBan>3.0.0</PBan><MNGui>"},
      {"<MNGui>V0100000001", "<MNGui>0100000001"},
      {"<MNGui>V0100000001", "<MNGui>V0100000002"},  // MTDiep does not start with it
      {"<MNNhan>TCT", "<MNNhan>V0100000001"},
      {"<MTDiep>" + Id(1), "<MTDiep>" + Id(1).substr(0, 42) + "f"},
      {"<MTDiep>" + Id(1), "<MTDiep>" + Id(1) + "0"},
      {"<MTDTChieu></MTDTChieu>", "<MTDTChieu>X</MTDTChieu>"},
      {"<MST>0101234567", "<MST>010123456"},
      {"<SLuong>1<", "<SLuong>01<"},
      {"<SLuong>1</SLuong>", ""},
      {"</TTChung><DLieu>", "<Them>1</Them></TTChung><DLieu>"},
      {"<DLieu>", "<Khac/><DLieu>"},
  };
  for (const auto& [from, to] : changes) {
    authority.reset();  // its books are empty again
    EXPECT_EQ(After(Replace(good, from, to)), "refused:1000") << to;
  }
}

TEST_F(Checks, AnUnknownTypeIs1001) {
  EXPECT_EQ(After(Replace(Coded(1), "<MLTDiep>200", "<MLTDiep>777")), "refused:1001");
}

TEST_F(Checks, ACountThatDiffersIs2010) {
  std::string two = SignedInvoices(*seller, 203, Id(1), {1, 2}, clock.Now());
  EXPECT_EQ(After(Replace(two, "<SLuong>2", "<SLuong>3")), "refused:2010");
}

TEST_F(Checks, ABrokenSignatureIs2011) {
  EXPECT_EQ(After(Replace(Coded(1), "<THDon>Hóa đơn", "<THDon>Hoá đơn")), "refused:2011");
  EXPECT_EQ(Events("answer").back()["mloi"], "2011");
}

TEST_F(Checks, AMissingSignatureIs2011) {
  EXPECT_EQ(After(Envelope(200, Id(1), 1, "<DLieu>" + Invoice(1) + "</DLieu>")), "refused:2011");
}

TEST_F(Checks, AStrangersOrAnotherSellersSignatureIs2011) {
  SharedPki& pki = SharedPki::Get();
  auto forged = Signer(pki.stranger, "forged");
  auto other = Signer(pki.sellers, "other");
  EXPECT_EQ(After(SignedInvoices(*forged, 200, Id(1), {1}, clock.Now())), "refused:2011");
  EXPECT_EQ(After(SignedInvoices(*other, 200, Id(2), {2}, clock.Now())), "refused:2011");
}

TEST_F(Checks, EveryInvoiceOfAPackageIsVerified) {
  std::string two = SignedInvoices(*seller, 203, Id(1), {1, 2}, clock.Now());
  EXPECT_EQ(After(Replace(two, "<SHDon>2<", "<SHDon>3<")), "refused:2011");
}

TEST_F(Checks, ContractsAreDatedHalfOpen) {
  options.contracts = {{kSender, At("2026-01-01T00:00:00+07:00"), At("2026-11-22T00:00:00+07:00")}};
  EXPECT_EQ(After(Coded(1)), "processed");
  clock.MoveTo(At("2026-11-22T00:00:00+07:00"));
  EXPECT_EQ(After(Coded(2)), "refused:2003");
}

TEST_F(Checks, ATvanThatIsNotListedIs2002AndMayComeAgain) {
  options.contracts = {{"V0100000009", {}, kForever}};
  EXPECT_EQ(After(Coded(1)), "refused:2002");
  EXPECT_EQ(After(Coded(1)), "refused:2002");  // not a duplicate
}

TEST_F(Checks, TheTranscriptNamesMessageAndPayload) {
  std::string message = Coded(7);
  Send(message);
  Json event = Events("send").at(0);
  size_t from = message.find("<DLieu>"), to = message.find("</DLieu>") + 8;
  EXPECT_EQ(event["mtdiep"], Id(7));
  EXPECT_EQ(event["message_sha256"], digester->Sha256Of(message).Hex());
  EXPECT_EQ(event["dlieu_sha256"], digester->Sha256Of(message.substr(from, to - from)).Hex());
  EXPECT_EQ(event["invoice_keys"], Json::array({"0101234567;1;C26TAA;7"}));
  EXPECT_EQ(event["arrived"], "2026-11-21T22:00:00.000000+07:00");
  EXPECT_EQ(event["response"], "accepted");
}

}  // namespace
}  // namespace tvan::test
