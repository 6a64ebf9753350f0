// Keeps the set of positions reached, so that no pattern makes a text expensive.
#include <algorithm>
#include <array>
#include <bitset>
#include <span>

#include "gateway/validate/formats.h"
#include "gateway/validate/pattern_program.h"

namespace tvan {
namespace {

// The positions reached by what was read.
class Reached {
 public:
  void Add(uint16_t position) {
    if (seen_.test(position)) return;
    seen_.set(position);
    at_[size_++] = position;
  }
  void Clear() {
    seen_.reset();
    size_ = 0;
  }
  std::span<const uint16_t> all() const { return {at_.data(), size_}; }

 private:
  std::bitset<kMostPatternPositions + 1> seen_;
  std::array<uint16_t, kMostPatternPositions + 1> at_;  // the first size_ of them
  size_t size_ = 0;
};

void Step(const PatternProgram& program, uint8_t byte, const Reached& from, Reached& to) {
  for (const uint16_t position : from.all())
    for (const uint16_t next : program.positions[position].next)
      if (program.sets[program.positions[next].bytes].test(byte)) to.Add(next);
}

}  // namespace

Result<Pattern> Pattern::Compile(std::string_view text) {
  auto program = std::make_shared<PatternProgram>();
  program->text = text;
  const std::string fault = CompilePattern(text, *program);
  if (!fault.empty())
    return Status::Permanent("validate.pattern"_reason, "the pattern " + program->text + " is refused: " + fault);
  Pattern pattern;
  pattern.program_ = std::move(program);
  return pattern;
}

bool Pattern::Matches(std::string_view text) const {
  if (program_ == nullptr) return false;
  Reached one, other;
  Reached *reached = &one, *next = &other;
  reached->Add(0);
  for (const char c : text) {
    next->Clear();
    Step(*program_, static_cast<uint8_t>(c), *reached, *next);
    if (next->all().empty()) return false;
    std::swap(reached, next);
  }
  const auto ends = [this](uint16_t position) { return program_->positions[position].last; };
  return std::any_of(reached->all().begin(), reached->all().end(), ends);
}

const std::string& Pattern::text() const {
  static const std::string kNone;
  return program_ == nullptr ? kNone : program_->text;
}

}  // namespace tvan
