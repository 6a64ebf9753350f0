// tvanctl book: every record of the contract book (agreement, provider_contract, mandate, taxpayer, delegation), its
// history, and why it allows what it allows. By the operators' listener.
#include <iostream>

#include "ops/ctl/book_text.h"
#include "ops/ctl/item_facts.h"
#include "ops/ctl/item_fields.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Stub = admin::ContractService::Stub;

// Runs `call` on a stub; a failed connection is reported.
int OnBook(Tool& tool, const std::function<int(Stub&)>& call) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  return call(*admin::ContractService::NewStub(*channel));
}

struct Named {
  std::string kind, id;
};
void AddNamed(CLI::App* command, Named& named, bool required = true) {
  command->add_option("KIND", named.kind, "agreement, provider_contract, mandate, taxpayer or delegation")
      ->required(required)
      ->check(CLI::IsMember(KindNames()));
  command->add_option("ID", named.id, "authority; PROVIDER; PROVIDER/MST; MST; MST/DELEGATE, by kind")
      ->required(required);
}

Status SetMoment(const std::string& text, google::protobuf::Timestamp* to) {
  return text.empty() ? Status() : SetTimeText(text, to);
}

struct ChangeFlags {
  Named named;
  std::vector<std::string> fields;  // FIELD=VALUE
  std::string reason;
  uint64_t version = 0;
  bool remove = false;
};

// Sets what the flags say and names each in `mask`.
Status SetFields(const std::vector<std::string>& fields, google::protobuf::Message& inner,
                 google::protobuf::FieldMask* mask) {
  for (const std::string& field : fields) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos)
      return Status::Permanent("ctl.contract_field"_reason, "\"" + field + "\": FIELD=VALUE expected");
    if (Status set = SetField(inner, field.substr(0, equals), field.substr(equals + 1)); !set.ok()) return set;
    if (mask != nullptr) mask->add_paths(field.substr(0, equals));
  }
  return {};
}

int Create(Tool& tool, const ChangeFlags& flags) {
  admin::CreateContractItemRequest request;
  const auto kind = KindNamed(flags.named.kind);
  if (!kind.ok()) return Report(kind.status());
  if (Status id = SetId(*kind, flags.named.id, *request.mutable_item()); !id.ok()) return Report(id);
  if (Status set = SetFields(flags.fields, InnerOf(*kind, *request.mutable_item()), nullptr); !set.ok())
    return Report(set);
  request.set_reason(flags.reason);
  return OnBook(tool, [&](Stub& stub) {
    admin::ContractChange change;
    const auto status = stub.CreateContractItem(tool.Call().get(), request, &change);
    return status.ok() ? Show(tool, change) : Report(status);
  });
}

int Update(Tool& tool, const ChangeFlags& flags) {
  admin::UpdateContractItemRequest request;
  const auto kind = KindNamed(flags.named.kind);
  if (!kind.ok()) return Report(kind.status());
  if (Status id = SetId(*kind, flags.named.id, *request.mutable_item()); !id.ok()) return Report(id);
  if (Status set = SetFields(flags.fields, InnerOf(*kind, *request.mutable_item()), request.mutable_update_mask());
      !set.ok())
    return Report(set);
  request.mutable_item()->set_version(flags.version);
  request.set_reason(flags.reason);
  request.set_delete_(flags.remove);
  return OnBook(tool, [&](Stub& stub) {
    admin::ContractChange change;
    const auto status = stub.UpdateContractItem(tool.Call().get(), request, &change);
    return status.ok() ? Show(tool, change) : Report(status);
  });
}

int Get(Tool& tool, const Named& named, const std::string& as_known_at) {
  admin::GetContractItemRequest request;
  request.set_kind(*KindNamed(named.kind));
  request.set_id(named.id);
  if (Status at = SetMoment(as_known_at, request.mutable_as_known_at()); !at.ok()) return Report(at);
  if (as_known_at.empty()) request.clear_as_known_at();
  return OnBook(tool, [&](Stub& stub) {
    admin::ContractItem item;
    const auto status = stub.GetContractItem(tool.Call().get(), request, &item);
    return status.ok() ? Show(tool, item) : Report(status);
  });
}

struct ListFlags {
  std::string kind, provider, mst, status, holds_at, ends_before, tax_status;
  bool stopped = false;
};

Status Fill(const ListFlags& flags, admin::ListContractItemsRequest& request) {
  request.set_kind(*KindNamed(flags.kind));
  request.set_provider(flags.provider);
  request.set_mst_prefix(flags.mst);
  request.set_tax_status(flags.tax_status);
  request.set_stopped(flags.stopped);
  request.set_page_size(1000);
  if (!flags.status.empty()) {
    const auto* value = EnumNamed(*admin::ContractStatus_descriptor(), flags.status);
    if (value != nullptr) request.set_status(static_cast<admin::ContractStatus>(value->number()));
  }
  if (!flags.holds_at.empty())
    if (Status at = SetTimeText(flags.holds_at, request.mutable_holds_at()); !at.ok()) return at;
  return flags.ends_before.empty() ? Status() : SetTimeText(flags.ends_before, request.mutable_ends_before());
}

