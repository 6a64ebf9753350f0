// tvanctl xsd: the schema of a profile, made of its field tables.
#include <iostream>

#include "adapters/signature.h"
#include "config/profiles_folder.h"
#include "gateway/validate/xsd_writer.h"
#include "ops/ctl/built_in_profiles.h"
#include "ops/ctl/files.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

struct XsdFlags {
  std::string folder, out;
};

Result<std::vector<ProfileSource>> Sources(const std::string& folder) {
  if (folder.empty()) return BuiltInProfiles();
  const auto files = ReadProfilesFolder(folder);
  if (!files.ok()) return files.status();
  std::vector<ProfileSource> sources;
  for (const ProfileFiles& one : *files) sources.push_back({one.id, one.profile_tsv, one.fields_tsv});
  return sources;
}

int Xsd(const Tool& tool, const XsdFlags& flags) {
  const auto sources = Sources(flags.folder);
  if (!sources.ok()) return Report(sources.status());
  const auto profiles = LoadProfiles(*sources, *MakeDigester());
  if (!profiles.ok()) return Report(profiles.status());
  std::string known;
  for (const auto& profile : *profiles) {
    known += " " + profile->id;
    if (profile->id != tool.profile) continue;
    if (!flags.out.empty()) return Report(WriteFile(flags.out, WriteXsd(*profile)));
    std::cout << WriteXsd(*profile);
    return kOk;
  }
  std::cerr << "tvanctl: --profile must be one of" << known << '\n';
  return kUsage;
}

}  // namespace

void AddXsdCommand(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<XsdFlags>();
  CLI::App* xsd = app.add_subcommand("xsd", "the XSD of --profile (here a profile of fields: qd1271 …)");
  xsd->add_option("--profiles", flags->folder, "folder of profiles; default: those that are built in");
  xsd->add_option("--out", flags->out, "default: standard output");
  OnCall(xsd, tool, [&tool, flags] { return Xsd(tool, *flags); });
}

}  // namespace tvan::ctl
