#include "gateway/core/failpoint.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

// How a child of its own ended: failpoints are turned on for a process's life.
int StatusOf(const std::function<int()>& child) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(child());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}
bool Killed(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
bool Ended(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

int PassThrice(const std::string& page, std::string_view armed) {
  if (!TurnOnFailpoints(page, armed).ok()) return 1;
  for (int i = 0; i < 3; ++i) {
    Pass("settle.before"_failpoint);
    Pass("settle.after"_failpoint);
  }
  return 0;
}

// passes, armed, kills of a name, by the layout alone
std::array<uint64_t, 3> Slot(const std::string& file, const std::string& name) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::array<uint64_t, 3> numbers{};
  const size_t at = bytes.find(name + '\0');
  if (at == std::string::npos) return numbers;
  std::memcpy(numbers.data(), bytes.data() + at + 40, 24);
  return numbers;
}

TEST(Failpoint, PassesWithoutATraceWhenOff) {
  EXPECT_TRUE(Ended(StatusOf([] {
                      Pass("settle.before"_failpoint);
                      return 7;
                    }),
                    7));
}

TEST(Failpoint, KillsAtTheCountedPassAndNotBefore) {
  EXPECT_TRUE(Killed(StatusOf([] { return PassThrice("", "settle.after:3"); })));
  EXPECT_TRUE(Ended(StatusOf([] { return PassThrice("", "settle.after:4"); }), 0));
  EXPECT_TRUE(Ended(StatusOf([] { return PassThrice("", "attempt.after:1"); }), 0));
}

TEST(Failpoint, CountsInAPageThatOutlivesTheProcess) {
  const TempFolder folder;
  const std::string page = folder.File("failpoints");
  EXPECT_TRUE(Killed(StatusOf([&] { return PassThrice(page, "settle.before:2"); })));
  EXPECT_EQ(Slot(page, "settle.before"), (std::array<uint64_t, 3>{2, 0, 1}));
  EXPECT_EQ(Slot(page, "settle.after"), (std::array<uint64_t, 3>{1, 0, 0}));
  EXPECT_TRUE(Ended(StatusOf([&] { return PassThrice(page, ""); }), 0));
  EXPECT_EQ(Slot(page, "settle.before"), (std::array<uint64_t, 3>{5, 0, 1}));
}

TEST(Failpoint, IsArmedThroughThePageWhileTheProcessRuns) {
  const TempFolder folder;
  const std::string page = folder.File("failpoints");
  ASSERT_TRUE(Ended(StatusOf([&] { return PassThrice(page, ""); }), 0));
  std::fstream file(page, std::ios::binary | std::ios::in | std::ios::out);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  file.seekp(static_cast<std::streamoff>(bytes.find(std::string("settle.after") + '\0') + 48));
  file.put(2);
  file.close();
  EXPECT_TRUE(Killed(StatusOf([&] { return PassThrice(page, ""); })));
  EXPECT_EQ(Slot(page, "settle.after"), (std::array<uint64_t, 3>{5, 0, 1}));
}

TEST(Failpoint, RefusesWhatItDoesNotKnow) {
  const TempFolder folder;
  const std::string other = folder.File("other");
  std::ofstream(other) << "no page of ours";
  for (const std::string spec :
       {"settle.never:1", "settle.after", "settle.after:", "settle.after:0", "settle.after:1x"})
    EXPECT_EQ(TurnOnFailpoints("", spec).reason(), "failpoint.spec"_reason) << spec;
  EXPECT_EQ(TurnOnFailpoints(other, "").reason(), "failpoint.page"_reason);
  EXPECT_EQ(std::filesystem::file_size(other), 15u) << "a foreign file was touched";
  EXPECT_EQ(TurnOnFailpoints(folder.File("no/folder"), "").reason(), "failpoint.page"_reason);
}

}  // namespace
}  // namespace tvan
