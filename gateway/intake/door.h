#pragma once
// The listening sockets of a gRPC server of ours, and the one thread that accepts. gRPC 1.51 bounds no number of
// connections, and its own listener is deaf for ever once descriptors ran out; so it is handed what we let in. Beyond a
// bound a connection is closed at once, before a byte of TLS; without descriptors the door rests a moment. A handshake
// that does not end is gRPC's to end (its handshake timeout). Owned by the servers.

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/core/metrics.h"
#include "gateway/core/status.h"
#include "gateway/intake/connections.h"

struct addrinfo;

namespace tvan {

class Door {
 public:
  struct Options {
    std::string listen;  // HOST:PORT, port 0: a free one
    std::string name;    // metric label
    Connections::Limits limits;
    uint32_t spare_descriptors = 0;  // so many of the process are never taken here: for the store, operators, the line
  };
  // Listens, accepts nothing yet. Errors: intake.listen (the port is in use, or the address is not ours).
  static Result<std::unique_ptr<Door>> Listen(const Options& options, Metrics& metrics);
  ~Door();  // as Close
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  int port() const { return port_; }
  // Once. `hand` takes the connection over (non-blocking, close-on-exec); on the door's thread.
  void Open(std::function<void(int connection)> hand);
  // Nobody comes in any more; `hand` is not called any more. May be called again.
  void Close();

 private:
  Door(const Options& options, Metrics& metrics);
  Status Bind(const ::addrinfo& address);
  void Run();
  bool AcceptFrom(int listener);  // false: not now, and nothing to be done about it
  void LetIn(int connection, const std::string& address);
  void TurnAway(const char* why, int connection);
  void Rest();

  const Options options_;
  Metrics& metrics_;
  Gauge& open_;
  Connections connections_;
  std::function<void(int)> hand_;
  std::vector<int> listeners_;
  int stop_ = -1;   // an eventfd: readable once the door closes
  int spare_ = -1;  // given up for a moment to turn away when descriptors ran out
  int port_ = 0;
  bool near_limit_ = false;
  std::thread thread_;
};

// Raises the soft limit of descriptors to the hard one; answers what it is now.
uint64_t RaiseDescriptorLimit();
// Of `limit` descriptors those that providers' connections must leave alone: the store, operators, the line.
uint32_t SpareDescriptors(uint64_t limit);

}  // namespace tvan
