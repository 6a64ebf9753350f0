#pragma once
// A sandbox: the certificates, keys, configuration and profiles of one pretended T-VAN with its authority, three
// operators (one of each role), three solution providers and their sellers, in one folder. Every certificate bears the
// sandbox marker, so production refuses it. Pure apart from the folder; one thread.

#include <string>
#include <vector>

#include "adapters/signature/pki.h"

namespace tvan::ctl {

struct SandboxProvider {
  std::string name;
  std::string mst;
  std::vector<std::string> sellers;  // tax codes of the taxpayers that mandate it
};
inline constexpr const char* kSandboxTvanMst = "0109999999";
const std::vector<SandboxProvider>& SandboxProviders();  // acme, beta, gamma
// Operators are named for the role that they have.
inline constexpr const char* kSandboxOperators[] = {"viewer", "operator", "approver"};

struct SandboxOptions {
  std::string folder;
  int provider_port = 8443, admin_port = 8444, http_port = 8080, line_port = 9443;
  std::string clock = "system";
  enum class Timers { kNormal, kRehearsal };  // kRehearsal: short legal clocks, for a night in virtual time
  Timers timers = Timers::kNormal;
  enum class Existing { kKeep, kReplace };  // certificates and keys that are there; the other files are always written
  Existing existing = Existing::kKeep;
  PkiValidity validity;
};

// Makes what is missing. Answers the number of files written. Errors: ctl.file, signature.pki.
Result<int> MakeSandbox(const SandboxOptions& options);

// Texts of the files (sandbox_files.cc).
// `certificates`: SHA-256 (hex) of those of kSandboxOperators, in this order.
std::string SandboxGatewayYaml(const SandboxOptions& options, const std::vector<std::string>& certificates);
std::string SandboxAuthorityScript(const SandboxOptions& options);

}  // namespace tvan::ctl
