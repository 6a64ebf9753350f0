#include "gateway/app/rule_settings.h"

#include <gmock/gmock.h>

#include "gateway/validate/rule_table.h"
#include "tests/unit/config/config_world.h"
#include "tvan/config/v1/options.pb.h"

namespace tvan {
namespace {

constexpr Reason kLine = "amount.line"_reason, kQr = "qr.form"_reason;

class RuleSettingsTest : public testing::Test {
 protected:
  RuleSwitches Switches(const std::string& rules) {
    const ConfigReport report = world_.Parse(ConfigWorld::Good() + "validate: {rules: " + rules + "}\n");
    EXPECT_TRUE(report.ok()) << report.Text();
    return RuleSettings(report.config.validate().rules());
  }
  ConfigWorld world_;
};

TEST_F(RuleSettingsTest, SwitchesARuleOffGraverOrMilder) {
  const RuleSwitches switches = Switches("{amount.line: error, amount.total: off, qr.form: warning}");
  EXPECT_EQ(switches.Of(kLine, Severity::kWarning), Severity::kError);
  EXPECT_EQ(switches.Of("amount.total"_reason, Severity::kWarning), std::nullopt);
  EXPECT_EQ(switches.Of(kQr, Severity::kError), Severity::kWarning);
}

TEST_F(RuleSettingsTest, LeavesEveryRuleAsItIsSaidWhenNothingIsConfigured) {
  const RuleSwitches switches = Switches("{qr.form: error}");
  for (const Rule& rule : AllRules()) {
    EXPECT_EQ(switches.Of(rule.id, rule.severity), rule.severity);
    EXPECT_EQ(switches.Of(rule.id, Severity::kWarning), Severity::kWarning) << "milder on an uncertain source";
  }
}

TEST_F(RuleSettingsTest, AnUnknownRuleAndOneThatIsNoSwitchAreRefusedWithTheirPlace) {
  for (const char* rule : {"amount.lines", "field.missing", "amount_line"}) {
    const ConfigReport report =
        world_.Parse(ConfigWorld::Good() + "validate:\n  rules:\n    " + std::string(rule) + ": off\n");
    ASSERT_EQ(report.errors.size(), 1u) << report.Text();
    EXPECT_EQ(report.Text(), "gateway.yaml:20:5: validate.rules." + std::string(rule) + ": unknown key\n");
  }
}

TEST_F(RuleSettingsTest, ASeverityThatIsNoneIsRefusedWithItsPlace) {
  const ConfigReport report = world_.Parse(ConfigWorld::Good() + "validate: {rules: {amount.line: fatal}}\n");
  EXPECT_EQ(report.Text(),
            "gateway.yaml:18:33: validate.rules.amount.line: \"fatal\" is not one of error|warning|off\n");
}

TEST_F(RuleSettingsTest, TheSchemaHasTheSwitchableRulesOfTheTableWithTheirSeverity) {
  std::map<std::string, std::string> schema, table;
  const auto& rules = *config::v1::Rules::descriptor();
  for (int i = 0; i < rules.field_count(); ++i) {
    const auto& rule = rules.field(i)->options().GetExtension(config::v1::rule);
    schema[rule.key()] = rule.default_value();
  }
  for (const Rule& rule : AllRules())
    if (rule.switchable) table[std::string(rule.id.text())] = ToString(rule.severity);
  EXPECT_EQ(schema, table);
}

}  // namespace
}  // namespace tvan
