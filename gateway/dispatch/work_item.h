#pragma once
// A message becomes a person's matter: told, counted and written in one way, whoever finds it.

#include "gateway/dispatch/parts.h"

namespace tvan {

// Logs and counts it; the change is to be written by the caller. `from`: the stage that it must still be in.
StageChange WorkItemOf(const DispatchParts& parts, const MessageMeta& meta, Stage from, Time at, Reason reason,
                       const std::string& detail = {});

}  // namespace tvan
