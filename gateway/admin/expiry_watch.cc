// The alarms that something ends soon.
#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_expiry.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kAhead = std::chrono::hours(24 * 35);  // so far ahead stops are looked at
constexpr Span kMandatesEvery = std::chrono::hours(1);

std::string WhatOf(const ContractEnding& ending) {
  if (ending.what == admin::v1::Expiry::CERTIFICATE) return "certificate";
  return ending.what == admin::v1::Expiry::SERVER_CERTIFICATE ? "server_certificate" : RecordKindOf(ending.kind);
}

}  // namespace

void ExpiryWatch::Say(const ContractEnding& ending, Time now) {
  const int days = DaysLeft(ending.at, now);
  const std::string what = WhatOf(ending), about = what + "|" + ending.id + "|" + ending.name + "|";
  const std::string when = ending.at == kForever ? "" : FormatTime(ending.at);
  std::set<std::string> marks;
  if (days != 0 || ending.at == kForever) marks.insert(about + when + "|" + std::to_string(days));
  if (!ending.window.empty()) marks.insert(about + when + "|" + ending.window);
  const bool news = std::any_of(marks.begin(), marks.end(), [&](const auto& mark) { return said_.count(mark) == 0; });
  saying_.insert(marks.begin(), marks.end());
  if (!news) return;
  const bool grave = days == 1 || !ending.window.empty() || ending.at == kForever;
  Log(grave ? LogLevel::kError : LogLevel::kWarning, "admin.ends_soon"_reason.text(),
      {{"what", what},
       {"id", ending.id},
       {"name", ending.name},
       {"at", when},
       {"days", std::to_string(days)},
       {"window", ending.window}});
}

void ExpiryWatch::Show(const std::string& what, const std::map<int, uint64_t>& by_days) {
  uint64_t within = 0;
  for (const int days : kEndingDays) {
    const auto ends = by_days.find(days);
    within += ends == by_days.end() ? 0 : ends->second;
    metrics_
        .GetGauge("tvan_ends_soon", "What ends within so many days, by what it is",
                  {{"what", what}, {"days", std::to_string(days)}})
        .Set(static_cast<double>(within));
  }
}

// They are many and their ends are the taxpayers' own: counted, and never named in the log.
void ExpiryWatch::CountMandates(const EndingsAsked& asked) {
  if (mandates_counted_.us != 0 && asked.now - mandates_counted_ < kMandatesEvery) return;
  mandates_counted_ = asked.now;
  std::map<int, uint64_t> by_days;
  ForEachEnding(asked, ContractKind::kMandate,
                [&](const ContractEnding& ending) { ++by_days[DaysLeft(ending.at, asked.now)]; });
  Show(RecordKindOf(ContractKind::kMandate), by_days);
}

void ExpiryWatch::Look() {
  const Time now = parts_.clock.Now();
  const auto book = parts_.contracts.snapshot();
  const std::vector<Window> stops = StopsOf(parts_.calendar, parts_.line, now, now + kAhead);
  const std::vector<NightScreen::Ending> files = parts_.certificates ? parts_.certificates() : decltype(files)();
  const EndingsAsked asked{*book, stops, files, now, now + kAhead};
  const std::vector<ContractEnding> endings = EndingsOf(asked);
  std::map<std::string, std::map<int, uint64_t>> by_what = {
      {"authority_agreement", {}}, {"provider_contract", {}}, {"certificate", {}}, {"server_certificate", {}}};
  saying_.clear();
  for (const ContractEnding& ending : endings) {
    Say(ending, now);
    ++by_what[WhatOf(ending)][DaysLeft(ending.at, now)];
  }
  said_ = saying_;
  for (const auto& [what, by_days] : by_what) Show(what, by_days);
  CountMandates(asked);
}

}  // namespace tvan
