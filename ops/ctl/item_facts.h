#pragma once
// What is known of a taxpayer, as people write it: a status "03@2026-11-20", a decision "stop@2026-11-22@QD-1@use", a
// registration "accepted@2026-01-01@coded+cash_register@1+2@A1B2C". Internal to item_fields.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include "gateway/core/status.h"

namespace tvan::ctl {

Status SetFact(const std::string& text, google::protobuf::Message& to);
std::string FactText(const google::protobuf::Message& fact);

// A date YYYY-MM-DD (midnight +07:00), or a time with its offset; a midnight is written as its date.
Status SetTimeText(const std::string& text, google::protobuf::Timestamp* to);
std::string TimeText(const google::protobuf::Timestamp& time);
// "coded", …; the enum's name without its type's, in lower case.
std::string EnumText(const google::protobuf::EnumValueDescriptor& value);
const google::protobuf::EnumValueDescriptor* EnumNamed(const google::protobuf::EnumDescriptor& type,
                                                       const std::string& text);

}  // namespace tvan::ctl
