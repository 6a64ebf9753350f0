// What the contract desk does with many records at a time, and with proposals.
#include <algorithm>
#include <map>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_desk.h"
#include "gateway/admin/contract_expiry.h"
#include "gateway/admin/contract_export.h"
#include "gateway/admin/contract_simulate.h"
#include "gateway/admin/operator_act.h"
#include "gateway/admin/soonest.h"
#include "gateway/admin/turn.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr int kMostEndings = 1000, kMostDays = 3660, kStandardDays = 30;
constexpr Span kDay = std::chrono::hours(24);

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }
Time NextMidnight(Time now) { return *ParseDate(FormatLocal(now).substr(0, 10)) + kDay; }

Result<std::vector<ContractItem>> ItemsOf(const api::SimulateContractsRequest& request,
                                          api::SimulateContractsResponse& response) {
  if (request.items_size() > ContractSimulation::kMostItems)
    return BadRequest("items: at most " + std::to_string(ContractSimulation::kMostItems));
  std::vector<ContractItem> items;
  for (int i = 0; i < request.items_size(); ++i) {
    auto item = request.items(i).deleted()
                    ? Result<ContractItem>(BadRequest("deleted: say that it is terminated instead"))
                    : FromProto(request.items(i));
    if (item)
      items.push_back(*std::move(item));
    else
      response.add_errors("item " + std::to_string(i + 1) + ": " + item.status().message());
  }
  return items;
}

void AddEndings(std::vector<ContractEnding>& endings, Time now, google::protobuf::RepeatedPtrField<api::Expiry>& out) {
  std::stable_sort(endings.begin(), endings.end(),
                   [](const ContractEnding& a, const ContractEnding& b) { return a.at < b.at; });
  for (const ContractEnding& ending : endings)
    if (out.size() < kMostEndings) ToProto(ending, now, *out.Add());
}

// Our agreement, contracts and certificates, and beside them the soonest of the mandates and delegations.
std::vector<ContractEnding> SoonestOf(const EndingsAsked& asked, api::ForecastExpiryResponse& response) {
  Soonest few(kMostEndings);
  for (const ContractEnding& ending : EndingsOf(asked)) few.Add(ending);
  auto endings = few.Take();
  Soonest many(kMostEndings - endings.size());
  ForEachEnding(asked, ContractKind::kDelegation, [&many](const ContractEnding& ending) { many.Add(ending); });
  uint64_t mandates = 0;
  ForEachEnding(asked, ContractKind::kMandate, [&](const ContractEnding& ending) {
    ++mandates;
    many.Add(ending);
  });
  for (ContractEnding& ending : many.Take()) endings.push_back(std::move(ending));
  response.set_mandates(mandates);
  response.set_more(few.more() + many.more());
  return endings;
}

// How many messages of a provider wait, and of all.
struct Waiting {
  std::map<std::string, uint64_t> by_provider;
  uint64_t all = 0;
};
Result<Waiting> WaitingIn(const Store& store) {
  const auto measures = store.Measure();
  if (!measures) return measures.status();
  Waiting waiting;
  for (const QueueDepth& depth : measures->queues) {
    waiting.by_provider[depth.key.provider.value()] += depth.messages;
    waiting.all += depth.messages;
  }
  return waiting;
}

void FillWaiting(const Waiting& waiting, api::Expiry& ending) {
  if (ending.kind() == api::AGREEMENT) ending.set_buffered(std::to_string(waiting.all));
  if (ending.kind() != api::PROVIDER_CONTRACT) return;
  const auto of_provider = waiting.by_provider.find(ending.id());
  ending.set_buffered(std::to_string(of_provider == waiting.by_provider.end() ? 0 : of_provider->second));
}

}  // namespace

std::vector<NightScreen::Ending> ContractDesk::Certificates() const {
  return parts_.certificates ? parts_.certificates() : std::vector<NightScreen::Ending>();
}

