#include "ops/load/tally.h"

#include <algorithm>

namespace tvan::load {

bool Tally::Answered(Answer answer, uint64_t order, Steady intended, Steady now) {
  const bool receipt = answer == Answer::kReceipt;
  if (receipt && open()) ++in_window_;
  if (receipt && order >= warmup_)
    latency_.Record(static_cast<uint64_t>(std::max<int64_t>(0, (now - intended).count())));
  ++answered_;
  if (answered_ != warmup_ || opened_.us != 0) return false;
  Open(now);
  return true;
}

void Tally::Open(Steady now) {
  if (opened_.us == 0) opened_ = now;
}

void Tally::Close(Steady now) {
  if (opened_.us != 0 && closed_.us == 0) closed_ = now;
}

uint64_t Tally::DistinctGatewayIds() const {
  std::vector<uint64_t> sorted = ids_;
  std::sort(sorted.begin(), sorted.end());
  return static_cast<uint64_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

void Tally::Complaint(const std::string& text) {
  constexpr size_t kTexts = 20;
  if (complaints_.contains(text) || complaints_.size() < kTexts) ++complaints_[text];
}

double Tally::receipts_per_s() const {
  return window().count() <= 0 ? 0 : static_cast<double>(in_window_) * 1e6 / static_cast<double>(window().count());
}

}  // namespace tvan::load
