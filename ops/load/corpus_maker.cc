#include "ops/load/corpus_maker.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/signature.h"
#include "ops/ctl/files.h"
#include "ops/ctl/sample.h"
#include "ops/load/corpus.h"
#include "ops/load/sellers.h"

namespace tvan::load {
namespace {

namespace fs = std::filesystem;

constexpr size_t kChunk = 512;                          // messages between two writes
constexpr Span kAtMost = std::chrono::hours(24) * 300;  // the gateway takes a SigningTime of up to 366 days ago

Status Failed(const std::string& folder, const std::string& why) {
  return Status::Permanent("load.corpus"_reason, "no corpus can be made in " + folder + ": " + why);
}

// One process at a time in one folder; the lock ends with the process.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : fd_(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (fd_ >= 0) flock(fd_, LOCK_EX);
  }
  ~FolderLock() {
    if (fd_ >= 0) close(fd_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  const int fd_;
};

struct Made {
  CorpusEntry entry;
  std::string bytes;
};

class Maker {
 public:
  Maker(const std::string& folder, const CorpusSpec& spec, Sellers sellers, Time now)
      : folder_(folder), spec_(spec), sellers_(std::move(sellers)) {
    now_ = Time{now.us / 1'000'000 * 1'000'000};
  }

  // How many goods lines give a message of about spec.bytes.
  Status FitLines() {
    const auto one = Message(0, 1), two = Message(0, 2);
    if (!one.ok()) return one.status();
    if (!two.ok()) return two.status();
    const size_t line = two->size() - one->size();
    lines_ = spec_.bytes <= one->size() ? 1 : 1 + static_cast<int>((spec_.bytes - one->size()) / line);
    return {};
  }

  // Messages first … first + out.size() - 1; a seller's key is used by one thread.
  Status Chunk(size_t first, unsigned threads, std::vector<Made>& out) {
    std::vector<Status> outcomes(threads);
    std::vector<std::thread> workers;
    for (unsigned t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (size_t i = 0; i < out.size() && outcomes[t].ok(); ++i)
          if ((first + i) % sellers_.size() % threads == t) outcomes[t] = MakeOne(first + i, out[i]);
      });
    for (std::thread& worker : workers) worker.join();
    for (Status& outcome : outcomes)
      if (!outcome.ok()) return outcome;
    return {};
  }

 private:
  ctl::SampleSpec SpecOf(size_t index, int lines) const {
    ctl::SampleSpec sample;
    sample.type = spec_.type;
    sample.provider_mst = spec_.provider_mst;
    sample.tvan_mst = spec_.tvan_mst;
    sample.seller_mst = sellers_.at(index % sellers_.size()).mst;
    sample.number = static_cast<int>(index / sellers_.size()) + 1;
    sample.lines = lines;
    sample.time = now_;
    const Sha256 id = digester_->Sha256Of(fs::path(folder_).filename().string() + "|" + std::to_string(index));
    sample.mtdiep = ctl::SampleMessageId(spec_.provider_mst, id.view().substr(0, 16));
    return sample;
  }

  Result<std::string> Message(size_t index, int lines) const {
    const auto document = ctl::MakeSample(SpecOf(index, lines));
    if (!document.ok()) return document;
    return ctl::SignDocument(*document, *sellers_.at(index % sellers_.size()).signer, now_);
  }

  Status MakeOne(size_t index, Made& made) const {
    auto bytes = Message(index, lines_);
    if (!bytes.ok()) return bytes.status();
    made.bytes = std::move(*bytes);
    made.entry.size = static_cast<uint32_t>(made.bytes.size());
    made.entry.seller = static_cast<uint32_t>(index % sellers_.size());
    const std::string id = SpecOf(index, lines_).mtdiep;
    if (id.size() >= made.entry.mtdiep.size())
      return Failed(folder_, "an MTDiep of " + std::to_string(id.size()) + " characters");
    std::copy(id.begin(), id.end(), made.entry.mtdiep.begin());
    made.entry.sha256 = digester_->Sha256Of(made.bytes).bytes;
    return {};
  }

  const std::string folder_;
  const CorpusSpec spec_;
  const Sellers sellers_;
  Time now_;
  int lines_ = 1;
  std::unique_ptr<Digester> digester_ = MakeDigester();
};

// The two files, open at the end of what is whole.
class Files {
 public:
  Files(const std::string& folder, size_t entries, uint64_t bytes) : end_(bytes) {
    std::error_code ignored;  // there are no files yet
    fs::resize_file(Corpus::DataFile(folder), bytes, ignored);
    fs::resize_file(Corpus::IndexFile(folder), entries * sizeof(CorpusEntry), ignored);
    data_.open(Corpus::DataFile(folder), std::ios::binary | std::ios::app);
    index_.open(Corpus::IndexFile(folder), std::ios::binary | std::ios::app);
  }
  bool Append(std::vector<Made>& chunk) {
    for (Made& made : chunk) {
      made.entry.offset = end_;
      end_ += made.entry.size;
      data_.write(made.bytes.data(), static_cast<std::streamsize>(made.bytes.size()));
    }
    data_.flush();  // the messages first: an entry without its message is not counted
    for (const Made& made : chunk) index_.write(reinterpret_cast<const char*>(&made.entry), sizeof made.entry);
    index_.flush();
    return data_.good() && index_.good();
  }

