// The authority changes its certificate in the middle of a night: by one of the same CA, and by one of another.
#include <set>

#include "adapters/simulator/rotating_signer.h"
#include "gateway/feedback/signature_watch.h"
#include "gateway/validate/answer.h"
#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

constexpr const char* kUntrusted = "UNVERIFIED(signature.untrusted)";

// Its successors, made once.
struct Successors {
  TempFolder folder;
  Pki other{folder, "other-authority"};
  Successors() {
    SharedPki::Get().authority.Issue("tct-next", PkiUse::kSigner, "", PkiKey::kRsa2048);
    other.Issue("tct-other", PkiUse::kSigner, "", PkiKey::kRsa2048);
  }
  static Successors& Get() {
    static Successors successors;
    return successors;
  }
};

class Rotation : public SimulatorTest {
 protected:
  void SetUp() override {
    SimulatorTest::SetUp();
    Successors::Get();
    options.rotate_at = At("2026-11-21T22:30:00+07:00");
    options.sign_key_file = SharedPki::Get().authority.Key("tct");
    options.sign_certificate_file = SharedPki::Get().authority.Certificate("tct");
    Write(ReadAll(SharedPki::Get().authority.Certificate("authority")));
    TrustOptions trust;
    trust.trust_files = {TrustFile()};
    own_verifier = MakeSignatureVerifier(trust, clock).value();
    reader = AnswerReader::Make(*parser, *own_verifier);
  }
  void RotateTo(const Pki& pki, const std::string& name) {
    options.rotate_key_file = pki.Key(name);
    options.rotate_certificate_file = pki.Certificate(name);
    authority_signer = sim::MakeAuthoritySigner(options).value();
  }
  std::string TrustFile() const { return folder.File("trust.pem"); }
  void Write(const std::string& pem) const { std::ofstream(TrustFile(), std::ios::trunc) << pem; }
  // The last one in it: the authority's.
  static std::string CertificateOf(const std::string& answer) {
    const size_t at = answer.rfind("X509Certificate>", answer.rfind("</X509Certificate>"));
    return answer.substr(at, answer.find('<', at) - at);
  }
  // What the gateway writes beside each signed answer to one more invoice.
  std::string Asked() {
    const size_t before = Receive("", 1000).size();
    Send(Coded(++number));
    Pass(std::chrono::seconds(10));
    const auto answers = Receive("", 1000);
    EXPECT_EQ(answers.size(), before + 2) << "999 and 202";
    last = answers.back();
    const std::string annotation = reader->Read(last, clock.Now()).annotation;
    watch.Note(202, annotation);
    return annotation;
  }

  std::unique_ptr<SignatureVerifier> own_verifier;
  std::unique_ptr<AnswerReader> reader;
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  SignatureWatch watch{LineId::Trusted("main"), *metrics};
  std::string last;
  int number = 0;
};

TEST_F(Rotation, ACertificateOfTheSameCaVerifiesBeforeAndAfter) {
  RotateTo(SharedPki::Get().authority, "tct-next");
  std::set<std::string> certificates;
  for (const char* at : {"22:29:59", "22:30:00", "23:00:00"}) {
    clock.MoveTo(At("2026-11-21T" + std::string(at) + "+07:00"));
    EXPECT_EQ(Asked(), "VERIFIED") << at;
    certificates.insert(CertificateOf(last));
    EXPECT_EQ(certificates.size(), std::string(at) < "22:30:00" ? 1U : 2U) << "the new one from 22:30 on, at " << at;
  }
  EXPECT_EQ(watch.alarm_text(), "");
}

TEST_F(Rotation, ACertificateOfAnotherCaIsUntrustedUntilItsCaIs) {
  RotateTo(Successors::Get().other, "tct-other");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Asked(), "VERIFIED");
  clock.MoveTo(At("2026-11-21T22:30:00+07:00"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Asked(), kUntrusted);
  EXPECT_EQ(watch.alarm_text(), "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Asked(), kUntrusted);
  EXPECT_EQ(watch.alarm_text(),
            "8 of the last 8 signed answers do not verify, 0 of the 4 before; mostly signature.untrusted");
  const std::string untrusted = last;
  Write(ReadAll(TrustFile()) + ReadAll(Successors::Get().other.Certificate("other-authority")));
  EXPECT_EQ(Asked(), kUntrusted) << "the file alone changes nothing";
  ASSERT_TRUE(own_verifier->Reload().value());
  for (int i = 0; i < 7; ++i) EXPECT_EQ(Asked(), "VERIFIED");
  EXPECT_EQ(watch.alarm_text(), "");
  EXPECT_EQ(reader->Read(untrusted, clock.Now()).annotation, "VERIFIED") << "what came before is read again";
}

TEST_F(Rotation, AFileThatIsMissingIsSaidAtTheStart) {
  options.rotate_key_file = options.rotate_certificate_file = folder.File("none");
  EXPECT_EQ(sim::MakeAuthoritySigner(options).status().reason().text(), "signature.key");
}

}  // namespace
}  // namespace tvan::test
