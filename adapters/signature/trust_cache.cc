#include "adapters/signature/trust.h"

namespace tvan {
namespace {

constexpr Span kKeep = std::chrono::hours(1);

}  // namespace

Trust::Entry* Trust::Touch(const std::string& sha256) {
  const auto found = by_sha256_.find(sha256);
  if (found == by_sha256_.end()) return nullptr;
  if (found->second->expires <= clock_.SteadyNow()) {
    entries_.erase(found->second);
    by_sha256_.erase(found);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

std::shared_ptr<const SignerCertificate> Trust::Signer(const std::string& der) {
  const std::string sha256 = Sha256HexOf(der);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const Entry* entry = Touch(sha256)) return entry->signer;
  }
  auto signer = ReadSignerCertificate(der);
  if (signer == nullptr || options_.cache_entries == 0) return signer;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const Entry* entry = Touch(sha256)) return entry->signer;
  entries_.push_front({sha256, signer, std::nullopt, clock_.SteadyNow() + kKeep});
  by_sha256_[sha256] = entries_.begin();
  if (entries_.size() > options_.cache_entries) {
    by_sha256_.erase(entries_.back().sha256);
    entries_.pop_back();
  }
  return signer;
}

std::optional<Trust::Proof> Trust::CachedProof(const std::string& sha256) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Entry* entry = Touch(sha256);
  return entry == nullptr ? std::nullopt : entry->proof;
}

void Trust::Remember(const std::string& sha256, const Proof& proof) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Entry* entry = Touch(sha256)) entry->proof = proof;
}

size_t Trust::cached() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace tvan