 private:
  uint64_t end_;
  std::ofstream data_, index_;
};

// What is there and whole; nothing of a corpus that would soon be too old.
std::vector<CorpusEntry> Present(const std::string& folder, Time now) {
  std::error_code error;
  const auto bytes = fs::file_size(Corpus::DataFile(folder), error);
  const auto index = ctl::ReadFile(Corpus::IndexFile(folder)), born = ctl::ReadFile(folder + "/made");
  if (error || !index.ok() || !born.ok()) return {};
  const auto made = ParseTime(*born);
  if (!made.ok() || now - *made > kAtMost) return {};
  return WholeEntries(*index, bytes);
}

Status MakeRest(Maker& maker, Files& files, const MakeOptions& options, CorpusMade& made, const std::string& folder) {
  for (size_t at = made.found; at < options.count; at += kChunk) {
    std::vector<Made> chunk(std::min(kChunk, options.count - at));
    const Status done = maker.Chunk(at, std::max(1u, options.threads), chunk);
    if (!done.ok()) return done;
    if (!files.Append(chunk)) return Failed(folder, "writing failed: " + std::string(std::strerror(errno)));
    made.made += chunk.size();
    if (options.progress) options.progress(at + chunk.size(), options.count);
  }
  return {};
}

}  // namespace

Result<std::string> CorpusFolder(const std::string& root, const CorpusSpec& spec) {
  const auto ca = ctl::ReadFile(spec.sandbox + "/pki/sellers-ca.pem");
  if (!ca.ok()) return ca.status();
  const std::string all = "1|" + spec.provider_mst + "|" + spec.tvan_mst + "|" + std::to_string(spec.type) + "|" +
                          std::to_string(spec.sellers) + "|" + std::to_string(spec.bytes) + "|" +
                          (spec.key == PkiKey::kEcP256 ? "ec" : "rsa") + "|" + *ca;
  return root + "/" + MakeDigester()->Sha256Of(all).Hex().substr(0, 16);
}

Result<CorpusMade> MakeCorpus(const std::string& folder, const CorpusSpec& spec, const MakeOptions& options,
                              const Clock& clock) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Failed(folder, error.message());
  const FolderLock lock(folder);
  const Time now = clock.Now();
  const std::vector<CorpusEntry> present = Present(folder, now);
  CorpusMade made;
  made.found = present.size();
  if (made.found >= options.count) return made;
  auto sellers = MakeSellers(folder, spec, now);
  if (!sellers.ok()) return sellers.status();
  if (made.found == 0)
    if (const Status written = ctl::WriteFile(folder + "/made", FormatTime(now)); !written.ok()) return written;
  Maker maker(folder, spec, *std::move(sellers), now);
  if (const Status fits = maker.FitLines(); !fits.ok()) return fits;
  const Steady began = clock.SteadyNow();
  Files files(folder, present.size(), present.empty() ? 0 : present.back().offset + present.back().size);
  if (const Status rest = MakeRest(maker, files, options, made, folder); !rest.ok()) return rest;
  made.signing = clock.SteadyNow() - began;
  return made;
}

}  // namespace tvan::load
