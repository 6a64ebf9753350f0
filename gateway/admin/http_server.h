#pragma once
// Plain HTTP/1.1 for machines on the same host: /healthz, /livez, /metrics, /keys.json. One thread of its own, a bound
// on connections, deadlines on each; pages are made on that thread and must not block. Owned by app.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/core/status.h"

namespace tvan {

struct HttpPage {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

class HttpServer {
 public:
  struct Options {
    std::string listen;  // HOST:PORT, an address; port 0: a free one
    uint32_t max_connections = 64;
  };
  using Pages = std::map<std::string, std::function<HttpPage()>>;  // by path
  // admin.http_listen: the port is in use, or the address is not ours.
  static Result<std::unique_ptr<HttpServer>> Start(const Options& options, Pages pages);
  virtual ~HttpServer() = default;  // stops and joins
  virtual int port() const = 0;
};

}  // namespace tvan
