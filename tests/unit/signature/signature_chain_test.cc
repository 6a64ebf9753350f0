// Which certificates may sign, and which chains prove one: purposes, exponents, digests, the last second.
#include "adapters/signature/trust.h"
#include "tests/unit/signature/made_certificate.h"

namespace tvan {
namespace {

constexpr const char* kNow = "2026-11-21T10:40:00";

struct Chain : ::testing::Test {
  const Made root = Make(Ec(), "Root", nullptr, OfCa());

  Made Signer(Extensions more, const std::string& name = "Seller") {
    Extensions extensions = OfSigner();
    for (auto& one : more) extensions.push_back(std::move(one));
    return Make(Ec(), name, &root, std::move(extensions));
  }
  std::string OfPurpose(const std::string& purposes) {
    return JudgeWith(Trusting(root), SignedBy(Signer({{NID_ext_key_usage, purposes}})), kNow);
  }
};

TEST_F(Chain, ACertificateForMachinesSignsNoDocument) {
  for (const char* purposes : {"serverAuth", "timeStamping", "OCSPSigning", "codeSigning", "serverAuth,msSGC,nsSGC",
                               "serverAuth,codeSigning,timeStamping,OCSPSigning"})
    EXPECT_EQ(OfPurpose(purposes), "signature.key_usage") << purposes;
  for (const char* purposes :
       {"clientAuth,emailProtection", "clientAuth", "emailProtection", "anyExtendedKeyUsage", "1.3.6.1.5.5.7.3.36",
        "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5", "serverAuth,clientAuth", "serverAuth,1.3.6.1.5.5.7.3.36"})
    EXPECT_EQ(OfPurpose(purposes), "ok") << purposes;
  EXPECT_EQ(JudgeWith(Trusting(root), SignedBy(Signer({})), kNow), "ok") << "it states no purpose";
  EXPECT_EQ(JudgeWith(Trusting(root), SignedBy(Signer({{NID_ext_key_usage, "DER:30:00"}})), kNow),
            "signature.key_usage")
      << "none of them";
}

TEST_F(Chain, AHostNameNamesNoTaxCode) {
  const auto code_of = [&](const std::string& name) {
    return VerifySeller(*Sandbox::Shared().Verifier(Trusting(root)), SignedBy(Signer({}, name)))
        .reports.at(0)
        .signer_tax_code;
  };
  for (const char* name : {"0101234567.evil.vn", "www.0101234567.vn", "a0101234567", "0101234567a", "x-0101234567",
                           "0101234567-x", "0101234567-001-2", "0101234567_", "mail@0101234567", "0101234567Đ"})
    EXPECT_EQ(code_of(name), "") << name;
  for (const char* name : {"0101234567", "Ty (0101234567)", "[0101234567]", "MST:0101234567", "Ty, 0101234567, VN",
                           "MST: 0101234567;x", "Ty/0101234567", "Ty - 0101234567", "0101234567 and 0101234567"})
    EXPECT_EQ(code_of(name), "0101234567") << name;
  EXPECT_EQ(code_of("Ty 0101234567-001"), "0101234567-001");
  EXPECT_EQ(code_of("0101234567/0309999999"), "") << "two codes are none";
  EXPECT_EQ(code_of("0101234567 0309999999.vn"), "0101234567") << "a host name beside it";
}

// The CA states no key usage, so all are allowed to it.
TEST_F(Chain, ACertificateOfACaSignsNoDocument) {
  const Made open = Make(Ec(), "0101234567", nullptr, {{NID_basic_constraints, "critical,CA:TRUE"}});
  EXPECT_EQ(JudgeWith(Trusting(open), SignedBy(open), kNow), "signature.key_usage");
  const Made own = Make(Ec(), "0101234567", nullptr, {{NID_basic_constraints, "critical,CA:FALSE"}});
  EXPECT_EQ(JudgeWith(Trusting(own), SignedBy(own), kNow), "ok") << "one that is trusted by itself";
  const Made middle = Make(Ec(), "Middle", &open, {{NID_basic_constraints, "critical,CA:TRUE"}});
  EXPECT_EQ(JudgeWith(Trusting(open), SignedBy(middle), kNow), "signature.key_usage");
}

TEST_F(Chain, WantsExponentsFromThree) {
  const Made one = Make(RsaOfExponentOne(), "One", &root, OfSigner());
  EXPECT_EQ(JudgeWith(Trusting(root), SignedBy(one), kNow), "signature.key_size");
  EXPECT_EQ(JudgeWith(Trusting(root), SignedBy(Make(Rsa(2048), "Rsa", &root, OfSigner())), kNow), "ok");
  for (const bool sound : {true, false}) {
    const char* verdict = sound ? "ok" : "signature.untrusted";
    const Made above = Make(sound ? Rsa(2048) : RsaOfExponentOne(), "Above", nullptr, OfCa());
    EXPECT_EQ(JudgeWith(Trusting(above), SignedBy(Make(Ec(), "Seller", &above, OfSigner())), kNow), verdict);
    const Made middle = Make(sound ? Rsa(2048) : RsaOfExponentOne(), "Middle", &root, OfCa());
    const std::string below = SignedBy(Make(Ec(), "Seller", &middle, OfSigner()), middle.element());
    EXPECT_EQ(JudgeWith(Trusting(root), below, kNow), verdict);
    TrustOptions lenient = Trusting(root);
    lenient.allowed.legacy_sha1 = true;
    EXPECT_EQ(JudgeWith(lenient, below, kNow), verdict);
  }
}

// Below a CA of this key; the digests are those of the CA's certificate and of the signer's.
struct LegacyChain : ::testing::Test {
  const Made root = Make(Rsa(2048), "Root", nullptr, OfCa());

