// Certificates of two providers are never confused, whatever is put, rotated and deleted, and whoever reads meanwhile.
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

constexpr int kProviders = 40, kCertificates = 120, kChanges = 3'000;

std::string NameOf(int provider) { return "p" + std::to_string(provider); }
std::string CertOf(int number) {
  Sha256 sha256;
  sha256.bytes[0] = static_cast<uint8_t>(number * 37);
  sha256.bytes[31] = static_cast<uint8_t>(number);
  return sha256.Hex();
}

class Certificates : public BookWorld {
 protected:
  // By certificate, its provider.
  using Holders = std::map<std::string, std::string>;

  void Change(std::mt19937& random) {
    const std::string provider = NameOf(static_cast<int>(random() % kProviders));
    if (random() % 8 == 0) {
      if (Deleted(ContractKind::kProviderContract, provider) != "deleted") return;
      std::erase_if(holders_, [&](const auto& one) { return one.second == provider; });
      return;
    }
    ProviderContract contract = Contract(provider, 'a');
    contract.certificates.clear();
    std::set<std::string> wanted;
    for (unsigned i = random() % 5; i > 0; --i) wanted.insert(CertOf(static_cast<int>(random() % kCertificates)));
    bool free = true;
    for (const std::string& one : wanted) {
      contract.certificates.emplace_back(one);
      free = free && (holders_.count(one) == 0 || holders_[one] == provider);
    }
    ASSERT_EQ(Refused(contract), free ? "accepted" : "contract.certificate_taken");
    if (!free) return;
    std::erase_if(holders_, [&](const auto& one) { return one.second == provider; });
    for (const std::string& one : wanted) holders_[one] = provider;
  }
  void Compare() {
    const auto book = book_->snapshot();
    for (int i = 0; i < kCertificates; ++i) {
      const ProviderContract* found = book->FindByCertificate(CertOf(i));
      const auto expected = holders_.find(CertOf(i));
      ASSERT_EQ(found == nullptr ? "" : found->provider.value(), expected == holders_.end() ? "" : expected->second);
      ASSERT_EQ(book->JudgeCertificate(CertOf(i), kNow).has_value(), found == nullptr);
    }
  }
  // Within one snapshot a certificate's provider is one that names it, and nobody else does.
  static void Consistent(const ContractSnapshot& book) {
    std::map<std::string, std::string> named;
    for (const ProviderContract* contract : book.Contracts())
      for (const BoundCertificate& one : contract->certificates)
        ASSERT_TRUE(named.emplace(one.sha256, contract->provider.value()).second) << "two name " << one.sha256;
    for (int i = 0; i < kCertificates; ++i) {
      const ProviderContract* found = book.FindByCertificate(CertOf(i));
      const auto expected = named.find(CertOf(i));
      ASSERT_EQ(found == nullptr ? "" : found->provider.value(), expected == named.end() ? "" : expected->second);
    }
  }

  Holders holders_;
};

TEST_F(Certificates, AreThoseOfTheLastContractThatBoundThem) {
  std::mt19937 random(5);
  for (int i = 0; i < kChanges && !HasFatalFailure(); ++i) {
    Change(random);
    if (i % 50 == 0) Compare();
    if (i % 1000 == 999) Reload();
  }
  Compare();
  EXPECT_GT(holders_.size(), 20u);
}

TEST_F(Certificates, EverySnapshotIsOfOnePiece) {
  std::mt19937 random(6);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      while (!done && !HasFatalFailure()) Consistent(*book_->snapshot());
    });
  for (int i = 0; i < 600 && !HasFatalFailure(); ++i) Change(random);
  done = true;
  for (std::thread& reader : readers) reader.join();
  Compare();
}

}  // namespace
}  // namespace tvan
