// Messages that other stacks signed: javax.xml.crypto and the xmlsec1 program (tests/support/foreign_signers made them,
// tests/data/foreign keeps them). Each is accepted whole, and refused when one byte of what is signed is another.
#include <cstdlib>
#include <set>

#include "gateway/validate/signature_places.h"
#include "gateway/validate/validator.h"
#include "tests/support/profiles.h"
#include "tests/unit/signature/sandbox.h"
#include "tests/unit/xml/vectors.h"

#include "adapters/signature/verifier.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
constexpr const char* kAccepted = "2026-11-20T10:00:00";

fs::path SourceTree() {
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  return source == nullptr ? fs::current_path() : fs::path(source);
}
fs::path Data() { return SourceTree() / "tests" / "data" / "foreign"; }

SignatureAllowances AllowanceOf(VectorRow row) {
  return {row["allowance"] == "legacy_sha1", row["allowance"] == "enveloped_on_object"};
}
bool NeedsAllowance(VectorRow row) { return row["allowance"] != "-"; }

std::vector<SignatureDemand> DemandsOf(const XmlNode& root) {
  const bool bare = root.name() == "HDon";
  const int type = bare ? 203 : std::atoi(root.Descend({"TTChung", "MLTDiep"}).Text().c_str());
  FindingList faults;
  auto demands = FindDemands(root, *FindMessageType(type), faults);
  EXPECT_FALSE(faults.has_error());
  for (SignatureDemand& demand : demands) {
    demand.whole_document_breaks = !bare;
    if (demand.role != "CQT") continue;
    demand.must_cover.push_back(root.Child("MCCQT"));
    demand.must_cover_signing_time = true;
  }
  return demands;
}

class Judge {
 public:
  explicit Judge(EngineChoice engine) {
    TrustOptions options;
    options.trust_files = {(Data() / "ca.pem").string()};
    verifier_ = Sandbox::Take(MakeVerifierOf({{}, engine}, options, *clock_));
  }
  SignatureCheck operator()(const std::string& bytes, const SignatureAllowances& allowed) const {
    const auto document = ParseXml(bytes);
    if (document == nullptr) return {};
    const auto demands = DemandsOf(document->root());
    EXPECT_FALSE(demands.empty());
    VerifyContext context = At(kAccepted);
    context.allowed = allowed;
    return verifier_->Verify(*document, demands, context);
  }

 private:
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<SignatureVerifier> verifier_;
};

void FindTexts(const XmlNode& node, std::string_view name, std::vector<XmlNode>* found) {
  if (node.name() == name) found->push_back(node);
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) FindTexts(c, name, found);
}

std::string WithOther(std::string bytes, size_t at) {
  bytes[at] = bytes[at] == '1' ? '2' : '1';
  return bytes;
}
// The last letter or digit that ends a text in `range`.
size_t EndOfLastText(const std::string& bytes, ByteRange range) {
  for (size_t at = range.offset + range.size - 2; at > range.offset; --at)
    if (bytes[at + 1] == '<' && std::isalnum(static_cast<unsigned char>(bytes[at])) != 0) return at;
  ADD_FAILURE() << "no text is signed";
  return range.offset;
}

struct Twin {
  std::string what, bytes, rule;
};
// One byte changed: in each node that has to be covered, in each SigningTime, in each SignatureValue.
std::vector<Twin> TwinsOf(const std::string& bytes) {
  const auto document = ParseXml(bytes);
  std::vector<Twin> twins;
  for (const SignatureDemand& demand : DemandsOf(document->root())) {
    for (const XmlNode& node : demand.must_cover)
      twins.push_back({node.path(), WithOther(bytes, EndOfLastText(bytes, node.range())), "signature.digest"});
    std::vector<XmlNode> found;
    FindTexts(demand.signature, "SigningTime", &found);
    for (const XmlNode& time : found)
      twins.push_back({time.path(), WithOther(bytes, EndOfLastText(bytes, time.range())), "signature.digest"});
    const XmlNode value = demand.signature.Child("SignatureValue", "http://www.w3.org/2000/09/xmldsig#");
    twins.push_back(
        {value.path(), WithOther(bytes, value.start_tag().offset + value.start_tag().size + 9), "signature.value"});
  }
  return twins;
}

