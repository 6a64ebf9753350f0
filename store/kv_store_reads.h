#pragma once
// How KvStore asks one consistent view. Private to the kv_store*.cc files.

#include <utility>

#include "store/kv_store.h"

namespace tvan {

// What every read sees after Close.
class ClosedView : public KvView {
 public:
  Result<std::optional<std::string>> Get(Family, std::string_view) const override { return Closed(); }
  Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return Closed(); }

 private:
  static Status Closed() { return Status::Transient("store.closed"_reason, "the store is closed"); }
};

auto KvStore::Read(const auto& ask) const {
  const uint64_t generation = heads_.Generation();
  std::unique_ptr<KvView> view = backend_->Snapshot();
  if (view == nullptr) view = std::make_unique<ClosedView>();
  Questions questions(*view, &heads_, generation);
  questions.SetRestoredThrough(restored_through_);
  auto answer = ask(questions);
  if (!questions.damage().ok()) damage_.Report(questions.damage());
  return answer;
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
