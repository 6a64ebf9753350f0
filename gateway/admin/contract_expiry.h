#pragma once
// What of the contract book, and of our own certificate files, ends soon, and which planned stop it ends in: the
// forecast for operators, and the watch that says so in time. An end that another term follows at once is none.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/admin/night_screen.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

struct ContractEnding {
  admin::v1::Expiry::What what = admin::v1::Expiry::TERM;
  ContractKind kind = ContractKind::kAgreement;
  std::string id;
  std::string name;    // of a certificate: its SHA-256, or the file and, if it cannot be read, why
  Time at;             // kForever: not known, the file cannot be read
  std::string window;  // the planned stop that it ends in
};
inline constexpr int kEndingDays[] = {1, 7, 30};
int DaysLeft(Time at, Time now);  // the least of them that it is below; 0: none

struct EndingsAsked {
  const ContractSnapshot& book;
  const std::vector<Window>& stops;               // of our line, each once
  const std::vector<NightScreen::Ending>& files;  // our certificates
  Time now, until;
  std::function<bool()> stopped{};  // asked now and then: nobody waits for the answer; none: never
};
// Agreement, provider contracts, their certificates, files; in no order. Pure.
std::vector<ContractEnding> EndingsOf(const EndingsAsked& asked);
// Each mandate or each delegation that ends until then; not all when it is stopped.
void ForEachEnding(const EndingsAsked& asked, ContractKind kind,
                   const std::function<void(const ContractEnding&)>& visit);
// The stops of a line that touch a stretch of time.
std::vector<Window> StopsOf(const Calendar& calendar, const LineId& line, Time from, Time to);
void ToProto(const ContractEnding& ending, Time now, admin::v1::Expiry& out);

// Says each end once per threshold, and once for a stop that it lies in; counts what ends. One thread at a time.
class ExpiryWatch {
 public:
  struct Parts {
    ContractBook& contracts;
    Calendar& calendar;
    LineId line;
    const Clock& clock;
    std::function<std::vector<NightScreen::Ending>()> certificates;
  };
  ExpiryWatch(Parts parts, Metrics& metrics) : parts_(std::move(parts)), metrics_(metrics) {}
  void Look();  // every minute; mandates are counted once an hour

 private:
  void Say(const ContractEnding& ending, Time now);
  void Show(const std::string& what, const std::map<int, uint64_t>& by_days);
  void CountMandates(const EndingsAsked& asked);

  const Parts parts_;
  Metrics& metrics_;
  std::set<std::string> said_, saying_;
  Time mandates_counted_;
};

}  // namespace tvan
