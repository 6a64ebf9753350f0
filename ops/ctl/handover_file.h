#pragma once
// Hand-over files (gateway/reconcile/HANDOVER.md), read line by line: for `tvanctl buffer verify`, and to find where an
// export that was cut short goes on. One line is in memory at a time.

#include <functional>
#include <istream>
#include <string>

#include "gateway/core/status.h"

namespace tvan::ctl {

struct HandoverFacts {
  std::string provider;
  uint64_t messages = 0, unreadable = 0, segments = 0;
  uint64_t through = 0;       // acceptance up to which the file is whole; 0: there is no seal
  uint64_t sealed_bytes = 0;  // of the file, up to the end of the last seal
  bool complete = false;      // the last seal says that this is all
  bool cut_short = false;     // something stands behind the last seal
};

struct HandoverId {
  std::string kind;  // "provider_mtdiep" or "client_reference"
  std::string value;
};

inline constexpr size_t kMostHandoverLine = 16 << 20;

// `key_set` null: seals and receipts are taken as they are, and what follows the last seal is not an error; for an
// export that goes on. Else every digest, seal and receipt is checked. Errors: ctl.handover, naming the line; seal.*
Result<HandoverFacts> ReadHandover(std::istream& file, const std::string* key_set,
                                   const std::function<void(const HandoverId&)>& each = {});

}  // namespace tvan::ctl
