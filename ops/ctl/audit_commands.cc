// tvanctl audit: who changed what, when and why, and whether the chain of it is whole. tvanctl whoami.
#include <algorithm>
#include <iostream>

#include "gateway/core/digest.h"
#include "ops/ctl/audit_text.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/audit.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Stub = admin::AuditService::Stub;

struct AuditFlags {
  std::string author, kind, id, from, to, known;
  uint64_t sequence = 0;
  int limit = 100;
};

constexpr int kPage = 1000;

NightWords WordsOf(const Tool& tool) { return NightWords(tool.lang == "vi"); }

// A day is its first instant, +07:00.
Result<Time> DayOrTime(const std::string& text) {
  const auto day = ParseDate(text);
  return day.ok() ? day : ParseTime(text);
}

Status SetSpan(const AuditFlags& flags, admin::ListAuditRequest& request) {
  if (!flags.from.empty()) {
    const auto from = DayOrTime(flags.from);
    if (!from.ok()) return from.status();
    SetTimestamp(*from, request.mutable_from());
  }
  if (flags.to.empty()) return {};
  const auto to = DayOrTime(flags.to);
  if (!to.ok()) return to.status();
  SetTimestamp(*to, request.mutable_to());
  return {};
}

int List(Tool& tool, const AuditFlags& flags, Stub& stub) {
  admin::ListAuditRequest request;
  request.set_author(flags.author);
  request.set_kind(flags.kind);
  request.set_id(flags.id);
  if (Status status = SetSpan(flags, request); !status.ok()) return Report(status);
  google::protobuf::RepeatedPtrField<admin::AuditEntry> entries;
  do {
    request.set_page_size(std::min(kPage, flags.limit - entries.size()));
    admin::ListAuditResponse page;
    const auto status = stub.ListAudit(tool.Call().get(), request, &page);
    if (!status.ok()) return Report(status);
    entries.MergeFrom(page.entries());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && entries.size() < flags.limit);
  if (!tool.json) return std::cout << AuditTable(entries, WordsOf(tool)), kOk;
  for (const admin::AuditEntry& entry : entries) PrintJson(entry);
  return kOk;
}

int Show(Tool& tool, const AuditFlags& flags, Stub& stub) {
  admin::GetAuditEntryRequest request;
  request.set_sequence(flags.sequence);
  admin::GetAuditEntryResponse response;
  const auto status = stub.GetAuditEntry(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) return PrintJson(response), kOk;
  return std::cout << AuditEntryText(response, WordsOf(tool)), kOk;
}

// "SEQ:HASH"
Status SetKnown(const std::string& known, admin::VerifyAuditRequest& request) {
  if (known.empty()) return {};
  const size_t colon = known.find(':');
  const std::string place = known.substr(0, colon);
  const bool number = !place.empty() && place.size() < 19 && place.find_first_not_of("0123456789") == std::string::npos;
  if (!number || colon == std::string::npos || !ParseSha256Hex(known.substr(colon + 1)))
    return Status::Permanent("ctl.usage"_reason, "--known: ENTRY:HASH, as an earlier verify printed it");
  request.set_known_sequence(std::stoull(place));
  request.set_known_hash(known.substr(colon + 1));
  return {};
}

int Verify(Tool& tool, const AuditFlags& flags, Stub& stub) {
  admin::VerifyAuditRequest request;
  if (Status status = SetKnown(flags.known, request); !status.ok()) return Report(status);
  grpc::ClientContext context;  // no deadline: it takes what there is to read
  const auto reader = stub.VerifyAudit(&context, request);
  admin::VerifyAuditResponse response;
  uint64_t told = 0;
  while (reader->Read(&response) && !response.has_done()) {
    if (response.checked() / 100'000 == told) continue;
    told = response.checked() / 100'000;
    std::cerr << response.checked() << " entries checked" << std::endl;
  }
  const auto status = reader->Finish();
  if (!status.ok()) return Report(status);
  if (tool.json)
    PrintJson(response.done());
  else
    std::cout << AuditVerdict(response.done(), WordsOf(tool));
  return response.done().whole() ? kOk : kNegative;
}

int WhoAmI(Tool& tool, const AuditFlags&, Stub& stub) {
  admin::GetOperatorResponse response;
  const auto status = stub.GetOperator(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) return PrintJson(response), kOk;
  return std::cout << OperatorText(response, WordsOf(tool)), kOk;
}

using Run = int (*)(Tool&, const AuditFlags&, Stub&);
void OnAudit(CLI::App* command, Tool& tool, const std::shared_ptr<AuditFlags>& flags, Run run) {
  OnCall(command, tool, [&tool, flags, run] {
    const auto channel = tool.Connect(Role::kOperator);
    if (!channel.ok()) return Report(channel.status());
    return run(tool, *flags, *admin::AuditService::NewStub(*channel));
  });
}

}  // namespace

void AddAuditCommands(CLI::App& app, Tool& tool) {
  const auto flags = std::make_shared<AuditFlags>();
  CLI::App* group = app.add_subcommand("audit", "every change and act of an operator (operators)");
  group->require_subcommand(1);
  CLI::App* list = group->add_subcommand("list", "newest first");
  list->add_option("--author", flags->author, "of this operator, or message, alone");
  list->add_option("--kind", flags->kind, "of records: provider_contract, mandate, window, …, operator_act");
  list->add_option("--id", flags->id, "of the record");
  list->add_option("--from", flags->from, "YYYY-MM-DD, or a time (+07:00)");
  list->add_option("--to", flags->to, "likewise; what is before it");
  list->add_option("--limit", flags->limit, "entries shown")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  OnAudit(list, tool, flags, List);
  CLI::App* show = group->add_subcommand("show", "one entry, with the record before and after it");
  show->add_option("ENTRY", flags->sequence, "its number")->required();
  OnAudit(show, tool, flags, Show);
  CLI::App* verify = group->add_subcommand("verify", "compute the chain again and compare every record with it");
  verify->add_option("--known", flags->known, "ENTRY:HASH that was noted elsewhere");
  OnAudit(verify, tool, flags, Verify);
  OnAudit(app.add_subcommand("whoami", "name and role of the certificate in use (operators)"), tool, flags, WhoAmI);
}

}  // namespace tvan::ctl
