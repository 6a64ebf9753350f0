#pragma once
// What a pattern is compiled to: its positions (Glushkov). Every literal or class, with {m,n} written out, is one, and
// each knows which may come next. Only pattern.cc and pattern_compiler.cc see this.

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tvan {

constexpr size_t kMostPatternPositions = 511;

using ByteSet = std::bitset<256>;
using Positions = std::vector<uint16_t>;

// Position 0 is the beginning of the text.
struct PatternProgram {
  struct Position {
    uint16_t bytes = 0;  // which of `sets`
    bool last = false;   // a match may end here
    Positions next;
  };
  std::string text;
  std::vector<ByteSet> sets;
  std::vector<Position> positions{Position{}};
};

// Empty: compiled. Else what is wrong with the text, in English.
std::string CompilePattern(std::string_view text, PatternProgram& program);

}  // namespace tvan
