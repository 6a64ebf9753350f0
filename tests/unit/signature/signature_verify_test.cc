// Cryptography: a good signature and what breaks it.
#include <openssl/err.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/unit/signature/sandbox.h"

namespace tvan {
namespace {

TEST(Verify, ReportsWhoSignedWhatAndWhen) {
  for (const char* key : {"rsa", "ec"}) {
    const std::string signed_message = Sandbox::Shared().Sign(Message(Invoice()), key);
    const auto verifier = Sandbox::Shared().Verifier();
    const auto check = VerifySeller(*verifier, signed_message);
    ASSERT_EQ(Rules(check), "ok");
    const SignatureReport& report = check.reports.at(0);
    EXPECT_TRUE(report.valid);
    EXPECT_EQ(report.role, "NBan");
    EXPECT_EQ(report.signer_tax_code, "0101234567");
    EXPECT_EQ(report.signing_time, At("2026-11-21T10:00:00"));
    EXPECT_NE(report.subject.find("UID=MST:0101234567"), std::string::npos) << report.subject;
    EXPECT_EQ(report.certificate_sha256.size(), 64u);
    ASSERT_EQ(report.covered.size(), 2u);
    EXPECT_EQ(report.covered[0].In(signed_message).substr(0, 18), "<DLHDon Id=\"data\">");
    EXPECT_EQ(report.covered[1].In(signed_message).substr(0, 7), "<Object");
  }
}

TEST(Verify, FindsOneChangedCharacter) {
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()));
  const auto verifier = Sandbox::Shared().Verifier();
  const auto amount = VerifySeller(*verifier, Replaced(good, "1000000", "1000001"));
  ASSERT_EQ(Rules(amount), "signature.digest");
  EXPECT_EQ(amount.faults[0].path, "/TDiep/DLieu/HDon/DLHDon");
  EXPECT_FALSE(amount.reports[0].valid);
  const auto time = VerifySeller(*verifier, Replaced(good, "2026-11-21T10:00:00", "2026-11-21T10:00:01"));
  ASSERT_EQ(Rules(time), "signature.digest");
  EXPECT_EQ(time.faults[0].path, "/TDiep/DLieu/HDon/DSCKS/NBan/Signature/Object");
  const size_t value = good.find("<SignatureValue>") + 20;
  std::string forged = good;
  forged[value] = forged[value] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Rules(VerifySeller(*verifier, forged)), "signature.value");
  EXPECT_EQ(Rules(VerifySeller(*verifier, Replaced(good, "<MST>0101234567", "<MST>0101234568"))), "ok")
      << "the header is not signed";
}

TEST(Verify, LeavesNothingInTheErrorQueueOfTheThread) {
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()), "rsa");
  ERR_clear_error();
  const size_t value = good.find("<SignatureValue>") + 20;
  std::string forged = good;
  forged[value] = forged[value] == 'A' ? 'B' : 'A';
  const auto verifier = Sandbox::Shared().Verifier();
  EXPECT_EQ(Rules(VerifySeller(*verifier, forged)), "signature.value");
  EXPECT_EQ(ERR_peek_error(), 0u) << "TLS in this thread would read it as its own";
}

// Many signatures over one big node would cost the square of the document's size.
TEST(Verify, BoundsTheWorkOfOneDocument) {
  const std::string big = "<TTKhac>" + std::string(200'000, 'x') + "</TTKhac>";
  const std::string good = Sandbox::Shared().Sign(Replaced(Message(Invoice()), "<NDHDon>", "<NDHDon>" + big));
  const auto document = ParseXml(good);
  const auto verifier = Sandbox::Shared().Verifier();
  const auto demand = SellerDemand(document->root().Descend({"DLieu", "HDon"}));
  const auto judge = [&](size_t count) {
    return Rules(verifier->Verify(*document, std::vector<SignatureDemand>(count, demand), At("2026-11-21T10:01:00")));
  };
  EXPECT_EQ(judge(24), "ok");
  EXPECT_EQ(judge(25), "signature.too_much_work");
}

TEST(Verify, NeverTakesAChangedAmount) {
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()));
  const auto verifier = Sandbox::Shared().Verifier();
  std::mt19937 random(7);
  int accepted = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>("<>&\"'/= x0A\n"[random() % 12]);
    const auto document = MakeXmlParser({})->Parse(bytes);
    if (!document.ok()) continue;
    const XmlNode hdon = (*document)->root().Descend({"DLieu", "HDon"});
    if (!hdon || Rules(verifier->Verify(**document, {SellerDemand(hdon)}, At("2026-11-21T10:01:00"))) != "ok") continue;
    ++accepted;
    EXPECT_EQ(hdon.Descend({"DLHDon", "NDHDon", "TgTTTBSo"}).Text(), "1000000") << bytes;
    EXPECT_EQ(hdon.Descend({"DLHDon", "TTChung", "SHDon"}).Text(), "7") << bytes;
    EXPECT_EQ(hdon.Descend({"DLHDon", "NDHDon", "Ten"}).Text(), "Công ty Đ & Ệ") << bytes;
  }
  EXPECT_GT(accepted, 0) << "changes of the header pass";
}

TEST(Verify, LeavesTheDocumentAsItWas) {
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()), "rsa");
  const auto document = ParseXml(good);
  const auto verifier = Sandbox::Shared().Verifier();
  const auto demand = SellerDemand(document->root().Descend({"DLieu", "HDon"}));
  std::atomic<int> good_ones{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        good_ones += Rules(verifier->Verify(*document, {demand}, At("2026-11-21T10:01:00"))) == "ok";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good_ones, 40);
  EXPECT_EQ(document->bytes(), good);
}

TEST(Verify, TakesTheCertificatesOwnKeyValueBeside) {
  // Not signed, so it may be added afterwards, as many .NET signers have it.
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()), "rsa");
  const std::string command = "openssl x509 -in " + Sandbox::Shared().Path("rsa.crt") + " -noout -modulus > " +
                              Sandbox::Shared().Path("modulus.txt");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string hex;
  std::ifstream(Sandbox::Shared().Path("modulus.txt")) >> hex;
  hex = hex.substr(hex.find('=') + 1);
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  const auto key_value = [](const std::string& modulus) {
    return "<KeyInfo><KeyValue><RSAKeyValue><Modulus>" + Base64Encode(modulus) +
           "</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>";
  };
  EXPECT_EQ(JudgeWith({}, Replaced(good, "<KeyInfo>", key_value(bytes)), "2026-11-21T10:01:00"), "ok");
  bytes.back() = static_cast<char>(bytes.back() ^ 2);
  EXPECT_EQ(JudgeWith({}, Replaced(good, "<KeyInfo>", key_value(bytes)), "2026-11-21T10:01:00"), "signature.key_value");
}

}  // namespace
}  // namespace tvan
