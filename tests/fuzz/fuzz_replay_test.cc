// Replays the whole corpus in the repository through a fuzz target, in every build. One program per target; each takes
// the files of the others too.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/counter.h"

namespace tvan::fuzz {
namespace {

TEST(FuzzReplay, EveryFileOfTheCorpusHoldsAndReachesWhatTheTargetIsAbout) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TVAN_FUZZ_CORPUS)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    SCOPED_TRACE(entry.path());
    EXPECT_LE(bytes.size(), 16384u) << "ops/fuzz would cut it";
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
    ++files;
  }
  EXPECT_GT(files, 0u);
  ASSERT_FALSE(Counter::All().empty());
  for (const Counter* counter : Counter::All()) EXPECT_GT(counter->count(), 0u) << counter->name();
}

}  // namespace
}  // namespace tvan::fuzz
