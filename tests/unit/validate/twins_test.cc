// Every rule that a message can break, seen to accept and to refuse, one change apart; and seen to matter: switched
// off, its rejected twin is not refused for it any more.
#include "tests/unit/validate/twins.h"
#include "tests/support/held_signature.h"

#include <gtest/gtest.h>

#include <set>

#include "gateway/validate/rule_table.h"
#include "tests/support/profiles.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

// Signatures have tests of their own: this one holds every signature for good, so that a change does not break it.
class GoodNatured final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                        const VerifyContext&) const override {
    SignatureCheck check;
    for (const SignatureDemand& demand : demands) check.reports.push_back(HeldReport(demand));
    return check;
  }
};

std::vector<Twin> AllTwins() {
  std::vector<Twin> all;
  for (auto* make : {&TwinsOfFields, &TwinsOfEnvelope, &TwinsOfInvoices, &TwinsOfNotices, &TwinsOfAmounts})
    for (Twin& twin : make()) all.push_back(std::move(twin));
  return all;
}

class Judge {
 public:
  explicit Judge(RuleSwitches switches = {}) {
    Validator::Options options;
    options.max_items = 3;
    options.profiles = TestProfiles();
    options.rules = std::move(switches);
    validator_ = Validator::Make(options, *world_.parser, verifier_, *world_.digester);
  }

  std::vector<Finding> Findings(const Twin& twin, const Changes& changes) const {
    MessageSpec spec = twin.spec;
    spec.signing_time = world_.now;
    std::string bytes = MakeTDiep(spec, world_.seller.get());
    for (const auto& [what, by] : changes) bytes = Replaced(std::move(bytes), what, by);
    ReadResult read = validator_->Read({std::move(bytes), 0, {}});
    std::vector<Finding> findings = std::move(read.findings);
    if (!read.message) return findings;
    CheckContext context = world_.context();
    if (!twin.accepted_at.empty()) context.accepted_at = *ParseTime(twin.accepted_at);
    CheckedMessage checked = validator_->Check(*read.message, context);
    findings.insert(findings.end(), checked.findings.begin(), checked.findings.end());
    return findings;
  }

 private:
  const SigningWorld& world_ = SigningWorld::Get();
  GoodNatured verifier_;
  std::unique_ptr<Validator> validator_;
};

const Finding* Find(const std::vector<Finding>& findings, std::string_view rule) {
  for (const Finding& finding : findings)
    if (finding.rule.text() == rule) return &finding;
  return nullptr;
}

std::string Listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += "\n  " + std::string(finding.rule.text()) + " " + finding.path + " " + finding.text_en;
  return text;
}

TEST(Twins, TheAcceptedOneIsAcceptedAndTheOtherBreaksTheRule) {
  const Judge judge;
  for (const Twin& twin : AllTwins()) {
    SCOPED_TRACE(twin.rule);
    if (twin.accepted_at.empty()) {
      const std::vector<Finding> good = judge.Findings(twin, twin.good);
      EXPECT_FALSE(HasError(good)) << Listed(good);
      EXPECT_EQ(Find(good, twin.rule), nullptr) << Listed(good);
    }
    const std::vector<Finding> bad = judge.Findings(twin, twin.bad);
    const Finding* found = Find(bad, twin.rule);
    EXPECT_NE(found, nullptr) << Listed(bad);
    if (found != nullptr) EXPECT_EQ(found->severity, twin.severity) << Listed(bad);
    EXPECT_EQ(HasError(bad), twin.severity == Severity::kError) << Listed(bad);
  }
}

TEST(Twins, ARuleThatIsSwitchedOffIsMissedByItsTwin) {
  std::set<std::string> rules;
  for (const Twin& twin : AllTwins()) rules.insert(twin.rule);
  for (const std::string& rule : rules) {
    RuleSwitches off;
    off.TurnOff(rule);
    const Judge judge(off);
    for (const Twin& twin : AllTwins()) {
      if (twin.rule == rule) EXPECT_EQ(Find(judge.Findings(twin, twin.bad), rule), nullptr) << rule;
    }
  }
}

// What is tested elsewhere, since it takes more than a message: keys, a store, a contract, bytes that are no XML.
bool HasItsTwinsElsewhere(std::string_view rule) {
  static const std::set<std::string_view> rooms = {"xml", "intake", "guard", "history", "answer", "contract"};
  static const std::set<std::string_view> rules = {
      "field.not_allowed",     // field_walk_test: no field is forbidden without a rule of its own
      "field.message_id",      // field_walk_test: of answers only
      "invoice.key_unusable",  // items_test
      "invoice.coded_form",    // answer_test
      "findings.truncated",    // bad_input_test
      "envelope.bare_type",    // header_test, with client_reference and reference_ignored
      "envelope.client_reference", "envelope.reference_ignored",
      "envelope.authority_header",  // wrapping_test
      "envelope.wrapped_refused",
      "invoice.code_taken",  // tests/unit/intake: history
      "invoice.code_range",        "summary.cancelled_without_notice", "notice.invoice_refused"};
  const std::string_view room = rule.substr(0, rule.find('.'));
  return rooms.count(room) != 0 || rules.count(rule) != 0 || (room == "signature" && rule != "signature.missing");
}

TEST(Twins, EveryRuleHasThem) {
  std::set<std::string_view> tested;
  const std::vector<Twin> twins = AllTwins();
  for (const Twin& twin : twins) tested.insert(twin.rule);
  for (const Rule& rule : AllRules())
    EXPECT_NE(tested.count(rule.id.text()) != 0, HasItsTwinsElsewhere(rule.id.text())) << rule.id.text();
}

}  // namespace
}  // namespace tvan
