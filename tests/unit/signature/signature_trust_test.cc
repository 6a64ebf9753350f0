// Chain, revocation, time and keys: whose signature is taken, and as of when.
#include "tests/unit/signature/made_certificate.h"

namespace tvan {
namespace {

TEST(Trust, WantsATrustedIssuer) {
  Sandbox& sandbox = Sandbox::Shared();
  const auto other = Sandbox::Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, Sandbox::wide()));
  TrustOptions foreign;
  foreign.trust_files = {sandbox.Write("other-ca.pem", other->pem().certificate_pem)};
  const std::string good = sandbox.Sign(Message(Invoice()));
  EXPECT_EQ(JudgeWith(foreign, good, "2026-11-21T10:01:00"), "signature.untrusted");
  EXPECT_EQ(JudgeWith({}, good, "2026-11-21T10:01:00"), "ok");
}

TEST(Trust, BuildsTheChainThroughAnIntermediate) {
  Sandbox& sandbox = Sandbox::Shared();
  const auto middle = Sandbox::Take(sandbox.ca().IssueIntermediate("Middle CA", PkiKey::kEcP256, Sandbox::wide()));
  const auto middle_ca = Sandbox::Take(SandboxCa::Load(middle.key_pem, middle.certificate_pem));
  CertificateSpec spec;
  spec.common_name = "Seller below";
  spec.validity = Sandbox::wide();
  const auto leaf = Sandbox::Take(middle_ca->Issue(spec));
  sandbox.Write("below.key", leaf.key_pem);
  sandbox.Write("below.crt", leaf.certificate_pem);
  const std::string good = sandbox.Sign(Message(Invoice()), "below");
  EXPECT_EQ(JudgeWith({}, good, "2026-11-21T10:01:00"), "signature.untrusted");
  TrustOptions options;
  options.trust_files = {sandbox.Path("ca.pem"), sandbox.Write("middle.pem", middle.certificate_pem)};
  EXPECT_EQ(JudgeWith(options, good, "2026-11-21T10:01:00"), "ok");
  options.trust_files = {sandbox.Path("middle.pem")};
  const auto clock = MakeSystemClock();
  EXPECT_EQ(MakeSignatureVerifier(options, *clock).status().reason().text(), "signature.trust") << "no root among them";
  // The intermediate comes with the signature, after the signer's own.
  std::string der = middle.certificate_pem.substr(28, middle.certificate_pem.find("-----END") - 28);
  const std::string with = Replaced(good, "</X509Data>", "<X509Certificate>" + der + "</X509Certificate></X509Data>");
  EXPECT_EQ(JudgeWith({}, with, "2026-11-21T10:01:00"), "ok");
}

TEST(Trust, WantsACertificateValidAtSigningTime) {
  Sandbox& sandbox = Sandbox::Shared();
  sandbox.Issue("short", PkiKey::kEcP256, {At("2026-11-21T09:00:00"), At("2026-11-21T11:00:00")});
  const auto sign = [&](const std::string& when) {
    return Sandbox::Take(
        sandbox.Signer("short")->Sign(Message(Invoice()), {"data", "/TDiep/DLieu/HDon/DSCKS/NBan", At(when), {}}));
  };
  EXPECT_EQ(JudgeWith({}, sign("2026-11-21T10:00:00"), "2026-11-21T12:00:00"), "ok") << "it was valid when it signed";
  EXPECT_EQ(JudgeWith({}, sign("2026-11-21T11:30:00"), "2026-11-21T12:00:00"), "signature.expired");
  EXPECT_EQ(JudgeWith({}, sign("2026-11-21T08:30:00"), "2026-11-21T12:00:00"), "signature.expired");
  // The cached proof of the first does not carry the second.
  const auto verifier = sandbox.Verifier();
  EXPECT_EQ(Rules(VerifySeller(*verifier, sign("2026-11-21T10:00:00"), At("2026-11-21T12:00:00"))), "ok");
  EXPECT_EQ(Rules(VerifySeller(*verifier, sign("2026-11-21T11:30:00"), At("2026-11-21T12:00:00"))),
            "signature.expired");
  TrustOptions at_acceptance;
  at_acceptance.check_signing_time = false;
  EXPECT_EQ(JudgeWith(at_acceptance, sign("2026-11-21T10:00:00"), "2026-11-21T12:00:00"), "signature.expired");
}