  std::string Below(EvpKey key, const EVP_MD* ca_digest, const EVP_MD* signer_digest, bool allowed = true) {
    const Made middle = Make(std::move(key), "Middle", &root, OfCa(), ca_digest);
    const std::string document = SignedBy(Make(Ec(), "Seller", &middle, OfSigner(), signer_digest), middle.element());
    TrustOptions options = Trusting(root);
    options.allowed.legacy_sha1 = allowed;
    return JudgeWith(options, document, kNow);
  }
};

TEST_F(LegacyChain, GoesNoFurtherDownThanSha1) {
  EXPECT_EQ(Below(Ec(), EVP_sha1(), EVP_sha256(), false), "signature.untrusted");
  EXPECT_EQ(Below(Ec(), EVP_sha1(), EVP_sha256()), "ok");
  EXPECT_EQ(Below(Ec(), EVP_sha256(), EVP_sha1()), "ok");
  EXPECT_EQ(Below(Rsa(2048), EVP_sha1(), EVP_sha512()), "ok");
  EXPECT_EQ(Below(Rsa(2048), EVP_md5(), EVP_sha256()), "signature.untrusted");
  EXPECT_EQ(Below(Rsa(2048), EVP_sha256(), EVP_md5()), "ok") << "the signer's own, as in the old suites";
  EXPECT_EQ(Below(Rsa(2048), EVP_ripemd160(), EVP_sha256()), "signature.untrusted");
  EXPECT_EQ(Below(Rsa(2048), EVP_sha256(), EVP_ripemd160()), "signature.untrusted");
}

TEST_F(LegacyChain, GoesNoFurtherDownThan1024Bits) {
  EXPECT_EQ(Below(Rsa(1024), EVP_sha256(), EVP_sha256(), false), "signature.untrusted");
  EXPECT_EQ(Below(Rsa(1024), EVP_sha256(), EVP_sha256()), "ok");
  EXPECT_EQ(Below(Rsa(1016), EVP_sha256(), EVP_sha256()), "signature.untrusted");
  EXPECT_EQ(Below(Rsa(512), EVP_sha256(), EVP_sha256()), "signature.untrusted");
  EXPECT_EQ(Below(Ec("secp160r1"), EVP_sha256(), EVP_sha256()), "ok");
  EXPECT_EQ(Below(Ec("secp112r1"), EVP_sha256(), EVP_sha256()), "signature.untrusted");
  const Made small = Make(Rsa(512), "Small root", nullptr, OfCa());
  TrustOptions options = Trusting(small);
  options.allowed.legacy_sha1 = true;
  EXPECT_EQ(JudgeWith(options, SignedBy(Make(Ec(), "Seller", &small, OfSigner())), kNow), "signature.untrusted");
}

// RFC 5280, 4.1.2.5: validity includes notAfter. Each moment is asked of a fresh Trust and of one that has proven it.
TEST_F(Chain, IsValidToItsLastSecondWhateverWasProvenBefore) {
  const PkiValidity hour{At("2026-11-21T10:00:00"), At("2026-11-21T11:00:00")};
  const Made signer = Make(Ec(), "Seller", &root, OfSigner(), EVP_sha256(), hour);
  const auto clock = MakeSystemClock();
  const auto judge = [&](Time at, bool warm) {
    const auto trust = Sandbox::Take(Trust::Load(Trusting(root), *clock, {}));
    const auto party = trust->Find({signer.der()});
    if (warm) {
      EXPECT_TRUE(trust->Check(*party, {At("2026-11-21T10:30:00"), at}, {}).ok());
    }
    const auto chain = trust->Check(*party, {at, at}, {});
    return chain.ok() ? "ok" : std::string(chain.status().reason().text());
  };
  const Span moment = Span(1), second = std::chrono::seconds(1);
  for (const bool warm : {false, true}) {
    EXPECT_EQ(judge(hour.not_before - moment, warm), "signature.expired") << warm;
    EXPECT_EQ(judge(hour.not_before, warm), "ok") << warm;
    EXPECT_EQ(judge(hour.not_after - moment, warm), "ok") << warm;
    EXPECT_EQ(judge(hour.not_after, warm), "ok") << warm;
    EXPECT_EQ(judge(hour.not_after + second - moment, warm), "ok") << warm << ": in that second";
    EXPECT_EQ(judge(hour.not_after + second, warm), "signature.expired") << warm;
  }
}

}  // namespace
}  // namespace tvan
