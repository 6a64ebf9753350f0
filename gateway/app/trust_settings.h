#pragma once
// The configuration of trust as the Options of verifiers and intake. Pure.

#include <map>
#include <string>

#include "adapters/signature.h"
#include "gateway/core/envelope.h"
#include "gateway/validate/validator.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// `files`: of one trust list. What single providers are allowed is their contract's (VerifyContext); the authority is
// allowed nothing.
TrustOptions TrustSettings(const config::v1::Trust& trust,
                           const google::protobuf::RepeatedPtrField<std::string>& files);
// Of the classes that have a bound of their own.
std::map<MessageClass, Span> SigningTimeSettings(const config::v1::Trust& trust);
// Of a certificate that names no tax code and is not registered: refused in production, else a warning.
Leniency UnknownSignerSetting(const config::v1::Config& config);

}  // namespace tvan
