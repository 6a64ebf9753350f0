// Backups, and what a store that is a copy of an older one knows of that.
#include "gateway/core/log.h"
#include "store/kv_store.h"

namespace tvan {
namespace {

// One question to one consistent view. An answer without what could not be read is an error.
template <class Ask>
auto AskOnce(const KvBackend& backend, const Ask& ask) {
  using Answer = decltype(ask(std::declval<Questions&>()));
  Result<Answer> answer = Answer{};
  const Status looked = backend.Look([&](const KvView& view) {
    Questions questions(view);
    answer = ask(questions);
    if (!questions.damage().ok()) answer = questions.damage();
  });
  return looked.ok() ? answer : Result<Answer>(looked);
}

}  // namespace

// A copy that cannot say what it is a copy of has perhaps sent everything, and lost as much.
void KvStore::ReadRecovery(Ledger::Options& options) {
  const auto known = recovery();
  if (!known.ok()) {
    Log(LogLevel::kError, "store.recovery", {{"text", known.status().ToString()}});
    if (known.status().is_transient()) opening_ = known.status();
    options.restored_through = UINT64_MAX;
    options.uncertain_until = kForever;
  } else if (*known) {
    options.restored_through = (*known)->acceptance;
    options.uncertain_until = (*known)->UncertainUntil();
  }
  restored_through_ = options.restored_through;
  uncertain_until_ = options.uncertain_until;
}

Result<std::optional<Recovery>> KvStore::recovery() const {
  return AskOnce(*backend_, [](Questions& q) { return q.TheRecovery(); });
}

Status KvStore::EndRecovery(const Fence& fence, Time at) {
  Status answer;
  Status status = Write([&](Ledger& ledger) { answer = ledger.EndRecovery(fence, at); });
  return status.ok() ? answer : status;
}

Result<std::string> KvStore::LinePositionAt(const LineId& line, Time at) const {
  return AskOnce(*backend_, [&](Questions& q) { return q.LinePositionAt(line, at); });
}

// What cannot be read keeps no other back.
Result<std::vector<StoredAnswer>> KvStore::Joinable(uint32_t limit) const {
  Result<std::vector<StoredAnswer>> answers = std::vector<StoredAnswer>();
  const Status looked = backend_->Look([&](const KvView& view) {
    Questions questions(view);
    answers = questions.Joinable(limit, incarnation_);
    if (answers->empty() && !questions.damage().ok()) answers = questions.damage();
  });
  return looked.ok() ? answers : Result<std::vector<StoredAnswer>>(looked);
}

Result<BackupFacts> KvStore::Backup(const BackupRequest& request) {
  if (backing_up_.exchange(true))
    return Status::Transient("store.backup_running"_reason, "another backup is being made");
  auto facts = backend_->Backup(request);
  backing_up_ = false;
  if (facts.ok())
    Log(LogLevel::kInfo, "store.backup", {{"folder", request.folder}, {"act", std::to_string(facts->sequence)}});
  return facts;
}

}  // namespace tvan