TEST(Trust, BoundsTheSigningTime) {
  const std::string good = Sandbox::Shared().Sign(Message(Invoice()));  // signed at 10:00:00
  EXPECT_EQ(JudgeWith({}, good, "2026-11-21T09:55:00"), "ok");
  EXPECT_EQ(JudgeWith({}, good, "2026-11-21T09:54:59"), "signature.time");
  EXPECT_EQ(JudgeWith({}, good, "2027-11-22T10:00:00"), "ok");
  EXPECT_EQ(JudgeWith({}, good, "2027-11-22T10:00:01"), "signature.time");
}

TEST(Trust, RefusesACertificateRevokedBeforeAcceptance) {
  Sandbox& sandbox = Sandbox::Shared();
  const std::string certificate = sandbox.Issue("revoked", PkiKey::kEcP256, Sandbox::wide());
  const std::string good = sandbox.Sign(Message(Invoice()), "revoked");
  const std::string crl =
      Sandbox::Take(sandbox.ca().MakeCrl({{certificate, At("2026-11-21T10:30:00")}}, At("2026-11-21T11:00:00")));
  TrustOptions options;
  options.crl_files = {sandbox.Write("crl.pem", crl)};
  EXPECT_EQ(JudgeWith(options, good, "2026-11-21T10:29:59"), "ok");
  EXPECT_EQ(JudgeWith(options, good, "2026-11-21T10:30:00"), "signature.revoked");
  EXPECT_EQ(JudgeWith(options, sandbox.Sign(Message(Invoice())), "2026-11-21T10:30:00"), "ok") << "another certificate";
  const auto verifier = sandbox.Verifier(options);
  EXPECT_EQ(Rules(VerifySeller(*verifier, good, At("2026-11-21T10:20:00"))), "ok");
  EXPECT_EQ(Rules(VerifySeller(*verifier, good, At("2026-11-21T10:40:00"))), "signature.revoked") << "cached proof";
  // A list of the same name that another key signed says nothing.
  const auto other = Sandbox::Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, Sandbox::wide()));
  options.crl_files = {sandbox.Write(
      "forged.pem",
      Sandbox::Take(other->MakeCrl({{certificate, At("2026-11-21T10:30:00")}}, At("2026-11-21T11:00:00"))))};
  EXPECT_EQ(JudgeWith(options, good, "2026-11-21T10:40:00"), "ok");
}

TEST(Trust, TakesAListOfAnIntermediateThatIsConfiguredOrComesWithTheMessage) {
  Sandbox& sandbox = Sandbox::Shared();
  const Made root = Make(Ec(), "Root", nullptr, OfCa()), middle = Make(Ec(), "Middle", &root, OfCa());
  const Made seller = Make(Ec(), "Seller", &middle, OfSigner()), other = Make(Ec(), "Other", &middle, OfSigner());
  const auto ca = Sandbox::Take(SandboxCa::Load(PemOf(middle.key.get()), middle.pem()));
  TrustOptions options = Trusting(root);
  options.crl_files = {sandbox.Write(
      "middle-crl.pem",
      Sandbox::Take(ca->MakeCrl({{seller.pem(), At("2026-11-21T10:30:00")}}, At("2026-11-21T10:35:00"))))};
  const auto judge = [](const SignatureVerifier& verifier, const std::string& document) {
    return Rules(VerifySeller(verifier, document, At("2026-11-21T10:40:00")));
  };
  const auto lazily = sandbox.Verifier(options);
  EXPECT_EQ(lazily->Loaded().unverified_crls, 1u);
  EXPECT_EQ(judge(*lazily, SignedBy(seller, middle.element())), "signature.revoked");
  EXPECT_EQ(judge(*lazily, SignedBy(other, middle.element())), "ok");
  options.trust_files.push_back(sandbox.Write("made-middle.pem", middle.pem()));
  const auto at_load = sandbox.Verifier(options);
  EXPECT_EQ(at_load->Loaded().unverified_crls, 0u);
  EXPECT_EQ(judge(*at_load, SignedBy(seller)), "signature.revoked");
  EXPECT_EQ(judge(*at_load, SignedBy(other)), "ok");
}

