#include "ops/ctl/line_text.h"

#include <map>

#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/screen_text.h"

namespace tvan::ctl {
namespace {

using admin::v1::GetLineResponse;

std::string PhasesText(const GetLineResponse::Version& version, const NightWords& words) {
  Table table({"class", "phase", "since", "window", "why"});
  for (const auto& is : version.classes())
    table.Add(
        {ToText(is.message_class()), words.Phase(is.phase()), ToText(is.since()), is.window(), Clean(is.evidence())});
  return table.Text();
}

// One line a version: the classes that are in each phase.
std::string HistoryText(const GetLineResponse& line, const NightWords& words) {
  Table table({"epoch", "at", "phases", "why"});
  for (const auto& version : line.history()) {
    std::map<std::string, std::string> classes;
    std::string phases, why;
    for (const auto& is : version.classes()) {
      std::string& names = classes[words.Phase(is.phase())];
      names += (names.empty() ? "" : ",") + ToText(is.message_class());
      if (is.since().seconds() == version.at().seconds()) why = is.evidence();
    }
    for (const auto& [phase, names] : classes)
      phases += (phases.empty() ? "" : "; ") + phase + (classes.size() > 1 ? " " + names : "");
    table.Add({std::to_string(version.epoch()), ToText(version.at()), phases, Clean(why)});
  }
  return table.Text();
}

void Add(const std::string& name, const std::string& value, std::string& out) {
  if (!value.empty()) out += PadRight(name, 26) + Clean(value) + "\n";
}

std::string ProbeText(const v1::GetLineStatusResponse::Probe& probe) {
  return ToText(probe.at()) + "  L" + std::to_string(probe.level()) + (probe.green() ? " green  " : " red  ") +
         probe.evidence();
}

void AddStatus(const v1::GetLineStatusResponse& status, bool vi, std::string& out) {
  if (status.has_last_probe()) Add("last probe", ProbeText(status.last_probe()), out);
  const auto& forecast = status.forecast();
  if (forecast.has_empty_at()) Add("empty at", ToText(forecast.empty_at()), out);
  if (forecast.not_before_stop()) Add("forecast", "some will still wait at the next stop", out);
  for (const auto& cls : status.classes())
    if (cls.has_expected_return()) Add("return of " + ToText(cls.message_class()), ToText(cls.expected_return()), out);
  for (const auto& cls : status.classes())
    Add("told of " + ToText(cls.message_class()), vi ? cls.advice().vi() : cls.advice().en(), out);
}

}  // namespace

std::string LineText(const GetLineResponse& line, bool vi) {
  const NightWords words(vi);
  std::string out = "line " + line.line() + "\n" + PhasesText(line.now(), words);
  Add("down because", line.down_reason(), out);
  if (line.has_clock_offset()) {
    const Span offset = ToSpan(line.clock_offset());
    Add("our clock", words.Span(offset) + (offset < Span(0) ? " behind theirs" : " ahead of theirs"), out);
  }
  Add("the fault lies with", line.fault_class(), out);
  for (const std::string& evidence : line.fault_evidence()) Add("", evidence, out);
  AddStatus(line.status(), vi, out);
  if (!line.history().empty()) out += "\n" + HistoryText(line, words);
  return out;
}

std::string ModesText(const google::protobuf::RepeatedPtrField<admin::v1::ClassMode>& modes, bool vi) {
  Table table({"class", "new messages while it does not send", "default of", "providers are told"});
  for (const auto& mode : modes)
    table.Add({ToText(mode.message_class()), mode.mode() == v1::INTAKE_MODE_HOLD ? "hold" : "refuse_new", mode.source(),
               vi ? mode.advice().vi() : mode.advice().en()});
  return table.Text();
}

}  // namespace tvan::ctl
