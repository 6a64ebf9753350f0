#pragma once
// The messages of one provider in order of acceptance, page by page, each once, as it is when its page is read. What
// cannot be read is stepped over and counted. One thread; borrows the store.

#include <vector>

#include "store/store.h"

namespace tvan {

class ProviderWalk {
 public:
  static constexpr uint32_t kPage = 200;     // a message may hold the keys of 500 invoices
  static constexpr size_t kMostNamed = 100;  // of what was stepped over

  // Of acceptance in (after, through].
  ProviderWalk(const Store& store, ProviderId provider, uint64_t after, uint64_t through)
      : store_(store), provider_(std::move(provider)), after_(after), through_(through) {}

  // Empty: no more. Errors of the store other than store.damaged.
  Result<std::vector<MessageMeta>> Next();
  // Places stepped over; two that follow each other may count as one.
  uint64_t unreadable() const { return unreadable_; }
  // Where they stand: each lies behind this acceptance, and is the provider's next.
  const std::vector<uint64_t>& unreadable_after() const { return unreadable_after_; }

 private:
  Result<Listed> List(uint64_t after, uint32_t limit) const;
  Result<Listed> Page();
  Status StepOver();

  const Store& store_;
  const ProviderId provider_;
  uint64_t after_;
  const uint64_t through_;
  bool ended_ = false;
  uint64_t unreadable_ = 0;
  std::vector<uint64_t> unreadable_after_;
};

// The acceptance in front of the first message that was accepted at `at` or later, as far as acceptances and times go
// together; what cannot be read counts as later, so that nothing is left out. `through`: of the last message.
uint64_t AcceptanceBefore(const Store& store, Time at, uint64_t through);

}  // namespace tvan
