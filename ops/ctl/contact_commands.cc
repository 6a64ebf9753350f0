// tvanctl contact, oncall: who of us coordinates a stop, and who is told to the authority.
#include <algorithm>
#include <iostream>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/rota.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Stub = admin::NightService::Stub;

struct ContactFlags {
  std::string window, name, title, email, mobile, how, at, file;
};

const char* NameOf(admin::ContactState state) {
  switch (state) {
    case admin::CONTACT_STATE_NOT_NEEDED:
      return "not needed";
    case admin::CONTACT_STATE_MISSING:
      return "nobody is named";
    case admin::CONTACT_STATE_READY:
      return "not sent";
    case admin::CONTACT_STATE_SENT:
      return "sent";
    case admin::CONTACT_STATE_OVERDUE:
      return "OVERDUE, not sent";
    default:
      return "unknown";
  }
}

void PrintSheet(const admin::ContactSheet& sheet) {
  Table table({"stop", sheet.window()});
  table.Add({"name", sheet.contact().name()});
  table.Add({"title", sheet.contact().title()});
  table.Add({"e-mail", sheet.contact().email()});
  table.Add({"mobile", sheet.contact().mobile()});
  table.Add({"due", ToText(sheet.due())});
  table.Add({"state", NameOf(sheet.state())});
  if (sheet.has_sent_at())
    table.Add({"sent", ToText(sheet.sent_at()) + ", " + sheet.sent_how() + " (" + sheet.sent_by() + ")"});
  table.Print();
}

int Get(Tool& tool, Stub& stub, const std::string& window, admin::GetContactSheetResponse& response) {
  admin::GetContactSheetRequest request;
  request.set_window(window);
  return Report(stub.GetContactSheet(tool.Call().get(), request, &response));
}

int Put(Tool& tool, Stub& stub, const admin::ContactSheet& sheet) {
  admin::PutContactSheetRequest request;
  *request.mutable_sheet() = sheet;
  admin::PutContactSheetResponse response;
  const auto status = stub.PutContactSheet(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response.sheet()) : PrintSheet(response.sheet());
  return kOk;
}

// What is not said anew stays as it is.
int Set(Tool& tool, const ContactFlags& flags, Stub& stub) {
  admin::GetContactSheetResponse known;
  if (const int code = Get(tool, stub, flags.window, known); code != kOk) return code;
  admin::ContactSheet sheet = known.sheet();
  if (sheet.window() != flags.window) sheet.set_version(0), sheet.set_window(flags.window);
  admin::Contact& contact = *sheet.mutable_contact();
  if (!flags.name.empty()) contact.set_name(flags.name);
  if (!flags.title.empty()) contact.set_title(flags.title);
  if (!flags.email.empty()) contact.set_email(flags.email);
  if (!flags.mobile.empty()) contact.set_mobile(flags.mobile);
  return Put(tool, stub, sheet);
}

int Sent(Tool& tool, const ContactFlags& flags, Stub& stub) {
  const auto at = flags.at.empty() ? Result<Time>(Time()) : ParseTime(flags.at);
  if (!at.ok()) return Report(at.status());
  admin::GetContactSheetResponse known;
  if (const int code = Get(tool, stub, flags.window, known); code != kOk) return code;
  admin::ContactSheet sheet = known.sheet();
  if (sheet.window() != flags.window) sheet.set_version(0), sheet.set_window(flags.window);
  sheet.clear_sent_at();  // the gateway says when, by its own clock
  if (!flags.at.empty()) SetTimestamp(*at, sheet.mutable_sent_at());
  sheet.set_sent_how(flags.how);
  return Put(tool, stub, sheet);
}

int ShowSheet(Tool& tool, const ContactFlags& flags, Stub& stub) {
  admin::GetContactSheetResponse response;
  if (const int code = Get(tool, stub, flags.window, response); code != kOk) return code;
  if (tool.json) {
    PrintJson(response);
    return kOk;
  }
  PrintSheet(response.sheet());
  for (const std::string& line : response.history()) std::cout << "  " << line << '\n';
  return kOk;
}

int Export(Tool& tool, const ContactFlags& flags, Stub& stub) {
  admin::GetContactSheetResponse response;
  if (const int code = Get(tool, stub, flags.window, response); code != kOk) return code;
  const std::string& letter = tool.lang == "vi" ? response.letter().vi() : response.letter().en();
  if (letter.empty()) {
    std::cerr << "tvanctl: nobody is named yet: tvanctl contact set " << flags.window << '\n';
    return kNegative;
  }
  if (!flags.file.empty()) return Report(WriteFile(flags.file, letter));
  std::cout << letter << std::flush;
  return kOk;
}

