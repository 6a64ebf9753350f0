#include "gateway/admin/operator_act.h"

#include <algorithm>
#include <utility>

#include "gateway/core/log.h"
#include "gateway/core/tagged.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kWhat = 1, kAbout = 2, kDetail = 3 };
constexpr size_t kMostAbout = 128, kMostText = 500;  // bytes
constexpr int kMostTries = 8;                        // others do the same to the same at this moment

Result<uint64_t> VersionOf(const RecordStore& store, const std::string& id) {
  const auto newest = store.RecordHistory(kOperatorActKind, id, {.limit = 1});
  if (!newest) return newest.status();
  return newest->empty() ? uint64_t{0} : newest->front().version;
}

}  // namespace

Status RecordAct(RecordStore& store, const OperatorAct& act) {
  const std::string about(CutUtf8(act.about, kMostAbout));
  OperatorRecord record;
  record.kind = kOperatorActKind;
  record.id = act.what + "/" + about;
  record.changed_at = act.at;
  record.author = act.author;
  record.reason = std::string(CutUtf8(act.reason, kMostText));
  record.body =
      TaggedWriter().Bytes(kWhat, act.what).Bytes(kAbout, about).Bytes(kDetail, CutUtf8(act.detail, kMostText)).Take();
  Status status;
  for (int i = 0; i < kMostTries; ++i) {
    const auto version = VersionOf(store, record.id);
    if (!version) return version.status();
    const auto put = store.PutRecord(record, *version);
    if (put.ok()) return {};
    status = put.status();
    if (status.reason() != "store.conflict"_reason) return status;
  }
  return status;
}

void NoteAct(RecordStore& store, const OperatorAct& act) {
  const Status recorded = RecordAct(store, act);
  if (!recorded.ok())
    Log(LogLevel::kError, "admin.act_not_recorded",
        {{"what", act.what}, {"about", act.about}, {"author", act.author}, {"status", recorded.ToString()}});
}

Result<std::vector<std::string>> ActLines(std::string_view body) {
  static constexpr std::pair<Tag, const char*> kNames[] = {{kWhat, "what"}, {kAbout, "about"}, {kDetail, "detail"}};
  std::vector<std::string> lines;
  const Status read = ReadTagged(body, [&](const TaggedField& field) {
    const auto name =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& known) { return known.first == field.tag; });
    if (name != std::end(kNames) && !field.bytes.empty()) lines.push_back(name->second + (": " + field.String()));
  });
  if (!read.ok()) return read;
  return lines;
}

}  // namespace tvan
