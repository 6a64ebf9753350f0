#include "gateway/contract/contract_findings.h"

namespace tvan {
namespace {

Finding Refusal(Reason rule, std::string vi, std::string en) {
  Finding finding;
  finding.rule = rule;
  finding.text_vi = std::move(vi);
  finding.text_en = std::move(en);
  return finding;
}

std::string Day(Time t) { return FormatLocal(t).substr(0, 10); }

}  // namespace

const char* ToString(ContractStatus status) {
  switch (status) {
    case ContractStatus::kDraft:
      return "draft";
    case ContractStatus::kActive:
      return "active";
    case ContractStatus::kSuspended:
      return "suspended";
    case ContractStatus::kTerminated:
      return "terminated";
  }
  return "unknown";
}

Finding ProviderUnknown(const ProviderId& provider) {
  const std::string& id = provider.value();
  return Refusal("contract.provider_unknown"_reason, "Không có hợp đồng với tổ chức cung cấp giải pháp \"" + id + "\".",
                 "There is no contract with solution provider \"" + id + "\".");
}

Finding TypeNotAllowed(const ProviderId& provider, int message_type) {
  const std::string type = std::to_string(message_type);
  const std::string& id = provider.value();
  return Refusal(
      "contract.type_not_allowed"_reason,
      "Hợp đồng của tổ chức cung cấp giải pháp \"" + id + "\" không cho phép gửi loại thông điệp " + type + ".",
      "The contract of solution provider \"" + id + "\" does not allow message type " + type + ".");
}

Finding TypeNotInMandate(const TaxCode& mst, int message_type) {
  const std::string type = std::to_string(message_type);
  return Refusal("contract.type_not_in_mandate"_reason,
                 "Ủy quyền của người nộp thuế " + mst.value() + " không bao gồm loại thông điệp " + type + ".",
                 "The mandate of taxpayer " + mst.value() + " does not include message type " + type + ".");
}

Finding NoMandate(const ProviderId& provider, const TaxCode& mst) {
  return Refusal("contract.no_mandate"_reason,
                 "Người nộp thuế " + mst.value() + " chưa ủy quyền gửi dữ liệu qua \"" + provider.value() + "\".",
                 "Taxpayer " + mst.value() + " has no mandate to be served through \"" + provider.value() + "\".");
}

void AddProviderFindings(const ProviderContract& contract, ContractStatus status, Time at, std::vector<Finding>& out) {
  const std::string vi = "Hợp đồng của tổ chức cung cấp giải pháp \"" + contract.provider.value() + "\" ";
  const std::string en = "The contract of solution provider \"" + contract.provider.value() + "\" ";
  const auto refuse = [&](Reason rule, const std::string& what_vi, const std::string& what_en) {
    out.push_back(Refusal(rule, vi + what_vi, en + what_en));
  };
  if (status == ContractStatus::kDraft)
    refuse("contract.provider_draft"_reason, "còn là bản nháp.", "is still a draft.");
  if (status == ContractStatus::kSuspended)
    refuse("contract.provider_suspended"_reason, "đang bị tạm dừng.", "is suspended.");
  if (status == ContractStatus::kTerminated)
    refuse("contract.provider_terminated"_reason, "đã chấm dứt.", "is terminated.");
  const Dates& dates = contract.dates;
  if (at < dates.from)
    refuse("contract.provider_not_started"_reason, "có hiệu lực từ ngày " + Day(dates.from) + ".",
           "begins on " + Day(dates.from) + ".");
  if (dates.to <= at)
    refuse("contract.provider_expired"_reason, "đã hết hiệu lực từ ngày " + Day(dates.to) + ".",
           "ended: it does not hold from " + Day(dates.to) + " on.");
}

void AddMandateFindings(const Mandate& mandate, ContractStatus status, Time at, std::vector<Finding>& out) {
  const std::string vi = "Ủy quyền của người nộp thuế " + mandate.mst.value() + " ";
  const std::string en = "The mandate of taxpayer " + mandate.mst.value() + " ";
  const auto refuse = [&](Reason rule, const std::string& what_vi, const std::string& what_en) {
    out.push_back(Refusal(rule, vi + what_vi, en + what_en));
  };
  if (status == ContractStatus::kDraft)
    refuse("contract.mandate_draft"_reason, "còn là bản nháp.", "is still a draft.");
  if (status == ContractStatus::kSuspended)
    refuse("contract.mandate_suspended"_reason, "đang bị tạm dừng.", "is suspended.");
  if (status == ContractStatus::kTerminated)
    refuse("contract.mandate_terminated"_reason, "đã chấm dứt.", "is terminated.");
  const Dates& dates = mandate.dates;
  if (at < dates.from)
    refuse("contract.mandate_not_started"_reason, "có hiệu lực từ ngày " + Day(dates.from) + ".",
           "begins on " + Day(dates.from) + ".");
  if (dates.to <= at)
    refuse("contract.mandate_expired"_reason, "đã hết hiệu lực từ ngày " + Day(dates.to) + ".",
           "ended: it does not hold from " + Day(dates.to) + " on.");
}

}  // namespace tvan
