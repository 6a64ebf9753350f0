#include "tests/fuzz/counter.h"

#include <cstdio>
#include <cstdlib>

namespace tvan::fuzz {
namespace {

std::vector<const Counter*>& Registered() {
  static auto* const counters = new std::vector<const Counter*>;  // still there when the process ends
  return *counters;
}

void Print() {
  for (const Counter* counter : Registered())
    std::fprintf(stderr, "reached: %s = %llu\n", counter->name(), static_cast<unsigned long long>(counter->count()));
}

}  // namespace

Counter::Counter(const char* name) : name_(name) {
  if (Registered().empty()) std::atexit(Print);
  Registered().push_back(this);
}

const std::vector<const Counter*>& Counter::All() { return Registered(); }

void Require(bool holds, std::string_view words) {
  if (holds) return;
  std::fprintf(stderr, "BROKEN: %.*s\n", static_cast<int>(words.size()), words.data());
  std::abort();
}

// FNV-1a over the input, then splitmix64.
Dice::Dice(std::string_view input) : state_(14695981039346656037ULL) {
  for (const char c : input) state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
}

size_t Dice::Below(size_t sides) {
  state_ += 0x9E3779B97F4A7C15ULL;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return sides == 0 ? 0 : (z ^ (z >> 31)) % sides;
}

}  // namespace tvan::fuzz
