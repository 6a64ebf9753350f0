#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/redis/redis_wire.h"

namespace tvan {
namespace {

// The package redis-tools holds the whole server under this name; what it is, it reads from argv[0].
constexpr const char* kProgram = "/usr/bin/redis-check-rdb";
constexpr Span kPatience{30'000'000};

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "redis_server: %s\n", why.c_str());
  std::abort();
}

std::string MakeFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "tvan-redis-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) Fail("no temporary folder " + name);
  return name;
}

int FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    Fail("no free port");
  ::close(fd);
  return ntohs(at.sin_port);
}

// Between fork and exec only what a signal handler may do.
pid_t Spawn(const char* name, const char* file) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) Fail("no process");
  ::setpgid(pid, pid);  // both do, so that it is done for either
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::execl(kProgram, name, file, static_cast<char*>(nullptr));
  ::_exit(127);
}

Clock& RealClock() {
  static const std::unique_ptr<Clock> clock = MakeSystemClock();
  return *clock;
}

Result<RedisReply> AskOnce(const RedisAddress& at, const RedisCommand& command) {
  const RedisLinkOptions options;
  const auto wire = RedisWire::Open(at, options, RealClock());
  if (!wire) return wire.status();
  return (*wire)->Call(command, options.reply_limit);
}

}  // namespace

void WaitFor(const std::string& what, const std::function<bool()>& done) {
  const Steady end = RealClock().SteadyNow() + kPatience;
  while (!done()) {
    if (RealClock().SteadyNow() > end) Fail("waited in vain for: " + what);
    ::usleep(5000);
  }
}

std::string ExampleUser() {
  std::ifstream file(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/store/redis/acl.example");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("user tvan ")) continue;
  for (size_t at = line.find("{tvan}"); at != std::string::npos; at = line.find("{tvan}")) line.replace(at, 6, "{*}");
  return line;
}

RedisServer::RedisServer(Options options) : options_(std::move(options)), folder_(MakeFolder()) {
  if (::access(kProgram, X_OK) != 0) Fail(std::string("no ") + kProgram + ": install redis-tools (ops/packages.txt)");
  if (options_.port || options_.kind == Kind::kSentinel) port_ = FreePort();
  WriteConfiguration();
  Start();
}

RedisServer::~RedisServer() {
  if (running()) Kill();
  std::error_code failed;  // a child that wrote a file may be about to end
  WaitFor("a folder to be removed", [&] { return std::filesystem::remove_all(folder_, failed), !failed; });
}

void RedisServer::WriteConfiguration() const {
  std::ofstream file(folder_ + "/redis.conf");
  file << "port " << port_ << "\nbind 127.0.0.1\nprotected-mode no\nunixsocket " << folder_ << "/socket\ndir "
       << folder_ << "\nlogfile " << folder_ << "/log\ndaemonize no\n";
  if (options_.kind == Kind::kServer)
    file << "save \"\"\nappendonly yes\nappendfsync always\nrepl-diskless-sync-delay 0\n";
  for (const std::string& line : options_.lines) file << line << "\n";
  if (!file.flush()) Fail("cannot write into " + folder_);
}

RedisAddress RedisServer::address() const { return {.unix_socket = folder_ + "/socket"}; }
RedisAddress RedisServer::tcp() const { return {.host = "127.0.0.1", .port = static_cast<uint16_t>(port_)}; }

std::string RedisServer::Said() const {
  std::ifstream file(folder_ + "/log");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void RedisServer::Kill() {
  ::kill(-pid_, SIGKILL);  // and the children that write its files
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

void RedisServer::Finish() {
  ::kill(pid_, SIGTERM);
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

void RedisServer::StartNotWaiting() {
  if (running()) Fail("is started already");
  const std::string file = folder_ + "/redis.conf";
  pid_ = Spawn(options_.kind == Kind::kServer ? "redis-server" : "redis-sentinel", file.c_str());
}

void RedisServer::Start() {
  StartNotWaiting();
  WaitUntilServes();
}

void RedisServer::WaitUntilServes() {
  WaitFor("a redis-server that serves", [this] {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) Fail("the server ended: " + Said());
    const auto answer = AskOnce(address(), {"PING"});
    return answer && !answer->is_error("LOADING");
  });
}

void RedisServer::Pause() const { ::kill(pid_, SIGSTOP); }
void RedisServer::Resume() const { ::kill(pid_, SIGCONT); }

RedisReply RedisServer::Ask(const RedisCommand& command) const {
  auto answer = AskOnce(address(), command);
  if (!answer) Fail(std::string(command[0]) + ": " + answer.status().message() + "\n" + Said());
  return std::move(*answer);
}

RedisReply RedisServer::Tell(const std::string& words) const {
  std::istringstream in(words);
  std::vector<std::string> kept;
  for (std::string word; in >> word;) kept.push_back(word);
  return Ask(RedisCommand(kept.begin(), kept.end()));
}

std::string RedisServer::Info(const std::string& field) const {
  const std::string text = "\n" + Ask({"INFO", "everything"}).text;
  const size_t at = text.find("\n" + field + ":");
  if (at == std::string::npos) return "";
  const size_t begin = at + field.size() + 2;
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

void RedisServer::Follow(const RedisServer& primary) {
  Tell("REPLICAOF 127.0.0.1 " + std::to_string(primary.port_));
  const std::string online = "port=" + std::to_string(port_) + ",state=online";
  WaitFor("a replica that follows", [&] {
    return Info("master_link_status") == "up" &&
           primary.Ask({"INFO", "replication"}).text.find(online) != std::string::npos;
  });
}

}  // namespace tvan
