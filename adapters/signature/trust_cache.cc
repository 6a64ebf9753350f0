#include "adapters/signature/digests.h"
#include "adapters/signature/trust.h"

namespace tvan {
namespace {

constexpr Span kKeep = std::chrono::hours(1);
constexpr size_t kMostKept = 16 * 1024;  // bytes of a list's certificates; real ones have two to six thousand

std::string Digest(std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  const std::string_view digest = DigestOf(DigestMethod::kSha256, bytes, out);
  TVAN_CHECK(!digest.empty());  // or all lists would share one key
  return std::string(digest);
}

// Of one certificate its digest, of several the digest of their digests: one list, one key.
std::string KeyOf(const std::vector<std::string>& certificates) {
  if (certificates.size() == 1) return Digest(certificates[0]);
  std::string all;
  for (const std::string& der : certificates) all += Digest(der);
  return Digest(all);
}

size_t BytesOf(const std::vector<std::string>& certificates) {
  size_t bytes = 0;
  for (const std::string& der : certificates) bytes += der.size();
  return bytes;
}

// The place of the one that issued none of the others; nullopt: none is such, or one is damaged.
std::optional<size_t> SignerAmong(const std::vector<Cert>& certificates) {
  for (const Cert& cert : certificates)
    if (cert == nullptr) return std::nullopt;
  for (size_t i = 0; i < certificates.size(); ++i) {
    bool issuer = false;
    for (size_t j = 0; j < certificates.size(); ++j)
      issuer = issuer || (j != i && X509_NAME_cmp(X509_get_issuer_name(certificates[j].get()),
                                                  X509_get_subject_name(certificates[i].get())) == 0);
    if (!issuer) return i;
  }
  return std::nullopt;
}

AttachedCertificates Read(const std::vector<std::string>& certificates, const std::vector<TaxCodeSource>& sources) {
  AttachedCertificates attached;
  if (certificates.size() == 1) {
    attached.signer = ReadSignerCertificate(certificates[0], sources);
    return attached;
  }
  std::vector<Cert> parsed;
  for (const std::string& der : certificates) parsed.push_back(CertFromDer(der));
  const auto signer = SignerAmong(parsed);
  if (!signer) return attached;
  attached.signer = ReadSignerCertificate(certificates[*signer], sources);
  parsed.erase(parsed.begin() + static_cast<ptrdiff_t>(*signer));
  attached.others = std::move(parsed);
  return attached;
}

}  // namespace

std::shared_ptr<Trust::Party> Trust::Find(const std::vector<std::string>& certificates) {
  if (certificates.empty()) return nullptr;
  std::string sha256 = KeyOf(certificates);
  if (auto party = Cached(sha256)) return party;
  AttachedCertificates attached = Read(certificates, tax_code_sources_);
  if (attached.signer == nullptr) return nullptr;
  return std::make_shared<Party>(std::move(attached), std::move(sha256), BytesOf(certificates) <= kMostKept);
}

const SignerCertificate& Trust::SignerOf(const Party& party) { return *party.attached_.signer; }

std::shared_ptr<Trust::Party> Trust::Cached(const std::string& sha256) {
  const Steady now = clock_.SteadyNow();
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_sha256_.find(sha256);
  if (found == by_sha256_.end() || found->second->expires <= now) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().party;
}

// Of two that read the same at once, the later one stays; they say the same.
void Trust::Keep(const std::shared_ptr<Party>& party) {
  if (options_.cache_entries == 0) return;
  const Steady expires = clock_.SteadyNow() + kKeep;
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string& sha256 = party->sha256_;
  if (const auto old = by_sha256_.find(sha256); old != by_sha256_.end()) entries_.erase(old->second);
  entries_.push_front({party, expires});
  by_sha256_[sha256] = entries_.begin();
  if (entries_.size() <= options_.cache_entries) return;
  by_sha256_.erase(entries_.back().party->sha256_);
  entries_.pop_back();
}

Trust::CacheFacts Trust::cache() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {entries_.size(), hits_, misses_};
}

}  // namespace tvan
