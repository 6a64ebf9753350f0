#include "gateway/contract/import_run.h"

#include <iterator>

namespace tvan {

ImportRun::ImportRun(RecordStore& store, const std::vector<Entry>& entries, ContractBook::By by)
    : store_(store), by_(std::move(by)), rows_(RowsOf(entries, by_)) {
  const auto cuts = CutsOf(rows_, RecordStore::kMostRecordsInAct);
  for (size_t act = 0; act + 1 < cuts.size(); ++act) {
    acts_.push_back({cuts[act], cuts[act + 1]});
    for (size_t i = cuts[act]; i < cuts[act + 1]; ++i) act_of_[KeyOf(entries[i].kind, entries[i].id)] = act;
  }
}

Status ImportRun::WriteParts() {
  auto parts = tvan::WriteParts(store_, rows_, by_);
  if (!parts.ok()) return parts.status();
  parts_ = *std::move(parts);
  return {};
}

Status ImportRun::Begin() {
  const auto begun = BeginImport(store_, parts_, by_);
  if (begun.ok()) journal_ = *begun;
  return begun.status();
}

Status ImportRun::Store(Act& act) {
  if (act.stored) return {};
  const auto at = std::make_move_iterator(rows_.begin());
  const auto stored = store_.PutRecords({at + static_cast<ptrdiff_t>(act.begin), at + static_cast<ptrdiff_t>(act.end)});
  act.stored = stored.ok();
  return stored.status();
}

Status ImportRun::StoreNext() {
  while (next_ < acts_.size() && acts_[next_].stored) ++next_;
  if (next_ < acts_.size()) return Store(acts_[next_]);
  Status status = EndImport(store_, journal_, by_);
  over_ = status.ok();
  return status;
}

Status ImportRun::StoreRow(const std::string& key) {
  const auto act = act_of_.find(key);
  return act == act_of_.end() ? Status() : Store(acts_[act->second]);
}

}  // namespace tvan
