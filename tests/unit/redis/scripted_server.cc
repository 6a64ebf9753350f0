#include "tests/unit/redis/scripted_server.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace tvan {
namespace {

// The bytes up to the end of a line at `at`, which moves behind it; false: not all are here.
bool Line(const std::string& bytes, size_t& at, std::string& line) {
  const size_t end = bytes.find("\r\n", at);
  if (end == std::string::npos) return false;
  line = bytes.substr(at, end - at);
  at = end + 2;
  return true;
}

// Takes one whole command off the front.
bool TakeCommand(std::string& bytes, ScriptedServer::Words& command) {
  command.clear();
  size_t at = 0;
  std::string line;
  if (!Line(bytes, at, line)) return false;
  for (size_t left = std::stoul(line.substr(1)); left > 0; --left) {
    if (!Line(bytes, at, line)) return false;
    const size_t size = std::stoul(line.substr(1));
    if (bytes.size() < at + size + 2) return false;
    command.push_back(bytes.substr(at, size));
    at += size + 2;
  }
  bytes.erase(0, at);
  return true;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)), folder_(std::filesystem::temp_directory_path() / "tvan-scripted-XXXXXX") {
  TVAN_CHECK(::mkdtemp(folder_.data()) != nullptr);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, address().unix_socket.c_str(), sizeof at.sun_path - 1);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TVAN_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  TVAN_CHECK(::listen(listener_, 8) == 0);
  thread_ = std::thread([this] { Run(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    ::shutdown(listener_, SHUT_RDWR);
  }
  thread_.join();
  ::close(listener_);
  std::filesystem::remove_all(folder_);
}

void ScriptedServer::Run() {
  for (;;) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    {
      const std::lock_guard lock(mutex_);
      connection_ = connection;
      if (ended_) ::shutdown(connection, SHUT_RDWR);
    }
    Serve(connection);
    const std::lock_guard lock(mutex_);
    connection_ = -1;
    ::close(connection);
    if (ended_) return;
  }
}

void ScriptedServer::Serve(int connection) const {
  std::string bytes;
  char chunk[65536];
  for (;;) {
    const ssize_t n = ::recv(connection, chunk, sizeof chunk, 0);
    if (n <= 0) return;
    bytes.append(chunk, static_cast<size_t>(n));
    for (Words command; TakeCommand(bytes, command);) {
      std::string answer = Answer(command);
      const bool hang_up = answer.ends_with(kHangUp);
      if (hang_up) answer.resize(answer.size() - std::strlen(kHangUp));
      for (size_t sent = 0; sent < answer.size();) {
        const ssize_t m = ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
        if (m <= 0) return;
        sent += static_cast<size_t>(m);
      }
      if (hang_up) return;
    }
  }
}

std::string ScriptedServer::Answer(const Words& command) const {
  const std::string answer = script_(command);
  if (!answer.empty()) return answer;
  if (command[0] == "PING") return "+PONG\r\n";
  if (command[0] == "ROLE") return "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n";
  return "";
}

}  // namespace tvan
