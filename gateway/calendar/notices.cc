#include "gateway/calendar/notices.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {

Result<std::unique_ptr<Notices>> Notices::Load(Store& store, Seal seal) {
  auto records = store.ListRecords(kNoticeKind);
  if (!records.ok())
    return Status::Permanent("calendar.damaged"_reason, "the notices cannot be read: " + records.status().ToString());
  std::sort(records->begin(), records->end(),
            [](const OperatorRecord& a, const OperatorRecord& b) { return a.id < b.id; });
  std::unique_ptr<Notices> notices(new Notices(store, std::move(seal)));
  for (const OperatorRecord& record : *records) {
    auto notice = DecodeNotice(record);
    if (!notice.ok()) return notice.status();
    if (notice->number != notices->newest() + 1)
      return Status::Permanent("calendar.damaged"_reason,
                               "notice " + std::to_string(notices->newest() + 1) + " is missing");
    notices->Keep(std::make_shared<const Notice>(*std::move(notice)));
  }
  return notices;
}

Result<size_t> Notices::Announce(std::vector<VersionedWindow> windows, Rehearsals rehearsals, Time now) {
  const std::lock_guard writing(writer_);
  std::sort(windows.begin(), windows.end(), [](const VersionedWindow& a, const VersionedWindow& b) {
    return a.changed_at != b.changed_at ? a.changed_at < b.changed_at : a.window.id < b.window.id;
  });
  size_t made = 0;
  for (const VersionedWindow& window : windows) {
    const auto told = told_.find(window.window.id);                                // written under writer_ alone
    if (told != told_.end() && window.version <= told->second->version) continue;  // an older look at it
    const Window* last = told == told_.end() ? nullptr : &told->second->window;
    const auto kind = WhatToTell(last, window.window, rehearsals, now);
    if (!kind) continue;
    if (Status status = Make(window, *kind, now); !status.ok()) return status;
    ++made;
    if (on_new_) on_new_();
  }
  return made;
}

Status Notices::Make(const VersionedWindow& window, NoticeKind kind, Time now) {
  auto notice = std::make_shared<Notice>();
  notice->number = newest() + 1;
  notice->kind = kind;
  notice->made_at = now;
  notice->version = window.version;
  notice->window = window.window;
  notice->texts = TextsOf(kind, window.window);
  notice->jws = seal_(NoticeJson(*notice));
  OperatorRecord record{.kind = kNoticeKind, .id = NoticeId(notice->number)};
  record.changed_at = now;
  record.author = window.author;
  record.reason = ToString(kind);
  record.body = EncodeNotice(*notice);
  if (const auto stored = store_.PutRecord(std::move(record), 0); !stored.ok()) return stored.status();
  Log(LogLevel::kInfo, "calendar.notice",
      {{"number", std::to_string(notice->number)},
       {"kind", ToString(kind)},
       {"window", window.window.id},
       {"version", std::to_string(window.version)}});
  Keep(std::move(notice));
  return {};
}

void Notices::Keep(NoticePtr notice) {
  const std::lock_guard lock(mutex_);
  told_[notice->window.id] = notice;
  kept_.push_back(std::move(notice));
  if (kept_.size() > kMostKept) kept_.pop_front();
}

uint64_t Notices::newest() const {
  const std::lock_guard lock(mutex_);
  return kept_.empty() ? 0 : kept_.back()->number;
}

NoticePtr Notices::Find(uint64_t number) const {
  if (number == 0) return nullptr;
  const NoticePtr found = FirstAfter(number - 1);
  return found != nullptr && found->number == number ? found : nullptr;
}

NoticePtr Notices::FirstAfter(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  if (kept_.empty() || number >= kept_.back()->number) return nullptr;
  const uint64_t first = kept_.front()->number;
  return kept_[number < first ? 0 : number + 1 - first];
}

std::vector<NoticePtr> Notices::MadeSince(Time from) const {
  const std::lock_guard lock(mutex_);
  std::vector<NoticePtr> made;
  for (const NoticePtr& notice : kept_)
    if (notice->made_at >= from) made.push_back(notice);
  return made;
}

}  // namespace tvan
