#include "config/numbers.h"

#include <google/protobuf/duration.pb.h>

#include "config/scalars.h"
#include "gateway/core/status.h"

namespace tvan::config {
namespace {

using Field = google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Reads `text` by `parse` and holds it against "low..high", read by the same.
template <class Value>
std::string Bounded(const std::string& text, const std::string& bounds, const char* wanted,
                    std::optional<Value> (*parse)(std::string_view), Value& value) {
  const auto parsed = parse(text);
  if (!parsed) return "\"" + text + "\" is not " + wanted;
  value = *parsed;
  const auto range = AsRange(bounds);
  if (!range) return "";
  const auto low = parse(range->low), high = parse(range->high);
  TVAN_CHECK(low && high);
  if (value < *low || value > *high) return text + " is out of bounds: " + bounds;
  return "";
}

std::string SetDuration(const std::string& text, const std::string& bounds, const Field& field, Message& message) {
  int64_t us = 0;
  std::string error = Bounded(text, bounds, "a duration such as 250ms, 30s, 15m, 24h, 366d", &ParseMicroseconds, us);
  if (!error.empty()) return error;
  auto& duration = static_cast<google::protobuf::Duration&>(*message.GetReflection()->MutableMessage(&message, &field));
  duration.set_seconds(us / 1'000'000);
  duration.set_nanos(static_cast<int32_t>(us % 1'000'000) * 1000);
  return "";
}

std::string SetWhole(const std::string& text, const std::string& bounds, const Field& field, Message& message) {
  int64_t value = 0;
  std::string error = Bounded(text, bounds, "a whole number", &ParseWhole, value);
  if (!error.empty()) return error;
  const auto& reflection = *message.GetReflection();
  const bool is_signed = field.cpp_type() == Field::CPPTYPE_INT32;
  if (value < (is_signed ? INT32_MIN : 0) || value > (is_signed ? INT64_C(0x7fffffff) : INT64_C(0xffffffff)))
    return text + " does not fit";
  if (is_signed && field.is_repeated()) {
    reflection.AddInt32(&message, &field, static_cast<int32_t>(value));
  } else if (is_signed) {
    reflection.SetInt32(&message, &field, static_cast<int32_t>(value));
  } else {
    reflection.SetUInt32(&message, &field, static_cast<uint32_t>(value));
  }
  return "";
}

std::string SetSize(const std::string& text, const std::string& bounds, const Field& field, Message& message) {
  uint64_t value = 0;
  std::string error = Bounded(text, bounds, "a size such as 4096, 64KiB, 8MiB, 1GiB", &ParseSize, value);
  if (error.empty()) message.GetReflection()->SetUInt64(&message, &field, value);
  return error;
}

std::string SetFraction(const std::string& text, const std::string& bounds, const Field& field, Message& message) {
  double value = 0;
  std::string error = Bounded(text, bounds, "a number", &ParseFraction, value);
  if (error.empty()) message.GetReflection()->SetDouble(&message, &field, value);
  return error;
}

std::string SetBool(const std::string& text, const Field& field, Message& message) {
  const auto value = ParseBool(text);
  if (!value) return "\"" + text + "\" is not true or false";
  message.GetReflection()->SetBool(&message, &field, *value);
  return "";
}

}  // namespace

std::string SetNumberField(const std::string& text, const std::string& bounds, const Field& field, Message& message) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_MESSAGE:
      return SetDuration(text, bounds, field, message);
    case Field::CPPTYPE_BOOL:
      return SetBool(text, field, message);
    case Field::CPPTYPE_UINT64:
      return SetSize(text, bounds, field, message);
    case Field::CPPTYPE_DOUBLE:
      return SetFraction(text, bounds, field, message);
    default:
      return SetWhole(text, bounds, field, message);
  }
}

}  // namespace tvan::config
