#pragma once
// What every tvanctl command shares: the flags of the connection, the language, the output form, and the exit codes.
// One thread; values live as long as main.

#include <functional>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <CLI/CLI.hpp>

#include "gateway/core/status.h"

namespace tvan::ctl {

// Exit codes, also in `tvanctl --help`.
inline constexpr int kOk = 0;
inline constexpr int kUsage = 1;      // wrong command line, unreadable file
inline constexpr int kNegative = 2;   // rejected, not acceptable, not found, not valid
inline constexpr int kTransport = 3;  // nobody there, overloaded, broken connection: try again
inline constexpr int kIdentity = 4;   // the gateway does not know, or does not allow, this certificate
inline constexpr int kPartly = 5;     // of several changes some were made and others not: it was said which
// Of `tvanctl check --as …` alone, so that a script can tell "refused" from "not looked at".
inline constexpr int kCheckRejected = 1;
inline constexpr int kCheckUsage = 2;

// Which listener a command speaks to.
enum class Role { kProvider, kOperator };

struct Tool {
  std::string profile, endpoint, ca, certificate, key;  // the connection, as flags gave it
  std::string lang = "en";                              // of findings: "vi" or "en"
  bool json = false;
  int timeout_s = 30;
  std::function<int()> action;             // of the command that was chosen
  std::shared_ptr<grpc::Channel> channel;  // instead of a connection; for tests

  // Connects by the flags, or the profile; says on standard error what is missing.
  Result<std::shared_ptr<grpc::Channel>> Connect(Role role) const;
  // A call's context with the deadline of --timeout.
  std::unique_ptr<grpc::ClientContext> Call() const;
};

// Says what a failed call means, with its google.rpc details; answers the exit code.
int Report(const grpc::Status& status);
int Report(const Status& status);  // of our own; kUsage

// Each adds its commands to the program.
void AddDevCommands(CLI::App& app, Tool& tool);
void AddAuditCommands(CLI::App& app, Tool& tool);  // and whoami
void AddContractCommands(CLI::App& app, Tool& tool);
void AddMandateCommands(CLI::App& app, Tool& tool);
void AddBookCommands(CLI::App& app, Tool& tool);
void AddProposalCommands(CLI::App& app, Tool& tool);
void AddAccountCommand(CLI::App& app, Tool& tool);
void AddWindowCommands(CLI::App& app, Tool& tool);
void AddLineCommands(CLI::App& app, Tool& tool);
void AddDrainCommands(CLI::App& app, Tool& tool);
void AddNightCommand(CLI::App& app, Tool& tool);
void AddContactCommands(CLI::App& app, Tool& tool);  // and oncall
void AddIncidentCommands(CLI::App& app, Tool& tool);
void AddCalendarCommands(CLI::App& app, Tool& tool);  // and notice
void AddQueueCommands(CLI::App& app, Tool& tool);
void AddMessageCommands(CLI::App& app, Tool& tool);
void AddWithdrawCommands(CLI::App& app, Tool& tool);  // after it: into its group
void AddRelayCommands(CLI::App& app, Tool& tool);
void AddStatusCommand(CLI::App& app, Tool& tool);
void AddFeedbackCommands(CLI::App& app, Tool& tool);
void AddStoreCommands(CLI::App& app, Tool& tool);
void AddSnapshotCommands(CLI::App& app, Tool& tool);
void AddSnapshotCompare(CLI::App& app, Tool& tool);  // after it: into its group
void AddBufferCommands(CLI::App& app, Tool& tool);
void AddReceiptCommands(CLI::App& app, Tool& tool);
void AddSignCommand(CLI::App& app, Tool& tool);
void AddExplainCommand(CLI::App& app, Tool& tool);
void AddXsdCommand(CLI::App& app, Tool& tool);

// The one way in which a sub-command says what it does.
template <class Run>
void OnCall(CLI::App* command, Tool& tool, Run run) {
  command->callback([&tool, run] { tool.action = run; });
}

}  // namespace tvan::ctl
