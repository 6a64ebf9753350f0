#include "gateway/admin/contract_filter.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/contract/stop_decisions.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using Request = api::ListContractItemsRequest;

constexpr size_t kLongestMst = 14;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

bool OnlyOf(const std::string& text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string::npos;
}

struct Halves {  // of "<provider>/<MST>" or "<MST>/<delegate>"
  std::string front, back;
};
Halves HalvesOf(const std::string& id) {
  const size_t slash = std::min(id.find('/'), id.size());
  return {id.substr(0, slash), id.substr(std::min(id.size(), slash + 1))};
}
std::string MstOf(ContractKind kind, const std::string& id) {
  return kind == ContractKind::kMandate ? HalvesOf(id).back : HalvesOf(id).front;
}

// The last tax code that may begin so, in the order of texts, and what stands just before all that do.
std::string LastWith(std::string prefix) { return prefix.append(kLongestMst - prefix.size(), '9'); }
std::string JustBefore(std::string prefix) {
  const char last = prefix.back();
  prefix.pop_back();
  if (last == '-') return prefix;
  return LastWith(prefix + (last == '0' ? '-' : static_cast<char>(last - 1)));
}

// Of ids that are or begin with a tax code.
std::optional<std::string> NextMst(const std::string& prefix, const std::string& after) {
  if (prefix.empty()) return after;
  const std::string mst = HalvesOf(after).front;
  if (mst > LastWith(prefix)) return std::nullopt;
  return mst < prefix ? JustBefore(prefix) : after;
}

std::optional<std::string> NextMandate(const ContractFilter& filter, const std::string& after) {
  const auto [front, back] = HalvesOf(after);
  if (!filter.provider.empty() && front > filter.provider) return std::nullopt;
  if (front < filter.provider) return NextMandate(filter, filter.provider + "/");
  if (filter.mst_prefix.empty() || front.empty()) return after;
  if (back < filter.mst_prefix) return front + "/" + JustBefore(filter.mst_prefix);
  if (back <= LastWith(filter.mst_prefix)) return after;
  if (!filter.provider.empty()) return std::nullopt;
  return front + "/" + LastWith("");  // the next provider
}

std::optional<std::string> NextContract(const std::string& provider, const std::string& after) {
  if (provider.empty()) return after;
  if (after >= provider) return std::nullopt;
  return std::max(after, provider.substr(0, provider.size() - 1));  // little stands between
}

Status CheckFits(const Request& request, const ContractFilter& filter) {
  const bool dated = filter.kind != ContractKind::kTaxpayer;
  const bool of_provider = filter.kind == ContractKind::kProviderContract || filter.kind == ContractKind::kMandate;
  const bool of_mst = filter.kind != ContractKind::kAgreement && filter.kind != ContractKind::kProviderContract;
  if (!of_provider && !filter.provider.empty()) return BadRequest("provider: of provider contracts and mandates");
  if (!of_mst && !filter.mst_prefix.empty()) return BadRequest("mst_prefix: of mandates, taxpayers and delegations");
  if (!dated && (filter.status || filter.holds_at || filter.ends_before))
    return BadRequest("status, holds_at, ends_before: a taxpayer has none");
  if (dated && (!request.tax_status().empty() || request.stopped()))
    return BadRequest("tax_status, stopped: of taxpayers only");
  return {};
}

bool FitsFacts(const ContractFilter& filter, const Taxpayer& taxpayer) {
  const TaxStatus* status = StatusAt(taxpayer, filter.now);
  if (!filter.tax_status.empty() && (status == nullptr || status->code != filter.tax_status)) return false;
  return !filter.stopped || IsStopped(taxpayer, filter.now);
}

template <class Record>
bool FitsDates(const ContractFilter& filter, const Record& record) {
  if (filter.status && record.status != *filter.status) return false;
  if (filter.holds_at && (record.status != ContractStatus::kActive || TermAt(record, *filter.holds_at) == nullptr))
    return false;
  const Dates* term = TermAt(record, filter.now);
  return !filter.ends_before || (term != nullptr && term->to < *filter.ends_before);
}

}  // namespace

const TaxStatus* StatusAt(const Taxpayer& taxpayer, Time at) {
  const TaxStatus* newest = nullptr;
  for (const TaxStatus& status : taxpayer.statuses)
    if (status.since <= at) newest = &status;
  return newest;
}

bool IsStopped(const Taxpayer& taxpayer, Time at) {
  std::vector<StopView> decisions;
  for (const StopDecision& decision : taxpayer.decisions) decisions.push_back(ViewOf(decision));
  return StandingStop(decisions, at).has_value();
}

Result<ContractFilter> FilterOf(const Request& request, Time now) {
  const auto kind = FromProto(request.kind());
  if (!kind) return BadRequest("kind: which of the five");
  ContractFilter filter{*kind, request.provider(), request.mst_prefix()};
  filter.now = now;
  if (!filter.provider.empty())
    if (const auto provider = ParseProviderId(filter.provider); !provider)
      return BadRequest("provider: " + provider.status().message());
  if (filter.mst_prefix.size() > kLongestMst || !OnlyOf(filter.mst_prefix, "0123456789-"))
    return BadRequest("mst_prefix: the beginning of a tax code");
  if (request.status() < api::CONTRACT_STATUS_UNSPECIFIED || request.status() > api::CONTRACT_STATUS_TERMINATED)
    return BadRequest("status: unknown status " + std::to_string(request.status()));
  if (request.status() != api::CONTRACT_STATUS_UNSPECIFIED)
    filter.status = static_cast<ContractStatus>(request.status());
  if (request.has_holds_at()) filter.holds_at = FromProto(request.holds_at());
  if (request.has_ends_before()) filter.ends_before = FromProto(request.ends_before());
  filter.tax_status = request.tax_status();
  if (!filter.tax_status.empty() && (filter.tax_status.size() != 2 || !OnlyOf(filter.tax_status, "0123456789")))
    return BadRequest("tax_status: two digits");
  filter.stopped = request.stopped();
  if (Status status = CheckFits(request, filter); !status.ok()) return status;
  return filter;
}

bool Fits(const ContractFilter& filter, const ContractItem& item) {
  const std::string id = IdOf(item);
  const std::string owner = filter.kind == ContractKind::kMandate ? HalvesOf(id).front : id;
  if (!filter.provider.empty() && owner != filter.provider) return false;
  if (MstOf(filter.kind, id).compare(0, filter.mst_prefix.size(), filter.mst_prefix) != 0) return false;
  return std::visit(
      [&](const auto& record) {
        using Record = std::decay_t<decltype(record)>;
        if constexpr (std::is_same_v<Record, Taxpayer>)
          return FitsFacts(filter, record);
        else
          return FitsDates(filter, record);
      },
      item);
}

std::optional<std::string> NextPlace(const ContractFilter& filter, const std::string& after) {
  if (filter.kind == ContractKind::kMandate) return NextMandate(filter, after);
  if (filter.kind == ContractKind::kProviderContract) return NextContract(filter.provider, after);
  return NextMst(filter.mst_prefix, after);
}

}  // namespace tvan
