#include "gateway/admin/contract_simulate.h"

#include <algorithm>
#include <set>

#include "gateway/admin/contract_explain.h"
#include "gateway/admin/stage_page.h"
#include "gateway/core/catalogue.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using Response = api::SimulateContractsResponse;

constexpr size_t kPage = 1000;

bool IsWorse(const ContractVerdict& before, const ContractVerdict& after) { return after.kind > before.kind; }

bool Holds(const std::vector<int>& types, int type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

void AddWho(const std::string& provider, const std::string& mst, int type, const ContractVerdict& before,
            const ContractVerdict& after, Response& response) {
  response.set_refused_total(response.refused_total() + 1);
  if (response.refused_size() == ContractSimulation::kMostNamed) return;
  auto& who = *response.add_refused();
  who.set_provider(provider);
  who.set_mst(mst);
  who.set_message_type(type);
  ToProto(before, kForever, *who.mutable_before());
  ToProto(after, kForever, *who.mutable_after());
}

}  // namespace

ContractSimulation::ContractSimulation(const ContractSnapshot& before, const ContractSnapshot& after,
                                       const std::vector<ContractItem>& items, Time now, Time at)
    : before_(before), after_(after), now_(now), at_(at) {
  for (const ContractItem& item : items) touched_.push_back(IdOf(item));
  std::sort(touched_.begin(), touched_.end());
}

bool ContractSimulation::IsTouched(const Mandate& mandate) const {
  const auto touched = [&](const std::string& id) { return std::binary_search(touched_.begin(), touched_.end(), id); };
  return touched(mandate.id()) || touched(mandate.provider.value());
}

ContractSimulation::Types ContractSimulation::TypesOf(const ProviderContract& contract) const {
  Types types;
  std::set<MessageClass> seen;
  for (const MessageType& type : MessageTypes()) {
    if (!type.relayed || !type.cls || !Holds(contract.message_types, type.code)) continue;
    types.all.push_back(type.code);
    if (seen.insert(*type.cls).second) types.one_a_class.push_back(type.code);
  }
  return types;
}

bool ContractSimulation::CompareProvider(const ProviderContract& contract, Response& response) const {
  const ContractVerdict before = before_.DecideProvider(contract.provider, now_);
  const ContractVerdict after = after_.DecideProvider(contract.provider, at_);
  if (!IsWorse(before, after)) return false;
  AddWho(contract.provider.value(), "", 0, before, after, response);
  return true;
}

// Where changes or the mandate itself tell types apart each is looked at; else one of each class, since dates and facts
// decide.
void ContractSimulation::CompareMandate(const Mandate& mandate, const Types& types, Response& response) const {
  const bool each = IsTouched(mandate) || !mandate.message_types.empty();
  for (const int type : each ? types.all : types.one_a_class) {
    const ContractVerdict before = before_.Decide({mandate.provider, mandate.mst, type, "", now_});
    if (before.kind == ContractVerdict::Kind::kRefuse) continue;
    const ContractVerdict after = after_.Decide({mandate.provider, mandate.mst, type, "", at_});
    if (!IsWorse(before, after)) continue;
    return AddWho(mandate.provider.value(), mandate.mst.value(), type, before, after, response);
  }
}

void ContractSimulation::CompareMandatesOf(const ProviderContract& contract, Response& response) const {
  const Types types = TypesOf(contract);
  for (std::string after = contract.provider.value() + "/";;) {
    const auto page = before_.List(ContractKind::kMandate, after, kPage);
    for (const auto& listed : page) {
      const auto& mandate = std::get<Mandate>(listed.item);
      if (mandate.provider != contract.provider) return;
      if (response.mandates_looked_at() == kMostMandates) return response.set_partial(true);
      response.set_mandates_looked_at(response.mandates_looked_at() + 1);
      CompareMandate(mandate, types, response);
      after = mandate.id();
    }
    if (page.size() < kPage) return;
  }
}

void ContractSimulation::LookAtVerdicts(Response& response) const {
  for (const ProviderContract* contract : before_.Contracts())
    if (!CompareProvider(*contract, response))
      CompareMandatesOf(*contract, response);  // said once, not for each taxpayer
}

void ContractSimulation::LookAt(const MessageMeta& meta, Response& response) const {
  response.set_buffered_looked_at(response.buffered_looked_at() + 1);
  const ContractVerdict verdict = after_.DecideRelease(QuestionOf(meta), at_);
  if (verdict.allowed()) return;
  response.set_touched_total(response.touched_total() + 1);
  if (response.touched_size() == kMostNamed) return;
  auto& touched = *response.add_touched();
  touched.set_provider(meta.provider().value());
  touched.set_gateway_mtdiep(meta.gateway_id.value());
  touched.set_mst(meta.mst.value());
  ToProto(verdict, kForever, *touched.mutable_after());
}

Status ContractSimulation::LookAtBuffer(const Store& store, Response& response) const {
  for (const Stage stage : {Stage::kQueued, Stage::kHeld}) {
    for (uint64_t after = 0;;) {
      const auto page = PageOf(store, stage, after);
      if (!page) return page.status();
      if (page->empty()) break;
      if (response.buffered_looked_at() + page->size() > kMostMessages) return response.set_partial(true), Status();
      for (const MessageMeta& meta : *page) LookAt(meta, response);
      after = page->back().acceptance;
    }
  }
  return {};
}

}  // namespace tvan
