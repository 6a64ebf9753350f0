#include "gateway/calendar/on_call.h"

#include <algorithm>

#include "gateway/core/plain_text.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kShift = 1 };
enum ShiftTag : uint32_t { kName = 1, kMobile = 2, kFrom = 3, kTo = 4 };
constexpr size_t kMostShifts = 32, kLongestName = 100;
constexpr Span kLongestShift = std::chrono::hours(24);

Status Invalid(const std::string& why) { return Status::Permanent("calendar.invalid"_reason, why); }

std::string EncodeShift(const Shift& shift) {
  TaggedWriter out;
  return out.Bytes(kName, shift.name)
      .Bytes(kMobile, shift.mobile)
      .Signed(kFrom, shift.from.us)
      .Signed(kTo, shift.to.us)
      .Take();
}

Status TakeShift(std::string_view bytes, std::vector<Shift>& shifts) {
  Shift shift;
  Status read = ReadTagged(bytes, [&shift](const TaggedField& field) {
    if (field.tag == kName) shift.name = field.String();
    if (field.tag == kMobile) shift.mobile = field.String();
    if (field.tag == kFrom) shift.from.us = field.Signed();
    if (field.tag == kTo) shift.to.us = field.Signed();
  });
  shifts.push_back(std::move(shift));
  return read;
}

Result<OnCall> Decode(const OperatorRecord& record) {
  OnCall rota{record.id, {}, record.version};
  Status whole;
  Status read = ReadTagged(record.body, [&](const TaggedField& field) {
    if (field.tag == kShift && whole.ok()) whole = TakeShift(field.bytes, rota.shifts);
  });
  if (read.ok()) read = whole;
  if (read.ok()) return rota;
  return Status::Permanent("calendar.damaged"_reason, "on call '" + record.id + "': " + read.message());
}

}  // namespace

std::vector<TimeGap> GapsIn(const std::vector<Shift>& shifts, Time from, Time to) {
  std::vector<Shift> ordered = shifts;
  std::sort(ordered.begin(), ordered.end(), [](const Shift& a, const Shift& b) { return a.from < b.from; });
  std::vector<TimeGap> gaps;
  for (const Shift& shift : ordered) {
    if (shift.to <= from || shift.from >= to) continue;
    if (from < shift.from) gaps.emplace_back(from, shift.from);
    from = shift.to;
  }
  if (from < to) gaps.emplace_back(from, to);
  return gaps;
}

TimeGap HoursOf(const Window& w) { return {w.start, std::max(EndOf(w), w.verify_until.value_or(Time{}))}; }

Status CheckOnCall(const OnCall& rota) {
  if (rota.shifts.size() > kMostShifts) return Invalid("at most 32 shifts");
  for (const Shift& shift : rota.shifts) {
    if (!IsPlainText(shift.name, kLongestName)) return Invalid("a shift's name has 1 to 100 bytes on one line");
    if (!shift.mobile.empty() && !IsPlainText(shift.mobile, kLongestName))
      return Invalid("a shift's mobile has at most 100 bytes on one line");
    if (!(shift.from < shift.to) || shift.to - shift.from > kLongestShift)
      return Invalid("a shift ends after it begins, and within a day");
  }
  return {};
}

Result<OnCall> FindOnCall(const Store& store, const std::string& window) {
  const auto history = store.RecordHistory(kOnCallKind, window, {.limit = 1});
  if (!history) return history.status();
  if (history->empty()) return OnCall{window, {}, 0};
  return Decode(history->back());
}

Result<OnCall> PutOnCall(Store& store, OnCall rota, const std::string& author, Time now,
                         std::optional<uint64_t> expected_version) {
  if (Status good = CheckOnCall(rota); !good.ok()) return good;
  std::sort(rota.shifts.begin(), rota.shifts.end(), [](const Shift& a, const Shift& b) { return a.from < b.from; });
  const auto before = FindOnCall(store, rota.window);
  if (!before) return before.status();
  TaggedWriter body;
  for (const Shift& shift : rota.shifts) body.Bytes(kShift, EncodeShift(shift));
  OperatorRecord record{.kind = kOnCallKind, .id = rota.window};
  record.changed_at = now;
  record.author = author;
  record.body = body.Take();
  const auto stored = store.PutRecord(std::move(record), expected_version.value_or(before->version));
  if (!stored) return stored.status();
  rota.version = stored->version;
  return rota;
}

}  // namespace tvan
