#include "gateway/admin/record_lines.h"

#include <map>
#include <optional>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/operator_act.h"
#include "gateway/admin/record_words.h"
#include "gateway/calendar/phase_record.h"
#include "gateway/calendar/window_record.h"

namespace tvan {
namespace {

using Lines = std::optional<std::vector<std::string>>;  // nullopt: it cannot be read

Lines OfWindow(const OperatorRecord& record) {
  const auto window = DecodeWindow(record);
  if (!window) return std::nullopt;
  admin::v1::Window shown;
  ToProto(*window, record.changed_at, shown);
  return WordsOf(shown);
}

Lines OfMode(const OperatorRecord& record) {
  const auto mode = DecodeMode(record);
  if (!mode) return std::nullopt;
  return std::vector<std::string>{std::string("mode: ") + (*mode == IntakeMode::kHold ? "hold" : "refuse_new")};
}

Lines OfOrder(const OperatorRecord& record) {
  const auto order = DecodeOrder(record);
  if (!order) return std::nullopt;
  return std::vector<std::string>{"at: " + FormatTime(order->order.at), "author: " + order->order.author,
                                  "reason: " + order->order.reason,
                                  std::string("in_force: ") + (order->in_force ? "yes" : "no")};
}

Lines OfAct(const OperatorRecord& record) {
  auto lines = ActLines(record.body);
  if (!lines) return std::nullopt;
  return *std::move(lines);
}

Lines OfContract(ContractKind kind, const OperatorRecord& record, const ContractBook& contracts) {
  const auto versions = contracts.History(kind, record.id, record.version + 1, 1);
  if (!versions || versions->empty() || versions->front().version != record.version) return std::nullopt;
  if (!versions->front().item) return std::vector<std::string>{};  // deleted
  admin::v1::ContractItem shown;
  ToProto(*versions->front().item, 0, shown);
  return WordsOf(shown);
}

Lines Read(const OperatorRecord& record, const ContractBook& contracts) {
  static const std::map<std::string, Lines (*)(const OperatorRecord&)> kReaders = {
      {kWindowKind, OfWindow}, {kIntakeModeKind, OfMode}, {kLineOrderKind, OfOrder}, {kOperatorActKind, OfAct}};
  for (const ContractKind kind : {ContractKind::kAgreement, ContractKind::kProviderContract, ContractKind::kMandate,
                                  ContractKind::kTaxpayer, ContractKind::kDelegation})
    if (record.kind == RecordKindOf(kind)) return OfContract(kind, record, contracts);
  const auto reader = kReaders.find(record.kind);
  return reader == kReaders.end() ? std::nullopt : reader->second(record);
}

}  // namespace

std::vector<std::string> LinesOf(const OperatorRecord& record, const ContractBook& contracts) {
  if (record.deleted) return {"deleted"};
  if (auto lines = Read(record, contracts)) return *std::move(lines);
  return {"bytes: " + std::to_string(record.body.size()), "sha256: " + AuditDigest(record.body).Hex()};
}

}  // namespace tvan