int List(Tool& tool, const ListFlags& flags) {
  admin::ListContractItemsRequest request;
  if (Status filled = Fill(flags, request); !filled.ok()) return Report(filled);
  return OnBook(tool, [&](Stub& stub) {
    ItemTable table(tool, *KindNamed(flags.kind));
    do {
      admin::ListContractItemsResponse page;
      const auto status = stub.ListContractItems(tool.Call().get(), request, &page);
      if (!status.ok()) return Report(status);
      for (const admin::ContractItem& item : page.items()) table.Add(item);
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return table.Print();
  });
}

int History(Tool& tool, const Named& named) {
  admin::GetContractHistoryRequest request;
  request.set_kind(*KindNamed(named.kind));
  request.set_id(named.id);
  return OnBook(tool, [&](Stub& stub) {
    do {
      admin::GetContractHistoryResponse page;
      const auto status = stub.GetContractHistory(tool.Call().get(), request, &page);
      if (!status.ok()) return Report(status);
      Show(tool, page);
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return kOk;
  });
}

int Diff(Tool& tool, const Named& named, const std::string& from, const std::string& to) {
  admin::DiffContractsRequest request;
  if (!named.kind.empty()) request.set_kind(*KindNamed(named.kind));
  request.set_id(named.id);
  if (Status at = SetTimeText(from, request.mutable_from()); !at.ok()) return Report(at);
  if (!to.empty())
    if (Status at = SetTimeText(to, request.mutable_to()); !at.ok()) return Report(at);
  return OnBook(tool, [&](Stub& stub) {
    do {
      admin::DiffContractsResponse page;
      const auto status = stub.DiffContracts(tool.Call().get(), request, &page);
      if (!status.ok()) return Report(status);
      Show(tool, page);
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return kOk;
  });
}

void AddChange(CLI::App* command, ChangeFlags& flags) {
  AddNamed(command, flags.named);
  command->add_option("FIELD=VALUE", flags.fields,
                      "e.g. status=suspended, quotas.per_day=10000, terms=2026-01-01..2027-01-01 (lists by commas)");
  command->add_option("--reason", flags.reason, "why; kept with the change and in the audit log")->required();
}

void AddChanges(CLI::App* group, Tool& tool) {
  auto create = std::make_shared<ChangeFlags>();
  CLI::App* add = group->add_subcommand("create", "enter a record that does not exist yet");
  AddChange(add, *create);
  OnCall(add, tool, [&tool, create] { return Create(tool, *create); });
  auto update = std::make_shared<ChangeFlags>();
  CLI::App* set = group->add_subcommand("set", "change fields of a record; the others stay as they are");
  AddChange(set, *update);
  set->add_option("--version", update->version, "refuse unless the record is at this version");
  OnCall(set, tool, [&tool, update] {
    if (!update->fields.empty()) return Update(tool, *update);
    return Report(Status::Permanent("ctl.contract_field"_reason, "nothing to change: FIELD=VALUE expected"));
  });
  auto remove = std::make_shared<ChangeFlags>();
  remove->remove = true;
  CLI::App* drop = group->add_subcommand("delete", "the record is gone from now on; its versions stay");
  AddNamed(drop, remove->named);
  drop->add_option("--reason", remove->reason, "why; kept with the change and in the audit log")->required();
  OnCall(drop, tool, [&tool, remove] { return Update(tool, *remove); });
}

void AddQuestions(CLI::App* group, Tool& tool) {
  auto named = std::make_shared<Named>();
  auto moment = std::make_shared<std::string>();
  CLI::App* get = group->add_subcommand("get", "one record");
  AddNamed(get, *named);
  get->add_option("--as-known-at", *moment, "as it stood in the book then");
  OnCall(get, tool, [&tool, named, moment] { return Get(tool, *named, *moment); });
  auto history = std::make_shared<Named>();
  CLI::App* versions = group->add_subcommand("history", "every version of a record, newest first");
  AddNamed(versions, *history);
  OnCall(versions, tool, [&tool, history] { return History(tool, *history); });
  auto which = std::make_shared<Named>();
  auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
  CLI::App* diff = group->add_subcommand("diff", "what changed in the book between two times, by when it was entered");
  AddNamed(diff, *which, false);
  diff->add_option("--from", *from, "date or time")->required();
  diff->add_option("--to", *to, "date or time; default: now");
  OnCall(diff, tool, [&tool, which, from, to] { return Diff(tool, *which, *from, *to); });
}

void AddList(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* list = group->add_subcommand("list", "records of one kind");
  list->add_option("KIND", flags->kind, "agreement, provider_contract, mandate, taxpayer or delegation")
      ->required()
      ->check(CLI::IsMember(KindNames()));
  list->add_option("--provider", flags->provider, "of this provider only");
  list->add_option("--mst", flags->mst, "tax codes that begin so");
  list->add_option("--status", flags->status, "draft, active, suspended or terminated")
      ->check(CLI::IsMember({"draft", "active", "suspended", "terminated"}));
  list->add_option("--holds-at", flags->holds_at, "in force then");
  list->add_option("--ends-before", flags->ends_before, "whose present term ends before");
  list->add_option("--tax-status", flags->tax_status, "taxpayers with this status of their tax code");
  list->add_flag("--stopped", flags->stopped, "taxpayers that must not issue now");
  OnCall(list, tool, [&tool, flags] { return List(tool, *flags); });
}

}  // namespace

void AddBookCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("book", "the contract book: records, versions, verdicts (operators)");
  group->require_subcommand(1);
  AddChanges(group, tool);
  AddQuestions(group, tool);
  AddList(group, tool);
  AddBookVerdicts(group, tool);
  AddBookFiles(group, tool);
}

}  // namespace tvan::ctl
