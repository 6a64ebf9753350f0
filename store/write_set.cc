#include "store/write_set.h"

#include "store/keys.h"

namespace tvan {

std::optional<std::string> WriteSet::Get(Family family, const std::string& key) {
  const Changes& changes = changes_[static_cast<size_t>(family)];
  if (auto it = changes.find(key); it != changes.end()) {
    if (it->second.deleted) return std::nullopt;
    return it->second.tail == nullptr ? it->second.head : it->second.head + *it->second.tail;
  }
  auto got = base_.Get(family, key);
  if (!got.ok()) {
    Fail(got.status());
    return std::nullopt;
  }
  return std::move(got).value();
}

void WriteSet::Put(Family family, std::string key, std::string head, SharedBytes tail) {
  changes_[static_cast<size_t>(family)].insert_or_assign(std::move(key),
                                                         Value{false, std::move(head), std::move(tail)});
}

void WriteSet::Delete(Family family, std::string key) {
  changes_[static_cast<size_t>(family)].insert_or_assign(std::move(key), Value{true, {}, nullptr});
}

uint64_t WriteSet::Number(Family family, const std::string& key) {
  auto got = Get(family, key);
  if (!got) return 0;
  auto number = ReadU64(*got);
  if (!number) Fail(Status::Permanent("store.damaged"_reason, "a counter is not a number"));
  return number.value_or(0);
}

uint64_t WriteSet::Add(Family family, const std::string& key, int64_t delta) {
  const uint64_t before = Number(family, key);
  if (delta < 0 && before < static_cast<uint64_t>(-delta)) {
    Fail(Status::Permanent("store.damaged"_reason, "a counter would fall below zero"));
    return before;
  }
  const uint64_t after = before + static_cast<uint64_t>(delta);
  Put(family, key, U64(after));
  return after;
}

bool WriteSet::empty() const {
  for (const Changes& changes : changes_)
    if (!changes.empty()) return false;
  return true;
}

}  // namespace tvan
