#pragma once
// Failures of delivery in gRPC's terms. Pure. Internal to feedback.

#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

// `safe_cursor`: where to go on after delivery.cursor_incarnation; empty: not said.
grpc::Status DeliveryFailure(const Status& failure, Span retry_after, const std::string& safe_cursor = {});

}  // namespace tvan
