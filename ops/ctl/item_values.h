#pragma once
// One value of a contract item as text and back, by its descriptor. Internal to item_fields.

#include <string>

#include <google/protobuf/message.h>

#include "gateway/core/status.h"

namespace tvan::ctl {

// Sets the field, or adds to it when it is a list; the status says what was expected.
Status SetValue(google::protobuf::Message& parent, const google::protobuf::FieldDescriptor& field,
                const std::string& text);
// `index` of a list, -1 of a single one; "" for its default.
std::string ValueOf(const google::protobuf::Message& parent, const google::protobuf::FieldDescriptor& field, int index);

}  // namespace tvan::ctl
