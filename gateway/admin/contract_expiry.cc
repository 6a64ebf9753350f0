#include "gateway/admin/contract_expiry.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr Span kDay = std::chrono::hours(24);
constexpr size_t kPage = 1000;

// kForever: it does not, or nothing holds.
template <class Record>
Time EndOf(const Record& record, Time now) {
  return record.status == ContractStatus::kActive ? EndOfTerms(record, now) : kForever;
}

bool IsAsked(const EndingsAsked& asked, Time at) { return at != kForever && at < asked.until; }

// It ends while the line is stopped or checked: what waits for the line meets the end.
std::string StopAround(const std::vector<Window>& stops, Time at) {
  for (const Window& stop : stops)
    if (stop.start <= at && at <= std::max(EndOf(stop), stop.verify_until.value_or(Time{}))) return stop.id;
  return "";
}

void AddTerm(const EndingsAsked& asked, ContractKind kind, const std::string& id, Time at,
             std::vector<ContractEnding>& out) {
  if (IsAsked(asked, at)) out.push_back({api::Expiry::TERM, kind, id, "", at, StopAround(asked.stops, at)});
}

void AddCertificates(const EndingsAsked& asked, const ProviderContract& contract, std::vector<ContractEnding>& out) {
  if (contract.status != ContractStatus::kActive) return;
  for (const BoundCertificate& bound : contract.certificates) {
    const Time at = std::min(bound.to, bound.revoked_at);
    if (bound.Holds(asked.now) && IsAsked(asked, at))
      out.push_back({api::Expiry::CERTIFICATE, ContractKind::kProviderContract, contract.provider.value(), bound.sha256,
                     at, StopAround(asked.stops, at)});
  }
}

void AddFiles(const EndingsAsked& asked, std::vector<ContractEnding>& out) {
  for (const NightScreen::Ending& file : asked.files) {
    const std::string name = file.what + " " + file.name;
    if (!file.unreadable.empty())
      out.push_back({api::Expiry::SERVER_CERTIFICATE, {}, "", name + ": " + file.unreadable, kForever, ""});
    else if (IsAsked(asked, file.at))
      out.push_back({api::Expiry::SERVER_CERTIFICATE, {}, "", name, file.at, StopAround(asked.stops, file.at)});
  }
}

}  // namespace

int DaysLeft(Time at, Time now) {
  for (const int days : kEndingDays)
    if (at != kForever && at - now <= days * kDay) return days;
  return 0;
}

std::vector<Window> StopsOf(const Calendar& calendar, const LineId& line, Time from, Time to) {
  std::vector<Window> stops = ClosingWindows(calendar.Windows(), from, to);
  std::erase_if(stops, [&](const Window& stop) { return !stop.line.empty() && stop.line != line; });
  return stops;
}

std::vector<ContractEnding> EndingsOf(const EndingsAsked& asked) {
  std::vector<ContractEnding> endings;
  if (const auto agreement = asked.book.FindAgreement())
    AddTerm(asked, ContractKind::kAgreement, kAgreementId, EndOf(*agreement, asked.now), endings);
  for (const ProviderContract* contract : asked.book.Contracts()) {
    AddTerm(asked, ContractKind::kProviderContract, contract->provider.value(), EndOf(*contract, asked.now),
            endings);
    AddCertificates(asked, *contract, endings);
  }
  AddFiles(asked, endings);
  return endings;
}

void ForEachEnding(const EndingsAsked& asked, ContractKind kind,
                   const std::function<void(const ContractEnding&)>& visit) {
  std::vector<ContractEnding> ending;
  for (std::string after;;) {
    const auto page = asked.book.List(kind, after, kPage);
    for (const ContractSnapshot::Listed& listed : page) {
      const auto* mandate = std::get_if<Mandate>(&listed.item);
      const Time at = mandate != nullptr ? EndOf(*mandate, asked.now)
                                         : EndOf(std::get<Delegation>(listed.item), asked.now);
      ending.clear();
      AddTerm(asked, kind, IdOf(listed.item), at, ending);
      if (!ending.empty()) visit(ending.front());
    }
    if ((asked.stopped && asked.stopped()) || page.size() < kPage) return;
    after = IdOf(page.back().item);
  }
}

void ToProto(const ContractEnding& ending, Time now, api::Expiry& out) {
  out.set_what(ending.what);
  if (ending.what != api::Expiry::SERVER_CERTIFICATE) out.set_kind(ToProto(ending.kind));
  out.set_id(ending.id);
  out.set_name(ending.name);
  if (ending.at != kForever) ToProto(ending.at, *out.mutable_at());
  out.set_days(DaysLeft(ending.at, now));
  out.set_window(ending.window);
}

}  // namespace tvan
