// The sandbox signer: only the Signature is added, and the stock xmlsec1 program agrees.
#include <cstdlib>

#include "tests/unit/signature/sandbox.h"

namespace tvan {
namespace {

// Asks the xmlsec1 program, which shares the library but none of our policy or set-up.
void ExpectXmlsec1Agrees(const std::string& document, const std::string& xpath, const std::string& id_element) {
  if (std::system("xmlsec1 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "NOT RUN: no xmlsec1 program";
  Sandbox& sandbox = Sandbox::Shared();
  const std::string file = sandbox.Write("signed.xml", document);
  const std::string base = "xmlsec1 --verify --enabled-key-data x509 --trusted-pem " + sandbox.Path("ca.pem") +
                           " --id-attr:Id " + id_element + " --node-xpath \"" + xpath + "\" ";
  EXPECT_EQ(std::system((base + file + " > " + sandbox.Path("out.txt") + " 2>&1").c_str()), 0) << document;
  const std::string tampered = sandbox.Write("tampered.xml", Replaced(document, "1000000", "1000001"));
  EXPECT_NE(std::system((base + tampered + " > " + sandbox.Path("out.txt") + " 2>&1").c_str()), 0);
}

std::string SignatureXPath(const std::string& parent) { return parent + "/*[local-name()='Signature']"; }

// The bytes without the Signature element.
std::string Unsigned(std::string bytes) {
  const size_t begin = bytes.find("<Signature ");
  const size_t end = bytes.find("</Signature>", begin) + 12;
  return bytes.erase(begin, end - begin);
}

TEST(Signer, SignsWithRsaAndEc) {
  for (const char* key : {"rsa", "ec"}) {
    const std::string before = Message(Invoice());
    const std::string after = Sandbox::Shared().Sign(before, key);
    EXPECT_EQ(Unsigned(after), Replaced(before, "<NBan/>", "<NBan></NBan>"));
    EXPECT_EQ(Rules(VerifySeller(*Sandbox::Shared().Verifier(), after)), "ok");
    ExpectXmlsec1Agrees(after, SignatureXPath("/TDiep/DLieu/HDon/DSCKS/NBan"), "DLHDon");
  }
}

TEST(Signer, CountsNamespacesInScope) {
  const std::string before = Message(Invoice(),
                                     " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                     "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xml:lang=\"vi\"");
  const std::string after = Sandbox::Shared().Sign(before, "rsa");
  EXPECT_EQ(Rules(VerifySeller(*Sandbox::Shared().Verifier(), after)), "ok");
  ExpectXmlsec1Agrees(after, SignatureXPath("/TDiep/DLieu/HDon/DSCKS/NBan"), "DLHDon");
  const std::string dropped = Replaced(after, " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "");
  EXPECT_EQ(Rules(VerifySeller(*Sandbox::Shared().Verifier(), dropped)), "signature.digest")
      << "inclusive canonicalisation renders what TDiep declares";
}

TEST(Signer, SignsAPackageOverDLieu) {
  const std::string before =
      Replaced(Message(Invoice("a") + Invoice("b"), " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""), "<DLieu>",
               "<DLieu Id=\"SigningData\">");
  const std::string after = Sandbox::Shared().Sign(before, "ec", "/TDiep/CKSNNT", "SigningData");
  EXPECT_EQ(Unsigned(after), Replaced(before, "</DLieu>", "</DLieu><CKSNNT></CKSNNT>"));
  const auto document = ParseXml(after);
  SignatureDemand demand;
  demand.role = "CKSNNT";
  demand.signature = document->root().Child("CKSNNT").first_child();
  demand.must_cover = {document->root().Descend({"DLieu", "HDon"}), document->root().Child("DLieu")};
  const auto check = Sandbox::Shared().Verifier()->Verify(*document, {demand}, At("2026-11-21T10:01:00"));
  EXPECT_EQ(Rules(check), "ok");
  ExpectXmlsec1Agrees(after, SignatureXPath("/TDiep/CKSNNT"), "DLieu");
  demand.must_cover = {document->root().Child("TTChung")};
  EXPECT_EQ(Rules(Sandbox::Shared().Verifier()->Verify(*document, {demand}, At("2026-11-21T10:01:00"))),
            "signature.not_covered");
}

TEST(Signer, SignsOneOfSeveralInvoices) {
  std::string message = Message(Invoice("a") + Invoice("b"));
  message = Sandbox::Shared().Sign(message, "ec", "/TDiep/DLieu/HDon[2]/DSCKS/NBan", "b");
  EXPECT_LT(message.find("Id=\"b\""), message.find("<Signature "));
  message = Sandbox::Shared().Sign(message, "rsa", "/TDiep/DLieu/HDon[1]/DSCKS/NBan", "a");
  const auto document = ParseXml(message);
  std::vector<SignatureDemand> demands;
  for (const XmlNode& hdon : document->root().Child("DLieu").Children("HDon")) demands.push_back(SellerDemand(hdon));
  const auto verifier = Sandbox::Shared().Verifier();
  EXPECT_EQ(Rules(verifier->Verify(*document, demands, At("2026-11-21T10:01:00"))), "ok");
  ExpectXmlsec1Agrees(message, SignatureXPath("/TDiep/DLieu/HDon[1]/DSCKS/NBan"), "DLHDon");
  std::swap(demands[0].signature, demands[1].signature);
  EXPECT_EQ(Rules(verifier->Verify(*document, demands, At("2026-11-21T10:01:00"))),
            "signature.not_covered signature.not_covered");
}

// Each signature of a package is verified in its own item, with the namespaces of the whole.
TEST(Signer, SignsEveryInvoiceOfAPackage) {
  const std::string attributes = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xml:lang=\"vi\"";
  const auto signer = Sandbox::Shared().Signer("ec");
  std::string payload;
  for (int i = 0; i < 12; ++i) {
    const std::string id = "d" + std::to_string(i);
    const std::string one = Sandbox::Take(signer->Sign(
        Message(Invoice(id), attributes), {id, "/TDiep/DLieu/HDon/DSCKS/NBan", At("2026-11-21T10:00:00"), {}}));
    payload += one.substr(one.find("<HDon>"), one.find("</HDon>") + 7 - one.find("<HDon>"));
  }
  const auto verifier = Sandbox::Shared().Verifier();
  const auto judge = [&](const std::string& message) {
    const auto document = ParseXml(message);
    std::vector<SignatureDemand> demands;
    for (const XmlNode& hdon : document->root().Child("DLieu").Children("HDon")) demands.push_back(SellerDemand(hdon));
    return verifier->Verify(*document, demands, At("2026-11-21T10:01:00"));
  };
  const std::string good = Message(payload, attributes);
  const auto check = judge(good);
  EXPECT_EQ(Rules(check), "ok");
  ASSERT_EQ(check.reports.size(), 12u);
  EXPECT_EQ(check.reports[7].covered.at(0).In(good).substr(0, 16), "<DLHDon Id=\"d7\">");
  const size_t seventh = good.find("1000000", good.find("Id=\"d7\""));
  const auto tampered = judge(std::string(good).replace(seventh, 1, "2"));
  ASSERT_EQ(Rules(tampered), "signature.digest");
  EXPECT_EQ(tampered.faults[0].path, "/TDiep/DLieu/HDon[8]/DLHDon");
  EXPECT_EQ(judge(Replaced(good, " xml:lang=\"vi\"", "")).faults.size(), 12u) << "xml:lang is inherited by all";
}

TEST(Signer, SignsABareInvoiceAndCreatesTheParent) {
  const std::string before = "\xEF\xBB\xBF" + Replaced(Invoice(), "<DSCKS><NBan/></DSCKS>", "");
  const std::string after = Sandbox::Shared().Sign(before, "ec", "/HDon/DSCKS/NBan");
  EXPECT_EQ(Unsigned(after), Replaced(before, "</HDon>", "<DSCKS><NBan></NBan></DSCKS></HDon>"));
  const auto document = ParseXml(after);
  EXPECT_EQ(Rules(Sandbox::Shared().Verifier()->Verify(*document, {SellerDemand(document->root())},
                                                       At("2026-11-21T10:01:00"))),
            "ok");
}

TEST(Signer, UsesEnvelopedWhenTheSignatureStandsInside) {
  const std::string before = Replaced(Message(Invoice()), "<HDon>", "<HDon Id=\"whole\">");
  const std::string after = Sandbox::Shared().Sign(before, "ec", "/TDiep/DLieu/HDon[1]/DSCKS/NBan", "whole");
  EXPECT_NE(after.find("enveloped-signature"), std::string::npos);
  EXPECT_EQ(Rules(VerifySeller(*Sandbox::Shared().Verifier(), after)), "ok");
  ExpectXmlsec1Agrees(after, SignatureXPath("/TDiep/DLieu/HDon/DSCKS/NBan"), "HDon");
}

TEST(Signer, CoversFurtherIds) {
  const std::string before = Replaced(Message(Invoice()), "<DSCKS>", "<MCCQT Id=\"code\">M1</MCCQT><DSCKS>");
  const auto signer = Sandbox::Shared().Signer("rsa");
  const SignRequest request{"data", "/TDiep/DLieu/HDon/DSCKS/CQT", At("2026-11-21T10:00:00"), {"code"}};
  const std::string after = Sandbox::Take(signer->Sign(Sandbox::Shared().Sign(before), request));
  const auto document = ParseXml(after);
  const XmlNode hdon = document->root().Descend({"DLieu", "HDon"});
  SignatureDemand authority = SellerDemand(hdon);
  authority.signature = hdon.Descend({"DSCKS", "CQT"}).first_child();
  authority.must_cover = {hdon.Child("DLHDon"), hdon.Child("MCCQT")};
  const auto verifier = Sandbox::Shared().Verifier();
  EXPECT_EQ(Rules(verifier->Verify(*document, {SellerDemand(hdon), authority}, At("2026-11-21T10:01:00"))), "ok");
  const auto changed = ParseXml(Replaced(after, ">M1<", ">M2<"));
  const XmlNode other = changed->root().Descend({"DLieu", "HDon"});
  authority.signature = other.Descend({"DSCKS", "CQT"}).first_child();
  authority.must_cover = {other.Child("MCCQT")};
  EXPECT_EQ(Rules(verifier->Verify(*changed, {SellerDemand(other), authority}, At("2026-11-21T10:01:00"))),
            "signature.digest");
}

TEST(Signer, SaysWhyItCannotSign) {
  const auto signer = Sandbox::Shared().Signer("ec");
  const auto reason = [&](const std::string& document, const std::string& id, const std::string& parent) {
    return std::string(signer->Sign(document, {id, parent, Time{}, {}}).status().reason().text());
  };
  EXPECT_EQ(reason(Message(Invoice()), "nobody", "/TDiep/DLieu/HDon/DSCKS/NBan"), "signature.node");
  EXPECT_EQ(reason(Message(Invoice() + Invoice()), "data", "/TDiep/DLieu/HDon/DSCKS/NBan"), "signature.node");
  for (const char* parent : {"", "/Other/DSCKS", "TDiep", "/TDiep/DLieu/HDon[2]/DSCKS", "/TDiep/DLieu/HDon[x]",
                             "/TDiep//a", "/TDiep/a b", "/TDiep/DLieu/HDon[0]"}) {
    EXPECT_EQ(reason(Message(Invoice()), "data", parent), "signature.parent") << parent;
  }
  EXPECT_EQ(reason("<TDiep>", "data", "/TDiep"), "xml.not_well_formed");
}

TEST(Signer, WantsAKeyThatFitsItsCertificate) {
  const Sandbox& sandbox = Sandbox::Shared();
  EXPECT_EQ(MakeXmlSigner(sandbox.Path("rsa.key"), sandbox.Path("ec.crt")).status().reason().text(), "signature.key");
  EXPECT_EQ(MakeXmlSigner("/nonexistent", sandbox.Path("ec.crt")).status().reason().text(), "signature.key");
  EXPECT_EQ(MakeXmlSigner(sandbox.Path("ec.key"), "/nonexistent").status().reason().text(), "signature.key");
  EXPECT_EQ(MakeXmlSigner(sandbox.Path("seal.pem"), sandbox.Path("ec.crt")).status().reason().text(), "signature.key");
}

}  // namespace
}  // namespace tvan
