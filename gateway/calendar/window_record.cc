#include "gateway/calendar/window_record.h"

#include <algorithm>

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kStart = 1, kEnd = 2, kLine = 3, kClass = 4, kReasonText = 5, kSource = 6, kCancelled = 7 };
constexpr size_t kLongestText = 500;

bool IsId(std::string_view id) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), good);
}

bool IsClass(MessageClass cls) { return cls >= MessageClass::kCoded && cls <= MessageClass::kTechnical; }

Status Invalid(const std::string& why) { return Status::Permanent("calendar.invalid"_reason, why); }

}  // namespace

std::string EncodeWindow(const Window& window) {
  TaggedWriter out;
  out.Signed(kStart, window.start.us).Signed(kEnd, window.end.us).Bytes(kLine, window.line.value());
  for (const MessageClass cls : window.classes) out.Unsigned(kClass, static_cast<uint64_t>(cls));
  out.Bytes(kReasonText, window.reason).Bytes(kSource, window.source).Unsigned(kCancelled, window.cancelled ? 1 : 0);
  return out.Take();
}

Result<Window> DecodeWindow(const OperatorRecord& record) {
  Window window;
  window.id = record.id;
  const Status read = ReadTagged(record.body, [&window](const TaggedField& field) {
    switch (field.tag) {
      case kStart:
        window.start.us = field.Signed();
        break;
      case kEnd:
        window.end.us = field.Signed();
        break;
      case kLine:
        window.line = LineId::Trusted(field.String());
        break;
      case kClass:
        window.classes.push_back(static_cast<MessageClass>(field.Unsigned()));
        break;
      case kReasonText:
        window.reason = field.String();
        break;
      case kSource:
        window.source = field.String();
        break;
      case kCancelled:
        window.cancelled = field.Unsigned() != 0;
        break;
      default:
        break;
    }
  });
  const Status good = read.ok() ? CheckWindow(window) : read;
  if (good.ok()) return window;
  return Status::Permanent("calendar.damaged"_reason, "window '" + record.id + "': " + good.message());
}

Status CheckWindow(const Window& window) {
  if (!IsId(window.id)) return Invalid("a window's id is 1 to 32 of a-z, 0-9 and '-'");
  if (!(window.start < window.end)) return Invalid("a window must end after it starts");
  if (!std::all_of(window.classes.begin(), window.classes.end(), IsClass)) return Invalid("unknown message class");
  if (window.reason.size() > kLongestText || window.source.size() > kLongestText)
    return Invalid("reason and source are at most 500 bytes");
  return {};
}

}  // namespace tvan
