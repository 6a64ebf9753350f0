#include "gateway/core/envelope.h"

#include <array>
#include <utility>

namespace tvan {
namespace {

constexpr std::array<std::pair<MessageClass, std::string_view>, 7> kNames{{
    {MessageClass::kCoded, "coded"},
    {MessageClass::kUncoded, "uncoded"},
    {MessageClass::kCashRegister, "cash_register"},
    {MessageClass::kErrorNotice, "error_notice"},
    {MessageClass::kRegistration, "registration"},
    {MessageClass::kSummary, "summary"},
    {MessageClass::kTechnical, "technical"},
}};

}  // namespace

std::string_view ToString(MessageClass cls) {
  for (const auto& [known, name] : kNames)
    if (known == cls) return name;
  return "unknown";
}

std::optional<MessageClass> ParseMessageClass(std::string_view text) {
  for (const auto& [cls, name] : kNames)
    if (name == text) return cls;
  return std::nullopt;
}

std::optional<MessageClass> ClassOfType(int mltdiep) {
  switch (mltdiep) {
    case 200:
    case 201:
      return MessageClass::kCoded;
    case 203:
      return MessageClass::kUncoded;
    case 206:
      return MessageClass::kCashRegister;
    case 300:
    case 303:
      return MessageClass::kErrorNotice;
    case 100:
    case 101:
    case 106:
      return MessageClass::kRegistration;
    case 400:
      return MessageClass::kSummary;
    case 999:
      return MessageClass::kTechnical;
    default:
      return std::nullopt;
  }
}

}  // namespace tvan
