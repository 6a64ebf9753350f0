#pragma once
// The operators' desk around a stop of the line: what NightService does, free of gRPC. Blocking; thread-safe. Borrows
// its parts. Every order is durable and has an author and a line in the log.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "gateway/calendar/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/dispatch/dispatcher.h"
#include "store/store.h"
#include "tvan/admin/v1/night.pb.h"
#include "tvan/v1/calendar.pb.h"

namespace tvan {

class NightDesk {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    Dispatcher& dispatcher;
    LineId line;
    Clock& clock;
    // What other rooms know; where none is given the question is answered admin.not_served, or the part left out.
    std::function<void(v1::GetLineStatusResponse&)> line_status{};
    std::function<Status(const admin::v1::GetDrainRequest&, admin::v1::Drain&)> drain{};
    std::function<Status(const admin::v1::ListAcknowledgementsRequest&, admin::v1::ListAcknowledgementsResponse&)>
        acknowledgements{};
  };
  explicit NightDesk(Parts parts) : parts_(std::move(parts)) {}

  // Errors: admin.bad_request, admin.not_found, admin.not_served, calendar.*, store.*
  Status Preview(const admin::v1::PreviewWindowRequest& request, admin::v1::PreviewWindowResponse& response) const;
  Status History(const admin::v1::GetWindowHistoryRequest& request,
                 admin::v1::GetWindowHistoryResponse& response) const;
  Status Budget(const admin::v1::GetMaintenanceBudgetRequest& request,
                admin::v1::GetMaintenanceBudgetResponse& response) const;
  Status Line(const admin::v1::GetLineRequest& request, admin::v1::GetLineResponse& response) const;
  Status Order(const admin::v1::OrderLineRequest& request, const std::string& author,
               admin::v1::OrderLineResponse& response);
  Status SetMode(const admin::v1::SetIntakeModeRequest& request, const std::string& author,
                 admin::v1::SetIntakeModeResponse& response);
  Status Modes(const admin::v1::ListIntakeModesRequest& request, admin::v1::ListIntakeModesResponse& response) const;
  Status Drain(const admin::v1::GetDrainRequest& request, admin::v1::Drain& response) const;
  Status Acknowledgements(const admin::v1::ListAcknowledgementsRequest& request,
                          admin::v1::ListAcknowledgementsResponse& response) const;

  // Hands a board to `write` at once and then every `every`, until it answers false, `gone` answers true (asked at each
  // board), or Stop. At most kMostWatchers at a time, each holds its thread. admin.too_many_watchers
  Status Watch(const admin::v1::WatchDrainRequest& request, const std::function<bool(const admin::v1::Drain&)>& write,
               const std::function<bool()>& gone);
  static constexpr int kMostWatchers = 16;
  void Stop();  // ends every Watch, and each that comes

 private:
  class Watcher;
  void FillMode(MessageClass cls, admin::v1::ClassMode& out) const;
  Result<uint64_t> Queued(const Window& window) const;

  const Parts parts_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopped_ = false;
  int watchers_ = 0;
};

}  // namespace tvan
