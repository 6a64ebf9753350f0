#pragma once
// Something on a unix socket that speaks as a test says: half replies, endless ones, servers that are loading. One
// connection after another, on a thread of its own, until the object goes.

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/redis/redis_link.h"

namespace tvan {

class ScriptedServer {
 public:
  using Words = std::vector<std::string>;
  // What is sent back; "": silence; kHangUp behind it: the connection is closed then.
  using Script = std::function<std::string(const Words& command)>;
  static constexpr const char* kHangUp = "\x01hang up";

  // PING and ROLE are answered as a primary does, unless the script answers them.
  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  RedisAddress address() const { return {.unix_socket = folder_ + "/socket"}; }

 private:
  void Run();
  void Serve(int connection) const;
  std::string Answer(const Words& command) const;

  const Script script_;
  std::string folder_;
  int listener_ = -1;
  std::mutex mutex_;  // guards all below
  int connection_ = -1;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tvan
