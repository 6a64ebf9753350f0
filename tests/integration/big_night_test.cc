// 200 000 messages of a maintenance night in one process and virtual time; afterwards the audit, which links none of
// the code, judges what the authority saw and what was exported.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/integration/big_night.h"

namespace tvan {
namespace {

// The folder stays when the audit finds something.
int AuditOf(const std::string& folder) {
  const std::string audit = std::string(std::getenv("TVAN_SOURCE_DIR")) + "/tests/acceptance/audit.py ";
  const std::string said = folder + "/audit.txt";
  const std::string run = "/usr/bin/python3 -B " + audit + folder + " > " + said + " 2>&1";
  return std::system((run + "; code=$?; tail -n 20 " + said + "; exit $code").c_str());
}

uint64_t Chosen(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

// TVAN_NIGHT_SEED and TVAN_NIGHT_MESSAGES play another one.
TEST(BigNight, LosesDoublesAndOvertakesNothing) {
  BigNight::Plan plan;
  plan.seed = Chosen("TVAN_NIGHT_SEED", plan.seed);
  plan.messages = Chosen("TVAN_NIGHT_MESSAGES", plan.messages);
  plan.folder = testing::TempDir() + "tvan-big-night-" + std::to_string(plan.seed);
  std::filesystem::remove_all(plan.folder);
  {
    BigNight night(plan);
    night.Run();
    ASSERT_EQ(night.accepted(), plan.messages);
  }
  ASSERT_EQ(AuditOf(plan.folder), 0) << plan.folder;
  std::filesystem::remove_all(plan.folder);
}

}  // namespace
}  // namespace tvan
