// tvanctl buffer: a provider's messages that never left, as a file for another T-VAN (gateway/reconcile/HANDOVER.md).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "ops/ctl/files.h"
#include "ops/ctl/handover_file.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct BufferFlags {
  std::string provider, file, keys;
  bool ids = false;
};

Status Failed(const char* what, const std::string& path) {
  return Status::Permanent("ctl.file"_reason, std::string("cannot ") + what + " " + path + ": " + std::strerror(errno));
}

// The file that an export goes on with: what is behind its last seal is cut off.
class ExportFile {
 public:
  explicit ExportFile(std::string path) : path_(std::move(path)) {}
  ~ExportFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  // What is there already; changes nothing.
  Status Look() {
    std::ifstream before(path_, std::ios::binary);
    if (before && before.peek() != std::ifstream::traits_type::eof()) {
      const auto facts = ReadHandover(before, nullptr);
      if (!facts.ok()) return Unusable(facts.status());
      facts_ = *facts;
    }
    return {};
  }
  // Behind its last seal.
  Status Open() {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) return Failed("write", path_);
    return ::fchmod(fd_, 0600) == 0 && ::ftruncate(fd_, static_cast<off_t>(facts_.sealed_bytes)) == 0 &&
                   ::lseek(fd_, 0, SEEK_END) == static_cast<off_t>(facts_.sealed_bytes)
               ? Status()
               : Failed("cut", path_);
  }
  Status Append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("write", path_);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }
  Status Flush() { return ::fsync(fd_) == 0 ? Status() : Failed("flush", path_); }
  const HandoverFacts& facts() const { return facts_; }  // when it was opened

 private:
  Status Unusable(const Status& why) const {
    return Status::Permanent("ctl.handover"_reason, path_ + " is no hand-over file to go on with: " + why.message());
  }
  const std::string path_;
  HandoverFacts facts_;
  int fd_ = -1;
};

void Done(const Tool& tool, const BufferFlags& flags, uint64_t messages) {
  if (tool.json) return;
  std::cout
      << messages << " messages of " << flags.provider << " added; " << flags.file << " is complete\n"
      << "They stay here and will be sent from here: before another T-VAN sends one, its provider withdraws it here\n"
         "(`tvanctl message withdraw`), and sends only what answers WITHDRAWN. Else the same would be sent twice.\n";
}

int CutShort(const BufferFlags& flags) {
  std::cerr << "tvanctl: " << flags.file << " is not complete; the same command goes on where it ends\n";
  return kTransport;
}

int Receive(const Tool& tool, const BufferFlags& flags, ExportFile& file, admin::NightService::Stub& stub) {
  admin::ExportBufferRequest request;
  request.set_provider(flags.provider);
  request.set_after_acceptance(file.facts().through);
  grpc::ClientContext context;  // no deadline: it takes what there is to read
  const auto reader = stub.ExportBuffer(&context, request);
  admin::ExportBufferResponse response;
  Status written;
  while (written.ok() && reader->Read(&response)) {
    written = file.Append(response.lines());
    if (written.ok() && response.sealed()) written = file.Flush();
  }
  if (!written.ok()) {
    context.TryCancel();
    static_cast<void>(reader->Finish());
    return Report(written);
  }
  const auto status = reader->Finish();
  if (!status.ok()) {
    const int code = Report(status);
    return code == kTransport && (file.facts().segments > 0 || response.messages() > 0) ? CutShort(flags) : code;
  }
  if (!response.complete()) return CutShort(flags);
  if (tool.json) std::cout << "{\"messages\":" << response.messages() << ",\"complete\":true}\n";
  Done(tool, flags, response.messages());
  return kOk;
}

int Export(Tool& tool, const BufferFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  ExportFile file(flags.file);
  if (Status status = file.Look(); !status.ok()) return Report(status);
  const HandoverFacts& before = file.facts();
  if (before.complete) {
    std::cerr << "tvanctl: " << flags.file << " is complete; give another --out for a newer one\n";
    return kNegative;
  }
  if (!before.provider.empty() && before.provider != flags.provider) {
    std::cerr << "tvanctl: " << flags.file << " is of provider " << before.provider << '\n';
    return kUsage;
  }
  if (Status status = file.Open(); !status.ok()) return Report(status);
  const auto stub = admin::NightService::NewStub(*channel);
  return Receive(tool, flags, file, *stub);
}

int Verify(const Tool& tool, const BufferFlags& flags) {
  const auto keys = ReadFile(flags.keys);
  if (!keys.ok()) return Report(keys.status());
  std::ifstream file(flags.file, std::ios::binary);
  if (!file) return Report(Failed("read", flags.file));
  std::string ids;  // told only when all of the file is good: somebody withdraws by them
  const auto each = [&](const HandoverId& id) { ids.append(id.kind).append("\t").append(id.value).append("\n"); };
  const auto facts = ReadHandover(file, &*keys, each);
  std::ostream& to = flags.ids ? std::cerr : std::cout;
  if (!facts.ok()) {
    to << "NOT VALID: " << facts.status().message() << " [" << facts.status().reason().text() << "]\n";
    return kNegative;
  }
  if (!facts->complete) {
    to << "NOT VALID: genuine so far, but not complete; `tvanctl buffer export` goes on\n";
    return kNegative;
  }
  if (flags.ids) std::cout << ids;
  if (tool.json)
    to << "{\"provider\":\"" << facts->provider << "\",\"messages\":" << facts->messages
       << ",\"unreadable\":" << facts->unreadable << "}\n";
  else
    to << "VALID: " << facts->messages << " messages of " << facts->provider << ", " << facts->segments << " seals; "
       << facts->unreadable << " could not be read and are missing\n";
  return kOk;
}

}  // namespace

void AddBufferCommands(CLI::App& app, Tool& tool) {
  CLI::App* group =
      app.add_subcommand("buffer", "a provider's messages that never left, for another T-VAN (operators)");
  group->require_subcommand(1);
  auto made = std::make_shared<BufferFlags>(), verified = std::make_shared<BufferFlags>();
  CLI::App* out = group->add_subcommand("export", "write them to a file, or go on with one that was cut short");
  out->add_option("--provider", made->provider, "whose")->required();
  out->add_option("--out", made->file, "made with rights for its owner only")->required();
  OnCall(out, tool, [&tool, made] { return Export(tool, *made); });
  CLI::App* verify =
      group->add_subcommand("verify", "check digests, seals and receipts offline, against a saved key set");
  verify->add_option("FILE", verified->file, "the hand-over file")->required();
  verify->add_option("--keys", verified->keys, "key set, as `tvanctl keys` prints it")->required();
  verify->add_flag("--ids", verified->ids, "print kind and id of each message, to withdraw them");
  OnCall(verify, tool, [&tool, verified] { return Verify(tool, *verified); });
}

}  // namespace tvan::ctl
