// Trust that changes while the gateway runs, and verdicts that depend on nothing but message, time and trust.
#include <atomic>
#include <thread>

#include "tests/unit/signature/sandbox.h"

namespace tvan {
namespace {

constexpr const char* kNow = "2026-11-21T10:40:00";

std::string Judge(const SignatureVerifier& verifier, const std::string& document, VerifyContext context = At(kNow)) {
  const auto parsed = ParseXml(document);
  return Rules(verifier.Verify(*parsed, {SellerDemand(parsed->root().Descend({"DLieu", "HDon"}))}, context));
}

std::string Der(const std::string& pem) { return pem.substr(28, pem.find("-----END") - 28); }

// A CA below another one, `depth` times; then a signer "deep". The intermediates come with the signature.
std::string SignedBelow(int depth) {
  Sandbox& sandbox = Sandbox::Shared();
  std::string attached;
  std::unique_ptr<SandboxCa> held;
  SandboxCa* ca = &sandbox.ca();
  for (int i = 0; i < depth; ++i) {
    const auto pem =
        Sandbox::Take(ca->IssueIntermediate("Middle " + std::to_string(i), PkiKey::kEcP256, Sandbox::wide()));
    attached += "<X509Certificate>" + Der(pem.certificate_pem) + "</X509Certificate>";
    held = Sandbox::Take(SandboxCa::Load(pem.key_pem, pem.certificate_pem));
    ca = held.get();
  }
  CertificateSpec spec;
  spec.common_name = "Deep";
  spec.validity = Sandbox::wide();
  const auto leaf = Sandbox::Take(ca->Issue(spec));
  sandbox.Write("deep.key", leaf.key_pem);
  sandbox.Write("deep.crt", leaf.certificate_pem);
  return Replaced(sandbox.Sign(Message(Invoice()), "deep"), "</X509Data>", attached + "</X509Data>");
}

struct ReloadTest : testing::Test {
  std::string Crl(std::vector<Revocation> revoked) {
    return Sandbox::Take(sandbox.ca().MakeCrl(revoked, At("2026-11-21T10:35:00")));
  }
  Sandbox& sandbox = Sandbox::Shared();
  const std::string certificate = sandbox.Issue("later-revoked", PkiKey::kEcP256, Sandbox::wide());
  const std::string good = sandbox.Sign(Message(Invoice()), "later-revoked");
};

TEST_F(ReloadTest, ARevocationListThatChangedIsInForceAtOnce) {
  TrustOptions options;
  options.crl_files = {sandbox.Write("changing.pem", Crl({}))};
  const auto verifier = sandbox.Verifier(options);
  EXPECT_EQ(Judge(*verifier, good), "ok");
  EXPECT_FALSE(*verifier->Reload()) << "nothing changed";
  const std::string before = verifier->Loaded().sha256;
  sandbox.Write("changing.pem", Crl({{certificate, At("2026-11-21T10:30:00")}}));
  EXPECT_EQ(Judge(*verifier, good), "ok") << "not read yet";
  EXPECT_TRUE(*verifier->Reload());
  EXPECT_NE(verifier->Loaded().sha256, before);
  EXPECT_EQ(Judge(*verifier, good), "signature.revoked") << "the proof of before does not count any more";
}

TEST_F(ReloadTest, ARootThatIsTakenAwayTrustsNobody) {
  TrustOptions options;
  const auto other = Sandbox::Take(SandboxCa::Create("Other CA", PkiKey::kEcP256, Sandbox::wide()));
  options.trust_files = {sandbox.Write("changing-ca.pem", sandbox.ca().pem().certificate_pem)};
  const auto verifier = sandbox.Verifier(options);
  EXPECT_EQ(Judge(*verifier, good), "ok");
  sandbox.Write("changing-ca.pem", other->pem().certificate_pem);
  EXPECT_TRUE(*verifier->Reload());
  EXPECT_EQ(Judge(*verifier, good), "signature.untrusted");
  EXPECT_EQ(verifier->Loaded().roots, 1u);
}

// The CA has a new key and signs its lists by that; certificates of the old key are on them as well.
TEST_F(ReloadTest, AListOfTheCasNewKeyCountsForCertificatesOfTheOldOne) {
  const auto renewed = Sandbox::Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, Sandbox::wide()));
  const std::string list =
      Sandbox::Take(renewed->MakeCrl({{certificate, At("2026-11-21T10:30:00")}}, At("2026-11-21T10:35:00")));
  TrustOptions options;
  options.crl_files = {sandbox.Write("renewed-crl.pem", list)};
  EXPECT_EQ(Judge(*sandbox.Verifier(options), good), "ok") << "nobody vouches for that key";
  EXPECT_EQ(sandbox.Verifier(options)->Loaded().unverified_crls, 1u);
  options.trust_files = {sandbox.Path("ca.pem"), sandbox.Write("renewed-ca.pem", renewed->pem().certificate_pem)};
  const auto verifier = sandbox.Verifier(options);
  EXPECT_EQ(verifier->Loaded().unverified_crls, 0u);
  EXPECT_EQ(verifier->Loaded().crls, 1u);
  EXPECT_EQ(Judge(*verifier, good), "signature.revoked");
}

