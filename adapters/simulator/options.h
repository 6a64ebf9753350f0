#pragma once
// What the simulated authority is told: command line, or a script file of key=value lines with the same names.
// Plain values; reading them touches nothing but the script files.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/simulator/plan.h"

namespace tvan::sim {

// Step 1 of a cash-register package is over within this time (duties.md 1.2).
inline constexpr Span kPackageLimit = std::chrono::minutes(15);

enum class DuplicatePolicy { kReject1002, kRepeatFirstAnswer, kSilent, kProcessAgain };
std::string ToString(DuplicatePolicy policy);
struct ContractEntry {  // the authority's list of T-VANs
  std::string mngui;    // "V0100000001"
  Time from;            // half-open; 0 and kForever: unbounded
  Time to = kForever;
  bool suspended = false;
};

struct Options : Plan {
  std::string listen_host = "127.0.0.1";
  uint16_t listen_port = 0;
  std::string port_file;
  std::string certificate_file, key_file, client_ca_file;  // TLS
  std::string sign_certificate_file, sign_key_file;        // the authority's XML signature
  std::optional<Time> rotate_at;                           // from then on answers are signed by the next two instead
  std::string rotate_certificate_file, rotate_key_file;
  std::vector<std::string> trust_files;  // whom sellers' certificates must come from
  std::string clock = "system";
  std::string transcript_file;  // empty: stdout
  uint64_t seed = 1;
  DuplicatePolicy duplicate_policy = DuplicatePolicy::kReject1002;
  std::vector<ContractEntry> contracts;  // empty: every T-VAN has one
  Span ack_delay = std::chrono::milliseconds(200);
  Span answer_delay_min = std::chrono::seconds(1);
  Span answer_delay_max = std::chrono::seconds(2);
  std::optional<std::pair<Span, Span>> package_delay;  // of cash-register packages; none: as the others
  Span late_delay = std::chrono::minutes(30);
  Span slow_delay = std::chrono::seconds(3);           // real time
  std::map<std::string, double> faults;                // name[#ITEM], or name[#ITEM]@MST for one taxpayer → rate 0..1
  std::vector<std::string> refused_khhdon;             // symbols that the registrations do not know
  std::vector<std::string> stopped_mst;                // taxpayers that may not use e-invoices
  std::map<std::string, std::string> taxpayer_status;  // MST → state of the tax code; not listed: "00", active
  std::vector<std::pair<std::string, std::string>> cash_codes;  // MST, the five characters issued to it
  size_t max_connections = 64;
  std::string control_file;  // empty: the plan stays as it is
  std::string keep_folder;   // empty: what arrives is not kept
  uint64_t keep_max_files = 100'000, keep_max_bytes = uint64_t{4} << 30;
  bool help = false;
};

// Names of faults, in the order of TRANSCRIPT.md.
const std::vector<std::string>& FaultNames();

// sim.usage (permanent): says which argument, and what is expected. `arguments` without the program's name.
Result<Options> ParseOptions(const std::vector<std::string>& arguments);
// --control: a plan by itself, lines as in a script. sim.usage
Result<Plan> ReadPlan(const std::string& file);
std::string HelpText();

}  // namespace tvan::sim
