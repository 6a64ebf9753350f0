// tvanctl: the command line of operators, of solution providers trying the gateway, and of sandboxes.
#include <iostream>

#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 ok; 1 usage or unreadable file; 2 rejected, not found or not valid; 3 transport, try again; 4 "
    "identity: certificate unknown or not allowed; 5 partly: of several changes some were made, it was said which. "
    "`check --as` has its own, see there.\n"
    "Profiles: --profile DIR/NAME reads DIR/profiles/NAME.yaml, as `tvanctl dev init DIR` writes them; without it "
    "TVANCTL_PROFILE (operators' commands: TVANCTL_OPERATOR first).";

void AddGlobalFlags(CLI::App& app, Tool& tool) {
  app.add_option("--profile", tool.profile, "connection profile: DIR/NAME of a sandbox, or a file");
  app.add_option("--endpoint", tool.endpoint, "HOST:PORT, instead of the profile's");
  app.add_option("--ca", tool.ca, "PEM of who issued the gateway's certificate");
  app.add_option("--cert", tool.certificate, "PEM of our client certificate");
  app.add_option("--key", tool.key, "PEM of its key");
  app.add_option("--timeout", tool.timeout_s, "seconds for one call")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  app.add_option("--lang", tool.lang, "language of findings and tables")
      ->capture_default_str()
      ->check(CLI::IsMember({"vi", "en"}));
  app.add_flag("--json", tool.json, "for machines: JSON, one object a line");
}

void AddCommands(CLI::App& app, Tool& tool) {
  AddRelayCommands(app, tool);
  AddStatusCommand(app, tool);
  AddFeedbackCommands(app, tool);
  AddReceiptCommands(app, tool);
  AddSignCommand(app, tool);
  AddExplainCommand(app, tool);
  AddXsdCommand(app, tool);
  AddContractCommands(app, tool);
  AddMandateCommands(app, tool);
  AddBookCommands(app, tool);
  AddProposalCommands(app, tool);
  AddAccountCommand(app, tool);
  AddWindowCommands(app, tool);
  AddLineCommands(app, tool);
  AddDrainCommands(app, tool);
  AddNightCommand(app, tool);
  AddContactCommands(app, tool);
  AddIncidentCommands(app, tool);
  AddCalendarCommands(app, tool);
  AddQueueCommands(app, tool);
  AddMessageCommands(app, tool);
  AddWithdrawCommands(app, tool);
  AddStoreCommands(app, tool);
  AddSnapshotCommands(app, tool);
  AddSnapshotCompare(app, tool);
  AddBufferCommands(app, tool);
  AddAuditCommands(app, tool);
  AddDevCommands(app, tool);
}

int Main(int argc, char** argv) {
  CLI::App app("tvanctl: contracts, windows, messages, answers of a T-VAN gateway", "tvanctl");
  Tool tool;
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  AddGlobalFlags(app, tool);
  AddCommands(app, tool);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) == 0) return kOk;
    const bool files = app.got_subcommand("check") && app.get_subcommand("check")->count("--as") > 0;
    return files ? kCheckUsage : kUsage;
  }
  return tool.action ? tool.action() : kUsage;
}

}  // namespace
}  // namespace tvan::ctl

int main(int argc, char** argv) { return tvan::ctl::Main(argc, argv); }
