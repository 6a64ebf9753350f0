#pragma once
// The texts of scalar values and their bounds: durations "250ms", sizes "8MiB", whole numbers, fractions. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tvan::config {

std::optional<int64_t> ParseMicroseconds(std::string_view text);  // a number with us, ms, s, m, h or d
std::optional<uint64_t> ParseSize(std::string_view text);         // a number, alone or with KiB, MiB, GiB
std::optional<int64_t> ParseWhole(std::string_view text);
std::optional<double> ParseFraction(std::string_view text);  // finite
std::optional<bool> ParseBool(std::string_view text);        // true | false

// "a..b" of bounds, each side as written; nullopt: not a range.
struct Range {
  std::string_view low, high;
};
std::optional<Range> AsRange(std::string_view bounds);
bool IsChoice(std::string_view bounds);  // "a|b|c"
bool ChoiceHolds(std::string_view bounds, std::string_view text);

}  // namespace tvan::config
