#pragma once
// The gateway put together: the only place that knows every room. Start opens everything in order (store, trust,
// contracts, calendar, line, feedback, dispatch, listeners); Stop drains in order (intake, accepted work, line, store).
// Start and Stop from one thread; the rest runs on the rooms' own threads.

#include <functional>
#include <memory>
#include <string>

#include "adapters/authority_channel.h"
#include "gateway/core/clock.h"
#include "gateway/core/status.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

struct RocksFiles;  // store/rocksdb/rocks_files.h

class Gateway {
 public:
  // `config` is complete and checked; `clock` outlives the gateway. Errors: app.*, store.*, seal.*, signature.*,
  // contract.damaged, calendar.damaged, line.credentials, intake.listen, admin.listen, admin.http_listen.
  struct Around {
    std::shared_ptr<const RocksFiles> files;  // what the store lies on; none: the system's file system
    // Called once, from a thread of the gateway, when its shared store must be opened anew (a failover): stop it, and
    // start another one.
    std::function<void(const Status&)> on_over;
    bool again = false;  // this process served before: its shared store is there, and is not made
  };
  static Result<std::unique_ptr<Gateway>> Start(const config::v1::Config& config, Clock& clock, const Around& around);
  static Result<std::unique_ptr<Gateway>> Start(const config::v1::Config& config, Clock& clock) {
    return Start(config, clock, Around());
  }
  virtual ~Gateway() = default;  // stops, if nobody has

  virtual int provider_port() const = 0;
  virtual int admin_port() const = 0;
  virtual int http_port() const = 0;
  virtual void Stop() = 0;
};

// Checks what Start would, as far as nothing must be opened: files, certificates and their keys, trust, environment.
Status CheckStart(const config::v1::Config& config, Clock& clock);

}  // namespace tvan
