#pragma once
// Numbers of the schema: read one, check its bounds, set it. Internal to config.

#include <string>

#include <google/protobuf/message.h>

namespace tvan::config {

// Sets (or appends, of a repeated field) the number or truth value that `text` says; answers why not, or nothing.
std::string SetNumberField(const std::string& text, const std::string& bounds,
                           const google::protobuf::FieldDescriptor& field, google::protobuf::Message& message);

}  // namespace tvan::config