TEST(Trust, RefusesACertificateThatIsNotForSigning) {
  Sandbox& sandbox = Sandbox::Shared();
  const auto ca = sandbox.ca().pem();
  sandbox.Write("ca-as-signer.key", ca.key_pem);
  sandbox.Write("ca-as-signer.crt", ca.certificate_pem);
  EXPECT_EQ(JudgeWith({}, sandbox.Sign(Message(Invoice()), "ca-as-signer"), "2026-11-21T10:01:00"),
            "signature.key_usage");
}

TEST(Trust, RefusesWeakAndUnusualKeys) {
  Sandbox& sandbox = Sandbox::Shared();
  const auto judge = [&](const std::string& kind, bool switch_on) {
    const std::string command =
        "openssl req -x509 -nodes -subj /CN=weak -days 3650 -addext basicConstraints=CA:FALSE " + kind + " -keyout " +
        sandbox.Path("weak.key") + " -out " + sandbox.Path("weak.crt") + " 2> /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    TrustOptions options;
    options.trust_files = {sandbox.Path("weak.crt")};
    options.allowed.legacy_sha1 = switch_on;
    options.check_signing_time = false;
    const Time now = MakeSystemClock()->Now() + std::chrono::minutes(1);
    return Rules(VerifySeller(*sandbox.Verifier(options), sandbox.Sign(Message(Invoice()), "weak"), now));
  };
  EXPECT_EQ(judge("-newkey rsa:2048", false), "ok");
  EXPECT_EQ(judge("-newkey rsa:1024", false), "signature.key_size");
  EXPECT_EQ(judge("-newkey rsa:1024", true), "ok") << "the legacy switch";
  EXPECT_EQ(judge("-newkey ec -pkeyopt ec_paramgen_curve:P-384", false), "ok");
  EXPECT_EQ(judge("-newkey ec -pkeyopt ec_paramgen_curve:P-521", false), "signature.key_size");
  EXPECT_EQ(judge("-newkey ec -pkeyopt ec_paramgen_curve:secp256k1", false), "signature.key_size");
}

TEST(Trust, TakesAtMostFiveCertificates) {
  Sandbox& sandbox = Sandbox::Shared();
  std::string more;
  const std::string good = sandbox.Sign(Message(Invoice()));
  for (int count = 2; count <= 6; ++count) {
    const std::string pem = sandbox.Issue("extra", PkiKey::kEcP256, Sandbox::wide());
    more += "<X509Certificate>" + pem.substr(28, pem.find("-----END") - 28) + "</X509Certificate>";
    EXPECT_EQ(JudgeWith({}, Replaced(good, "</X509Data>", more + "</X509Data>"), "2026-11-21T10:01:00"),
              count <= 5 ? "ok" : "signature.certificate");
  }
}

TEST(Trust, NamesTrustFilesThatCannotBeRead) {
  const auto clock = MakeSystemClock();
  for (const std::string& file : {std::string("/nonexistent/ca.pem"), Sandbox::Shared().Write("empty.pem", "x")}) {
    TrustOptions options;
    options.trust_files = {file};
    const auto verifier = MakeSignatureVerifier(options, *clock);
    ASSERT_FALSE(verifier.ok());
    EXPECT_EQ(verifier.status().reason().text(), "signature.trust");
    EXPECT_NE(verifier.status().message().find(file), std::string::npos);
  }
}

}  // namespace
}  // namespace tvan
