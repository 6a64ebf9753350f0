#include "ops/ctl/rota.h"

#include <vector>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

constexpr Span kDay = std::chrono::hours(24), kHalf = std::chrono::hours(12);

Status Unusable(const std::string& text) {
  return Status::Permanent("ctl.usage"_reason, "'" + text + "': NAME,FROM,TO[,MOBILE], times as 23:30 or in full");
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

Result<Time> TimeOf(const std::string& text, Time stop) {
  if (text.size() != 5) return ParseTime(text);
  auto at = ParseTime(FormatLocal(stop).substr(0, 11) + text + ":00");
  if (!at.ok()) return at;
  if (*at - stop > kHalf) return *at - kDay;
  return stop - *at > kHalf ? *at + kDay : *at;
}

}  // namespace

Result<admin::v1::Shift> ParseShift(const std::string& text, Time stop) {
  const std::vector<std::string> parts = Split(text);
  if (parts.size() != 3 && parts.size() != 4) return Unusable(text);
  const auto from = TimeOf(parts[1], stop), to = TimeOf(parts[2], stop);
  if (!from.ok() || !to.ok()) return Unusable(text);
  admin::v1::Shift shift;
  shift.set_name(parts[0]);
  SetTimestamp(*from, shift.mutable_from());
  SetTimestamp(*to > *from || parts[2].size() != 5 ? *to : *to + kDay, shift.mutable_to());
  if (parts.size() == 4) shift.set_mobile(parts[3]);
  return shift;
}

}  // namespace tvan::ctl
