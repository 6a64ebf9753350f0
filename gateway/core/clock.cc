#include "gateway/core/clock.h"

#include <string_view>

namespace tvan {

Result<std::unique_ptr<Clock>> MakeClock(const std::string& spec) {
  constexpr std::string_view kFile = "file:";
  if (spec == "system") return MakeSystemClock();
  if (spec.starts_with(kFile) && spec.size() > kFile.size()) return MakePageClock(spec.substr(kFile.size()));
  return Status::Permanent("clock.spec"_reason, "the clock is 'system' or 'file:PATH', not '" + spec + "'");
}

}  // namespace tvan