TEST_F(ReloadTest, AFileThatCannotBeReadChangesNothing) {
  TrustOptions options;
  options.crl_files = {sandbox.Write("broken.pem", Crl({{certificate, At("2026-11-21T10:30:00")}}))};
  const auto verifier = sandbox.Verifier(options);
  const std::string before = verifier->Loaded().sha256;
  sandbox.Write("broken.pem", "half a file");
  const auto reloaded = verifier->Reload();
  ASSERT_FALSE(reloaded.ok());
  EXPECT_EQ(reloaded.status().reason().text(), "signature.trust");
  EXPECT_EQ(verifier->Loaded().sha256, before);
  EXPECT_EQ(Judge(*verifier, good), "signature.revoked");
}

TEST_F(ReloadTest, GoesOnBesideChecksInOtherThreads) {
  TrustOptions options;
  options.crl_files = {sandbox.Write("busy.pem", Crl({}))};
  const auto verifier = sandbox.Verifier(options);
  std::atomic<bool> stop{false};
  std::atomic<int> others{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      while (!stop) {
        const std::string verdict = Judge(*verifier, good);
        if (verdict != "ok" && verdict != "signature.revoked") ++others;
      }
    });
  for (int i = 0; i < 20; ++i) {
    sandbox.Write("busy.pem", Crl(i % 2 == 0 ? std::vector<Revocation>{{certificate, At("2026-11-21T10:30:00")}}
                                             : std::vector<Revocation>{}));
    EXPECT_TRUE(*verifier->Reload());
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(others, 0);
  EXPECT_EQ(Judge(*verifier, good), "ok");
}

TEST(Verdicts, DoNotDependOnWhatCameBefore) {
  const std::string with = SignedBelow(1);
  const std::string without = Replaced(
      with, with.substr(with.rfind("<X509Certificate>"), with.rfind("</X509Data>") - with.rfind("<X509Certificate>")),
      "");
  const auto verifier = Sandbox::Shared().Verifier();
  EXPECT_EQ(Judge(*verifier, without), "signature.untrusted");
  EXPECT_EQ(Judge(*verifier, with), "ok");
  EXPECT_EQ(Judge(*verifier, without), "signature.untrusted") << "its chain was proven with another's certificates";
}

TEST(Verdicts, TakeChainsOfFourSteps) {
  const auto verifier = Sandbox::Shared().Verifier();
  EXPECT_EQ(Judge(*verifier, SignedBelow(3)), "ok");
  EXPECT_EQ(Judge(*verifier, SignedBelow(4)), "signature.untrusted");
}

TEST(Verdicts, AnAllowanceOfOneCallerIsNoneOfAnother) {
  Sandbox& sandbox = Sandbox::Shared();
  const std::string command =
      "openssl req -x509 -nodes -subj /CN=old -days 3650 -addext basicConstraints=CA:FALSE "
      "-newkey rsa:1024 -keyout " +
      sandbox.Path("old.key") + " -out " + sandbox.Path("old.crt") + " 2> /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  TrustOptions options;
  options.trust_files = {sandbox.Path("old.crt")};
  options.check_signing_time = false;
  const auto verifier = sandbox.Verifier(options);
  const std::string old = sandbox.Sign(Message(Invoice()), "old");
  VerifyContext plain(MakeSystemClock()->Now() + std::chrono::minutes(1)), lenient = plain;
  lenient.allowed.legacy_sha1 = true;
  EXPECT_EQ(Judge(*verifier, old, plain), "signature.key_size");
  EXPECT_EQ(Judge(*verifier, old, lenient), "ok");
  EXPECT_EQ(Judge(*verifier, old, plain), "signature.key_size") << "what was proven leniently";
  const auto parsed = ParseXml(old);
  const auto check = verifier->Verify(*parsed, {SellerDemand(parsed->root().Descend({"DLieu", "HDon"}))}, lenient);
  EXPECT_EQ(check.reports[0].marks, std::vector<std::string>{"legacy_sha1"});
}

