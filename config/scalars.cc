#include "config/scalars.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace tvan::config {
namespace {

using Unit = std::pair<std::string_view, int64_t>;
constexpr std::array<Unit, 6> kDurations = {
    {{"us", 1}, {"ms", 1000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000}}};
constexpr std::array<Unit, 4> kSizes = {{{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

template <class Number>
std::optional<Number> Whole(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <size_t N>
std::optional<int64_t> WithUnit(std::string_view text, const std::array<Unit, N>& units) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = Whole<int64_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const auto& [name, factor] : units) {
    if (text.substr(digits) != name) continue;
    if (*number > INT64_MAX / factor) return std::nullopt;
    return *number * factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> ParseMicroseconds(std::string_view text) { return WithUnit(text, kDurations); }

std::optional<uint64_t> ParseSize(std::string_view text) {
  const auto size = WithUnit(text, kSizes);
  if (!size) return std::nullopt;
  return static_cast<uint64_t>(*size);
}

std::optional<int64_t> ParseWhole(std::string_view text) { return Whole<int64_t>(text); }

std::optional<double> ParseFraction(std::string_view text) {
  const auto value = Whole<double>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<Range> AsRange(std::string_view bounds) {
  const size_t dots = bounds.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  return Range{bounds.substr(0, dots), bounds.substr(dots + 2)};
}

bool IsChoice(std::string_view bounds) { return bounds.find('|') != std::string_view::npos; }

bool ChoiceHolds(std::string_view bounds, std::string_view text) {
  while (!bounds.empty()) {
    const size_t bar = std::min(bounds.find('|'), bounds.size());
    if (bounds.substr(0, bar) == text) return true;
    bounds.remove_prefix(std::min(bar + 1, bounds.size()));
  }
  return false;
}

}  // namespace tvan::config
