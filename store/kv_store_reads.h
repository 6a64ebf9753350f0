#pragma once
// How KvStore asks one consistent view. Private to the kv_store*.cc files.

#include <optional>
#include <utility>

#include "store/kv_store.h"

namespace tvan {

// What every read sees of a store that cannot be looked at: closed, or out of reach.
class UnreadableView : public KvView {
 public:
  explicit UnreadableView(Status why) : why_(std::move(why)) {}
  Result<std::optional<std::string>> Get(Family, std::string_view) const override { return why_; }
  Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return why_; }

 private:
  const Status why_;
};

auto KvStore::Read(const auto& ask) const {
  std::optional<decltype(ask(std::declval<Questions&>()))> answer;
  Status damage;
  QueueHeads* heads = backend_->HasOtherWriters() ? nullptr : &heads_;
  const uint64_t generation = heads_.Generation();
  const auto look = [&](const KvView& view) {
    Questions questions(view, heads, generation);
    questions.SetRestoredThrough(restored_through_);
    answer.emplace(ask(questions));
    damage = questions.damage();
  };
  if (Status looked = backend_->Look(look); !looked.ok()) look(UnreadableView(std::move(looked)));
  if (!damage.ok()) damage_.Report(damage);
  return *std::move(answer);
}

auto KvStore::ReadWhole(const auto& ask) const {
  return Read([&ask](Questions& questions) {
    auto answer = ask(questions);
    return questions.damage().ok() ? Result<decltype(answer)>(std::move(answer)) : questions.damage();
  });
}

auto KvStore::ReadUpTo(const auto& ask) const {
  return Read([&ask](Questions& q) {
    auto list = ask(q);
    return list.empty() && !q.damage().ok() ? q.damage() : Result<decltype(list)>(std::move(list));
  });
}

}  // namespace tvan
