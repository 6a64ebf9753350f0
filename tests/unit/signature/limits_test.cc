// What a hostile document may cost, and shapes that one reader takes for something else than another does.
#include "tests/support/any_signer.h"
#include "tests/unit/signature/documents.h"

namespace tvan {
namespace {

constexpr const char* kParent = "/TDiep/DLieu/HDon/DSCKS/NBan";

class Limits : public ::testing::Test {
 protected:
  std::string Signed(const std::string& document) {
    return *keys_.signer("rsa").Sign(document, {"data", kParent, keys_.now, {}});
  }
  // Signed again as it stands.
  std::string Again(const std::string& document) { return SignAnything(document, keys_.of("rsa")); }
  SignatureCheck Check(const std::string& document, size_t times = 1) {
    const auto parsed = ParseXml(document);
    const auto demand = SellerDemand(parsed->root().Descend({"DLieu", "HDon"}));
    return verifier_->Verify(*parsed, std::vector<SignatureDemand>(times, demand), keys_.now);
  }
  std::string Judge(const std::string& document) { return Rules(Check(document)); }

  const HostileKeys& keys_ = HostileKeys::Get();
  const std::unique_ptr<Clock> clock_ = MakeSystemClock();
  const std::unique_ptr<SignatureVerifier> verifier_ = *MakeSignatureVerifier(keys_.trust(), *clock_);
  const std::string good_ = Signed(Message(Invoice()));
};

std::string Declarations(size_t count, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += " xmlns:n" + std::to_string(i) + "=\"urn:" + std::string(bytes, 'x') + "\"";
  return text;
}

TEST_F(Limits, OfWhatIsInheritedAreBytes) {
  EXPECT_EQ(Judge(Signed(Message(Invoice(), Declarations(50, 300)))), "ok");
  EXPECT_EQ(Judge(Signed(Message(Invoice(), Declarations(60, 300)))), "signature.too_much_work");
}

TEST_F(Limits, OfWhatIsInheritedCountXmlAttributesOfAllLevels) {
  const auto nested = [&](int levels) {
    std::string open, close;
    for (int i = 0; i < levels; ++i) {
      open += "<TTKhac";
      for (int k = 0; k < 10; ++k) open += " xml:a" + std::to_string(i * 10 + k) + "=\"\"";
      open += ">";
      close += "</TTKhac>";
    }
    return Judge(Signed(Message(Replaced(Invoice(), "<NDHDon>", "<NDHDon>" + open + close))));
  };
  EXPECT_EQ(nested(6), "ok");
  EXPECT_EQ(nested(7), "signature.too_much_work");
}

TEST_F(Limits, OfFaultsEndTheJudging) {
  const SignatureCheck check = Check(Replaced(good_, "<KeyInfo>", "<KeyInfo><x/>"), 2000);
  EXPECT_EQ(check.faults.size(), 50u);
  ASSERT_EQ(check.reports.size(), 2000u);
  for (const SignatureReport& report : check.reports) EXPECT_FALSE(report.valid);
}

TEST_F(Limits, NoChainIsBuiltForWhatDoesNotHold) {
  TrustOptions nobody;
  nobody.trust_nobody = true;
  const auto verifier = *MakeSignatureVerifier(nobody, *clock_);
  const auto judge = [&](const std::string& document) {
    const auto parsed = ParseXml(document);
    return Rules(verifier->Verify(*parsed, {SellerDemand(parsed->root().Descend({"DLieu", "HDon"}))}, keys_.now));
  };
  EXPECT_EQ(judge(good_), "signature.untrusted");
  EXPECT_EQ(judge(Replaced(good_, "1000000", "9000000")), "signature.digest");
}

TEST_F(Limits, KeyInfoFollowsTheValue) {
  const size_t key = good_.find("<KeyInfo>"), object = good_.find("<Object");
  const std::string key_info = good_.substr(key, object - key);
  const std::string moved =
      Replaced(Replaced(good_, key_info, ""), "</Object></Signature>", "</Object>" + key_info + "</Signature>");
  EXPECT_EQ(Judge(moved), "signature.format");
}

TEST_F(Limits, AnObjectHoldsPropertiesOrNothing) {
  const auto with = [&](const std::string& content) {
    return Judge(Replaced(good_, "</Signature>", "<Object>" + content + "</Object></Signature>"));
  };
  EXPECT_EQ(with(""), "ok");
  EXPECT_EQ(with("<SignatureProperties><SignatureProperty Target=\"\"/></SignatureProperties>"), "ok");
  EXPECT_EQ(with("<DLHDon xmlns=\"\"><TgTTTBSo>9</TgTTTBSo></DLHDon>"), "signature.inside_signature");
  EXPECT_EQ(with("<Manifest/>"), "signature.inside_signature");
}

TEST_F(Limits, ASigningTimeStandsInAPropertyWithATarget) {
  const size_t begin = good_.find("<SigningTime>");
  const std::string time = good_.substr(begin, good_.find("</SigningTime>") + 14 - begin);
  const auto with = [&](const std::string& instead) { return Judge(Again(Replaced(good_, time, instead))); };
  EXPECT_EQ(with(time), "ok");
  EXPECT_EQ(with("<x>" + time + "</x>"), "signature.target_missing");
}

TEST_F(Limits, ASigningTimeIsTextWithWhiteSpaceAroundItAtMost) {
  const auto with = [&](const std::string& before, const std::string& after) {
    return Judge(Again(Replaced(Replaced(good_, "<SigningTime>", "<SigningTime>" + before), "</SigningTime>",
                                after + "</SigningTime>")));
  };
  EXPECT_EQ(with("\n  ", "\n"), "ok");
  EXPECT_EQ(with("", "<x/>"), "signature.signing_time_format");
  EXPECT_EQ(with("", "x"), "signature.signing_time_format");
}

TEST_F(Limits, ACertificateIsText) {
  EXPECT_EQ(Judge(Replaced(good_, "</X509Certificate>", "<x/></X509Certificate>")), "signature.certificate");
}

}  // namespace
}  // namespace tvan
