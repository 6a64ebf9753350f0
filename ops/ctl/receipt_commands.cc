// tvanctl receipt verify (offline), keys (the gateway's published key set), sign.
#include <iostream>

#include "adapters/signature.h"
#include "gateway/core/clock.h"
#include "gateway/seal/proofs.h"
#include "gateway/seal/seal.h"
#include "ops/ctl/files.h"
#include "ops/ctl/receipt_facts.h"
#include "ops/ctl/sample.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

struct VerifyFlags {
  std::string receipt, keys, document, kind;
};

// What may be verified: receipts, and the proofs of giving up.
struct SealKind {
  const char* name;
  std::string_view type;
};
constexpr SealKind kKinds[] = {{"receipt", kReceiptType}, {"void", kVoidType}, {"withdrawal", kWithdrawalType}};

// The facts, and of which kind they are; of the kind that is asked for, if one is.
Result<std::string> UnsealAny(const std::string& jws, const std::string& keys, const std::string& asked,
                              std::string& found) {
  Result<std::string> facts = Status::Permanent("seal.type"_reason, "the seal is of no kind that is known");
  for (const SealKind& kind : kKinds) {
    if (!asked.empty() && asked != kind.name) continue;
    found = kind.name;
    facts = Unseal(jws, kind.type, keys);
    if (facts.ok() || facts.status().reason() != "seal.type"_reason) break;
  }
  return facts;
}

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

int NotValid(const std::string& why) {
  std::cout << "NOT VALID: " << why << '\n';
  return kNegative;
}

int Verify(const Tool& tool, const VerifyFlags& flags) {
  const auto jws = ReadFile(flags.receipt), keys = ReadFile(flags.keys);
  if (!jws.ok()) return Report(jws.status());
  if (!keys.ok()) return Report(keys.status());
  std::string kind;
  const auto facts = UnsealAny(Trimmed(*jws), *keys, flags.kind, kind);
  if (!facts.ok()) return NotValid(facts.status().message() + " [" + std::string(facts.status().reason().text()) + "]");
  if (!flags.document.empty()) {
    const auto document = ReadFile(flags.document);
    if (!document.ok()) return Report(document.status());
    if (!SpeaksOf(*facts, *document)) return NotValid("the " + kind + " is genuine, but not for this document");
  }
  if (!tool.json) std::cout << "VALID" << (kind == "receipt" ? "" : " proof of a " + kind) << '\n';
  std::cout << *facts << '\n';
  return kOk;
}

int Keys(const Tool& tool) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  v1::GetKeySetResponse response;
  const auto status = v1::RelayService::NewStub(*channel)->GetKeySet(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  std::cout << response.json() << '\n';
  return kOk;
}

struct SignFlags {
  std::string file, key, certificate, out, time;
};

int Sign(const SignFlags& flags) {
  const auto document = ReadFile(flags.file);
  if (!document.ok()) return Report(document.status());
  const auto signer = MakeXmlSigner(flags.key, flags.certificate);
  if (!signer.ok()) return Report(signer.status());
  const Time now{MakeSystemClock()->Now().us / 1'000'000 * 1'000'000};
  const auto time = flags.time.empty() ? Result<Time>(now) : ParseTime(flags.time);
  if (!time.ok()) return Report(time.status());
  const auto done = SignDocument(*document, **signer, *time);
  if (!done.ok()) return Report(done.status());
  if (flags.out.empty() || flags.out == "-") {
    std::cout << *done;
    return kOk;
  }
  return Report(WriteFile(flags.out, *done));
}

}  // namespace

void AddReceiptCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("receipt", "receipts");
  group->require_subcommand(1);
  auto flags = std::make_shared<VerifyFlags>();
  CLI::App* verify = group->add_subcommand("verify", "check a receipt or a proof offline, against a saved key set");
  verify->add_option("FILE", flags->receipt, "the JWS; - for standard input")->required();
  verify->add_option("--keys", flags->keys, "key set, as `tvanctl keys` prints it")->required();
  verify->add_option("--document", flags->document, "the document must be the one that was submitted");
  verify->add_option("--kind", flags->kind, "it must be this; default: any of them")
      ->check(CLI::IsMember({"receipt", "void", "withdrawal"}));
  OnCall(verify, tool, [&tool, flags] { return Verify(tool, *flags); });
  OnCall(app.add_subcommand("keys", "the gateway's published key set (providers)"), tool,
         [&tool] { return Keys(tool); });
}

void AddSignCommand(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<SignFlags>();
  CLI::App* sign = app.add_subcommand("sign", "sign a TDiep or an HDon where its type is signed");
  sign->add_option("FILE", flags->file, "- for standard input")->required();
  sign->add_option("--sign-key", flags->key, "PEM of the seller's key")->required();
  sign->add_option("--sign-cert", flags->certificate, "PEM of the seller's certificate")->required();
  sign->add_option("--out", flags->out, "default: standard output");
  sign->add_option("--time", flags->time, "signing time; default now");
  OnCall(sign, tool, [flags] { return Sign(*flags); });
}

}  // namespace tvan::ctl
