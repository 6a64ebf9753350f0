// The sandbox's certificate factory, the digest and the Ed25519 key.
#include <sys/stat.h>

#include "tests/unit/signature/sandbox.h"

namespace tvan {
namespace {

TEST(Pki, MarksWhatItMakes) {
  Sandbox& sandbox = Sandbox::Shared();
  EXPECT_TRUE(HasSandboxMarker(sandbox.ca().pem().certificate_pem));
  EXPECT_TRUE(HasSandboxMarker(sandbox.Issue("marked", PkiKey::kEcP256, Sandbox::wide())));
  EXPECT_FALSE(HasSandboxMarker("no certificate"));
  const std::string plain = sandbox.Path("plain.crt");
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=plain -days 1 "
      "-keyout " +
      sandbox.Path("plain.key") + " -out " + plain + " 2> /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream file(plain);
  const std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_TRUE(CertificateSha256(pem).ok());
  EXPECT_FALSE(HasSandboxMarker(pem));
}

TEST(Pki, MakesServerCertificatesThatOpensslTakes) {
  Sandbox& sandbox = Sandbox::Shared();
  CertificateSpec spec;
  spec.common_name = "gateway";
  spec.use = PkiUse::kServer;
  spec.validity = Sandbox::wide();
  const auto pair = Sandbox::Take(sandbox.ca().Issue(spec));
  sandbox.Write("server.crt", pair.certificate_pem);
  const std::string base = "openssl verify -x509_strict -purpose sslserver -CAfile " + sandbox.Path("ca.pem");
  const std::string end = " " + sandbox.Path("server.crt") + " > /dev/null 2>&1";
  EXPECT_EQ(std::system((base + " -verify_ip 127.0.0.1" + end).c_str()), 0);
  EXPECT_EQ(std::system((base + " -verify_hostname localhost" + end).c_str()), 0);
  EXPECT_NE(std::system((base + " -verify_hostname elsewhere" + end).c_str()), 0);
}

TEST(Pki, KeepsValidityAndFingerprint) {
  Sandbox& sandbox = Sandbox::Shared();
  const PkiValidity wanted{At("2026-01-02T03:04:05"), At("2060-01-02T03:04:05")};
  const std::string pem = sandbox.Issue("dated", PkiKey::kEcP256, wanted);
  const auto got = Sandbox::Take(CertificateValidity(pem));
  EXPECT_EQ(got.not_before, wanted.not_before);
  EXPECT_EQ(got.not_after, wanted.not_after);
  const std::string command = "openssl x509 -in " + sandbox.Path("dated.crt") +
                              " -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f > " +
                              sandbox.Path("fp.txt");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string fingerprint;
  std::ifstream(sandbox.Path("fp.txt")) >> fingerprint;
  EXPECT_EQ(Sandbox::Take(CertificateSha256(pem)), fingerprint);
}

TEST(Pki, WritesKeysForTheOwnerOnly) {
  const std::string path = Sandbox::Shared().Path("mode.key");
  ASSERT_TRUE(WritePem(path, "first", PemKind::kPublic).ok());
  ASSERT_TRUE(WritePem(path, "second", PemKind::kSecret).ok());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(WritePem("/nonexistent/x", "y", PemKind::kSecret).reason().text(), "signature.pki");
}

TEST(Pki, ReadsTheTaxCodeFromTheSubject) {
  const auto code_of = [](const std::string& common_name, const std::string& tax_code) {
    Sandbox& sandbox = Sandbox::Shared();
    CertificateSpec spec;
    spec.common_name = common_name;
    spec.tax_code = tax_code;
    spec.validity = Sandbox::wide();
    const auto pair = Sandbox::Take(sandbox.ca().Issue(spec));
    sandbox.Write("code.key", pair.key_pem);
    sandbox.Write("code.crt", pair.certificate_pem);
    return VerifySeller(*sandbox.Verifier(), sandbox.Sign(Message(Invoice()), "code")).reports.at(0).signer_tax_code;
  };
  EXPECT_EQ(code_of("Công ty", "0101234567"), "0101234567");
  EXPECT_EQ(code_of("Công ty 0309999999", "0101234567-001"), "0101234567-001") << "UID goes before CN";
  EXPECT_EQ(code_of("Công ty (0309999999)", ""), "0309999999");
  EXPECT_EQ(code_of("Công ty 0309999999, 0309999998", ""), "") << "two codes are none";
  EXPECT_EQ(code_of("Công ty 12345", ""), "");
}

TEST(Digest, IsSha256AndHmac) {
  const auto digester = MakeDigester();
  EXPECT_EQ(digester->Sha256Of("abc").Hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digester->Sha256Of("").Hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digester->HmacSha256("Jefe", "what do ya want for nothing?").Hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231, case 2
}

TEST(Random, GivesOtherBytesEachTime) {
  EXPECT_EQ(RandomBytes(32).size(), 32u);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
  EXPECT_EQ(RandomBytes(0), "");
}

TEST(Ed25519, SignsAndVerifies) {
  const auto key = Sandbox::Take(LoadSealKey(Sandbox::Shared().Path("seal.pem")));
  const std::string signature = key->Sign("text");
  EXPECT_EQ(signature.size(), 64u);
  EXPECT_EQ(key->public_key().size(), 32u);
  EXPECT_TRUE(VerifyEd25519(key->public_key(), "text", signature));
  EXPECT_FALSE(VerifyEd25519(key->public_key(), "texT", signature));
  EXPECT_FALSE(VerifyEd25519(key->public_key(), "text", signature.substr(1)));
  EXPECT_FALSE(VerifyEd25519("short", "text", signature));
  EXPECT_EQ(LoadSealKey(Sandbox::Shared().Path("ec.key")).status().reason().text(), "signature.key");
  EXPECT_EQ(LoadSealKey("/nonexistent").status().reason().text(), "signature.key");
}

}  // namespace
}  // namespace tvan
