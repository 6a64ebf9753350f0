// The store suite on the MemoryStore.
#include "gateway/core/clock.h"
#include "tests/contract/store_contract.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

class MemoryHome : public StoreHome {
 public:
  explicit MemoryHome(Options options) {
    MemoryStoreOptions memory;
    memory.buffer_limit_bytes = options.buffer_limit_bytes;
    store_ = MakeMemoryStore(memory, *clock_);
  }
  Store& store() override { return *store_; }
  void Reopen() override { store_ = store_->Reopen(); }
  void KillAndReopen() override {
    store_->Crash();
    store_ = store_->Reopen();
  }
  bool Damage(Family family, const std::string& key) override {
    Reopen();
    return store_->Damage(family, key);
  }
  void BackUp() override { copy_ = store_->MakeCopy(); }
  void Restore(const std::string& incarnation) override { store_ = store_->Restore(copy_, incarnation); }

 private:
  MemoryStore::Copy copy_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<MemoryStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(StoreMaker{
                             "memory",
                             [](StoreHome::Options options) { return std::make_unique<MemoryHome>(options); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tvan
