// tvan-gateway as a program: exit codes, the ready file, SIGTERM, SIGKILL.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <regex>

#include "tests/integration/api_world.h"

extern char** environ;  // NOLINT: POSIX names it

namespace tvan {
namespace {

using testing::HasSubstr;

class Program {
 public:
  // Both outputs go to one pipe.
  explicit Program(std::vector<std::string> arguments) {
    int ends[2];
    TVAN_CHECK(pipe2(ends, O_CLOEXEC) == 0);
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    arguments.insert(arguments.begin(), std::string(std::getenv("TVAN_BINARY_DIR")) + "/bin/tvan-gateway");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    TVAN_CHECK(posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  ~Program() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    close(output_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Reads on until `word` was said or the program has closed its output.
  bool WaitFor(const std::string& word) {
    char chunk[4096];
    while (text_.find(word) == std::string::npos) {
      const ssize_t n = read(output_, chunk, sizeof chunk);
      if (n <= 0) return false;
      text_.append(chunk, static_cast<size_t>(n));
    }
    return true;
  }
  void Signal(int signal) const { kill(pid_, signal); }
  // The exit code; of a killed one 128 + signal.
  int Wait() {
    WaitFor("\1never said");
    int status = 0;
    waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& text() const { return text_; }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  std::string text_;
};

int PortOf(const std::string& ready, const std::string& name) {
  std::smatch match;
  const std::regex pattern("\"" + name + "\":\"127\\.0\\.0\\.1:([0-9]+)\"");
  return std::regex_search(ready, match, pattern) ? std::stoi(match[1]) : 0;
}

TEST(GatewayProgram, AnswersWithItsExitCodes) {
  ApiWorld world;
  world.yaml += "bogus: 1\n";
  world.WriteFile("gateway.yaml", world.yaml);
  Program usage({"--nonsense"});
  EXPECT_EQ(usage.Wait(), 1);
  EXPECT_THAT(usage.text(), HasSubstr("usage:"));
  Program wrong({"--config", world.File("gateway.yaml")});
  EXPECT_EQ(wrong.Wait(), 1);
  EXPECT_THAT(wrong.text(), HasSubstr("gateway.yaml:13:1: bogus: unknown key"));
  Program version({"--version"});
  EXPECT_EQ(version.Wait(), 0);
}

TEST(GatewayProgram, ChecksAConfigurationWithoutStarting) {
  ApiWorld world;
  world.WriteFile("gateway.yaml", world.yaml);
  Program check({"--config", world.File("gateway.yaml"), "--check-config"});
  EXPECT_EQ(check.Wait(), 0) << check.text();
  EXPECT_FALSE(std::filesystem::exists(world.File("data")));
  world.WriteFile("id.key", "short");
  Program bad({"--config", world.File("gateway.yaml"), "--check-config"});
  EXPECT_EQ(bad.Wait(), 1);
  EXPECT_THAT(bad.text(), HasSubstr("app.message_id_key"));
}

TEST(GatewayProgram, DiesAtAFailpointInASandboxOnly) {
  ApiWorld world;
  world.WriteFile("gateway.yaml", world.yaml);
  Program sandbox({"--config", world.File("gateway.yaml"), "--failpoint", "flush.after:1"});
  EXPECT_EQ(sandbox.Wait(), 128 + SIGKILL) << sandbox.text();
  Program unknown({"--config", world.File("gateway.yaml"), "--failpoint", "flush.never:1"});
  EXPECT_EQ(unknown.Wait(), 1);
  EXPECT_THAT(unknown.text(), HasSubstr("failpoint.spec"));
  const std::string environment = "environment: sandbox";
  std::string yaml = world.yaml;
  yaml.replace(yaml.find(environment), environment.size(), "environment: production");
  world.WriteFile("gateway.yaml", yaml);
  for (const std::string flag : {"--failpoint", "--failpoint-page"}) {
    Program production({"--config", world.File("gateway.yaml"), flag, "flush.after:1"});
    EXPECT_EQ(production.Wait(), 1);
    EXPECT_THAT(production.text(), HasSubstr("app.failpoint_in_production"));
  }
}

TEST(GatewayProgram, CannotStartOnAPortInUseAndSaysSoOnce) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  const std::string port = std::to_string(world.gateway->provider_port());
  std::string yaml = world.yaml;
  yaml.replace(yaml.find("path: data"), 10, "path: data2");
  const std::string listen = "provider_api: {listen: 127.0.0.1:";
  yaml.replace(yaml.find(listen), listen.size() + 1, listen + port);
  world.WriteFile("gateway.yaml", yaml);
  Program program({"--config", world.File("gateway.yaml")});
  EXPECT_EQ(program.Wait(), 2);
  EXPECT_THAT(program.text(), HasSubstr("cannot start: intake.listen: cannot listen on 127.0.0.1:" + port));
}

TEST(GatewayProgram, SaysWhereItListensDrainsOnTermAndKeepsReceiptsThroughKill) {
  ApiWorld world;
  world.yaml.replace(world.yaml.find("log: {level: error}"), 19, "log: {level: info}");
  world.WriteFile("gateway.yaml", world.yaml);
  const std::vector<std::string> arguments = {"--config", world.File("gateway.yaml"), "--ready-file",
                                              world.File("ready.json")};
  v1::GetKeySetResponse keys;
  {
    Program killed(arguments);
    ASSERT_TRUE(killed.WaitFor("event=app.ready")) << killed.text();
    const int port = PortOf(world.ReadText("ready.json"), "provider_api");
    grpc::ClientContext context;
    EXPECT_TRUE(v1::RelayService::NewStub(world.Channel("acme", port))->GetKeySet(&context, {}, &keys).ok());
    killed.Signal(SIGKILL);
    EXPECT_EQ(killed.Wait(), 128 + SIGKILL);
  }
  std::filesystem::remove(world.File("ready.json"));
  Program again(arguments);
  ASSERT_TRUE(again.WaitFor("event=app.ready")) << again.text();
  EXPECT_NE(PortOf(world.ReadText("ready.json"), "http"), 0);
  again.Signal(SIGTERM);
  EXPECT_EQ(again.Wait(), 0) << again.text();
  EXPECT_THAT(again.text(), HasSubstr("event=app.stopped store=ok"));
  EXPECT_FALSE(std::filesystem::exists(world.File("ready.json")));
}

}  // namespace
}  // namespace tvan
