#pragma once
// The sellers of a corpus: a key and a certificate each, kept beside it and listed in sellers.txt, one tax code a line.
// Values; the signers may be used by one thread each at a time.

#include <memory>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "ops/load/corpus_maker.h"

namespace tvan::load {

struct Seller {
  std::string mst;
  std::unique_ptr<XmlSigner> signer;
};
using Sellers = std::vector<Seller>;

// Makes what is missing in FOLDER/sellers. Errors: ctl.file, load.corpus, signature.pki, signature.key.
Result<Sellers> MakeSellers(const std::string& folder, const CorpusSpec& spec, Time now);

}  // namespace tvan::load
