#pragma once
// How many of a line's last answers had a signature that verified, and when that changes by a step: the mark of a
// certificate that the authority changed, or of somebody who answers in its place. Counts answers of types that the
// authority signs. Pure; not thread-safe; it begins anew with every start of the gateway.

#include <deque>
#include <string>
#include <string_view>

namespace tvan {

class VerifyRate {
 public:
  static constexpr size_t kWindow = 32;  // answers that are remembered
  static constexpr size_t kRecent = 8;   // of them the newest, which are compared with those before
  static constexpr size_t kFew = 1;      // that end it

  enum class Step { kNone, kUp, kDown };
  // `fault`: why it did not verify, "signature.untrusted"; empty: it did. Up: since this answer the share of the
  // unverified among the recent ones (of eight, also where fewer are known) is at least 40 points above the share
  // before: four of eight where there were none. Said once, until it fell again.
  Step Note(std::string_view fault);

  bool up() const { return up_; }
  // In words, with numbers and the most frequent fault of the recent ones; no word of the answers themselves.
  std::string ToString() const;

 private:
  struct Count {
    size_t answers = 0, unverified = 0;
  };
  Count Recent() const;
  Count Before() const;

  std::deque<std::string> faults_;  // newest last
  bool up_ = false;
};

}  // namespace tvan
