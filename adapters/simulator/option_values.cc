#include "adapters/simulator/option_values.h"

#include <algorithm>
#include <sstream>

namespace tvan::sim {
namespace {

constexpr Span kLongestSpan = std::chrono::hours(366 * 24);

// With '/' between the parts a date may have a time of day.
Status ReadContract(const std::string& item, ContractEntry& entry) {
  auto parts = Split(item, item.find('/') == std::string::npos ? ':' : '/');
  if (parts.size() == 4 && parts[3] == "suspended") {
    entry.suspended = true;
    parts.pop_back();
  }
  if (parts.empty() || parts.size() > 3) return Usage("--contracts wants V0100000001[/FROM[/TO[/suspended]]],…");
  entry.mngui = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) {
    auto at = parts[i].find('T') == std::string::npos ? ParseDate(parts[i]) : ParseTime(parts[i]);
    if (!at) return Usage("a contract's date is YYYY-MM-DD, or a time between '/', not " + parts[i]);
    (i == 1 ? entry.from : entry.to) = *at;
  }
  return {};
}

// NAME[#ITEM][@MST]; only refuse_item has items.
bool IsFault(const std::string& text) {
  const size_t at = text.find('@');
  if (at == text.size() - 1) return false;
  std::string name = text.substr(0, at);
  const size_t hash = name.find('#');
  size_t item = 1;
  if (hash != std::string::npos && (!name.starts_with("refuse_item#") || !ReadNumber(name.substr(hash + 1), item)))
    return false;
  return item > 0 && std::count(FaultNames().begin(), FaultNames().end(), name.substr(0, hash)) > 0;
}

// MST:TEXT,… with TEXT of `size` digits or upper-case letters.
Status ReadPairs(const std::string& value, size_t size, std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const std::string& item : Split(value, ',')) {
    const size_t colon = item.rfind(':');
    const std::string text = colon == std::string::npos ? "" : item.substr(colon + 1);
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (colon == 0 || text.size() != size || !plain)
      return Usage("wanted MST:" + std::string(size, 'X') + ", not " + item);
    pairs.emplace_back(item.substr(0, colon), text);
  }
  return {};
}

}  // namespace

Status Usage(const std::string& text) { return Status::Permanent("sim.usage"_reason, text); }

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

Status ReadListen(const std::string& value, Options& o) {
  size_t colon = value.rfind(':');
  if (colon == std::string::npos || !ReadNumber(value.substr(colon + 1), o.listen_port))
    return Usage("--listen wants HOST:PORT, e.g. 127.0.0.1:0");
  o.listen_host = value.substr(0, colon);
  return {};
}

Status ReadSpan(const std::string& value, Span& out) {
  static constexpr std::pair<std::string_view, Span> kUnits[] = {{"ms", std::chrono::milliseconds(1)},
                                                                 {"s", std::chrono::seconds(1)},
                                                                 {"m", std::chrono::minutes(1)},
                                                                 {"h", std::chrono::hours(1)},
                                                                 {"", std::chrono::seconds(1)}};
  const Status bad = Usage("a span is written 59, 59s, 500ms, 10m or 1h30m, at most 8784h, not " + value);
  out = {};
  std::string_view rest = value;
  do {
    const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const size_t end = std::min(rest.find_first_of("0123456789", digits), rest.size());
    const std::string_view name = rest.substr(digits, end - digits);
    const auto unit =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& u) { return u.first == name; });
    int64_t number = 0;
    if (unit == std::end(kUnits) || digits > 9 || !ReadNumber(std::string(rest.substr(0, digits)), number)) return bad;
    out += number * unit->second;
    rest.remove_prefix(end);
  } while (!rest.empty());
  return out <= kLongestSpan ? Status() : bad;
}

Status ReadMillis(const std::string& value, Span& low, Span& high) {
  size_t dots = value.find("..");
  int64_t first = 0, last = 0;
  bool ok = ReadNumber(value.substr(0, dots), first);
  last = first;
  if (dots != std::string::npos) ok = ok && ReadNumber(value.substr(dots + 2), last);
  if (!ok || first < 0 || last < first) return Usage("a delay wants milliseconds, MS or MIN..MAX, not " + value);
  low = std::chrono::milliseconds(first);
  high = std::chrono::milliseconds(last);
  return {};
}

Status ReadPolicy(const std::string& value, Options& o) {
  for (auto policy : {DuplicatePolicy::kReject1002, DuplicatePolicy::kRepeatFirstAnswer, DuplicatePolicy::kSilent,
                      DuplicatePolicy::kProcessAgain})
    if (ToString(policy) == value) return o.duplicate_policy = policy, Status();
  return Usage("--duplicate-policy wants reject_1002, repeat_first_answer, silent or process_again, not " + value);
}

Status ReadRotation(const std::string& value, Options& o) {
  auto at = ParseTime(value);
  if (!at) return Usage("--rotate-at wants a time, not " + value);
  o.rotate_at = *at;
  return {};
}

Status ReadContracts(const std::string& value, Options& o) {
  for (const std::string& item : Split(value, ',')) {
    ContractEntry entry;
    if (Status status = ReadContract(item, entry); !status) return status;
    o.contracts.push_back(std::move(entry));
  }
  return {};
}

Status ReadFaults(const std::string& value, Options& o) {
  for (const std::string& item : Split(value, ',')) {
    size_t equals = item.find('=');
    std::string name = item.substr(0, equals);
    double rate = 1;
    if (equals != std::string::npos && !ReadNumber(item.substr(equals + 1), rate)) rate = -1;
    if (!IsFault(name) || rate < 0 || rate > 1)
      return Usage("--faults wants NAME[@MST]=RATE with a rate 0..1, not " + item);
    o.faults[name] = rate;
  }
  return {};
}

Status ReadPackageDelay(const std::string& value, Options& o) {
  std::pair<Span, Span> delay;
  if (Status status = ReadMillis(value, delay.first, delay.second); !status) return status;
  if (delay.second > kPackageLimit) return Usage("--package-delay is at most 900000, 15 minutes; see the fault late");
  o.package_delay = delay;
  return {};
}

Status ReadCashCodes(const std::string& value, Options& o) { return ReadPairs(value, 5, o.cash_codes); }

Status ReadTaxpayers(const std::string& value, Options& o) {
  std::vector<std::pair<std::string, std::string>> pairs;
  Status status = ReadPairs(value, 2, pairs);
  for (auto& [mst, state] : pairs) o.taxpayer_status[mst] = std::move(state);
  return status;
}

}  // namespace tvan::sim
