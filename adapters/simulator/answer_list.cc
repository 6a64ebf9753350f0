#include "adapters/simulator/answer_list.h"

#include <algorithm>
#include <tuple>

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

ReadResult AnswerList::Read(uint64_t after, size_t limit, size_t max_bytes, Time now) {
  while (!waiting_.empty() && waiting_.front().due <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), kLater);
    list_.push_back(std::move(waiting_.back().listed));
    waiting_.pop_back();
  }
  ReadResult result;
  result.next = after;
  size_t bytes = 0;
  for (uint64_t i = after; i < list_.size() && result.answers.size() < limit; ++i) {
    ListedAnswer& listed = list_[i];
    if (listed.hidden_once) {
      listed.hidden_once = false;
      result.skipped.push_back(listed.answer);
      result.next = i + 1;
      continue;
    }
    bytes += listed.answer->bytes.size();
    if (bytes > max_bytes && !result.answers.empty()) break;
    result.answers.emplace_back(i + 1, listed.answer);
    result.next = i + 1;
  }
  return result;
}

}  // namespace tvan::sim
