#include "gateway/core/envelope.h"

#include <array>
#include <utility>

#include "gateway/core/catalogue.h"

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
  const MessageType* type = FindMessageType(mltdiep);
  return type == nullptr ? std::nullopt : type->cls;
}

}  // namespace tvan
