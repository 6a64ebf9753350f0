#include "gateway/calendar/notices.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {
constexpr uint32_t kPage = 256;
constexpr int kTries = 3;
}  // namespace

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

Status Notices::Follow() {
  const std::lock_guard writing(writer_);
  return FollowLocked();
}

Status Notices::FollowLocked() {
  const uint64_t before = newest();
  for (;;) {
    const auto records = store_.ScanRecords(kNoticeKind, NoticeId(newest()), kPage);
    if (!records.ok()) return records.status();
    for (const OperatorRecord& record : *records) {
      auto notice = DecodeNotice(record);
      if (!notice.ok()) return notice.status();
      if (notice->number != newest() + 1)
        return Status::Permanent("calendar.damaged"_reason, "notice " + std::to_string(newest() + 1) + " is missing");
      Keep(std::make_shared<const Notice>(*std::move(notice)));
    }
    if (records->size() < kPage) break;
  }
  if (newest() != before && on_new_) on_new_();
  return {};
}

Result<size_t> Notices::Announce(std::vector<VersionedWindow> windows, Rehearsals rehearsals, Time now) {
  const std::lock_guard writing(writer_);
  if (Status followed = FollowLocked(); !followed.ok()) return followed;
  std::sort(windows.begin(), windows.end(), [](const VersionedWindow& a, const VersionedWindow& b) {
    return a.changed_at != b.changed_at ? a.changed_at < b.changed_at : a.window.id < b.window.id;
  });
  size_t made = 0;
  for (const VersionedWindow& window : windows) {
    auto told = AnnounceOne(window, rehearsals, now);
    // Another gateway was a little earlier: what it told is looked at, and mostly nothing is left to tell.
    for (int tries = 0; told.status().reason() == "store.conflict"_reason && tries < kTries; ++tries) {
      if (Status followed = FollowLocked(); !followed.ok()) return followed;
      told = AnnounceOne(window, rehearsals, now);
    }
    if (!told.ok()) return told.status();
    made += *told ? 1 : 0;
  }
  return made;
}

Result<bool> Notices::AnnounceOne(const VersionedWindow& window, Rehearsals rehearsals, Time now) {
  const auto told = told_.find(window.window.id);                                    // written under writer_ alone
  if (told != told_.end() && window.version <= told->second->version) return false;  // an older look at it
  const Window* last = told == told_.end() ? nullptr : &told->second->window;
  const auto kind = WhatToTell(last, window.window, rehearsals, now);
  if (!kind) return false;
  if (Status status = Make(window, *kind, now); !status.ok()) return status;
  if (on_new_) on_new_();
  return true;
}

Result<bool> Notices::AnnounceCatchUp(const CatchUpFacts& facts, Time now) {
  const std::lock_guard writing(writer_);
  if (Status followed = FollowLocked(); !followed.ok()) return followed;
  const CatchUpTold told = ToldOfCatchUp(now);
  const auto kind = WhatToTell(told, facts, now);
  if (!kind) return false;
  Notice notice;
  notice.kind = *kind;
  notice.made_at = now;
  notice.catch_up = CatchUpSaid(*kind, told, facts);
  notice.texts = TextsOf(*kind, notice.catch_up, now);
  if (Status status = Write(std::move(notice), "gateway"); !status.ok()) return status;
  if (on_new_) on_new_();
  return true;
}

CatchUpTold Notices::ToldOfCatchUp(Time now) const {
  const std::lock_guard lock(mutex_);
  CatchUpTold told;
  if (caught_up_ == nullptr) return told;
  told.at = caught_up_->made_at;
  if (caught_up_->kind != NoticeKind::kCatchUpOver) told.open = caught_up_->catch_up;
  told.in_a_day = static_cast<size_t>(std::count_if(kept_.begin(), kept_.end(), [now](const NoticePtr& notice) {
    return IsOfCatchUp(notice->kind) && notice->made_at > now - kOneDay;
  }));
  return told;
}

bool Notices::catching_up() const {
  const std::lock_guard lock(mutex_);
  return caught_up_ != nullptr && caught_up_->kind != NoticeKind::kCatchUpOver;
}

Status Notices::Make(const VersionedWindow& window, NoticeKind kind, Time now) {
  Notice notice;
  notice.kind = kind;
  notice.made_at = now;
  notice.version = window.version;
  notice.window = window.window;
  notice.texts = TextsOf(kind, window.window);
  return Write(std::move(notice), window.author);
}

Status Notices::Write(Notice notice, const std::string& author) {
  notice.number = newest() + 1;
  notice.jws = seal_(NoticeJson(notice));
  OperatorRecord record{.kind = kNoticeKind, .id = NoticeId(notice.number)};
  record.changed_at = notice.made_at;
  record.author = author;
  record.reason = ToString(notice.kind);
  record.body = EncodeNotice(notice);
  if (const auto stored = store_.PutRecord(std::move(record), 0); !stored.ok()) return stored.status();
  Log(LogLevel::kInfo, "calendar.notice",
      {{"number", std::to_string(notice.number)},
       {"kind", ToString(notice.kind)},
       {"window", notice.window.id},
       {"version", std::to_string(notice.version)}});
  Keep(std::make_shared<const Notice>(std::move(notice)));
  return {};
}

void Notices::Keep(NoticePtr notice) {
  const std::lock_guard lock(mutex_);
  if (IsOfCatchUp(notice->kind)) {
    caught_up_ = notice;
  } else {
    told_[notice->window.id] = notice;
    newest_of_stop_ = notice->number;
  }
  kept_.push_back(std::move(notice));
  if (kept_.size() > kMostKept) kept_.pop_front();
}

uint64_t Notices::newest_of_stop() const {
  const std::lock_guard lock(mutex_);
  return newest_of_stop_;
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
