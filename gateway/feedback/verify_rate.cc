#include "gateway/feedback/verify_rate.h"

#include <algorithm>
#include <map>

namespace tvan {
namespace {

std::string MostFrequent(std::deque<std::string>::const_iterator first, std::deque<std::string>::const_iterator last) {
  std::map<std::string, size_t> counts;
  for (; first != last; ++first)
    if (!first->empty()) ++counts[*first];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

}  // namespace

VerifyRate::Count VerifyRate::Recent() const {
  const size_t answers = std::min(kRecent, faults_.size());
  const auto good = std::count(faults_.end() - static_cast<std::ptrdiff_t>(answers), faults_.end(), "");
  return {answers, answers - static_cast<size_t>(good)};
}

VerifyRate::Count VerifyRate::Before() const {
  const size_t answers = faults_.size() - std::min(kRecent, faults_.size());
  const auto good = std::count(faults_.begin(), faults_.begin() + static_cast<std::ptrdiff_t>(answers), "");
  return {answers, answers - static_cast<size_t>(good)};
}

VerifyRate::Step VerifyRate::Note(std::string_view fault) {
  faults_.emplace_back(fault);
  if (faults_.size() > kWindow) faults_.pop_front();
  const Count recent = Recent(), before = Before();
  if (up_) {
    if (recent.unverified > kFew) return Step::kNone;
    up_ = false;
    return Step::kDown;
  }
  // Of those before there may be none yet: then nothing is known against them. Shares as fractions of kRecent and of
  // before.answers: a/8 − b/n ≥ 4/10.
  const size_t n = std::max<size_t>(before.answers, 1);
  const bool rises = 10 * recent.unverified * n >= 10 * before.unverified * kRecent + 4 * kRecent * n;
  if (!rises) return Step::kNone;
  up_ = true;
  return Step::kUp;
}

std::string VerifyRate::ToString() const {
  const Count recent = Recent(), before = Before();
  const std::string most = MostFrequent(faults_.end() - static_cast<std::ptrdiff_t>(recent.answers), faults_.end());
  return std::to_string(recent.unverified) + " of the last " + std::to_string(recent.answers) +
         " signed answers do not verify, " + std::to_string(before.unverified) + " of the " +
         std::to_string(before.answers) + " before" + (most.empty() ? "" : "; mostly " + most);
}

}  // namespace tvan
