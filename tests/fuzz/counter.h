#pragma once
// What a fuzz target reached, and what it demands. A target that never reached the case it is about shows nothing, so
// each counts it: the counts are printed when the process ends, `ops/fuzz` and fuzz_replay_test refuse a zero.
// Counters have static storage. Single thread.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tvan::fuzz {

class Counter {
 public:
  explicit Counter(const char* name);  // "valid by the fast engine"
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  void operator++() { ++count_; }
  const char* name() const { return name_; }
  uint64_t count() const { return count_; }
  static const std::vector<const Counter*>& All();

 private:
  const char* name_;
  uint64_t count_ = 0;
};

// Ends the process with these words, which the fuzzer takes for a crash.
void Require(bool holds, std::string_view words);

// Decisions that follow from the input alone, so that a crash happens again.
class Dice {
 public:
  explicit Dice(std::string_view input);
  size_t Below(size_t sides);  // 0 .. sides - 1; 0 for none

 private:
  uint64_t state_;
};

}  // namespace tvan::fuzz

// What libFuzzer calls; each target defines it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