Status ContractDesk::Simulate(const api::SimulateContractsRequest& request, api::SimulateContractsResponse& response) {
  const Turn turn(simulating_);
  if (!turn.mine()) return Busy("a simulation");
  const Time now = parts_.clock.Now(), at = request.has_at() ? FromProto(request.at()) : NextMidnight(now);
  const auto items = ItemsOf(request, response);
  if (!items) return items.status();
  if (response.errors_size() != 0) return {};
  const auto before = parts_.contracts.snapshot();
  std::vector<ContractSnapshot::ItemFault> faults;
  const auto after = before->With(*items, now, faults);
  for (const auto& fault : faults)
    response.add_errors("item " + std::to_string(fault.index + 1) + ": " + fault.status.message());
  if (response.errors_size() != 0) return {};
  const ContractSimulation simulation(*before, *after, *items, now, at);
  simulation.LookAtVerdicts(response);
  if (Status status = simulation.LookAtBuffer(parts_.store, response); !status.ok()) return status;
  const Time until = std::max(at, now) + kStandardDays * kDay;
  const auto stops = StopsOf(parts_.calendar, parts_.line, now, until);
  const auto files = Certificates();
  auto endings = EndingsOf({*after, stops, files, now, until});
  std::erase_if(endings, [](const ContractEnding& ending) { return ending.window.empty(); });
  AddEndings(endings, now, *response.mutable_endings());
  return {};
}

Status ContractDesk::Import(const std::function<bool(api::ImportContractsRequest&)>& next,
                            const std::function<bool()>& broken, const Caller& by,
                            api::ImportContractsResponse& response) {
  const Turn turn(importing_);
  if (!turn.mine()) return Busy("an import");
  ContractImport import;
  for (api::ImportContractsRequest request; next(request);)
    if (Status status = import.Take(request); !status.ok()) return status;
  if (broken()) return BadRequest("the stream broke: nothing was entered");
  return import.Finish(parts_.changes, by, response);
}

Status ContractDesk::Export(const api::ExportContractsRequest& request, const Caller& by,
                            const std::function<bool(const api::ContractItem&)>& write) {
  const auto asked = AskedOf(request);
  if (!asked) return asked.status();
  const Turn turn(exporting_, kMostExports);
  if (!turn.mine()) return Busy("as many exports as there may be");
  const auto book = parts_.contracts.snapshot();
  if (asked->provider && book->Find(*asked->provider) == nullptr)
    return Status::Permanent("admin.not_found"_reason, "no provider " + request.provider());
  const OperatorAct act{"export_contracts",
                        asked->provider ? request.provider() : "all",
                        asked->kind ? RecordKindOf(*asked->kind) : "every kind",
                        by.name,
                        "",
                        parts_.clock.Now()};
  if (Status status = RecordAct(parts_.store, act); !status.ok()) return status;
  ExportBook(*book, *asked, write);
  return {};
}

Status ContractDesk::Forecast(const api::ForecastExpiryRequest& request, api::ForecastExpiryResponse& response,
                              const std::function<bool()>& stopped) {
  if (request.days() < 0 || request.days() > kMostDays) return BadRequest("days: 1.." + std::to_string(kMostDays));
  const Turn turn(forecasting_);
  if (!turn.mine()) return Busy("a forecast");
  const int days = request.days() == 0 ? kStandardDays : request.days();
  const Time now = parts_.clock.Now(), until = now + days * kDay;
  const auto book = parts_.contracts.snapshot();
  const auto stops = StopsOf(parts_.calendar, parts_.line, now, until);
  const auto files = Certificates();
  const EndingsAsked asked{*book, stops, files, now, until, stopped};
  auto endings = SoonestOf(asked, response);
  AddEndings(endings, now, *response.mutable_endings());
  const auto waiting = WaitingIn(parts_.store);
  if (!waiting) return waiting.status();
  for (api::Expiry& ending : *response.mutable_endings()) FillWaiting(*waiting, ending);
  return {};
}

Status ContractDesk::Proposals(const api::ListProposalsRequest& request, api::ListProposalsResponse& response) const {
  auto list = parts_.changes.Proposals(request.all());
  if (!list) return list.status();
  for (api::Proposal& proposal : *list) *response.add_proposals() = std::move(proposal);
  return {};
}

Status ContractDesk::ProposalItems(const api::ListProposalItemsRequest& request,
                                   api::ListProposalItemsResponse& response) const {
  return parts_.changes.ProposalItems(request, response);
}

Status ContractDesk::Approve(const api::ApproveProposalRequest& request, const Caller& by, api::Proposal& response) {
  if (Status status = CheckReason(request.reason()); !status.ok()) return status;
  auto proposal = parts_.changes.Approve(request.id(), by, request.reason());
  if (!proposal) return proposal.status();
  response = *std::move(proposal);
  return {};
}

Status ContractDesk::Reject(const api::RejectProposalRequest& request, const Caller& by, api::Proposal& response) {
  if (Status status = CheckReason(request.reason()); !status.ok()) return status;
  auto proposal = parts_.changes.Reject(request.id(), by, request.reason());
  if (!proposal) return proposal.status();
  response = *std::move(proposal);
  return {};
}

}  // namespace tvan
