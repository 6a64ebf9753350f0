#include "config/loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "config/walker.h"
#include "gateway/core/digest.h"

namespace tvan {
namespace {

void Require(bool holds, config::Walker& walker, const std::string& path, const std::string& text) {
  if (!holds) walker.Error(walker.PlaceOf(path), path, text);
}

void CheckClass(const config::v1::ClassPolicy& policy, const std::string& name, config::Walker& walker) {
  Require(SpanOf(policy.t1_silent()) <= SpanOf(policy.t2_resend()), walker, "dispatch.classes." + name + ".t2_resend",
          "is below t1_silent");
}

// A code says one thing: a verdict on the message, a repeated MTDiep, or trouble of the service.
void CheckCodes(const config::v1::Feedback& feedback, config::Walker& walker) {
  std::map<std::string, std::string> lists;  // code → the list that has it
  const auto take = [&](const std::string& list, const google::protobuf::RepeatedPtrField<std::string>& codes) {
    for (const std::string& code : codes) {
      const std::string first = lists.emplace(code, list).first->second;
      Require(first == list, walker, "feedback." + list, "code " + code + " is in " + first + " as well");
    }
  };
  take("duplicate_codes", feedback.duplicate_codes());
  take("system_codes", feedback.system_codes());
  take("refusal_codes", feedback.refusal_codes());
}

// A certificate has one role.
void CheckOperators(const config::v1::AdminApi& api, config::Walker& walker) {
  std::map<std::string, int> first;
  for (int i = 0; i < api.operators_size(); ++i) {
    const int other = first.emplace(ParseSha256Hex(api.operators(i).certificate())->Hex(), i).first->second;
    Require(other == i, walker, "admin_api.operators[" + std::to_string(i) + "].certificate",
            "is admin_api.operators[" + std::to_string(other) + "] too");
  }
}

void CheckStore(const config::v1::Config& config, config::Walker& walker) {
  const auto& store = config.store();
  const bool shared = store.engine() == "redis";
  const auto& redis = store.redis();
  Require(shared || !store.path().empty(), walker, "store.path", "is needed by the engine rocksdb");
  Require(shared || store.durability() != "flushed_replicated", walker, "store.durability",
          "flushed_replicated needs the engine redis");
  if (!shared) return;
  Require(redis.server().empty() != redis.sentinels().empty(), walker, "store.redis",
          "either server or sentinels is needed");
  Require(!redis.gateway().empty(), walker, "store.redis.gateway", "is needed");
  Require(SpanOf(config.dispatch().in_doubt_settle()) >= SpanOf(config.dispatch().send_timeout()), walker,
          "dispatch.in_doubt_settle", "is below send_timeout: what another gateway sent last may still be on its way");
}

// What no single field can say.
void CheckTogether(const config::v1::Config& config, config::Walker& walker) {
  const auto& dispatch = config.dispatch();
  CheckClass(dispatch.classes().coded(), "coded", walker);
  CheckClass(dispatch.classes().uncoded(), "uncoded", walker);
  CheckClass(dispatch.classes().cash_register(), "cash_register", walker);
  CheckClass(dispatch.classes().error_notice(), "error_notice", walker);
  CheckClass(dispatch.classes().registration(), "registration", walker);
  CheckClass(dispatch.classes().summary(), "summary", walker);
  Require(SpanOf(dispatch.backoff_min()) <= SpanOf(dispatch.backoff_max()), walker, "dispatch.backoff_max",
          "is below backoff_min");
  Require(dispatch.ramp_start_per_s() <= dispatch.max_per_s(), walker, "dispatch.max_per_s",
          "is below ramp_start_per_s");
  CheckCodes(config.feedback(), walker);
  CheckOperators(config.admin_api(), walker);
  CheckStore(config, walker);
  if (config.environment() != "production") return;
  Require(config.clock() == "system", walker, "clock", "production runs on the system clock only");
  Require(config.store().durability() != "memory_only", walker, "store.durability",
          "production does not serve without durability");
}

void Append(const ConfigProblem& problem, const std::string& file, const char* mark, std::string& out) {
  out += file;
  if (problem.line > 0) out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  out += ": " + std::string(mark);
  if (!problem.path.empty()) out += problem.path + ": ";
  out += problem.text + "\n";
}

}  // namespace

void ConfigReport::SortByPlace() {
  for (std::vector<ConfigProblem>* problems : {&errors, &warnings})
    std::stable_sort(problems->begin(), problems->end(), [](const ConfigProblem& a, const ConfigProblem& b) {
      return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
}

std::string ConfigReport::Text() const {
  std::string out;
  for (const ConfigProblem& problem : errors) Append(problem, file, "", out);
  for (const ConfigProblem& problem : warnings) Append(problem, file, "warning: ", out);
  return out;
}

ConfigReport ParseConfig(std::string_view yaml, const std::string& file, const std::string& folder) {
  ConfigReport report;
  report.file = file;
  config::Walker walker(report, folder);
  try {
    walker.Walk(YAML::Load(std::string(yaml)), "", report.config);
    // The only warning there is: a secret that others may read.
    if (report.config.environment() == "production")
      for (ConfigProblem& problem : std::exchange(report.warnings, {})) report.errors.push_back(std::move(problem));
    if (report.ok()) CheckTogether(report.config, walker);
  } catch (const YAML::Exception& e) {
    walker.Error(e.mark, "", "not YAML: " + e.msg);
  }
  report.SortByPlace();
  return report;
}

ConfigReport LoadConfig(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string yaml{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    ConfigReport report;
    report.file = file;
    report.errors.push_back({0, 0, "", "cannot be read"});
    return report;
  }
  std::error_code ignored;
  return ParseConfig(yaml, file, std::filesystem::absolute(file, ignored).parent_path().string());
}

}  // namespace tvan
