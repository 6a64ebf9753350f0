#include "adapters/simulator/options.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <sstream>

namespace tvan::sim {
namespace {

Status Usage(const std::string& text) { return Status::Permanent("sim.usage"_reason, text); }

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

template <class Number>
bool ReadNumber(const std::string& text, Number& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

Status ReadListen(const std::string& value, Options& o) {
  size_t colon = value.rfind(':');
  if (colon == std::string::npos || !ReadNumber(value.substr(colon + 1), o.listen_port))
    return Usage("--listen wants HOST:PORT, e.g. 127.0.0.1:0");
  o.listen_host = value.substr(0, colon);
  return {};
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

Status ReadWindow(const std::string& value, Options& o) {
  auto parts = Split(value, '/');
  if (parts.size() < 2 || parts.size() > 3) return Usage("--window wants START/END[/reset|html502|closed_fault]");
  auto start = ParseTime(parts[0]);
  auto end = ParseTime(parts[1]);
  if (!start || !end || *end <= *start) return Usage("--window wants two times, the second later, not " + value);
  WindowEntry window{*start, *end, WindowMode::kReset};
  if (parts.size() == 3) {
    auto modes = {WindowMode::kReset, WindowMode::kHtml502, WindowMode::kClosedFault};
    auto mode = std::find_if(modes.begin(), modes.end(), [&](WindowMode m) { return ToString(m) == parts[2]; });
    if (mode == modes.end()) return Usage("a window is reset, html502 or closed_fault, not " + parts[2]);
    window.mode = *mode;
  }
  o.windows.push_back(window);
  return {};
}

Status ReadContracts(const std::string& value, Options& o) {
  for (const std::string& item : Split(value, ',')) {
    auto parts = Split(item, ':');
    if (parts.empty() || parts.size() > 3) return Usage("--contracts wants V0100000001[:FROM[:TO]],…");
    ContractEntry entry{parts[0], {}, kForever};
    for (size_t i = 1; i < parts.size(); ++i) {
      auto date = ParseDate(parts[i]);
      if (!date) return Usage("a contract's date is YYYY-MM-DD, not " + parts[i]);
      (i == 1 ? entry.from : entry.to) = *date;
    }
    o.contracts.push_back(entry);
  }
  return {};
}

Status ReadFaults(const std::string& value, Options& o) {
  for (const std::string& item : Split(value, ',')) {
    size_t equals = item.find('=');
    std::string name = item.substr(0, equals);
    double rate = 1;
    if (equals != std::string::npos && !ReadNumber(item.substr(equals + 1), rate)) rate = -1;
    const size_t at = name.find('@');
    bool known = std::count(FaultNames().begin(), FaultNames().end(), name.substr(0, at)) > 0;
    if (!known || rate < 0 || rate > 1 || at == name.size() - 1)
      return Usage("--faults wants NAME[@MST]=RATE with a rate 0..1, not " + item);
    o.faults[name] = rate;
  }
  return {};
}

using Reader = std::function<Status(const std::string&, Options&)>;
using TextField = std::string Options::*;
Reader Text(TextField field) {
  return [field](const std::string& value, Options& o) { return o.*field = value, Status(); };
}
Reader Append(std::vector<std::string> Options::*field) {
  return [field](const std::string& value, Options& o) {
    for (std::string& part : Split(value, ',')) (o.*field).push_back(std::move(part));
    return Status();
  };
}
Reader Delay(Span Options::*low, Span Options::*high) {
  return [low, high](const std::string& value, Options& o) { return ReadMillis(value, o.*low, o.*high); };
}
template <class Number>
Reader NumberOf(Number Options::*field) {
  return [field](const std::string& value, Options& o) {
    return ReadNumber(value, o.*field) ? Status() : Usage("not a number: " + value);
  };
}

const std::map<std::string, Reader>& Readers() {
  static const std::map<std::string, Reader> readers = {
      {"listen", ReadListen},
      {"port-file", Text(&Options::port_file)},
      {"cert", Text(&Options::certificate_file)},
      {"key", Text(&Options::key_file)},
      {"client-ca", Text(&Options::client_ca_file)},
      {"sign-cert", Text(&Options::sign_certificate_file)},
      {"sign-key", Text(&Options::sign_key_file)},
      {"trust", Append(&Options::trust_files)},
      {"clock", Text(&Options::clock)},
      {"transcript", Text(&Options::transcript_file)},
      {"seed", NumberOf(&Options::seed)},
      {"duplicate-policy", ReadPolicy},
      {"contracts", ReadContracts},
      {"window", ReadWindow},
      {"ack-delay", Delay(&Options::ack_delay, &Options::ack_delay)},
      {"answer-delay", Delay(&Options::answer_delay_min, &Options::answer_delay_max)},
      {"late-delay", Delay(&Options::late_delay, &Options::late_delay)},
      {"slow-delay", Delay(&Options::slow_delay, &Options::slow_delay)},
      {"faults", ReadFaults},
      {"refuse-khhdon", Append(&Options::refused_khhdon)},
      {"stopped-mst", Append(&Options::stopped_mst)},
      {"max-connections", NumberOf(&Options::max_connections)},
      {"keep", Text(&Options::keep_folder)},
      {"keep-max-files", NumberOf(&Options::keep_max_files)},
      {"keep-max-bytes", NumberOf(&Options::keep_max_bytes)},
  };
  return readers;
}

Status Apply(const std::string& name, const std::string& value, Options& o);

Status ReadScript(const std::string& file, Options& o) {
  std::ifstream in(file);
  if (!in) return Usage("--script: cannot read " + file);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    size_t equals = line.find('=');
    std::string name = line.substr(0, equals);
    Status status = equals == std::string::npos || name == "script" ? Usage("expected key=value")
                                                                    : Apply(name, line.substr(equals + 1), o);
    if (!status) return Usage(file + ":" + std::to_string(number) + ": " + status.message());
  }
  return {};
}

Status Apply(const std::string& name, const std::string& value, Options& o) {
  if (name == "script") return ReadScript(value, o);
  auto reader = Readers().find(name);
  if (reader == Readers().end()) return Usage("unknown option --" + name + ", see --help");
  return reader->second(value, o);
}

Status Complete(const Options& o) {
  const std::pair<const char*, TextField> needed[] = {{"--cert", &Options::certificate_file},
                                                      {"--key", &Options::key_file},
                                                      {"--client-ca", &Options::client_ca_file},
                                                      {"--sign-cert", &Options::sign_certificate_file},
                                                      {"--sign-key", &Options::sign_key_file}};
  for (const auto& [name, field] : needed)
    if ((o.*field).empty()) return Usage(std::string(name) + " is missing, see --help");
  return o.trust_files.empty() ? Usage("--trust is missing, see --help") : Status();
}

}  // namespace

Result<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options o;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (name == "--help" || name == "-h") return o.help = true, o;
    if (!name.starts_with("--")) return Usage("not an option: " + name);
    name.erase(0, 2);
    std::string value;
    if (size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.erase(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      return Usage("--" + name + " wants a value");
    }
    if (Status status = Apply(name, value, o); !status) return status;
  }
  if (Status status = Complete(o); !status) return status;
  return o;
}

}  // namespace tvan::sim
