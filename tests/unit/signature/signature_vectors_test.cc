// Signatures that others made, many of them valid for a plain engine and yet to be refused: every verdict as expected,
// with and without the SHA-1 switch, nothing opened.
#include "adapters/signature/verifier.h"
#include "adapters/xml/libxml.h"
#include "tests/unit/signature/sandbox.h"
#include "tests/unit/signature/vector_causes.h"
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

struct Sample {
  std::string bytes;
  TrustOptions options;
  Time at;
};

std::string Judge(const Sample& sample, EngineChoice engine = EngineChoice::kBoth) {
  const auto document = MakeXmlParser({})->Parse(sample.bytes);
  if (!document.ok()) return std::string(document.status().reason().text());
  static const auto clock = MakeSystemClock();
  VerifierParts parts;
  parts.engine = engine;
  const auto verifier = Sandbox::Take(MakeVerifierOf(parts, sample.options, *clock));
  return Rules(verifier->Verify(**document, DemandsOf(**document), sample.at));
}

// xmlsec1 alone gives the same verdict, and the fast engine alone accepts nothing that xmlsec1 refuses.
void ExpectEnginesAgree(const Sample& sample, const std::string& file) {
  const bool oracle = Judge(sample, EngineChoice::kXmlsec) == "ok";
  EXPECT_EQ(Judge(sample) == "ok", oracle) << file;
  EXPECT_TRUE(Judge(sample, EngineChoice::kFast) != "ok" || oracle) << file;
}

// One of the faults found is one of the causes that the table names.
void ExpectNamedCause(const std::string& verdict, const VectorRow& row, bool sha1) {
  auto named = RulesNamedBy(row.at("reason"));
  if (sha1) named.erase("signature.sha1");
  if (const auto first = MetFirst().find(row.at("file")); first != MetFirst().end()) named.insert(first->second);
  std::istringstream found(verdict);
  bool fits = false;
  for (std::string rule; found >> rule;) fits = fits || named.count(rule) != 0;
  EXPECT_TRUE(fits) << row.at("file") << ": " << row.at("reason") << "; found: " << verdict;
}

void CheckRow(VectorRow row, const fs::path& folder, TrustOptions options, Time at, bool sha1) {
  options.allowed.legacy_sha1 = sha1;
  options.check_signing_time = false;  // the samples' certificates are younger than their SigningTime
  const std::string expected = row[sha1 ? "expected_with_sha1_switch" : "expected"];
  const Sample sample{ReadWhole(folder / row["file"]), options, at};
  const std::string verdict = Judge(sample);
  EXPECT_EQ(verdict == "ok" ? "accept" : "reject", expected)
      << row["file"] << (sha1 ? " with the SHA-1 switch" : "") << ": " << row["reason"] << "; our verdict: " << verdict;
  if (verdict != "ok") ExpectNamedCause(verdict, row, sha1);
  ExpectEnginesAgree(sample, row["file"]);
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

// Of the samples that are accepted: not from another root, and at no time outside of their certificates' validity.
TEST(SignatureVectors, TrustAndTimeOfTheTableDecide) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xsw";
  size_t accepted = 0;
  for (VectorRow row : ReadExpected(folder)) {
    if (row["expected"] != "accept") continue;
    const bool made = row["file"].substr(0, 5) == "made/";
    TrustOptions options;
    options.check_signing_time = false;
    options.trust_files = {(folder / row["trust"]).string()};
    const auto judge = [&](const std::string& at) { return Judge({ReadWhole(folder / row["file"]), options, At(at)}); };
    EXPECT_EQ(judge(made ? "2027-12-31T00:00:00" : "2021-08-01T00:00:00"), "ok") << row["file"];
    EXPECT_EQ(judge(made ? "2120-01-01T00:00:00" : "2023-07-01T00:00:00"), "ok") << row["file"];
    EXPECT_EQ(judge(made ? "2026-01-01T00:00:00" : "2021-07-01T00:00:00"), "signature.expired") << row["file"];
    EXPECT_EQ(judge(made ? "2130-01-01T00:00:00" : "2023-08-01T00:00:00"), "signature.expired") << row["file"];
    options.trust_files = {Sandbox::Shared().Path("ca.pem")};
    EXPECT_EQ(judge(row["at"]), "signature.untrusted") << row["file"];
    ++accepted;
  }
  EXPECT_GE(accepted, 7u);
}

TEST(SignatureVectors, AttacksOnTheParserAreNamed) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xml-attacks";
  const auto rows = ReadExpected(folder);
  EXPECT_GE(rows.size(), 103u);
  TrustOptions options;
  options.trust_nobody = true;
  for (VectorRow row : rows) {
    Sample sample{ReadWhole(folder / row["file"]), options, At("2030-01-01T00:00:00")};
    std::string verdict = Judge(sample);
    EXPECT_NE(verdict, "ok") << row["file"];
    ExpectEnginesAgree(sample, row["file"]);
    // The encoding stands before all else; what is behind it is looked at as well.
    const size_t encoding = sample.bytes.find("ISO-8859-1");
    if (verdict == "xml.encoding" && row["reason"].find("UTF-8") == std::string::npos && encoding != std::string::npos)
      verdict = Judge({sample.bytes.replace(encoding, 10, "UTF-8"), options, sample.at});
    ExpectNamedCause(verdict, row, false);
  }
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
