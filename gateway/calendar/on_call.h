#pragma once
// Who coordinates on our side during a stop (duties 0.10): names with from and to. An operator's record of kind
// "on_call", id = the occurrence; each version is the whole rota.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/calendar/window.h"
#include "store/store.h"

namespace tvan {

inline const char kOnCallKind[] = "on_call";

struct Shift {
  std::string name, mobile;  // mobile may be empty
  Time from, to;             // half-open
};

struct OnCall {
  std::string window;
  std::vector<Shift> shifts;  // in order of `from`
  uint64_t version = 0;       // 0: none is stored
};

using TimeGap = std::pair<Time, Time>;
// What of [from, to) no shift covers, in order.
std::vector<TimeGap> GapsIn(const std::vector<Shift>& shifts, Time from, Time to);
// The hours that need somebody: from the stop to the end of its check.
TimeGap HoursOf(const Window& occurrence);

// calendar.invalid: more than 32 shifts, a name that is not 1 to 100 bytes on one line, a mobile of more than 100, a
// shift that ends before it starts or lasts more than a day.
Status CheckOnCall(const OnCall& rota);
Result<OnCall> FindOnCall(const Store& store,
                          const std::string& window);  // version 0: none. calendar.damaged, store.io
// Durable; in order. calendar.invalid, store.conflict
Result<OnCall> PutOnCall(Store& store, OnCall rota, const std::string& author, Time now,
                         std::optional<uint64_t> expected_version = std::nullopt);

}  // namespace tvan
