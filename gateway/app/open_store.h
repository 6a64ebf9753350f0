#pragma once
// The store that the configuration names, opened and proven. Internal to app.

#include <memory>

#include "gateway/app/gateway.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/shared.h"
#include "store/store.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

struct ProvenStore {
  std::unique_ptr<Store> store;
  SharedStore* shared = nullptr;  // the same one, when several gateways share it
  Fence fence;                    // the ownership, when they do not
};
// P1: the level is read back, and one flush is really done and timed, before anybody gets a receipt. Errors: those of
// OpenRocksStore and OpenRedisStore; app.durability (below the configured level), app.slow_flush, app.secret.
Result<ProvenStore> OpenStore(const config::v1::Config& config, Clock& clock, Metrics& metrics,
                              const Gateway::Around& around);

}  // namespace tvan
