// Attacks made from valid messages of each type, and their harmless twins: what the stage of signatures says of each,
// what the gateway as a whole says, and that the engines agree.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "tests/unit/signature/hostile_judge.h"
#include "tests/unit/signature/hostile_verifiers.h"

namespace tvan {
namespace {

struct Tally {
  size_t refused = 0, accepted = 0;
};

// Every message with its variants, made once.
const std::vector<std::pair<SignedMessage, std::vector<HostileVariant>>>& All() {
  static const auto all = [] {
    std::vector<std::pair<SignedMessage, std::vector<HostileVariant>>> made;
    for (const SignedMessage& message : SignedMessages()) made.emplace_back(message, HostileVariants(message));
    return made;
  }();
  return all;
}

TEST(Hostile, EveryVariantGetsItsVerdictAndItsRule) {
  const auto verifier = VerifierOf(EngineChoice::kBoth);
  std::map<std::string, Tally> tallies;
  for (const auto& [message, variants] : All()) {
    for (const HostileVariant& v : variants) {
      const Rules rules = SignatureRules(message, v.bytes, *verifier);
      EXPECT_TRUE(Fits(rules, v.rule)) << v.name << "\n  expected " << (v.rule.empty() ? "ok" : v.rule)
                                       << "\n  found    " << Joined(rules);
      ++(rules.empty() ? tallies[v.family].accepted : tallies[v.family].refused);
    }
  }
  for (const auto& [family, tally] : tallies) {
    std::cout << family << ": " << tally.refused << " refused, " << tally.accepted << " accepted\n";
    EXPECT_GT(tally.accepted, 0u) << family;
    EXPECT_EQ(tally.refused > 0, family != "original") << family;
  }
  EXPECT_EQ(tallies.size(), 12u);
}

// Where the stage of signatures has nothing to say of an attack, another one refuses it.
TEST(Hostile, TheGatewayRefusesEveryAttackAndTakesTheOriginals) {
  size_t attacks = 0, beside = 0;
  for (const auto& [message, variants] : All()) {
    for (const HostileVariant& v : variants) {
      const Rules rules = GatewayRules(message, v.bytes);
      if (v.attack) {
        EXPECT_FALSE(rules.empty()) << v.name;
        ++attacks;
        beside += v.rule.empty();
        continue;
      }
      if (v.rule == kEither) continue;
      EXPECT_TRUE(v.family != "original" || rules.empty()) << v.name << ": " << Joined(rules);
      for (const std::string& rule : rules) EXPECT_NE(rule.substr(0, 10), "signature.") << v.name << ": " << rule;
    }
  }
  std::cout << attacks << " attacks refused, " << beside << " of them not by their signatures\n";
  EXPECT_GT(beside, 0u);
}

// xmlsec1 alone gives the same verdicts, and the fast engine alone accepts nothing that xmlsec1 refuses. How much work
// is too much is each engine's own affair.
TEST(Hostile, TheEnginesAgree) {
  const auto both = VerifierOf(EngineChoice::kBoth, {PolicySwitch::kWork});
  const auto xmlsec = VerifierOf(EngineChoice::kXmlsec, {PolicySwitch::kWork});
  const auto fast = VerifierOf(EngineChoice::kFast, {PolicySwitch::kWork});
  size_t by_fast = 0, by_xmlsec = 0;
  for (const auto& [message, variants] : All()) {
    for (const HostileVariant& v : variants) {
      const Rules oracle = SignatureRules(message, v.bytes, *xmlsec);
      EXPECT_EQ(SignatureRules(message, v.bytes, *both).empty(), oracle.empty()) << v.name << ": " << Joined(oracle);
      const bool taken = SignatureRules(message, v.bytes, *fast).empty();
      EXPECT_TRUE(!taken || oracle.empty()) << v.name << ": the fast engine alone accepts it; " << Joined(oracle);
      by_fast += taken;
      by_xmlsec += oracle.empty();
    }
  }
  std::cout << by_xmlsec << " accepted by xmlsec1, " << by_fast << " of them by the fast engine alone\n";
  EXPECT_GT(by_fast, 0u);
  EXPECT_GT(by_xmlsec, by_fast) << "exclusive C14N is left to xmlsec1";
}

// libxml2 would write of every namespace name that it refuses to canonicalise.
TEST(Hostile, NothingIsWrittenToTheErrorStream) {
  const auto verifier = VerifierOf(EngineChoice::kBoth);
  ::testing::internal::CaptureStderr();
  for (const auto& [message, variants] : All())
    for (const HostileVariant& v : variants)
      if (message.name == "200") SignatureRules(message, v.bytes, *verifier);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// What the allowances let in, and nothing else.
std::set<std::string> LetInBy(EngineChoice engine, const SignatureAllowances& allowed) {
  const auto strict = VerifierOf(engine), lenient = VerifierOf(engine, {}, allowed);
  std::set<std::string> names;
  for (const auto& [message, variants] : All()) {
    if (message.name != "200" && message.name != "204") continue;
    for (const HostileVariant& v : variants) {
      const bool taken = SignatureRules(message, v.bytes, *lenient).empty();
      if (taken && !SignatureRules(message, v.bytes, *strict).empty())
        names.insert(v.name.substr(v.name.find('/') + 1));
    }
  }
  return names;
}

TEST(Hostile, AnAllowanceLetsInWhatItNamesAlone) {
  const std::set<std::string> weak = {"algorithm: digest sha1", "algorithm: method sha1", "key: signed as rsa1024"};
  const std::set<std::string> quirk = {"reference: to the Object, enveloped"};
  for (const EngineChoice engine : {EngineChoice::kBoth, EngineChoice::kXmlsec}) {
    EXPECT_EQ(LetInBy(engine, {.legacy_sha1 = true}), weak);
    EXPECT_EQ(LetInBy(engine, {.enveloped_on_object = true}), quirk) << "the one shape that xmlsec1 cannot express";
  }
}

// A comment splits a text for a careless reader: what is read is the whole.
TEST(Hostile, ATextIsReadAcrossAComment) {
  const auto verifier = VerifierOf(EngineChoice::kBoth);
  size_t read = 0;
  for (const auto& [message, variants] : All()) {
    for (const HostileVariant& v : variants) {
      if (v.family != "comment" || v.attack || message.answer || message.type != 200) continue;
      const auto document = *MakeXmlParser({})->Parse(v.bytes);
      const XmlNode hdon = document->root().Descend({"DLieu", "HDon"}),
                    seller = hdon.Descend({"DLHDon", "NDHDon", "NBan"});
      EXPECT_EQ(seller.Child("MST").Text(), "0101234567") << v.name;
      EXPECT_EQ(seller.Child("Ten").Text(), "Công ty Người Bán") << v.name;
      SignatureDemand demand;
      demand.signature = hdon.Descend({"DSCKS", "NBan"}).Child("Signature", kDsigUri);
      demand.must_cover = {hdon.Child("DLHDon")};
      const auto check = verifier->Verify(*document, {demand}, HostileKeys::Get().now);
      EXPECT_EQ(check.reports.at(0).signing_time, HostileKeys::Get().now) << v.name;
      EXPECT_EQ(check.reports.at(0).signer_tax_code, "0101234567") << v.name;
      ++read;
    }
  }
  EXPECT_GT(read, 8u);
}

}  // namespace
}  // namespace tvan