struct RotaFlags {
  std::string window;
  std::vector<std::string> shifts;
};

void PrintRota(const admin::OnCall& rota) {
  Table table({"on call", "from", "to", "mobile"});
  for (const admin::Shift& shift : rota.shifts())
    table.Add({shift.name(), ToText(shift.from()), ToText(shift.to()), shift.mobile()});
  std::cout << "stop " << rota.window() << '\n';
  table.Print();
  for (const admin::Gap& gap : rota.gaps())
    std::cout << "NOBODY from " << ToText(gap.from()) << " to " << ToText(gap.to()) << '\n';
}

int SetRota(Tool& tool, const RotaFlags& flags, Stub& stub) {
  admin::ListOnCallRequest question;
  question.set_window(flags.window);
  admin::ListOnCallResponse known;
  if (const int code = Report(stub.ListOnCall(tool.Call().get(), question, &known)); code != kOk) return code;
  admin::GetContactSheetResponse stop;  // says the stop's day, by when its sheet is due
  if (const int code = Get(tool, stub, flags.window, stop); code != kOk) return code;
  admin::PutOnCallRequest request;
  admin::OnCall& rota = *request.mutable_on_call();
  rota.set_window(flags.window);
  rota.set_version(known.on_call().version());
  for (const std::string& text : flags.shifts) {
    const auto shift = ParseShift(text, ToTime(stop.start()));
    if (!shift.ok()) return Report(shift.status());
    *rota.add_shifts() = *shift;
  }
  admin::PutOnCallResponse response;
  const auto status = stub.PutOnCall(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response.on_call()) : PrintRota(response.on_call());
  return kOk;
}

int ListRota(Tool& tool, const RotaFlags& flags, Stub& stub) {
  admin::ListOnCallRequest request;
  request.set_window(flags.window);
  admin::ListOnCallResponse response;
  const auto status = stub.ListOnCall(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response.on_call()) : PrintRota(response.on_call());
  return kOk;
}

template <class Flags, class Run>
void OnStub(CLI::App* command, Tool& tool, std::shared_ptr<Flags> flags, Run run) {
  OnCall(command, tool, [&tool, flags, run] {
    const auto channel = tool.Connect(Role::kOperator);
    if (!channel.ok()) return Report(channel.status());
    return run(tool, *flags, *admin::NightService::NewStub(*channel));
  });
}

constexpr const char* kStopHelp = "the stop; default: that which goes on, or the next";

}  // namespace

void AddContactCommands(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<ContactFlags>();
  CLI::App* group = app.add_subcommand("contact", "the contact sheet of a stop, for the authority (operators)");
  group->require_subcommand(1);
  CLI::App* set = group->add_subcommand("set", "name our contact; all four fields the first time");
  set->add_option("STOP", flags->window, kStopHelp);
  set->add_option("--name", flags->name, "full name");
  set->add_option("--title", flags->title, "title");
  set->add_option("--email", flags->email, "e-mail");
  set->add_option("--mobile", flags->mobile, "mobile telephone");
  OnStub(set, tool, flags, Set);
  CLI::App* show = group->add_subcommand("show", "the sheet, when it is due, and its history");
  show->add_option("STOP", flags->window, kStopHelp);
  OnStub(show, tool, flags, ShowSheet);
  CLI::App* sent = group->add_subcommand("sent", "record that the sheet went to the authority");
  sent->add_option("STOP", flags->window, kStopHelp);
  sent->add_option("--how", flags->how, "e-mail, letter 12/CV …")->required();
  sent->add_option("--at", flags->at, "when; default: now by the gateway's clock");
  OnStub(sent, tool, flags, Sent);
  CLI::App* out = group->add_subcommand("export", "the letter, ready to mail, in the language of --lang");
  out->add_option("STOP", flags->window, kStopHelp);
  out->add_option("--out", flags->file, "file; default: standard output");
  OnStub(out, tool, flags, Export);

  auto rota = std::make_shared<RotaFlags>();
  CLI::App* on_call = app.add_subcommand("oncall", "who is on call during a stop (operators)");
  on_call->require_subcommand(1);
  CLI::App* put = on_call->add_subcommand("set", "the whole rota of a stop");
  put->add_option("STOP", rota->window, kStopHelp);
  put->add_option("--shift", rota->shifts, "\"NAME,FROM,TO[,MOBILE]\", repeatable; times as 23:30 or in full")
      ->required();
  OnStub(put, tool, rota, SetRota);
  CLI::App* list = on_call->add_subcommand("list", "the rota, and the hours that nobody has");
  list->add_option("STOP", rota->window, kStopHelp);
  OnStub(list, tool, rota, ListRota);
}

}  // namespace tvan::ctl
