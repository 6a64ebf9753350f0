#include "config/windows_file.h"

#include <map>

#include "config/list_file.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

using config::v1::WindowEntry;
using Field = google::protobuf::FieldDescriptor;

constexpr char kList[] = "windows";

// The walk makes every section, also what is not there.
void DropEmpty(WindowEntry& window) {
  if (window.theirs().ByteSizeLong() == 0) window.clear_theirs();
  if (window.ours().ByteSizeLong() == 0) window.clear_ours();
}

void CheckNames(const std::vector<WindowEntry>& windows, config::Walker& walker) {
  std::map<std::string, size_t> first;
  for (size_t i = 0; i < windows.size(); ++i) {
    const std::string path = std::string(kList) + "[" + std::to_string(i) + "].id";
    const size_t other = first.emplace(windows[i].id(), i).first->second;
    if (other != i && !windows[i].id().empty())
      walker.Error(walker.PlaceOf(path), path,
                   "\"" + windows[i].id() + "\" is windows[" + std::to_string(other) + "] too");
  }
}

std::string Quoted(const std::string& text) { return "\"" + JsonEscape(text) + "\""; }

std::string ListText(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Quoted(text);
  return "[" + list + "]";
}

std::string ValueText(const google::protobuf::Message& message, const Field& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return ListText(reflection.GetRepeatedPtrField<std::string>(message, &field));
  if (field.cpp_type() == Field::CPPTYPE_BOOL) return reflection.GetBool(message, &field) ? "true" : "false";
  return Quoted(reflection.GetString(message, &field));
}

// The fields that are set, one a line; the first after `first`, the others after `indent`.
void Write(const google::protobuf::Message& message, std::string first, const std::string& indent, std::string& out) {
  std::vector<const Field*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const Field* field : fields) {
    out += first + field->name() + ":";
    first = indent;
    if (!config::IsSection(*field)) {
      out += " " + ValueText(message, *field) + "\n";
      continue;
    }
    out += "\n";
    Write(message.GetReflection()->GetMessage(message, field), indent + "  ", indent + "  ", out);
  }
}

}  // namespace

WindowsFile ParseWindows(std::string_view yaml, const std::string& file) {
  WindowsFile read;
  read.report.file = file;
  config::Walker walker(read.report, "");
  try {
    const YAML::Node list = config::ListOf(YAML::Load(std::string(yaml)), kList, kMostWindowsOfAFile, walker);
    for (size_t i = 0; i < list.size(); ++i)
      walker.Walk(list[i], std::string(kList) + "[" + std::to_string(i) + "]", read.windows.emplace_back());
    for (WindowEntry& window : read.windows) DropEmpty(window);
    CheckNames(read.windows, walker);
  } catch (const YAML::Exception& e) {
    walker.Error(e.mark, "", "not YAML: " + e.msg);
  }
  read.report.SortByPlace();
  return read;
}

std::string WriteWindows(const std::vector<WindowEntry>& windows) {
  if (windows.empty()) return "windows: []\n";
  std::string out = "windows:\n";
  for (const WindowEntry& window : windows) Write(window, "  - ", "    ", out);
  return out;
}

}  // namespace tvan
