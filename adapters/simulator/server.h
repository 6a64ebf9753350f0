#pragma once
// The authority's HTTPS server with client certificates: a thread and an io_context for each connection, at most
// max_connections of them; every step has a real deadline. A request holds a WorkScope from the end of its HTTP header
// until its response is written. Certificates are judged by the Clock's time. Boost stays in server*.cc.

#include <cstdint>
#include <memory>

#include "adapters/simulator/authority.h"

namespace tvan::sim {

class Server {
 public:
  // Listens when this returns. sim.listen (port in use), sim.tls (a file is missing or damaged).
  static Result<std::unique_ptr<Server>> Start(const Options& options, Authority& authority, Clock& clock,
                                               Transcript& transcript);
  // Stops accepting, breaks open connections after the operation in hand, joins all threads.
  virtual ~Server() = default;
  virtual uint16_t port() const = 0;
};

}  // namespace tvan::sim
