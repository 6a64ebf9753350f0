#pragma once
// A unix socket in front of a Redis that cuts a connection at the moment a test names: when a command with certain
// bytes comes, before Redis gets it or before its answer comes back. A thread for each connection, until the object
// goes.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/redis/redis_link.h"

namespace tvan {

class CuttingProxy {
 public:
  explicit CuttingProxy(RedisAddress to);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  RedisAddress address() const { return {.unix_socket = folder_ + "/socket"}; }

  enum class Cut { kNever, kBefore, kBehind };  // the command; kBehind: Redis has done it
  // The next command with `bytes` in it, once. `hold`: and every new connection from then on, until Open.
  void CutNext(Cut cut, const std::string& bytes, bool hold = false);
  void Open() { held_ = false; }
  int cuts() const { return cuts_; }

 private:
  void Run();
  void Serve(int client);
  Cut Takes(const std::string& bytes);  // what is to be done about these
  bool Pass(int from, int to, bool is_command);

  const RedisAddress to_;
  std::string folder_;
  int listener_ = -1;
  std::mutex mutex_;  // guards the next two
  Cut cut_ = Cut::kNever;
  std::string at_;
  bool hold_ = false;
  std::atomic<bool> held_{false}, ended_{false};
  std::atomic<int> cuts_{0};
  std::vector<std::thread> serving_;  // Run's
  std::thread thread_;
};

}  // namespace tvan
