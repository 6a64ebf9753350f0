#pragma once
// Failures of delivery in gRPC's terms. Pure. Internal to feedback.

#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "gateway/feedback/feedback_service_pages.h"

namespace tvan {

// `go_on`: after delivery.cursor_incarnation and feedback.cursor_rewound; empty: not said.
grpc::Status DeliveryFailure(const Status& failure, Span retry_after, const GoOn& go_on = {});

}  // namespace tvan
