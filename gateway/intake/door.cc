#include "gateway/intake/door.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr int kBacklog = 4096;  // the kernel's own bound may be lower
constexpr int kAtATime = 64;    // of one listener, before others are looked at
constexpr std::chrono::milliseconds kSweep(1000);
constexpr int kRestMilliseconds = 50;  // when descriptors ran out

Status CannotListen(const std::string& listen, const std::string& why) {
  return Status::Permanent("intake.listen"_reason, "cannot listen on " + listen + ": " + why);
}

// An IPv4 address, or the network of an IPv6 one: who has one IPv6 address has them all.
std::string AddressOf(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
    return {reinterpret_cast<const char*>(&address), sizeof address};
  }
  if (peer.ss_family != AF_INET6) return {};
  const auto& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
  const char* const bytes = reinterpret_cast<const char*>(&address);
  return IN6_IS_ADDR_V4MAPPED(&address) ? std::string(bytes + 12, 4) : std::string(bytes, 8);
}

struct Resolved {
  ~Resolved() {
    if (list != nullptr) freeaddrinfo(list);
  }
  addrinfo* list = nullptr;
};

std::string Resolve(const std::string& listen, Resolved& resolved) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return "no HOST:PORT";
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const int failed =
      getaddrinfo(host.empty() ? nullptr : host.c_str(), listen.c_str() + colon + 1, &hints, &resolved.list);
  return failed != 0 ? gai_strerror(failed) : "";
}

void SetPort(sockaddr& address, int port) {
  const auto number = htons(static_cast<uint16_t>(port));
  if (address.sa_family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_port = number;
  if (address.sa_family == AF_INET6) reinterpret_cast<sockaddr_in6&>(address).sin6_port = number;
}

int PortOf(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                            : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

bool OutOfDescriptors(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

// real deadline: connections end in real time, and a listener that is never quiet must look for them as well
std::chrono::steady_clock::time_point RealNow() { return std::chrono::steady_clock::now(); }

int OpenSpare() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

Door::Door(const Options& options, Metrics& metrics)
    : options_(options),
      metrics_(metrics),
      open_(metrics.GetGauge("tvan_connections", "Open connections of a listener", {{"listener", options.name}})),
      connections_(options.limits),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(OpenSpare()) {}

Door::~Door() {
  Close();
  for (const int descriptor : {stop_, spare_})
    if (descriptor >= 0) close(descriptor);
}

Result<std::unique_ptr<Door>> Door::Listen(const Options& options, Metrics& metrics) {
  Resolved resolved;
  if (const std::string why = Resolve(options.listen, resolved); !why.empty()) return CannotListen(options.listen, why);
  std::unique_ptr<Door> door(new Door(options, metrics));
  if (door->stop_ < 0) return CannotListen(options.listen, std::strerror(errno));
  Status last;
  for (const addrinfo* address = resolved.list; address != nullptr; address = address->ai_next)
    if (Status status = door->Bind(*address); !status.ok()) last = std::move(status);
  // A name may stand for an address that this host does not have (localhost, ::1); one is enough.
  if (door->listeners_.empty()) return last;
  return door;
}

Status Door::Bind(const addrinfo& address) {
  const int listener = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return CannotListen(options_.listen, std::strerror(errno));
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage where{};
  std::memcpy(&where, address.ai_addr, address.ai_addrlen);
  auto& plain = reinterpret_cast<sockaddr&>(where);
  if (port_ != 0) SetPort(plain, port_);  // all addresses of a name share the port
  if (bind(listener, &plain, address.ai_addrlen) != 0 || listen(listener, kBacklog) != 0) {
    const int error = errno;
    close(listener);
    return CannotListen(options_.listen, std::strerror(error));
  }
  port_ = PortOf(listener);
  listeners_.push_back(listener);
  return {};
}

void Door::Open(std::function<void(int connection)> hand) {
  hand_ = std::move(hand);
  thread_ = std::thread([this] { Run(); });
}

void Door::Close() {
  const uint64_t one = 1;
  if (thread_.joinable()) {
    while (write(stop_, &one, sizeof one) < 0 && errno == EINTR) continue;
    thread_.join();
  }
  for (const int listener : listeners_) close(listener);
  listeners_.clear();
}

void Door::Run() {
  pthread_setname_np(pthread_self(), "door");
  std::vector<pollfd> watched = {{stop_, POLLIN, 0}};
  for (const int listener : listeners_) watched.push_back({listener, POLLIN, 0});
  auto swept = RealNow();
  while (true) {
    const int ready = poll(watched.data(), watched.size(), static_cast<int>(kSweep.count()));
    if (watched[0].revents != 0) return;
    if (const auto now = RealNow(); ready == 0 || now - swept >= kSweep) {
      connections_.Sweep();
      swept = now;
    }
    bool room = true;
    for (size_t i = 1; ready > 0 && i < watched.size(); ++i)
      if (watched[i].revents != 0) room = AcceptFrom(watched[i].fd) && room;
    open_.Set(static_cast<double>(connections_.size()));
    if (!room) Rest();
  }
}

bool Door::AcceptFrom(int listener) {
  for (int i = 0; i < kAtATime; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int connection = accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection >= 0) {
      LetIn(connection, AddressOf(peer));
      continue;
    }
    if (errno == EAGAIN) return true;
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (!OutOfDescriptors(errno)) return false;
    // One is turned away with the spare descriptor, so that the client knows; the others wait in the kernel's queue.
    close(spare_);
    TurnAway("descriptors", accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    spare_ = OpenSpare();
    return false;
  }
  return true;
}

void Door::LetIn(int connection, const std::string& address) {
  // A new descriptor is the lowest free number: all below it are open.
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool near = static_cast<uint64_t>(connection) + options_.spare_descriptors >= limit.rlim_cur;
  if (near && !near_limit_)
    Log(LogLevel::kError, "intake.descriptors",
        {{"listener", options_.name}, {"open", std::to_string(connection)}, {"limit", std::to_string(limit.rlim_cur)}});
  near_limit_ = near;
  if (near) return TurnAway("descriptors", connection);
  const auto verdict = connections_.Enter(connection, address);
  if (verdict == Connections::Verdict::kFull) return TurnAway("connections", connection);
  if (verdict == Connections::Verdict::kAddressFull) return TurnAway("address", connection);
  const int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  hand_(connection);
}

void Door::TurnAway(const char* why, int connection) {
  metrics_
      .GetCounter("tvan_connections_refused_total", "Connections closed before TLS, by the bound they met",
                  {{"listener", options_.name}, {"why", why}})
      .Add();
  if (connection >= 0) close(connection);
}

// Real time: nothing of the world's time depends on it.
void Door::Rest() {
  pollfd stop{stop_, POLLIN, 0};
  poll(&stop, 1, kRestMilliseconds);
}

uint64_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

uint32_t SpareDescriptors(uint64_t limit) {
  constexpr uint64_t kEnough = 1536;  // the store's tables (1000) and blobs, its logs, operators, machines, the line
  return static_cast<uint32_t>(std::min<uint64_t>(kEnough, limit / 2));
}

}  // namespace tvan
