#include "adapters/simulator/answer_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tvan::sim {
namespace {

constexpr auto kLater = [](const auto& a, const auto& b) {
  return std::tie(a.due, a.order) > std::tie(b.due, b.order);
};

}  // namespace

void AnswerList::Add(std::shared_ptr<const Answer> answer, Time due, bool hidden_once) {
  waiting_.push_back({due, ++order_, {std::move(answer), hidden_once}});
  std::push_heap(waiting_.begin(), waiting_.end(), kLater);
}

// Gives positions to all that is due and not hidden, what was hidden before first.
void AnswerList::Place(Time now, const std::vector<Lie>& lies) {
  const auto is_hidden = [&](const Waiting& w) {
    return std::any_of(lies.begin(), lies.end(),
                       [&](const Lie& lie) { return w.due <= lie.due_by && now < lie.until; });
  };
  std::vector<Waiting> due = std::exchange(hidden_, {});
  while (!waiting_.empty() && waiting_.front().due <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), kLater);
    due.push_back(std::move(waiting_.back()));
    waiting_.pop_back();
  }
  for (Waiting& w : due) {
    if (is_hidden(w))
      hidden_.push_back(std::move(w));
    else
      list_.push_back(std::move(w.listed));
  }
}

ReadResult AnswerList::Read(uint64_t after, const Bounds& bounds, Time now, const std::vector<Lie>& lies) {
  Place(now, lies);
  ReadResult result;
  result.next = after;
  result.hidden = hidden_.size();
  size_t bytes = 0;
  for (uint64_t i = after; i < list_.size() && result.answers.size() < bounds.limit; ++i) {
    ListedAnswer& listed = list_[i];
    if (listed.hidden_once) {
      listed.hidden_once = false;
      result.skipped.push_back(listed.answer);
      result.next = i + 1;
      continue;
    }
    bytes += listed.answer->bytes.size();
    if (bytes > bounds.max_bytes && !result.answers.empty()) break;
    result.answers.emplace_back(i + 1, listed.answer);
    result.next = i + 1;
  }
  return result;
}

}  // namespace tvan::sim