TEST(Foreign, EveryFileIsExpected) {
  std::set<std::string> expected, there;
  for (VectorRow row : ReadExpected(Data())) expected.insert(row["file"]);
  for (const auto& file : fs::directory_iterator(Data()))
    if (file.path().extension() == ".xml") there.insert(file.path().filename().string());
  EXPECT_EQ(there, expected);
  EXPECT_GE(expected.size(), 20u);
}

TEST(Foreign, IsAcceptedByBothEngines) {
  const Judge both(EngineChoice::kBoth), xmlsec(EngineChoice::kXmlsec), fast(EngineChoice::kFast);
  size_t taken = 0;
  for (VectorRow row : ReadExpected(Data())) {
    const std::string bytes = ReadWhole(Data() / row["file"]);
    const SignatureCheck check = both(bytes, AllowanceOf(row));
    EXPECT_EQ(Rules(check), "ok") << row["file"];
    const std::vector<std::string> marks = NeedsAllowance(row) ? std::vector{row["allowance"]} : decltype(marks){};
    for (const SignatureReport& report : check.reports) {
      EXPECT_TRUE(report.valid) << row["file"];
      EXPECT_EQ(report.marks, marks) << row["file"];
      EXPECT_EQ(report.signing_time, At("2026-11-20T09:30:00")) << row["file"];
      EXPECT_EQ(report.signer_tax_code, report.role == "CQT" ? "" : "0101234567") << row["file"];
    }
    EXPECT_EQ(Rules(xmlsec(bytes, AllowanceOf(row))), "ok") << row["file"];
    const std::string alone = Rules(fast(bytes, AllowanceOf(row)));
    EXPECT_TRUE(alone == "ok" || alone.substr(0, 16) == "signature.engine") << row["file"] << ": " << alone;
    if (alone == "ok") ++taken;
  }
  EXPECT_GE(taken, 12u) << "the fast engine leaves too much to xmlsec1";
}

TEST(Foreign, IsRefusedWithOneByteChanged) {
  const Judge both(EngineChoice::kBoth), xmlsec(EngineChoice::kXmlsec), fast(EngineChoice::kFast);
  for (VectorRow row : ReadExpected(Data())) {
    for (const Twin& twin : TwinsOf(ReadWhole(Data() / row["file"]))) {
      // Where two signatures cover what was changed, each says so.
      EXPECT_EQ(Rules(both(twin.bytes, AllowanceOf(row))).substr(0, twin.rule.size()), twin.rule)
          << row["file"] << ' ' << twin.what;
      EXPECT_NE(Rules(xmlsec(twin.bytes, AllowanceOf(row))), "ok") << row["file"] << ' ' << twin.what;
      EXPECT_NE(Rules(fast(twin.bytes, AllowanceOf(row))), "ok") << row["file"] << ' ' << twin.what;
    }
  }
}

TEST(Foreign, IsRefusedWithoutTheAllowanceItNeeds) {
  const Judge both(EngineChoice::kBoth);
  const std::map<std::string, std::pair<std::string, SignatureAllowances>> others = {
      {"legacy_sha1", {"signature.sha1", {false, true}}},
      {"enveloped_on_object", {"signature.enveloped_on_object", {true, false}}}};
  size_t seen = 0;
  for (VectorRow row : ReadExpected(Data())) {
    if (!NeedsAllowance(row)) continue;
    const auto& [rule, other] = others.at(row["allowance"]);
    for (const SignatureAllowances& allowed : {SignatureAllowances(), other}) {
      const std::string rules = Rules(both(ReadWhole(Data() / row["file"]), allowed));
      EXPECT_EQ(rules.substr(0, rule.size()), rule) << row["file"];
    }
    ++seen;
  }
  EXPECT_EQ(seen, others.size());
}

