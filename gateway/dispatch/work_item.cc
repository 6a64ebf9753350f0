#include "gateway/dispatch/work_item.h"

#include "gateway/core/log.h"

namespace tvan {

StageChange WorkItemOf(const DispatchParts& parts, const MessageMeta& meta, Stage from, Time at, Reason reason,
                       const std::string& detail) {
  StageChange change{.gateway_id = meta.gateway_id, .event = EventKind::kWorkItem};
  change.from = from;
  change.to = Stage::kWorkItem;
  change.at = at;
  change.reason = std::string(reason.text());
  change.detail = detail;
  Log(LogLevel::kError, "dispatch.work_item",
      {{"mtdiep", meta.gateway_id.value()}, {"reason", change.reason}, {"detail", detail}});
  parts.metrics
      .GetCounter("tvan_dispatch_work_items_total", "Messages that became a person's matter, by reason",
                  {{"reason", change.reason}, {"class", std::string(ToString(meta.cls))}})
      .Add();
  return change;
}

}  // namespace tvan
