#include "store/redis/fetch_view.h"

#include <algorithm>

#include "store/keys.h"

namespace tvan {
namespace {

constexpr size_t kFirstEntries = 64, kGrowth = 4, kMostEntries = 16384;  // of one scan in one fetch

Status NoAnswer() {
  return Status::Permanent("store.damaged"_reason, "Redis holds something else under the keys of this store");
}

// The end of all that begin with `prefix`, as ZRANGE wants it.
std::string EndOf(std::string prefix) {
  while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
  if (prefix.empty()) return "+";
  prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
  return "(" + prefix;
}

std::string_view NameOf(Family family) { return kFamilyNames[static_cast<size_t>(family)]; }

}  // namespace

bool IsOrdered(Family family, std::string_view key) {
  const auto begins = [&](std::string_view kinds) { return !key.empty() && kinds.find(key[0]) != kinds.npos; };
  switch (family) {
    case Family::kControl:
      return begins("QSEP");  // queues, stages, ends of mailboxes, providers
    case Family::kQueue:
      return !key.empty() && key[0] != 'U';
    case Family::kIndex:
      return begins("dlrat");  // digests, lists, rejections, parked answers, marks of a line
    case Family::kEvent:
    case Family::kMailbox:
    case Family::kRecord:
      return true;
    default:
      return false;
  }
}

Result<std::optional<std::string>> FetchView::Get(Family family, std::string_view key) const {
  const Value& value = values_[static_cast<size_t>(family)].try_emplace(std::string(key)).first->second;
  if (!value.known) ++missed_;
  return value.bytes;
}

FetchView::Range& FetchView::RangeOf(Family family, const std::string& prefix, const std::string& from) const {
  std::string name(1, static_cast<char>(family));
  AppendString(name, prefix);
  const auto [at, fresh] = ranges_.try_emplace(name + from);
  if (fresh) at->second = {family, prefix, std::max(prefix, from), {}, false, false};
  return at->second;
}

// Answers whether the visitor wants more.
bool FetchView::VisitAll(const Range& range, const Visit& visit) const {
  for (const auto& [key, value] : range.entries) {
    const size_t missed = missed_;
    if (!visit(key, value) && missed == missed_) return false;
  }
  return true;
}

Status FetchView::Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const {
  if (!IsOrdered(family, prefix))
    return Status::Permanent("store.damaged"_reason, "a scan over keys that stand in no order");
  Range& range = RangeOf(family, prefix, from);
  const size_t missed = missed_;
  if (!VisitAll(range, visit) || range.whole) return {};
  if (missed != missed_) return {};  // with that here, the next run may want no more entries
  range.wanted = true;
  ++missed_;
  return {};
}

void FetchView::Ask(What what, RedisCommand& command) {
  asked_ = {};
  asked_.what = what;
  asked_.texts.reserve(kFamilies + 4 * ranges_.size());  // the command has views of them
  AskValues(command);
  AskRanges(command);
}

void FetchView::AskValues(RedisCommand& command) {
  for (size_t f = 0; f < kFamilies; ++f) {
    std::vector<Value*> values;
    const size_t head = command.size();
    for (auto& [key, value] : values_[f]) {
      if (value.known && asked_.what == What::kMissing) continue;
      if (values.empty()) command.insert(command.end(), {"g", kFamilyNames[f], ""});
      command.push_back(key);
      values.push_back(&value);
    }
    if (values.empty()) continue;
    command[head + 2] = asked_.texts.emplace_back(std::to_string(values.size()));
    asked_.values.push_back(std::move(values));
  }
}

void FetchView::AskRanges(RedisCommand& command) {
  for (auto& [name, range] : ranges_) {
    const bool all = asked_.what == What::kAll;
    if (!all && !range.wanted) continue;
    const size_t here = range.entries.size();
    size_t count = range.wanted ? std::max(kFirstEntries, here * (kGrowth - 1)) : 0;
    if (all) count += std::max(here, kFirstEntries);
    const bool go_on = !all && here > 0;
    command.insert(command.end(),
                   {"s", NameOf(range.family),
                    asked_.texts.emplace_back(go_on ? "(" + range.entries.back().first : "[" + range.from),
                    asked_.texts.emplace_back(EndOf(range.prefix)),
                    asked_.texts.emplace_back(std::to_string(std::min(count, kMostEntries)))});
    asked_.ranges.push_back(&range);
  }
}

Status FetchView::LearnRange(What what, RedisReply& reply, Range& range) {
  auto& list = reply.list;
  if (list.empty() || list.size() % 2 == 0 || list[0].kind != RedisReply::Kind::kNumber) return NoAnswer();
  if (what == What::kAll) range.entries.clear();
  for (size_t i = 1; i < list.size(); i += 2) {
    if (list[i].kind != RedisReply::Kind::kText || list[i + 1].kind != RedisReply::Kind::kText) return NoAnswer();
    range.entries.emplace_back(std::move(list[i].text), std::move(list[i + 1].text));
  }
  range.whole = list[0].number == 0;
  range.wanted = false;
  return {};
}

Status FetchView::Learn(std::vector<RedisReply>& replies, size_t first) {
  if (replies.size() != first + asked_.values.size() + asked_.ranges.size()) return NoAnswer();
  for (const std::vector<Value*>& values : asked_.values) {
    auto& list = replies[first++].list;
    if (list.size() != values.size()) return NoAnswer();
    for (size_t i = 0; i < values.size(); ++i) {
      if (list[i].kind != RedisReply::Kind::kText && list[i].kind != RedisReply::Kind::kNil) return NoAnswer();
      const bool there = list[i].kind == RedisReply::Kind::kText;
      *values[i] = {true, there ? std::optional<std::string>(std::move(list[i].text)) : std::nullopt};
    }
  }
  for (Range* range : asked_.ranges)
    if (Status s = LearnRange(asked_.what, replies[first++], *range); !s.ok()) return s;
  return {};
}

}  // namespace tvan
