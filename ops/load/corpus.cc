#include "ops/load/corpus.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

#include "ops/ctl/files.h"

namespace tvan::load {
namespace {

Status NoCorpus(const std::string& folder, const std::string& why) {
  return Status::Permanent("load.corpus"_reason, "no corpus can be read in " + folder + ": " + why);
}

}  // namespace

std::vector<CorpusEntry> WholeEntries(std::string_view index, uint64_t data_bytes) {
  std::vector<CorpusEntry> entries;
  entries.reserve(index.size() / sizeof(CorpusEntry));
  uint64_t end = 0;
  while (index.size() >= sizeof(CorpusEntry)) {
    CorpusEntry entry;
    std::memcpy(&entry, index.data(), sizeof entry);
    index.remove_prefix(sizeof entry);
    if (entry.offset != end || entry.size == 0 || entry.offset + entry.size > data_bytes) break;
    end = entry.offset + entry.size;
    entries.push_back(entry);
  }
  return entries;
}

Result<std::unique_ptr<Corpus>> Corpus::Open(const std::string& folder) {
  std::unique_ptr<Corpus> corpus(new Corpus());
  const auto index = ctl::ReadFile(IndexFile(folder)), sellers = ctl::ReadFile(SellersFile(folder));
  if (!index.ok()) return NoCorpus(folder, index.status().message());
  if (!sellers.ok()) return NoCorpus(folder, sellers.status().message());
  std::istringstream lines(*sellers);
  for (std::string line; std::getline(lines, line);) corpus->sellers_.push_back(line);
  const int fd = open(DataFile(folder).c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  const bool there = fd >= 0 && fstat(fd, &facts) == 0 && facts.st_size > 0;
  if (there) {
    corpus->bytes_ = static_cast<size_t>(facts.st_size);
    void* mapped = mmap(nullptr, corpus->bytes_, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) corpus->data_ = static_cast<const char*>(mapped);
  }
  if (fd >= 0) close(fd);
  if (corpus->data_ == nullptr) return NoCorpus(folder, "corpus.dat is missing or empty");
  corpus->entries_ = WholeEntries(*index, corpus->bytes_);
  if (corpus->entries_.empty()) return NoCorpus(folder, "corpus.idx holds no whole entry");
  return corpus;
}

Corpus::~Corpus() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), bytes_);
}

CorpusMessage Corpus::At(size_t index) const {
  const CorpusEntry& entry = entries_.at(index);
  CorpusMessage message;
  message.bytes = std::string_view(data_ + entry.offset, entry.size);
  message.mtdiep = std::string_view(entry.mtdiep.data(), strnlen(entry.mtdiep.data(), entry.mtdiep.size()));
  message.sha256.bytes = entry.sha256;
  return message;
}

}  // namespace tvan::load
