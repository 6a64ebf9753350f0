#include "gateway/reconcile/provider_walk.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr uint32_t kMostSteps = 10'000;

bool IsDamage(const Status& status) { return status.reason() == "store.damaged"_reason; }

}  // namespace

Result<Listed> ProviderWalk::List(uint64_t after, uint32_t limit) const {
  ListFilter filter;
  filter.provider = provider_;
  filter.after_acceptance = after;
  filter.limit = limit;
  return store_.List(filter);
}

// A list ends in an error wherever in it the damage is: then one by one, up to it and over it.
Result<Listed> ProviderWalk::Page() {
  auto page = List(after_, static_cast<uint32_t>(std::min<uint64_t>(kPage, through_ - after_)));
  if (page.ok() || !IsDamage(page.status())) return page;
  page = List(after_, 1);
  while (!page.ok() && IsDamage(page.status()) && after_ < through_) {
    if (Status status = StepOver(); !status.ok()) return status;
    page = List(after_, 1);
  }
  if (!page.ok() && IsDamage(page.status())) return Listed{{}, through_, false};
  return page;
}

// A list from in front of the damage begins with it; one from behind it does not. Step by step, which misses nothing; a
// provider that sent nothing else for long is stepped over by halves, where a second damage may hide what lies between.
Status ProviderWalk::StepOver() {
  ++unreadable_;
  if (unreadable_after_.size() < kMostNamed) unreadable_after_.push_back(after_);
  for (uint32_t step = 0; step < kMostSteps && after_ < through_; ++step) {
    const auto page = List(++after_, 1);
    if (page.ok() || !IsDamage(page.status())) return page.status();
  }
  uint64_t low = after_, high = through_;
  while (low + 1 < high) {
    const uint64_t middle = low + (high - low) / 2;
    const auto page = List(middle, 1);
    if (!page.ok() && !IsDamage(page.status())) return page.status();
    (page.ok() ? high : low) = middle;
  }
  after_ = high;
  return {};
}

Result<std::vector<MessageMeta>> ProviderWalk::Next() {
  while (!ended_ && after_ < through_) {
    auto page = Page();
    if (!page.ok()) return page.status();
    after_ = page->next_after;
    ended_ = !page->more;
    std::erase_if(page->messages, [this](const MessageMeta& m) { return m.acceptance > through_; });
    if (!page->messages.empty()) return std::move(page->messages);
  }
  return std::vector<MessageMeta>();
}

uint64_t AcceptanceBefore(const Store& store, Time at, uint64_t through) {
  uint64_t low = 0, high = through;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    ListFilter filter;
    filter.after_acceptance = middle;
    filter.limit = 1;
    const auto page = store.List(filter);
    const bool earlier = page.ok() && !page->messages.empty() && page->messages.front().accepted_at < at;
    earlier ? low = middle + 1 : high = middle;
  }
  return low;
}

}  // namespace tvan
