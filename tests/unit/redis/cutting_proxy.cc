#include "tests/unit/redis/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "gateway/core/status.h"

namespace tvan {
namespace {

constexpr int kLook = 20;  // ms; how soon an end is seen

sockaddr_un At(const std::string& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, path.c_str(), sizeof at.sun_path - 1);
  return at;
}

int ConnectTo(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un at = At(path);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return fd;
  ::close(fd);
  return -1;
}

bool IsReadable(int fd, int wait) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, wait) > 0;
}

}  // namespace

CuttingProxy::CuttingProxy(RedisAddress to) : to_(std::move(to)) {
  std::string name = (std::filesystem::temp_directory_path() / "tvan-proxy-XXXXXX").string();
  TVAN_CHECK(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un at = At(address().unix_socket);
  TVAN_CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  TVAN_CHECK(::listen(listener_, 16) == 0);
  thread_ = std::thread([this] { Run(); });
}

CuttingProxy::~CuttingProxy() {
  ended_ = true;
  thread_.join();
  ::close(listener_);
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

void CuttingProxy::CutNext(Cut cut, const std::string& bytes, bool hold) {
  const std::lock_guard lock(mutex_);
  cut_ = cut;
  at_ = bytes;
  hold_ = hold;
}

void CuttingProxy::Run() {
  while (!ended_) {
    if (!IsReadable(listener_, kLook)) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (held_)
      ::close(client);
    else if (client >= 0)
      serving_.emplace_back([this, client] { Serve(client); });
  }
  for (std::thread& one : serving_) one.join();
}

CuttingProxy::Cut CuttingProxy::Takes(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (cut_ == Cut::kNever || bytes.find(at_) == std::string::npos) return Cut::kNever;
  held_ = hold_;
  return std::exchange(cut_, Cut::kNever);
}

// False: the connection is over.
bool CuttingProxy::Pass(int from, int to, bool is_command) {
  char buffer[65536];
  const ssize_t got = ::read(from, buffer, sizeof buffer);
  if (got <= 0) return false;
  const std::string bytes(buffer, static_cast<size_t>(got));
  const Cut cut = is_command ? Takes(bytes) : Cut::kNever;
  if (cut != Cut::kBefore && ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) != got) return false;
  if (cut == Cut::kNever) return true;
  if (cut == Cut::kBehind) (void)IsReadable(to, -1);  // its answer
  ++cuts_;
  return false;
}

void CuttingProxy::Serve(int client) {
  const int server = ConnectTo(to_.unix_socket);
  bool going = server >= 0;
  while (going && !ended_) {
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(both, 2, kLook) <= 0) continue;
    if (both[0].revents != 0) going = Pass(client, server, true);
    if (going && both[1].revents != 0) going = Pass(server, client, false);
  }
  ::close(server);
  ::close(client);
}

}  // namespace tvan
