#include "adapters/simulator/options.h"

#include <fstream>
#include <functional>
#include <set>

#include "adapters/simulator/option_values.h"

namespace tvan::sim {
namespace {

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
      {"rotate-at", ReadRotation},
      {"rotate-certificate", Text(&Options::rotate_certificate_file)},
      {"rotate-key", Text(&Options::rotate_key_file)},
      {"trust", Append(&Options::trust_files)},
      {"clock", Text(&Options::clock)},
      {"transcript", Text(&Options::transcript_file)},
      {"seed", NumberOf(&Options::seed)},
      {"duplicate-policy", ReadPolicy},
      {"contracts", ReadContracts},
      {"window", ReadWindow},
      {"outage", ReadOutage},
      {"lie-not-found", ReadLie},
      {"capacity", ReadCapacity},
      {"overload", ReadOverload},
      {"date-skew", ReadDateSkew},
      {"control", Text(&Options::control_file)},
      {"ack-delay", Delay(&Options::ack_delay, &Options::ack_delay)},
      {"answer-delay", Delay(&Options::answer_delay_min, &Options::answer_delay_max)},
      {"package-delay", ReadPackageDelay},
      {"late-delay", Delay(&Options::late_delay, &Options::late_delay)},
      {"slow-delay", Delay(&Options::slow_delay, &Options::slow_delay)},
      {"faults", ReadFaults},
      {"refuse-khhdon", Append(&Options::refused_khhdon)},
      {"stopped-mst", Append(&Options::stopped_mst)},
      {"taxpayer-status", ReadTaxpayers},
      {"cash-codes", ReadCashCodes},
      {"max-connections", NumberOf(&Options::max_connections)},
      {"keep", Text(&Options::keep_folder)},
      {"keep-max-files", NumberOf(&Options::keep_max_files)},
      {"keep-max-bytes", NumberOf(&Options::keep_max_bytes)},
  };
  return readers;
}

Status Apply(const std::string& name, const std::string& value, Options& o);

// What --control may change.
bool IsOfPlan(const std::string& name) {
  static const std::set<std::string> names = {"window", "outage", "lie-not-found", "capacity", "overload", "date-skew"};
  return names.contains(name);
}

Status ReadScript(const std::string& file, Options& o, bool (*may_say)(const std::string& name)) {
  std::ifstream in(file);
  if (!in) return Usage("cannot read " + file);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    size_t equals = line.find('=');
    std::string name = line.substr(0, equals);
    Status status;
    if (equals == std::string::npos)
      status = Usage("expected key=value");
    else if (!may_say(name))
      status = Usage(name + " cannot be said here");
    else
      status = Apply(name, line.substr(equals + 1), o);
    if (!status) return Usage(file + ":" + std::to_string(number) + ": " + status.message());
  }
  return {};
}

Status Apply(const std::string& name, const std::string& value, Options& o) {
  if (name == "script") return ReadScript(value, o, [](const std::string& inner) { return inner != "script"; });
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
  const bool rotates = o.rotate_at.has_value();
  if (rotates == o.rotate_certificate_file.empty() || rotates == o.rotate_key_file.empty())
    return Usage("--rotate-at, --rotate-key and --rotate-certificate belong together");
  return o.trust_files.empty() ? Usage("--trust is missing, see --help") : Status();
}

}  // namespace

Result<Plan> ReadPlan(const std::string& file) {
  Options o;
  if (file.empty()) return Usage("--control names no file");
  if (Status status = ReadScript(file, o, IsOfPlan); !status) return status;
  return Plan(std::move(o));
}

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
