#pragma once
// A real redis-server for tests: a process of its own on a unix socket in a temporary folder (and on a free loopback
// port if asked), appendonly yes, appendfsync always, no snapshots by itself. Killed by its pid at the end, and by the
// kernel when the thread that started it ends: start servers on a thread that outlives them. One thread at a time.
// What does not work ends the test program with what the server said.

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "store/redis/redis_link.h"

namespace tvan {

class RedisServer {
 public:
  enum class Kind { kServer, kSentinel };
  struct Options {
    Kind kind = Kind::kServer;
    bool port = false;  // listens on a loopback port too; replicas, primaries of those and Sentinels need it
    std::vector<std::string> lines;  // of its configuration file, behind ours: "min-replicas-to-write 1"
  };
  RedisServer() : RedisServer(Options{}) {}
  explicit RedisServer(Options options);  // started, and answers
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  RedisAddress address() const;  // the unix socket
  RedisAddress tcp() const;      // 127.0.0.1 and the port
  const std::string& folder() const { return folder_; }
  std::string Said() const;  // its log

  void Kill();    // SIGKILL
  void Finish();  // SIGTERM: an orderly end
  void Start();   // on its files, at its old place; returns when it serves
  void StartNotWaiting();
  void Pause() const;   // SIGSTOP
  void Resume() const;  // SIGCONT
  bool running() const { return pid_ > 0; }

  // By a connection of its own, as the default user unless the test set other ones.
  RedisReply Ask(const RedisCommand& command) const;
  RedisReply Tell(const std::string& words) const;   // words by blanks: "CONFIG SET appendfsync always"
  std::string Info(const std::string& field) const;  // of INFO everything; "": there is none
  // Makes it a replica of `primary` and waits until it has its data and follows.
  void Follow(const RedisServer& primary);

 private:
  void WriteConfiguration() const;
  void WaitUntilServes();

  Options options_;
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = -1;
};

// The gateways' line of store/redis/acl.example, for stores of any name; its password is "CHANGE-ME-gateways".
std::string ExampleUser();

// Asks again every few ms until `done`; ends the program after half a minute of real time.
void WaitFor(const std::string& what, const std::function<bool()>& done);

}  // namespace tvan
