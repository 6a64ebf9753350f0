// The policy: one good signature, and each rule by one change to it. The policy speaks before any cryptography, so the
// changed documents need not verify.
#include "tests/unit/signature/sandbox.h"

namespace tvan {
namespace {

constexpr const char* kEnveloped =
    "<Transforms><Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></Transforms>";
constexpr const char* kC14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

class Policy : public ::testing::Test {
 protected:
  void SetUp() override {
    good_ = Sandbox::Shared().Sign(Message(Invoice()), "rsa");
    verifier_ = Sandbox::Shared().Verifier();
    ASSERT_EQ(Judge(good_), "ok");
  }
  std::string Judge(const std::string& document) { return Rules(VerifySeller(*verifier_, document)); }
  std::string Changed(const std::string& from, const std::string& to) { return Judge(Replaced(good_, from, to)); }
  // What the policy refuses is refused by it alone: no digest or value finding beside.
  std::string good_;
  std::unique_ptr<SignatureVerifier> verifier_;
};

TEST_F(Policy, RefusesWhatIsNotOnceThere) {
  const size_t begin = good_.find("<SignedInfo>");
  const size_t end = good_.find("</SignedInfo>") + 13;
  const std::string info = good_.substr(begin, end - begin);
  EXPECT_EQ(Changed(info, info + info), "signature.not_single");
  EXPECT_EQ(Changed(info, ""), "signature.not_single");
  EXPECT_EQ(Changed("<KeyInfo>", "<KeyInfo></KeyInfo><KeyInfo>"), "signature.not_single");
  EXPECT_EQ(Changed("<SignatureValue>", "<SignatureValue></SignatureValue><SignatureValue>"), "signature.not_single");
  EXPECT_EQ(Changed("<SignatureValue>", "<SignatureValue><x/>"), "signature.format");
  EXPECT_EQ(Changed("<KeyInfo>", "<x/><KeyInfo>"), "signature.format");
}

TEST_F(Policy, RefusesAMissingSignatureByItsPlace) {
  const auto check = VerifySeller(*verifier_, Message(Invoice()));
  ASSERT_EQ(Rules(check), "signature.missing");
  EXPECT_EQ(check.faults[0].path, "/TDiep/DLieu/HDon/DSCKS/NBan/Signature");
  ASSERT_EQ(check.reports.size(), 1u);
  EXPECT_FALSE(check.reports[0].valid);
}

TEST_F(Policy, RefusesForeignAlgorithms) {
  EXPECT_EQ(Changed(kC14n, "http://www.w3.org/2006/12/xml-c14n11"), "signature.canonicalization");
  EXPECT_EQ(Changed(kC14n, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"), "signature.canonicalization");
  EXPECT_EQ(Changed("rsa-sha256", "hmac-sha256"), "signature.method");
  EXPECT_EQ(Changed("rsa-sha256\"/>", "rsa-sha256\"><HMACOutputLength>8</HMACOutputLength></SignatureMethod>"),
            "signature.method");
  EXPECT_EQ(Changed("xmlenc#sha256", "xmlenc#ripemd160"), "signature.digest_method");
  EXPECT_EQ(Changed("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            "signature.sha1");
  EXPECT_EQ(Changed("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
            "signature.sha1");
  EXPECT_EQ(Changed("rsa-sha256", "ecdsa-sha256"), "signature.algorithm_key");
}

TEST_F(Policy, RefusesForeignTransforms) {
  const auto with = [&](const std::string& transforms) {
    return Changed("<Reference URI=\"#data\">", "<Reference URI=\"#data\"><Transforms>" + transforms + "</Transforms>");
  };
  const std::string enveloped = "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
  const std::string c14n = "<Transform Algorithm=\"" + std::string(kC14n) + "\"/>";
  // Accepted by the policy: what is left is the changed SignedInfo.
  EXPECT_EQ(with(enveloped), "signature.value");
  EXPECT_EQ(with(enveloped + c14n), "signature.value");
  EXPECT_EQ(with(c14n), "signature.value");
  EXPECT_EQ(with(c14n + enveloped), "signature.transform");
  EXPECT_EQ(with(c14n + c14n), "signature.transform");
  EXPECT_EQ(with(enveloped + c14n + c14n), "signature.too_many_transforms");
  EXPECT_EQ(with("<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>"), "signature.transform");
  EXPECT_EQ(with("<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath>1</XPath></Transform>"),
            "signature.transform");
  EXPECT_EQ(with("<Transform Algorithm=\"" + std::string(kC14n) + "\"><x/></Transform>"), "signature.transform");
}

TEST_F(Policy, RefusesReferencesThatLeaveTheDocument) {
  for (const char* uri : {"http://example.invalid/x", "file:///etc/passwd", "#xpointer(/)", "#xpointer(id('data'))",
                          "data", "other.xml#data", "#"}) {
    EXPECT_EQ(Changed("URI=\"#data\"", std::string("URI=\"") + uri + "\""), "signature.reference_uri") << uri;
  }
  EXPECT_EQ(Changed(" URI=\"#data\"", ""), "signature.reference_uri");
  EXPECT_EQ(Changed("URI=\"#data\"", "URI=\"#nobody\""), "signature.id_unknown");
  EXPECT_EQ(Changed("URI=\"#data\"", "URI=\"\""), "signature.whole_document_transform");
}

// The engine looks attributes up by local name alone.
TEST_F(Policy, RefusesASecondAttributeInANamespace) {
  const std::string forged = Replaced(good_, "<MST>", "<MST Id=\"forged\">");
  EXPECT_EQ(Judge(Replaced(forged, "URI=\"#data\"", "xmlns:x=\"urn:x\" x:URI=\"#data\" URI=\"#forged\"")),
            "signature.format");
  EXPECT_EQ(Changed("URI=\"#data\"", "xmlns:x=\"urn:x\" x:URI=\"#data\" URI=\"#data\""), "signature.format");
  EXPECT_EQ(Changed("<DigestMethod ", "<DigestMethod xmlns:x=\"urn:x\" x:Algorithm=\"y\" "), "signature.format");
  EXPECT_EQ(Changed("<SignedInfo>", "<SignedInfo xml:space=\"preserve\">"), "signature.format");
  EXPECT_EQ(Changed("<SignedInfo>", "<SignedInfo Id=\"info\">"), "signature.value") << "known and in no namespace";
}

TEST_F(Policy, BoundsThePrefixListOfExclusiveCanonicalisation) {
  const auto with = [&](const std::string& prefixes) {
    return Changed("<CanonicalizationMethod Algorithm=\"" + std::string(kC14n) + "\"/>",
                   "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><InclusiveNamespaces "
                   "xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"" +
                       prefixes + "\"/></CanonicalizationMethod>");
  };
  EXPECT_EQ(with("a b"), "signature.value");
  EXPECT_EQ(with(std::string(257, 'a')), "signature.canonicalization");
}

TEST_F(Policy, RefusesTooManyReferences) {
  const size_t begin = good_.find("<Reference ");
  const std::string one = good_.substr(begin, good_.find("</Reference>") + 12 - begin);
  EXPECT_EQ(Changed(one, one + one + one), "signature.value") << "four References pass the policy";
  EXPECT_EQ(Changed(one, one + one + one + one), "signature.too_many_references");
}

TEST_F(Policy, RefusesIdsThatStandTwice) {
  EXPECT_EQ(Changed("<MST>", "<MST Id=\"data\">"), "signature.id_not_unique");
  EXPECT_EQ(Changed("<MST>", "<MST ID=\"data\">"), "signature.id_not_unique");
  EXPECT_EQ(Changed("<MST>", "<MST id=\"data\">"), "signature.id_not_unique");
  EXPECT_EQ(Changed("<MST>", "<MST xml:id=\"data\">"), "signature.id_not_unique");
  EXPECT_EQ(Changed("<MST>", "<MST Id=\"data2\">"), "ok");
}

TEST_F(Policy, NamesIdsThatAreReusedAcrossItems) {
  const std::string two = Message(Invoice("data") + Invoice("data"));
  const auto document = ParseXml(two);
  EXPECT_EQ(Rules(verifier_->Verify(*document, {}, At("2026-11-21T10:00:00"))), "signature.id_reused_across_items");
  EXPECT_EQ(Rules(verifier_->Verify(*ParseXml(Message(Invoice("data") + Invoice("data2"))), {}, Time{})), "ok");
}

TEST_F(Policy, RefusesASignatureOverAnotherNode) {
  // The payload is swapped: the signed one moves aside, a forged one takes its place.
  const size_t begin = good_.find("<DLHDon");
  const size_t end = good_.find("</DLHDon>") + 9;
  const std::string signed_part = good_.substr(begin, end - begin);
  const std::string forged = "<DLHDon><NDHDon><TgTTTBSo>1</TgTTTBSo></NDHDon></DLHDon>";
  const std::string aside =
      Replaced(Replaced(good_, signed_part, forged), "<MST>", "<TTKhac>" + signed_part + "</TTKhac><MST>");
  const auto check = VerifySeller(*verifier_, aside);
  ASSERT_EQ(Rules(check), "signature.not_covered");
  EXPECT_EQ(check.faults[0].path, "/TDiep/DLieu/HDon/DLHDon");
}

TEST_F(Policy, RefusesAPayloadHiddenInTheSignature) {
  const size_t begin = good_.find("<DLHDon");
  const size_t end = good_.find("</DLHDon>") + 9;
  const std::string signed_part = good_.substr(begin, end - begin);
  const std::string hidden = Replaced(Replaced(good_, signed_part, "<DLHDon/>"), "</Signature>",
                                      "<Object>" + signed_part + "</Object></Signature>");
  const std::string rules = Judge(hidden);
  EXPECT_NE(rules.find("signature.inside_signature"), std::string::npos) << rules;
  EXPECT_NE(rules.find("signature.not_covered"), std::string::npos) << rules;
}

TEST_F(Policy, TakesTheCoveredSigningTimeOnly) {
  const std::string property =
      "<SignatureProperties><SignatureProperty Target=\"\"><SigningTime>2020-01-01T00:00:00"
      "</SigningTime></SignatureProperty></SignatureProperties>";
  EXPECT_EQ(Changed("<Object Id", "<Object>" + property + "</Object><Object Id"), "signature.signing_time_unsigned");
  EXPECT_EQ(Changed("</SignatureProperties></Object>", "</SignatureProperties>" + property + "</Object>"),
            "signature.signing_time_ambiguous");
  const size_t begin = good_.find("<SigningTime>");
  const std::string time = good_.substr(begin, good_.find("</SigningTime>") + 14 - begin);
  EXPECT_EQ(Changed(time, ""), "signature.signing_time_missing");
  EXPECT_EQ(Changed("Target=\"#NBan-data\"", ""), "signature.target_missing");
  EXPECT_EQ(Changed("Target=\"#NBan-data\"", "Target=\"\""), "signature.digest") << "an empty Target is there";
  EXPECT_EQ(Changed("<Reference URI=\"#NBan-data-time\">", "<Reference URI=\"#data\">"),
            "signature.signing_time_unsigned");
}

TEST_F(Policy, LooksAtAFewSigningTimesOnly) {
  const auto with = [&](size_t count) {
    return Changed("<Object Id", "<Object><SignatureProperties><SignatureProperty>" + Repeated("<SigningTime/>", count) +
                                     "</SignatureProperty></SignatureProperties></Object><Object Id");
  };
  const std::string one = "signature.signing_time_unsigned";
  EXPECT_EQ(with(3), one + " " + one + " " + one);
  EXPECT_EQ(with(4), "signature.signing_time_ambiguous") << "with the signed one, five";
  EXPECT_EQ(with(130'000), "signature.signing_time_ambiguous");
}

TEST_F(Policy, LooksAtAFewPartsOfKeyInfoOnly) {
  const auto findings = [&](const std::string& before, const std::string& part, size_t count) {
    return VerifySeller(*verifier_, Replaced(good_, before, before + Repeated(part, count))).faults.size();
  };
  // The certificate and its X509Data stand there already.
  EXPECT_EQ(Changed("<X509Data>", "<X509Data>" + Repeated("<X509SubjectName>S=x</X509SubjectName>", 18)), "ok");
  EXPECT_EQ(Changed("<X509Data>", "<X509Data>" + Repeated("<X509SubjectName>S=x</X509SubjectName>", 19)),
            "signature.key_info");
  EXPECT_EQ(findings("<KeyInfo>", "<x/>", 5), 1U) << "of the first";
  for (const char* place : {"<KeyInfo>", "<X509Data>"}) {
    EXPECT_LE(findings(place, "<x/>", 100'000), 21U) << place;
    EXPECT_LE(findings(place, "<X509Certificate/>", 50'000), 21U) << place;
  }
}

TEST_F(Policy, RefusesEnvelopedOnTheObject) {
  EXPECT_EQ(
      Changed("<Reference URI=\"#NBan-data-time\">", std::string("<Reference URI=\"#NBan-data-time\">") + kEnveloped),
      "signature.enveloped_on_object");
}

TEST_F(Policy, RefusesKeysFromElsewhere) {
  EXPECT_EQ(Changed("<KeyInfo>", "<KeyInfo><KeyName>x</KeyName>"), "signature.key_info");
  EXPECT_EQ(Changed("<KeyInfo>", "<KeyInfo><RetrievalMethod URI=\"file:///etc/passwd\"/>"), "signature.key_info");
  EXPECT_EQ(Changed("<X509Data>", "<X509Data><X509CRL>AAAA</X509CRL>"), "signature.key_info");
  EXPECT_EQ(Changed("<X509Data>", "<X509Data><X509SubjectName>S=x</X509SubjectName>"), "ok");
  const size_t begin = good_.find("<X509Certificate>");
  const std::string certificate = good_.substr(begin, good_.find("</X509Certificate>") + 18 - begin);
  EXPECT_EQ(Changed(certificate, ""), "signature.certificate");
  EXPECT_EQ(Changed(certificate, "<X509Certificate>AAAA</X509Certificate>"), "signature.certificate");
  EXPECT_EQ(Changed(certificate, "<X509Certificate>%%%</X509Certificate>"), "signature.certificate");
}

TEST_F(Policy, TakesAKeyValueOnlyWhenItIsTheCertificatesOwn) {
  const std::string other =
      "<KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>";
  EXPECT_EQ(Changed("<KeyInfo>", "<KeyInfo>" + other), "signature.key_value");
  EXPECT_EQ(Changed("<KeyInfo>", "<KeyInfo><KeyValue/>"), "signature.key_value");
}

TEST_F(Policy, WholeDocumentBreaksWhenForwarded) {
  const std::string whole =
      Replaced(good_, "<Reference URI=\"#data\">", std::string("<Reference URI=\"\">") + kEnveloped);
  const auto document = ParseXml(whole);
  SignatureDemand demand = SellerDemand(document->root().Descend({"DLieu", "HDon"}));
  EXPECT_NE(Rules(verifier_->Verify(*document, {demand}, At("2026-11-21T10:00:00"))), "signature.breaks_on_forward");
  demand.whole_document_breaks = true;
  EXPECT_EQ(Rules(verifier_->Verify(*document, {demand}, At("2026-11-21T10:00:00"))), "signature.breaks_on_forward");
}

TEST_F(Policy, NeverCountsTheSignatureItselfAsPayload) {
  const auto document = ParseXml(good_);
  SignatureDemand demand = SellerDemand(document->root().Descend({"DLieu", "HDon"}));
  demand.must_cover = {demand.signature.Child("Object", "http://www.w3.org/2000/09/xmldsig#")};
  EXPECT_EQ(Rules(verifier_->Verify(*document, {demand}, At("2026-11-21T10:00:00"))), "signature.not_covered");
  // Not even when a Reference covers all around it: enveloped-signature takes the Signature out.
  const auto whole = ParseXml(Sandbox::Shared().Sign(Replaced(Message(Invoice()), "<HDon>", "<HDon Id=\"all\">"), "ec",
                                                     "/TDiep/DLieu/HDon/DSCKS/NBan", "all"));
  SignatureDemand inside = SellerDemand(whole->root().Descend({"DLieu", "HDon"}));
  EXPECT_EQ(Rules(verifier_->Verify(*whole, {inside}, At("2026-11-21T10:00:00"))), "ok");
  inside.must_cover = {inside.signature.Child("KeyInfo", "http://www.w3.org/2000/09/xmldsig#")};
  EXPECT_EQ(Rules(verifier_->Verify(*whole, {inside}, At("2026-11-21T10:00:00"))), "signature.not_covered");
  demand.must_cover = {XmlNode()};
  EXPECT_EQ(Rules(verifier_->Verify(*document, {demand}, At("2026-11-21T10:00:00"))), "signature.not_covered");
}

}  // namespace
}  // namespace tvan