// Read and Check, as intake does.
std::string Submit(const std::string& bytes, const SignatureAllowances& allowed) {
  static const auto parser = MakeXmlParser(XmlLimits()), rendered = MakeXmlParser(LimitsOfRendered(XmlLimits()));
  static const auto digester = MakeDigester();
  static const auto clock = MakeSystemClock();
  TrustOptions trust;
  trust.trust_files = {(Data() / "ca.pem").string()};
  trust.allowed = allowed;
  const auto verifier = Sandbox::Take(MakeSignatureVerifier(trust, *clock));
  const auto validator =
      Validator::Make({.rendered = rendered.get(), .profiles = TestProfiles()}, *parser, *verifier, *digester);
  CheckContext context;
  context.our_mst = TaxCode::Trusted("0109999999");
  context.provider_tax_codes = {TaxCode::Trusted("0100000011")};
  context.accepted_at = At(kAccepted);
  context.gateway_id = MessageId::Trusted("V0109999999" + std::string(32, 'A'));
  const bool bare = bytes.find("<TDiep") == std::string::npos;
  const ReadResult read = validator->Read({bytes, bare ? 203 : 0, bare ? "reference" : ""});
  std::vector<Finding> findings = read.findings;
  if (read.message) {
    const CheckedMessage checked = validator->Check(*read.message, context);
    findings.insert(findings.end(), checked.findings.begin(), checked.findings.end());
  }
  std::string errors;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::kError) errors += (errors.empty() ? "" : " ") + std::string(finding.rule.text());
  return errors.empty() ? "ok" : errors;
}

TEST(Foreign, IsAWholeLawfulMessage) {
  for (VectorRow row : ReadExpected(Data())) {
    const std::string bytes = ReadWhole(Data() / row["file"]);
    if (row["as"] == "breaks") {
      EXPECT_EQ(Submit(bytes, {}), "signature.breaks_on_forward") << row["file"];
    }
    if (row["as"] != "submit") continue;
    EXPECT_EQ(Submit(bytes, AllowanceOf(row)), "ok") << row["file"];
    const Twin time = TwinsOf(bytes).at(TwinsOf(bytes).size() - 2);
    EXPECT_EQ(Submit(time.bytes, AllowanceOf(row)), "signature.digest") << row["file"] << ' ' << time.what;
  }
}

// As tests/support/foreign_signers/generate.py does it, with keys of this moment.
std::string SignedByProgram(const std::string& name, const std::string& key) {
  const Sandbox& sandbox = Sandbox::Shared();
  const fs::path signers = SourceTree() / "tests" / "support" / "foreign_signers";
  const std::string place = name.substr(0, 3) == "206" ? "CKSNNT" : "NBan";
  const std::string message = ReadWhole(signers / "messages" / (name.substr(0, 3) + ".xml"));
  const std::string signature = ReadWhole(signers / "templates" / (name + ".xml"));
  const std::string input = sandbox.Write("template.xml", Replaced(message, "<" + place + "></" + place + ">",
                                                                   "<" + place + ">" + signature + "</" + place + ">"));
  const std::string output = sandbox.Path("by-xmlsec1.xml");
  const std::string command = "xmlsec1 --sign --privkey-pem " + sandbox.Path(key + ".key") + "," +
                              sandbox.Path(key + ".crt") + " --id-attr:Id DLHDon --id-attr:Id DLieu --output " +
                              output + " " + input + " > " + sandbox.Path("out.txt") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << ReadWhole(sandbox.Path("out.txt"));
  return ReadWhole(output);
}

TEST(Xmlsec1Program, SignsWhatWeVerify) {
  if (std::system("xmlsec1 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "NOT RUN: no xmlsec1 program";
  const auto verifier = Sandbox::Shared().Verifier();
  const auto judge = [&](const std::string& bytes) {
    const auto document = ParseXml(bytes);
    return Rules(verifier->Verify(*document, DemandsOf(document->root()), At(kAccepted)));
  };
  for (const auto& [name, key] : {std::pair{"203-pretty", "rsa"},
                                  {"203-with-comments", "rsa"},
                                  {"203-exclusive", "rsa"},
                                  {"203-ecdsa", "ec"},
                                  {"206-data", "rsa"}}) {
    const std::string made = SignedByProgram(name, key);
    EXPECT_EQ(judge(made), "ok") << name;
    for (const Twin& twin : TwinsOf(made)) EXPECT_EQ(judge(twin.bytes), twin.rule) << name << ' ' << twin.what;
  }
}

}  // namespace
}  // namespace tvan
