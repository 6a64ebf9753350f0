#pragma once
// Makes the messages of a corpus: each has its own MTDiep and invoice number and a real signature of its seller, whose
// certificate comes from the sandbox's CA of sellers. Message i depends on the specification and i alone, so a corpus
// grows at its end and what is there stays. Signing runs on `threads` threads; one process at a time (a lock).

#include <functional>
#include <string>

#include "adapters/signature/pki.h"
#include "gateway/core/clock.h"
#include "gateway/core/status.h"

namespace tvan::load {

struct CorpusSpec {
  std::string sandbox;       // folder of `tvanctl dev init`: the sellers' CA is pki/sellers-ca.{pem,key}
  std::string provider_mst;  // MNGui
  std::string tvan_mst;      // MNNhan
  int type = 203;            // 200, 203, 206
  uint32_t sellers = 100;    // 1..10000
  size_t bytes = 8192;       // of a message, reached to within one goods line; the least is one goods line
  PkiKey key = PkiKey::kRsa2048;
};

struct CorpusMade {
  size_t found = 0, made = 0;  // messages
  Span signing{0};             // how long that took, keys of new sellers not counted
};

// ROOT/<first 16 hex digits of the SHA-256 of all of `spec` and the CA's certificate>. Errors: ctl.file.
Result<std::string> CorpusFolder(const std::string& root, const CorpusSpec& spec);
// Tax code of the seller with this number: ten digits, begins with 07.
std::string SellerTaxCode(uint32_t number);

struct MakeOptions {
  size_t count = 0;  // messages that there shall be at least
  unsigned threads = 2;
  std::function<void(size_t done, size_t of)> progress;  // now and then; may be empty
};
// Errors: load.corpus, ctl.file, ctl.sample, ctl.sign, signature.*.
Result<CorpusMade> MakeCorpus(const std::string& folder, const CorpusSpec& spec, const MakeOptions& options,
                              const Clock& clock);

}  // namespace tvan::load
