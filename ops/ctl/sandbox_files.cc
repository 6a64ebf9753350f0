// The texts that `tvanctl dev init` writes: the gateway's configuration and the simulator's options.
#include <filesystem>

#include "ops/ctl/sandbox.h"

namespace tvan::ctl {
namespace {

std::string Listen(int port) { return "127.0.0.1:" + std::to_string(port); }

// A night in virtual time: every clock of the law is short enough to run out before the morning.
constexpr const char* kRehearsal = R"(
dispatch:
  in_doubt_settle: 30s
  backoff_min: 1s
  backoff_max: 30s
  ramp_start_per_s: 5
  classes:
    coded: {t1_silent: 3m, t2_resend: 10m, t_999_only: 45m, resend: automatic, max_resends: 2}
    uncoded: {t1_silent: 3m, t2_resend: 10m, t_999_only: 45m, resend: automatic, max_resends: 2}
    cash_register: {t1_silent: 3m, t2_resend: 10m, t_999_only: 45m, resend: automatic, max_resends: 2}
    error_notice: {t1_silent: 3m, t2_resend: 10m, t_999_only: 45m, resend: automatic, max_resends: 2}

feedback:
  poll: 20s

calendar:
  drain_before: 10m
  snapshot_dir: snapshots
)";

}  // namespace

std::string SandboxGatewayYaml(const SandboxOptions& options, const std::vector<std::string>& certificates) {
  std::string operators;
  for (size_t i = 0; i < certificates.size(); ++i)
    operators += "\n    - {certificate: " + certificates[i] + ", role: " + kSandboxOperators[i] + "}";
  std::string out =
      "# Written by `tvanctl dev init`: a sandbox. Every key is in config/REFERENCE.md.\n"
      "environment: sandbox\nclock: " +
      options.clock +
      "\n\n"
      "gateway:\n  mst: \"" +
      kSandboxTvanMst +
      "\"\n  name: Sandbox T-VAN\n\n"
      "store:\n  path: data\n\n"
      "provider_api:\n  listen: " +
      Listen(options.provider_port) +
      "\n  certificate: pki/server.pem\n  key: pki/server.key\n  client_ca: pki/ca.pem\n\n"
      "admin_api:\n  listen: " +
      Listen(options.admin_port) +
      "\n  certificate: pki/server.pem\n  key: pki/server.key\n  client_ca: pki/operators-ca.pem\n  operators:" +
      operators +
      "\n\n"
      "http:\n  listen: " +
      Listen(options.http_port) +
      "\n\n"
      "seal:\n  key_file: pki/seal.key\n\nmessage_id:\n  key_file: pki/message-id.key\n\n"
      "trust:\n  sellers: [pki/sellers-ca.pem]\n  authority: [pki/authority-ca.pem]\n\n"
      "line:\n  id: main\n  host: localhost\n  port: " +
      std::to_string(options.line_port) +
      "\n  path: /tvan\n  ca: pki/authority-ca.pem\n  certificate: pki/line.pem\n  key: pki/line.key\n";
  const bool rehearsal = options.timers == SandboxOptions::Timers::kRehearsal;
  return out + (rehearsal ? kRehearsal : "\ncalendar:\n  snapshot_dir: snapshots\n");
}

std::string SandboxAuthorityScript(const SandboxOptions& options) {
  std::error_code ignored;
  const std::string pki = std::filesystem::absolute(options.folder, ignored).lexically_normal().string() + "/pki/";
  return "# Written by `tvanctl dev init`: tvan-authority-sim --script THIS_FILE\n"
         "listen=" +
         Listen(options.line_port) + "\nclock=" + options.clock + "\ncert=" + pki + "authority-server.pem\nkey=" + pki +
         "authority-server.key\nclient-ca=" + pki + "authority-ca.pem\nsign-cert=" + pki +
         "authority-sign.pem\nsign-key=" + pki + "authority-sign.key\ntrust=" + pki + "sellers-ca.pem\ncontracts=V" +
         kSandboxTvanMst + "\n";
}

}  // namespace tvan::ctl
