// Signatures that others made, many of them valid for a plain engine and yet to be refused: every verdict as expected,
// with and without the SHA-1 switch, nothing opened.
#include "adapters/xml/libxml.h"
#include "tests/unit/signature/sandbox.h"
#include "tests/unit/xml/vectors.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
constexpr const char* kDsig = "http://www.w3.org/2000/09/xmldsig#";

XmlNode FirstSignature(const XmlNode& node) {
  if (node.name() == "Signature" && node.namespace_uri() == kDsig) return node;
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) {
    if (XmlNode found = FirstSignature(c)) return found;
  }
  return {};
}

// An invoice message: each HDon must bear its seller's signature over its own DLHDon. Anything else: the first
// signature must cover the root.
std::vector<SignatureDemand> DemandsOf(const XmlDocument& document) {
  std::vector<SignatureDemand> demands;
  for (const XmlNode& hdon : document.root().Child("DLieu").Children("HDon")) demands.push_back(SellerDemand(hdon));
  if (!demands.empty()) return demands;
  SignatureDemand demand;
  demand.role = "any";
  demand.signature = FirstSignature(document.root());
  demand.must_cover = {document.root()};
  demand.must_cover_signing_time = false;
  return {demand};
}

std::string Judge(const std::string& bytes, const TrustOptions& options, Time at) {
  const auto document = MakeXmlParser({})->Parse(bytes);
  if (!document.ok()) return std::string(document.status().reason().text());
  return Rules(Sandbox::Shared().Verifier(options)->Verify(**document, DemandsOf(**document), at));
}

void CheckRow(VectorRow row, const fs::path& folder, TrustOptions options, Time at, bool sha1) {
  options.allow_sha1 = sha1;
  options.check_signing_time = false;  // the samples' certificates are younger than their SigningTime
  const std::string expected = row[sha1 ? "expected_with_sha1_switch" : "expected"];
  const std::string verdict = Judge(ReadWhole(folder / row["file"]), options, at);
  EXPECT_EQ(verdict == "ok" ? "accept" : "reject", expected)
      << row["file"] << (sha1 ? " with the SHA-1 switch" : "") << ": " << row["reason"] << "; our verdict: " << verdict;
}

TEST(SignatureVectors, WrappingAttacks) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xsw";
  const uint64_t before = ExternalLoadAttempts();
  const auto rows = ReadExpected(folder);
  EXPECT_GE(rows.size(), 33u);
  for (VectorRow row : rows) {
    TrustOptions options;
    options.trust_files = {(folder / row["trust"]).string()};
    for (const bool sha1 : {false, true}) CheckRow(row, folder, options, At(row["at"]), sha1);
  }
  EXPECT_EQ(ExternalLoadAttempts(), before);
}

TEST(SignatureVectors, InteroperabilitySuites) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xmldsig";
  // Trust every authority of the suites, so that nothing is refused for want of trust alone.
  TrustOptions options;
  int number = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".der" || file.path().filename().string().find("ca") == std::string::npos) continue;
    const std::string pem = Sandbox::Shared().Path("vector-ca-" + std::to_string(number++) + ".pem");
    const std::string command = "openssl x509 -inform DER -in " + file.path().string() + " -out " + pem;
    if (std::system((command + " 2> /dev/null").c_str()) == 0) options.trust_files.push_back(pem);
  }
  ASSERT_FALSE(options.trust_files.empty());
  const uint64_t before = ExternalLoadAttempts();
  const auto rows = ReadExpected(folder);
  EXPECT_GE(rows.size(), 91u);
  for (const VectorRow& row : rows) {
    for (const bool sha1 : {false, true}) CheckRow(row, folder, options, At("2009-01-01T10:00:00"), sha1);
  }
  EXPECT_EQ(ExternalLoadAttempts(), before);
}

TEST(SignatureVectors, ATextValueIsReadAcrossAComment) {
  TVAN_NEEDS_VECTORS(vectors);
  const auto document = ParseXml(ReadWhole(*vectors / "xsw" / "made" / "18-comment-in-value.xml"));
  EXPECT_EQ(document->root().Descend({"DLieu", "HDon", "DLHDon", "NDHDon", "TToan", "TgTTTBSo"}).Text(), "1000000");
}

}  // namespace
}  // namespace tvan
