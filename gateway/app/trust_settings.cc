#include "gateway/app/trust_settings.h"

#include "config/loader.h"

namespace tvan {

TrustOptions TrustSettings(const config::v1::Trust& trust,
                           const google::protobuf::RepeatedPtrField<std::string>& files) {
  TrustOptions options;
  options.trust_files.assign(files.begin(), files.end());
  options.crl_files.assign(trust.crls().begin(), trust.crls().end());
  options.check_signing_time = trust.check_signing_time();
  options.signing_time_ahead = SpanOf(trust.signing_time_ahead());
  options.signing_time_behind = SpanOf(trust.signing_time_behind());
  options.cache_entries = trust.cache_entries();
  options.tax_code_from.assign(trust.tax_code_from().begin(), trust.tax_code_from().end());
  return options;
}

std::map<MessageClass, Span> SigningTimeSettings(const config::v1::Trust& trust) {
  const auto& own = trust.signing_time_behind_by_class();
  std::map<MessageClass, Span> bounds = {
      {MessageClass::kCoded, SpanOf(own.coded())},
      {MessageClass::kUncoded, SpanOf(own.uncoded())},
      {MessageClass::kCashRegister, SpanOf(own.cash_register())},
      {MessageClass::kErrorNotice, SpanOf(own.error_notice())},
      {MessageClass::kRegistration, SpanOf(own.registration())},
      {MessageClass::kSummary, SpanOf(own.summary())},
  };
  std::erase_if(bounds, [](const auto& bound) { return bound.second == Span(0); });
  return bounds;
}

Leniency UnknownSignerSetting(const config::v1::Config& config) {
  return config.environment() == "production" ? Leniency::kRefuse : Leniency::kWarn;
}

}  // namespace tvan
