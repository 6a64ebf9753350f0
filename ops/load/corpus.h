#pragma once
// A corpus: distinct signed messages, made once and kept in a folder. Two files: corpus.dat holds the messages one
// after the other, corpus.idx one entry of fixed size for each, written after its message; sellers.txt lists the
// sellers. Reading maps corpus.dat into memory. Immutable once open; any thread.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"

namespace tvan::load {

struct CorpusEntry {  // as on disk: fixed width, of this machine's byte order; a corpus does not travel
  uint64_t offset = 0;
  uint32_t size = 0;
  uint32_t seller = 0;            // line of sellers.txt, from 0
  std::array<char, 48> mtdiep{};  // filled up with zeros
  std::array<uint8_t, 32> sha256{};
};

struct CorpusMessage {
  std::string_view bytes;   // lives as long as the corpus
  std::string_view mtdiep;  // likewise
  Sha256 sha256;            // of the bytes
};

class Corpus {
 public:
  // Errors: load.corpus (not a whole corpus), ctl.file.
  static Result<std::unique_ptr<Corpus>> Open(const std::string& folder);
  ~Corpus();
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  size_t size() const { return entries_.size(); }
  CorpusMessage At(size_t index) const;
  const std::vector<std::string>& sellers() const { return sellers_; }

  static std::string DataFile(const std::string& folder) { return folder + "/corpus.dat"; }
  static std::string IndexFile(const std::string& folder) { return folder + "/corpus.idx"; }
  static std::string SellersFile(const std::string& folder) { return folder + "/sellers.txt"; }

 private:
  Corpus() = default;
  std::vector<CorpusEntry> entries_;
  std::vector<std::string> sellers_;
  const char* data_ = nullptr;
  size_t bytes_ = 0;
};

// Whole entries of corpus.idx whose messages are whole in a corpus.dat of `data_bytes`. Pure.
std::vector<CorpusEntry> WholeEntries(std::string_view index, uint64_t data_bytes);

}  // namespace tvan::load
