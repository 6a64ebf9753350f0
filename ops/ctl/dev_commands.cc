// tvanctl dev: make a sandbox, make sample messages, enter the sandbox's contracts.
#include <filesystem>
#include <iostream>

#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "ops/ctl/files.h"
#include "ops/ctl/profile.h"
#include "ops/ctl/sample.h"
#include "ops/ctl/sandbox.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

struct InitFlags {
  SandboxOptions options;
  bool force = false, rehearsal = false;
};

int Init(InitFlags& flags) {
  const Time now = MakeSystemClock()->Now();
  flags.options.existing = flags.force ? SandboxOptions::Existing::kReplace : SandboxOptions::Existing::kKeep;
  flags.options.timers = flags.rehearsal ? SandboxOptions::Timers::kRehearsal : SandboxOptions::Timers::kNormal;
  // From long ago on, so that a rehearsal may play on any date.
  const Time until{now.us / 1'000'000 * 1'000'000 + int64_t{3650} * 86'400'000'000};
  flags.options.validity = {Time{int64_t{1'577'836'800} * 1'000'000}, until};
  const auto made = MakeSandbox(flags.options);
  if (!made.ok()) return Report(made.status());
  std::cout << "sandbox " << flags.options.folder << ": " << *made << " files written\n"
            << "  gateway:    tvan-gateway --config " << flags.options.folder << "/gateway.yaml\n"
            << "  authority:  tvan-authority-sim --script " << flags.options.folder << "/authority.options\n"
            << "  operator:   tvanctl --profile " << flags.options.folder
            << "/operator queue    (viewer and approver likewise)\n"
            << "  provider:   tvanctl --profile " << flags.options.folder << "/acme submit FILE\n";
  return kOk;
}

void AddInit(CLI::App* dev, Tool& tool) {
  auto flags = std::make_shared<InitFlags>();
  CLI::App* command = dev->add_subcommand("init", "make a sandbox: certificates, keys, gateway.yaml, profiles");
  command->add_option("DIR", flags->options.folder, "folder, made if missing")->required();
  command->add_flag("--force", flags->force, "new certificates and keys even where there are some");
  command->add_option("--provider-port", flags->options.provider_port, "default 8443");
  command->add_option("--admin-port", flags->options.admin_port, "default 8444");
  command->add_option("--http-port", flags->options.http_port, "default 8080");
  command->add_option("--line-port", flags->options.line_port, "of the simulated authority, default 9443");
  command->add_option("--clock", flags->options.clock, "system, or file:PATH of a clock page");
  command->add_flag("--rehearsal", flags->rehearsal, "short legal clocks, for a night in virtual time");
  OnCall(command, tool, [flags] { return Init(*flags); });
}

struct MakeFlags {
  SampleSpec spec;
  std::string sandbox, provider = "acme", time, out = ".", seed, name;
  int repeat = 1;
  bool sign = false;
};

const SandboxProvider* FindProvider(const std::string& name) {
  for (const SandboxProvider& provider : SandboxProviders())
    if (provider.name == name) return &provider;
  return nullptr;
}

Result<Time> TimeOf(const std::string& text) {
  if (!text.empty()) return ParseTime(text);
  return Time{MakeSystemClock()->Now().us / 1'000'000 * 1'000'000};
}

std::string IdBytes(const MakeFlags& flags, const SampleSpec& spec) {
  if (flags.seed.empty()) return RandomBytes(16);
  const std::string text = flags.seed + "|" + flags.provider + "|" + spec.seller_mst + "|" + std::to_string(spec.type) +
                           "|" + std::to_string(spec.number);
  return std::string(MakeDigester()->Sha256Of(text).view().substr(0, 16));
}

Result<std::string> MakeOne(const SampleSpec& spec, const XmlSigner* signer) {
  auto document = MakeSample(spec);
  if (!document.ok() || signer == nullptr) return document;
  return SignDocument(*document, *signer, spec.time);
}

// The sandbox's seller key, when signatures are wanted.
Result<std::unique_ptr<XmlSigner>> SellerSigner(const MakeFlags& flags) {
  const std::string base = flags.sandbox + "/pki/sellers/" + flags.spec.seller_mst;
  return MakeXmlSigner(base + ".key", base + ".pem");
}

int MakeAll(const MakeFlags& flags, const XmlSigner* signer) {
  std::error_code ignored;
  std::filesystem::create_directories(flags.out, ignored);
  for (int i = 0; i < flags.repeat; ++i) {
    SampleSpec spec = flags.spec;
    spec.number += i * spec.count;
    if (spec.mtdiep.empty()) spec.mtdiep = SampleMessageId(spec.provider_mst, IdBytes(flags, spec));
    const auto document = MakeOne(spec, signer);
    if (!document.ok()) return Report(document.status());
    const std::string name = flags.name.empty()
                                 ? std::to_string(spec.type) + "-" + spec.seller_mst + "-" + std::to_string(spec.number)
                             : flags.repeat > 1 ? flags.name + "-" + std::to_string(i + 1)
                                                : flags.name;
    const std::string file = flags.out + "/" + name + ".xml";
    const Status written = WriteFile(file, *document);
    if (!written.ok()) return Report(written);
    std::cout << file << '\n';
  }
  return kOk;
}

int Make(MakeFlags& flags) {
  const SandboxProvider* provider = FindProvider(flags.provider);
  if (provider == nullptr) {
    std::cerr << "tvanctl: the sandbox has no provider " << flags.provider << '\n';
    return kUsage;
  }
  flags.spec.provider_mst = provider->mst;
  flags.spec.tvan_mst = kSandboxTvanMst;
  if (flags.spec.seller_mst.empty()) flags.spec.seller_mst = provider->sellers.front();
  const auto time = TimeOf(flags.time);
  if (!time.ok()) return Report(time.status());
  flags.spec.time = *time;
  if (!flags.sign) return MakeAll(flags, nullptr);
  const auto signer = SellerSigner(flags);
  if (!signer.ok()) return Report(signer.status());
  return MakeAll(flags, signer->get());
}

void AddMake(CLI::App* dev, Tool& tool) {
  auto flags = std::make_shared<MakeFlags>();
  CLI::App* command = dev->add_subcommand("make", "write sample messages, signed (--sign) or not");
  command->add_option("--sandbox", flags->sandbox, "folder of `dev init`, for --sign")->envname("TVAN_SANDBOX");
  command->add_option("--type", flags->spec.type, "200, 203, 206 or 300")->capture_default_str();
  command->add_option("--provider", flags->provider, "acme, beta or gamma")->capture_default_str();
  command->add_option("--seller", flags->spec.seller_mst, "tax code of the seller; default: the provider's first");
  command->add_option("--number", flags->spec.number, "SHDon of the first invoice")
      ->capture_default_str()
      ->check(CLI::Range(1, 99999999));
  command->add_option("--count", flags->spec.count, "invoices in a message")->capture_default_str();
  command->add_option("--repeat", flags->repeat, "messages, numbered on")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  command->add_option("--mtdiep", flags->spec.mtdiep, "default: the provider's tax code and 32 random hex digits");
  command->add_option("--mtdiep-seed", flags->seed, "make the MTDieps from this text: the same again next time");
  command->add_option("--time", flags->time, "dates inside and signing time; default now");
  command->add_flag("--bare", flags->spec.bare, "a bare HDon instead of a TDiep");
  command->add_flag("--extra-namespaces", flags->spec.extra_namespaces, "xmlns:xsi and xmlns:xsd on TDiep");
  command->add_flag("--sign", flags->sign, "sign with the sandbox's key of the seller")->needs("--sandbox");
  command->add_option("--out", flags->out, "folder")->capture_default_str();
  command->add_option("--name", flags->name, "file name without .xml; default TYPE-SELLER-NUMBER");
  OnCall(command, tool, [flags] { return Make(*flags); });
}

int List() {
  for (const SandboxProvider& provider : SandboxProviders())
    for (const std::string& seller : provider.sellers)
      std::cout << provider.name << ' ' << provider.mst << ' ' << seller << '\n';
  return kOk;
}

}  // namespace

void AddDevCommands(CLI::App& app, Tool& tool) {
  CLI::App* dev = app.add_subcommand("dev", "sandbox: certificates, samples");
  dev->require_subcommand(1);
  AddInit(dev, tool);
  AddMake(dev, tool);
  OnCall(dev->add_subcommand("parties", "the sandbox's providers, their tax codes, their sellers"), tool, List);
}

}  // namespace tvan::ctl
