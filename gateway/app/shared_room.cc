#include "gateway/app/shared_room.h"

#include "gateway/core/log.h"

namespace tvan {

SharedRoom::SharedRoom(const Parts& parts)
    : parts_(parts),
      work_(parts.line),
      thread_(Executor::Make({"follow", 1, 4}, parts.line.clock, parts.line.metrics)),
      again_(parts.line.clock) {}

void SharedRoom::Begin(const Fence& fence) {
  if (parts_.shared == nullptr) return work_.Begin(fence);
  parts_.shared->Follow({.on_news = [this](const SharedNews& news) { Hear(news); },
                         .on_owner = [this](uint64_t turn) { work_.SetTurn(turn); },
                         .on_over = parts_.on_over});
  FollowSoon();  // what was put between the loading of the rooms and now
}

void SharedRoom::Hear(const SharedNews& news) {
  if (news.queue || news.missed) parts_.line.dispatcher.Wake();
  if (news.records || news.missed) FollowSoon();
  if (news.missed) return parts_.on_missed();
  for (const ProviderId& provider : news.mailboxes) parts_.on_mailbox(provider);
}

void SharedRoom::FollowSoon() {
  if (due_.exchange(true)) return;
  if (!thread_->TrySubmit([this] { Follow(); })) due_ = false;  // it drains
}

void SharedRoom::Follow() {
  due_ = false;  // first: what is put from here on is followed by another step
  const Status followed = parts_.follower.Step();
  if (!followed.ok()) Log(LogLevel::kError, "app.follow", {{"status", followed.ToString()}});
  again_.Start(followed.ok() ? kFollowEvery : kFollowAgain, [this] { FollowSoon(); });
}

void SharedRoom::Stop() {
  again_.Stop();
  thread_->Drain();
  work_.Stop();
}

}  // namespace tvan
