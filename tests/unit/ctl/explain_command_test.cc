#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "gateway/validate/rule_page.h"
#include "gateway/validate/rule_table.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Explained {
  int code = 0;
  std::string out, error;
};

Explained Explain(const std::vector<std::string>& words, bool json = false) {
  CLI::App app;
  Tool tool;
  tool.json = json;
  AddExplainCommand(app, tool);
  std::vector<std::string> last_first(words.rbegin(), words.rend());  // as CLI11 wants them
  last_first.push_back("explain");
  app.parse(last_first);
  Explained explained;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  explained.code = tool.action();
  explained.out = testing::internal::GetCapturedStdout();
  explained.error = testing::internal::GetCapturedStderr();
  return explained;
}

TEST(Explain, SaysOfARuleWhatItSaysAndWhatToDo) {
  const Explained explained = Explain({"field.missing"});
  EXPECT_EQ(explained.code, kOk);
  const Rule& rule = *FindRule("field.missing");
  for (const std::string_view part : {rule.text_vi, rule.text_en, rule.todo_vi, rule.todo_en, rule.source})
    EXPECT_THAT(explained.out, HasSubstr(std::string(part)));
  EXPECT_THAT(explained.out, HasSubstr("field.missing: error\n"));
  EXPECT_THAT(explained.out, HasSubstr("MLoi     1000"));
  EXPECT_THAT(explained.out, HasSubstr("config/RULES.md#field.missing"));
}

TEST(Explain, SaysWhatMayBeConfigured) {
  EXPECT_THAT(Explain({"amount.line"}).out, HasSubstr("amount.line: warning (configurable)\n"));
  EXPECT_THAT(Explain({"field.unknown"}).out, Not(HasSubstr("configurable")));
}

TEST(Explain, GivesMachinesOneObject) {
  const auto told = nlohmann::json::parse(Explain({"qr.form"}, true).out);
  EXPECT_EQ(told.at("rule"), "qr.form");
  EXPECT_EQ(told.at("severity"), "error");
  EXPECT_EQ(told.at("configurable"), true);
  EXPECT_EQ(told.at("text_en"), std::string(FindRule("qr.form")->text_en));
  EXPECT_EQ(told.at("page"), "config/RULES.md#qr.form");
}

TEST(Explain, PrintsThePageOrOneObjectForEachRule) {
  EXPECT_EQ(Explain({"--all"}).out, RulesPage());
  const std::string objects = Explain({"--all"}, true).out;
  EXPECT_EQ(static_cast<size_t>(std::count(objects.begin(), objects.end(), '\n')), AllRules().size());
}

TEST(Explain, NamesTheRulesThatAMisspeltOneMayMean) {
  const Explained explained = Explain({"field.mising"});
  EXPECT_EQ(explained.code, 2);
  EXPECT_EQ(explained.out, "");
  EXPECT_THAT(explained.error, HasSubstr("there is no rule field.mising; is it field.missing?"));
  EXPECT_THAT(Explain({"qwertyuiop"}).error, HasSubstr("there is no rule qwertyuiop\n"));
}

TEST(Explain, WantsARuleOrAll) {
  EXPECT_THROW(Explain({}), CLI::ParseError);
  EXPECT_THROW(Explain({"--all", "field.missing"}), CLI::ParseError);
}

}  // namespace
}  // namespace tvan::ctl