TEST(Verdicts, AChainThatIsProvenLenientlyIsNotProvenForOthers) {
  const Sandbox& sandbox = Sandbox::Shared();
  const auto run = [&](std::string command) {
    for (size_t at; (at = command.find('@')) != std::string::npos;) command.replace(at, 1, sandbox.Path(""));
    return std::system((command + " 2> /dev/null").c_str());
  };
  ASSERT_EQ(
      run("openssl req -x509 -nodes -subj /CN=weak-ca -days 3650 -newkey rsa:1024 -keyout @wca.key -out @wca.crt"), 0);
  ASSERT_EQ(run("openssl req -new -nodes -subj /CN=strong -newkey rsa:2048 -keyout @strong.key -out @strong.csr"), 0);
  ASSERT_EQ(run("openssl x509 -req -in @strong.csr -CA @wca.crt -CAkey @wca.key -days 3650 -out @strong.crt"), 0);
  TrustOptions options;
  options.trust_files = {sandbox.Path("wca.crt")};
  options.check_signing_time = false;
  const auto verifier = sandbox.Verifier(options);
  VerifyContext plain(MakeSystemClock()->Now() + std::chrono::minutes(1)), lenient = plain;
  lenient.allowed.legacy_sha1 = true;
  const std::string signed_by_strong = sandbox.Sign(Message(Invoice()), "strong");
  const auto parsed = ParseXml(signed_by_strong);
  for (int again = 0; again < 2; ++again) {
    const auto check = verifier->Verify(*parsed, {SellerDemand(parsed->root().Descend({"DLieu", "HDon"}))}, lenient);
    EXPECT_EQ(Rules(check), "ok");
    EXPECT_EQ(check.reports[0].marks, std::vector<std::string>{"legacy_sha1"});
    EXPECT_EQ(Judge(*verifier, signed_by_strong, plain), "signature.untrusted");
  }
}

TEST(Verdicts, BoundTheSigningTimeByTheClassOfTheMessage) {
  const auto verifier = Sandbox::Shared().Verifier();
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()));  // signed on 2026-11-21 at 10:00:00
  VerifyContext context(At("2026-11-23T10:00:00"));
  EXPECT_EQ(Judge(*verifier, good, context), "ok");
  context.signing_time_behind = std::chrono::hours(48);
  EXPECT_EQ(Judge(*verifier, good, context), "ok");
  context.signing_time_behind = std::chrono::hours(47);
  EXPECT_EQ(Judge(*verifier, good, context), "signature.time");
}

TEST(TaxCodes, AreReadWhereTheConfigurationSays) {
  Sandbox& sandbox = Sandbox::Shared();
  const auto signer_of = [&](std::vector<std::string> sources) {
    TrustOptions options;
    options.tax_code_from = std::move(sources);
    const auto parsed = ParseXml(sandbox.Sign(Message(Invoice())));  // "CN=Seller ec,UID=MST:0101234567"
    const auto verifier = sandbox.Verifier(options);
    return verifier->Verify(*parsed, {SellerDemand(parsed->root().Descend({"DLieu", "HDon"}))}, At(kNow))
        .reports[0]
        .signer_tax_code;
  };
  EXPECT_EQ(signer_of({}), "0101234567");
  EXPECT_EQ(signer_of({"UID=MST:"}), "0101234567");
  EXPECT_EQ(signer_of({"0.9.2342.19200300.100.1.1=MST:"}), "0101234567");
  EXPECT_EQ(signer_of({"UID~"}), "0101234567");
  EXPECT_EQ(signer_of({"UID="}), "") << "the whole value is no tax code";
  EXPECT_EQ(signer_of({"serialNumber=MST:", "CN~"}), "");
  EXPECT_EQ(signer_of({"CN~", "UID=MST:"}), "0101234567") << "the next source";
}

TEST(TaxCodes, OfASourceThatIsNoneAreRefusedAtStart) {
  const auto clock = MakeSystemClock();
  for (const char* source : {"UID", "=MST:", "Nowhere=", "CN~x", ""}) {
    TrustOptions options;
    options.trust_files = {Sandbox::Shared().Path("ca.pem")};
    options.tax_code_from = {source};
    const auto verifier = MakeSignatureVerifier(options, *clock);
    ASSERT_FALSE(verifier.ok()) << source;
    EXPECT_EQ(verifier.status().reason().text(), "signature.trust");
  }
}

}  // namespace
}  // namespace tvan
