#include "gateway/admin/admin_convert.h"

#include "gateway/intake/convert.h"

namespace tvan {

void ToProto(Span span, google::protobuf::Duration& out) {
  out.set_seconds(span.count() / 1'000'000);
  out.set_nanos(static_cast<int32_t>(span.count() % 1'000'000) * 1000);
}

void ToProto(const MaintenanceBudget& budget, admin::v1::GetMaintenanceBudgetResponse& out) {
  out.set_year(budget.year);
  ToProto(budget.allowed, *out.mutable_allowed());
  ToProto(budget.used, *out.mutable_used());
  ToProto(budget.planned, *out.mutable_planned());
  ToProto(budget.left(), *out.mutable_left());
}

void ToProto(const StoredAnswer& stored, admin::v1::ParkedAnswer& out) {
  const IncomingAnswer& answer = stored.answer;
  out.set_answer_id(answer.answer_id);
  out.set_message_type(answer.mltdiep);
  out.set_authority_mtdiep(answer.authority_mtdiep);
  out.set_mtdtchieu(answer.mtdtchieu);
  out.set_reason(answer.parked_reason);
  ToProto(answer.received_at, *out.mutable_received_at());
}

}  // namespace tvan
