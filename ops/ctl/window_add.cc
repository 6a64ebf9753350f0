// tvanctl window add: a stop, once or again and again.
#include "ops/ctl/window_entry.h"
#include "ops/ctl/window_group.h"

namespace tvan::ctl {
namespace {

using config::v1::WindowContact;
using config::v1::WindowEntry;

struct AddFlags {
  std::string id, kind = "authority", start, end, verify_until, until, weekday, line, reason, source, ours, theirs;
  std::string support;
  std::vector<std::string> classes, weekdays, except;
  bool daily = false, unverified = false;
  ChangeFlags change;
};

// "name;title;email;mobile"
Status SetContact(const std::string& text, const char* flag, WindowContact* (WindowEntry::*field)(),
                  WindowEntry& entry) {
  if (text.empty()) return {};
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ';')
      parts.emplace_back();
    else if (c != ' ' || !parts.back().empty())
      parts.back() += c;
  }
  if (parts.size() != 4)
    return Status::Permanent("ctl.usage"_reason, std::string(flag) + ": \"name;title;email;mobile\", all four");
  WindowContact& contact = *(entry.*field)();
  contact.set_name(parts[0]);
  contact.set_title(parts[1]);
  contact.set_email(parts[2]);
  contact.set_mobile(parts[3]);
  return {};
}

Result<WindowEntry> EntryOf(const AddFlags& flags) {
  WindowEntry entry;
  entry.set_id(flags.id);
  entry.set_kind(flags.kind);
  entry.set_start(flags.start);
  entry.set_end(flags.end);
  entry.set_verify_until(flags.verify_until);
  if (flags.daily) entry.add_repeat("daily");
  for (const std::string& day : flags.weekdays) entry.add_repeat(day);
  entry.set_until(flags.until);
  for (const std::string& day : flags.except) entry.add_except(day);
  entry.set_line(flags.line);
  for (const std::string& cls : flags.classes) entry.add_classes(cls);
  entry.set_reason(flags.reason);
  entry.set_source(flags.source);
  entry.set_unverified(flags.unverified);
  entry.set_support(flags.support);
  Status good = SetContact(flags.ours, "--our-contact", &WindowEntry::mutable_ours, entry);
  if (good.ok()) good = SetContact(flags.theirs, "--their-contact", &WindowEntry::mutable_theirs, entry);
  if (!good.ok()) return good;
  return entry;
}

int Add(Tool& tool, const AddFlags& flags) {
  const auto entry = EntryOf(flags);
  if (!entry) return Report(entry.status());
  const auto window = ToWindow(*entry);
  if (!window) return Report(window.status());
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  return client.Apply({*window}, flags.change, {flags.weekday});
}

void AddRepeatFlags(CLI::App* add, AddFlags& flags) {
  auto* daily = add->add_flag("--daily", flags.daily, "it repeats each day, at this time of day (+07:00)");
  add->add_option("--weekdays", flags.weekdays, "it repeats on these days: mon,tue,wed,thu,fri,sat,sun")
      ->delimiter(',')
      ->check(CLI::IsMember({"mon", "tue", "wed", "thu", "fri", "sat", "sun"}))
      ->excludes(daily);
  add->add_option("--until", flags.until, "no repetition starts on this day (YYYY-MM-DD) or later");
  add->add_option("--except", flags.except, "days without, YYYY-MM-DD; repeatable")->delimiter(',');
}

void AddPeopleFlags(CLI::App* add, AddFlags& flags) {
  add->add_option("--reason", flags.reason, "of the stop");
  add->add_option("--source", flags.source, "number of the notice, or who said so");
  add->add_option("--our-contact", flags.ours, "who coordinates during it: \"name;title;email;mobile\"");
  add->add_option("--their-contact", flags.theirs, "at the authority: \"name;title;email;mobile\"");
  add->add_option("--support", flags.support, "telephone or e-mail for the questions of providers");
}

}  // namespace

void AddWindowAdd(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<AddFlags>();
  CLI::App* add = group->add_subcommand("add", "enter a stop, or its next version; effective at once");
  add->add_option("ID", flags->id, "[a-z0-9-]{1,32}")->required();
  add->add_option("--start", flags->start, "e.g. 2026-11-21T00:00:00 (+07:00 unless it says otherwise)")->required();
  add->add_option("--end", flags->end, "expected return; half-open")->required();
  add->add_option("--verify-until", flags->verify_until, "the connection is checked until then");
  add->add_option("--weekday", flags->weekday, "that the notice names beside the date, vi or en: compared, not kept");
  add->add_option(
         "--kind", flags->kind,
         "authority (it announced it), own (our maintenance: 30 days' notice, 2 % of the year), outage, rehearsal")
      ->capture_default_str()
      ->check(CLI::IsMember({"authority", "own", "outage", "rehearsal"}));
  add->add_flag("--unverified", flags->unverified, "heard of, not confirmed: switches nothing until `window verify`");
  add->add_option("--line", flags->line, "default: every line");
  add->add_option("--class", flags->classes, "default: every class; repeatable")->delimiter(',');
  AddRepeatFlags(add, *flags);
  AddPeopleFlags(add, *flags);
  AddChangeFlags(add, flags->change);
  OnCall(add, tool, [&tool, flags] { return Add(tool, *flags); });
}

}  // namespace tvan::ctl
