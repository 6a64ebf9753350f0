// tvanctl submit, check: what a solution provider's client does.
#include <filesystem>
#include <iostream>

#include "ops/ctl/check_command.h"
#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

struct SubmitFlags {
  std::vector<std::string> files;
  int type = 0;
  std::string reference, receipts;
  bool save = false;
};

// A bare HDon is known by its root element; the gateway itself looks closer.
bool IsBareHDon(const std::string& bytes) {
  size_t at = bytes.find('<');
  while (at != std::string::npos && at + 1 < bytes.size() && (bytes[at + 1] == '?' || bytes[at + 1] == '!'))
    at = bytes.find('<', at + 1);
  return at != std::string::npos && bytes.compare(at, 5, "<HDon") == 0;
}

Result<v1::Document> DocumentOf(const std::string& file, const SubmitFlags& flags) {
  auto bytes = ReadFile(file);
  if (!bytes.ok()) return bytes.status();
  v1::Document document;
  if (!IsBareHDon(*bytes)) {
    document.set_tdiep(std::move(*bytes));
    return document;
  }
  document.set_hdon(std::move(*bytes));
  document.set_message_type(flags.type);
  document.set_client_reference(flags.reference);
  return document;
}

std::string ReceiptFile(const std::string& file, const SubmitFlags& flags) {
  const std::filesystem::path path(file);
  if (flags.receipts.empty()) return file + ".receipt.jws";
  std::error_code ignored;
  std::filesystem::create_directories(flags.receipts, ignored);
  return (std::filesystem::path(flags.receipts) / path.filename()).string() + ".receipt.jws";
}

int ShowReceipt(Tool& tool, const std::string& file, const v1::SubmitMessageResponse& response) {
  const v1::Receipt& receipt = response.receipt();
  std::cout << file << ": " << (response.already_accepted() ? "accepted before, the first receipt" : "accepted")
            << "\n  " << receipt.gateway_mtdiep() << "  " << ToText(receipt.accepted_at()) << "  "
            << receipt.durability() << '\n';
  for (const std::string& mark : receipt.signature_marks())
    std::cout << "  signatures needed the allowance " << mark << '\n';
  PrintFindings(response.warnings(), tool.lang);
  return kOk;
}

int ShowOutcome(Tool& tool, const std::string& file, const SubmitFlags& flags,
                const v1::SubmitMessageResponse& response) {
  if (tool.json) PrintJson(response);
  if (response.has_receipt()) {
    if (!tool.json) ShowReceipt(tool, file, response);
    if (!flags.save) return kOk;
    return Report(WriteFile(ReceiptFile(file, flags), response.receipt().jws()));
  }
  if (!tool.json) {
    std::cout << file << ": REJECTED\n";
    PrintFindings(response.rejection().findings(), tool.lang);
  }
  return kNegative;
}

int Submit(Tool& tool, const SubmitFlags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = v1::RelayService::NewStub(*channel);
  int worst = kOk;
  for (const std::string& file : flags.files) {
    auto document = DocumentOf(file, flags);
    if (!document.ok()) return Report(document.status());
    v1::SubmitMessageRequest request;
    request.set_request_id(file.substr(file.size() > 64 ? file.size() - 64 : 0));
    *request.mutable_document() = std::move(*document);
    v1::SubmitMessageResponse response;
    const auto status = stub->SubmitMessage(tool.Call().get(), request, &response);
    const int code = status.ok() ? ShowOutcome(tool, file, flags, response) : Report(status);
    if (code == kTransport || code == kIdentity || code == kUsage) return code;
    worst = std::max(worst, code);
  }
  return worst;
}

int CheckOne(Tool& tool, const std::string& file, const SubmitFlags& flags, v1::RelayService::Stub& gateway) {
  auto document = DocumentOf(file, flags);
  if (!document.ok()) return Report(document.status());
  v1::CheckMessageRequest request;
  *request.mutable_document() = std::move(*document);
  v1::CheckMessageResponse response;
  const auto status = gateway.CheckMessage(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) {
    PrintJson(response);
  } else {
    std::cout << file << ": " << (response.acceptable() ? "would be accepted" : "would be rejected") << '\n';
    PrintFindings(response.findings(), tool.lang);
  }
  return response.acceptable() ? kOk : kNegative;
}

int Check(Tool& tool, const SubmitFlags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = v1::RelayService::NewStub(*channel);
  int worst = kOk;
  for (const std::string& file : flags.files) worst = std::max(worst, CheckOne(tool, file, flags, *stub));
  return worst;
}

void AddBareFlags(CLI::App* command, SubmitFlags& flags) {
  command->add_option("--type", flags.type, "of a bare HDon: 200, 201 or 203");
  command->add_option("--reference", flags.reference, "of a bare HDon: client_reference, its idempotency key");
}

}  // namespace

void AddRelayCommands(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<SubmitFlags>();
  CLI::App* submit = app.add_subcommand("submit", "hand messages in: a receipt, or all findings (providers)");
  submit->add_option("FILE", flags->files, "TDiep, or bare HDon")->required();
  submit->add_flag("--save-receipt", flags->save, "write the receipt to FILE.receipt.jws");
  submit->add_option("--receipts", flags->receipts, "folder for receipts instead")->needs("--save-receipt");
  AddBareFlags(submit, *flags);
  OnCall(submit, tool, [&tool, flags] { return Submit(tool, *flags); });
  CLI::App* check =
      app.add_subcommand("check", "all checks of a submit by the gateway, nothing stored (providers); with --as here");
  auto check_flags = std::make_shared<SubmitFlags>();
  check->add_option("FILE", check_flags->files, "TDiep, or bare HDon; - for standard input")->required();
  AddBareFlags(check, *check_flags);
  const auto here = AddFileCheckFlags(check);
  OnCall(check, tool, [&tool, check_flags, here] {
    if (!here->asked) return Check(tool, *check_flags);
    here->options.type = check_flags->type;
    return CheckFiles(tool, *here, check_flags->files);
  });
}

}  // namespace tvan::ctl
