#pragma once
// Single values for generated messages: lawful ones at the edges of their form, and bad ones. Made from field tables
// alone, by no code of the gateway.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/validate/field_table.h"

namespace tvan {

// Seeded; the same everywhere.
class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  uint64_t Below(uint64_t end) { return engine_() % end; }  // end > 0
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  template <class T>
  const T& Of(const std::vector<T>& all) {
    return all[Below(all.size())];
  }
  template <class T>
  void Shuffle(std::vector<T>& all) {
    for (size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[Below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

// A lawful value of the row, never empty. `period_kind`: T, Q or N, for rows of type period.
std::string LawfulValue(const FieldRow& row, std::string_view period_kind, Dice& dice);
// A text that the pattern matches (the subset of formats.h).
std::string MatchOf(std::string_view pattern, Dice& dice);
// A text of so many characters, Vietnamese letters and signs of XML among them.
std::string TextOf(size_t characters, Dice& dice);

// A value that is not of the form of the row; empty: it has no other form than its length.
std::string BadValue(const FieldRow& row);

}  // namespace tvan
