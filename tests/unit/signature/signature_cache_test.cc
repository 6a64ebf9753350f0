// What is kept of certificates: proofs alone, of a bounded size, and nothing that a stranger can multiply.
#include <atomic>
#include <thread>

#include "adapters/signature/trust.h"
#include "tests/unit/signature/made_certificate.h"

namespace tvan {
namespace {

const Time kNow = At("2026-11-21T10:40:00");

struct Cache : ::testing::Test {
  std::unique_ptr<Trust> Load(size_t entries = 4096) {
    TrustOptions options = Trusting(root);
    options.cache_entries = entries;
    return Sandbox::Take(Trust::Load(options, *clock, {}));
  }
  Made Seller(const std::string& name, Extensions more = {}, const Made* above = nullptr) {
    Extensions extensions = OfSigner();
    for (auto& one : more) extensions.push_back(std::move(one));
    return Make(Ec(), name, above == nullptr ? &root : above, std::move(extensions));
  }
  // Whether it is proven; what it left in the cache.
  std::pair<bool, size_t> Check(Trust& trust, const std::vector<std::string>& certificates, Time valid_at = kNow) {
    const auto party = trust.Find(certificates);
    const bool proven = party != nullptr && trust.Check(*party, {valid_at, valid_at}, {}).ok();
    return {proven, trust.cache().entries};
  }

  const std::unique_ptr<Clock> clock = MakeSystemClock();
  const Made root = Make(Ec(), "Root", nullptr, OfCa());
  const Made middle = Make(Ec(), "Middle", &root, OfCa());
};
using Kept = std::pair<bool, size_t>;

TEST_F(Cache, KeepsWhatWasProvenAlone) {
  const auto trust = Load();
  const Made seller = Seller("Seller");
  EXPECT_NE(trust->Find({seller.der()}), nullptr);
  EXPECT_EQ(trust->cache().entries, 0u) << "nobody has proven it yet";
  EXPECT_EQ(Check(*trust, {Make(Ec(), "Stranger", nullptr, OfSigner()).der()}), Kept(false, 0));
  EXPECT_EQ(Check(*trust, {seller.der()}, At("2050-01-01T00:00:00")), Kept(false, 0)) << "expired";
  EXPECT_EQ(Check(*trust, {seller.der()}), Kept(true, 1));
  EXPECT_EQ(trust->cache().hits, 0u);
  EXPECT_EQ(Check(*trust, {seller.der()}), Kept(true, 1));
  EXPECT_EQ(trust->cache().hits, 1u);
  EXPECT_EQ(trust->cache().misses, 4u);
}

// Anybody can attach more to a certificate that is known to all.
TEST_F(Cache, KeepsNoCertificateThatTheChainDoesNotNeed) {
  const auto trust = Load();
  const Made below = Seller("Below", {}, &middle), other = Seller("Other");
  EXPECT_EQ(Check(*trust, {below.der(), middle.der(), other.der()}), Kept(true, 0));
  EXPECT_EQ(Check(*trust, {below.der(), middle.der()}), Kept(true, 1));
  EXPECT_EQ(Check(*trust, {below.der(), middle.der(), root.der()}), Kept(true, 2)) << "the root may stand there";
}

TEST_F(Cache, KeepsNothingBulky) {
  const auto trust = Load();
  const auto padded = [](size_t bytes) { return Extensions{{NID_netscape_comment, std::string(bytes, 'x')}}; };
  EXPECT_EQ(Check(*trust, {Seller("Big", padded(20'000)).der()}), Kept(true, 0));
  EXPECT_EQ(Check(*trust, {Seller("Less", padded(15'000)).der()}), Kept(true, 1));
  const Made below = Seller("Below", padded(10'000), &middle);
  const Made stout = Make(Ec(), "Stout", &root, [&] {
    Extensions extensions = OfCa();
    extensions.push_back(padded(10'000)[0]);
    return extensions;
  }());
  EXPECT_EQ(Check(*trust, {below.der(), middle.der()}), Kept(true, 2));
  EXPECT_EQ(Check(*trust, {Seller("Low", padded(10'000), &stout).der(), stout.der()}), Kept(true, 2)) << "together";
}

TEST_F(Cache, ForgetsTheLeastRecentlyUsed) {
  const auto trust = Load(2);
  const Made one = Seller("One"), two = Seller("Two"), three = Seller("Three");
  for (const Made* seller : {&one, &two, &one, &three}) EXPECT_TRUE(Check(*trust, {seller->der()}).first);
  EXPECT_EQ(trust->cache().entries, 2u);
  const uint64_t hits = trust->cache().hits;
  EXPECT_NE(trust->Find({one.der()}), nullptr);
  EXPECT_EQ(trust->cache().hits, hits + 1);
  EXPECT_NE(trust->Find({two.der()}), nullptr);
  EXPECT_EQ(trust->cache().hits, hits + 1) << "it went";
}

TEST_F(Cache, IsBoundedAndSharedBetweenThreads) {
  const auto trust = Load(2);
  std::vector<std::string> ders;
  for (const char* name : {"one", "two", "three", "four"}) ders.push_back(Seller(name).der());
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 40; ++i) {
        const auto party = trust->Find({ders[(i + t) % 4]});
        const bool right = party != nullptr && Trust::SignerOf(*party).sha256 == Sha256HexOf(ders[(i + t) % 4]);
        if (!right || !trust->Check(*party, {kNow, kNow}, {}).ok()) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(trust->cache().entries, 2u);
  EXPECT_EQ(trust->cache().hits + trust->cache().misses, 120u);
  EXPECT_TRUE(Check(*trust, {ders[0]}).first);
  EXPECT_EQ(trust->Find({ders[0]}), trust->Find({ders[0]}));
}

}  // namespace
}  // namespace tvan
