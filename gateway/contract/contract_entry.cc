#include "gateway/contract/contract_entry.h"

#include <algorithm>
#include <numeric>

#include "gateway/contract/contract_rules.h"
#include "gateway/contract/taxpayer_rules.h"

namespace tvan {
namespace {

std::vector<StatusSince> HistoryOf(const std::optional<StoredItem>& old) {
  if (!old) return {};
  return std::visit([](const auto& one) { return one.statuses; }, *old);
}

// The item with the history of its status.
StoredItem NextOf(const ContractItem& item, const std::optional<StoredItem>& old, Time now) {
  return std::visit(
      [&](const auto& record) -> StoredItem {
        using Record = std::decay_t<decltype(record)>;
        Stored<Record> stored{record, {}, 0, now};
        if constexpr (!std::is_same_v<Record, Taxpayer>)
          stored.statuses = WithStatus(HistoryOf(old), record.status, now);
        return stored;
      },
      item);
}

void SetVersion(StoredItem& stored, uint64_t version) {
  std::visit([version](auto& one) { one.version = version; }, stored);
}

std::vector<size_t> OrderOf(const std::vector<ContractItem>& items) {
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_partition(order.begin(), order.end(),
                        [&items](size_t i) { return KindOf(items[i]) == ContractKind::kProviderContract; });
  return order;
}

class Drafting {
 public:
  Drafting(const ContractIndex& book, Time now, const LastVersion& last_version)
      : now_(now), last_version_(last_version) {
    draft_.index = book.Next();
  }

  void Add(size_t index, const ContractItem& item, std::optional<uint64_t> made_from) {
    if (Status status = Enter(index, item, made_from); !status.ok())
      draft_.faults.push_back({index, std::move(status)});
  }
  Draft Take() {
    std::sort(draft_.faults.begin(), draft_.faults.end(), [](auto& a, auto& b) { return a.index < b.index; });
    return std::move(draft_);
  }

 private:
  // What is known of a taxpayer is added to: an answer may have come since the file was written.
  ContractItem Added(const ContractItem& item) const {
    const auto* taxpayer = last_version_ ? std::get_if<Taxpayer>(&item) : nullptr;  // not for what is only asked
    const auto known = taxpayer ? draft_.index->FindTaxpayer(taxpayer->mst) : std::nullopt;
    return known ? ContractItem(Merge(*known, *taxpayer)) : item;
  }
  Status Enter(size_t index, const ContractItem& item, std::optional<uint64_t> made_from) {
    auto entry = EntryOf(*draft_.index, Added(item), now_);
    if (!entry.ok()) return entry.status();
    const std::string key = KeyOf(entry->kind, entry->id);
    if (!draft_.rows.emplace(key, index).second) return Invalid(key + " is named twice");
    if (made_from && *made_from != entry->replaces)
      return Status::Permanent("store.conflict"_reason, key + " is at version " + std::to_string(entry->replaces) +
                                                            ", not " + std::to_string(*made_from));
    if (entry->unchanged) return ++draft_.unchanged, Status();
    if (entry->replaces == 0 && last_version_) {
      const auto last = last_version_(entry->kind, entry->id);
      if (!last.ok()) return last.status();
      entry->replaces = *last;
      SetVersion(entry->stored, *last + 1);
      ++draft_.created;
    } else {
      ++(entry->replaces == 0 ? draft_.created : draft_.updated);
    }
    draft_.index->Insert(entry->stored);
    draft_.entries.push_back(*std::move(entry));
    return {};
  }

  const Time now_;
  const LastVersion& last_version_;
  Draft draft_;
};

}  // namespace

std::string KeyOf(ContractKind kind, const std::string& id) { return RecordKindOf(kind) + ("/" + id); }

Result<Entry> EntryOf(const ContractIndex& book, const ContractItem& item, Time now) {
  auto usable = UsableItem(item, book);
  if (!usable.ok()) return usable.status();
  Entry entry;
  entry.kind = KindOf(*usable);
  entry.id = IdOf(*usable);
  const auto old = book.FindStored(entry.kind, entry.id);
  entry.stored = NextOf(*usable, old, now);
  entry.body = Encode(entry.stored);
  entry.replaces = old ? VersionOf(*old) : 0;
  entry.unchanged = old && Encode(*old) == entry.body;
  SetVersion(entry.stored, entry.replaces + 1);
  return entry;
}

Draft DraftOf(const ContractIndex& book, const std::vector<ContractItem>& items, Time now,
              const LastVersion& last_version, const std::vector<uint64_t>& made_from) {
  Drafting drafting(book, now, last_version);
  for (const size_t i : OrderOf(items))
    drafting.Add(i, items[i], made_from.empty() ? std::nullopt : std::optional(made_from[i]));
  return drafting.Take();
}

}  // namespace tvan
