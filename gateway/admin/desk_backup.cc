// Backups of the live store: into the one configured folder, under a name that is checked, never over anything. And
// what is known of a store that is itself a copy.
#include <algorithm>
#include <utility>

#include "gateway/admin/desk.h"
#include "gateway/admin/operator_act.h"
#include "gateway/core/log.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

constexpr size_t kMostName = 64;

// Nothing that could leave the folder, hide in it, or be mistaken for an option.
bool IsName(const std::string& name) {
  const auto plain = [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0; };
  return !name.empty() && name.size() <= kMostName && plain(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](unsigned char c) { return plain(c) || c == '-' || c == '_' || c == '.'; });
}

// "20261121-235000", local time.
std::string NameOf(Time now) {
  std::string name;
  for (char c : FormatLocal(now)) {
    if (c == 'T') name += '-';
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

uint64_t PerCent(uint64_t done, uint64_t all) {
  return all == 0 ? 100 : static_cast<uint64_t>(100 * (static_cast<double>(done) / static_cast<double>(all)));
}

void FillDone(const BackupFacts& facts, const std::string& folder, admin::v1::BackupStoreResponse::Done& done) {
  done.set_folder(folder);
  done.set_incarnation(facts.incarnation);
  done.set_act(facts.sequence);
  done.set_acceptance(facts.acceptance);
  done.set_files(facts.files);
  done.set_bytes(facts.bytes);
  ToProto(facts.taken_at, *done.mutable_taken_at());
}

}  // namespace

Status Desk::BackUp(const admin::v1::BackupStoreRequest& request, const std::string& author,
                    const std::function<void(const admin::v1::BackupStoreResponse&)>& progress,
                    const std::function<bool()>& stopped) const {
  if (parts_.backup_dir.empty() || parts_.digester == nullptr)
    return Status::Permanent("admin.no_backup_dir"_reason, "store.backup_dir is not configured");
  const Time now = parts_.clock.Now();
  const std::string name = request.name().empty() ? NameOf(now) : request.name();
  if (!IsName(name))
    return Status::Permanent("admin.bad_request"_reason, "name: a-z, 0-9, '.', '-', '_', not a sign first, at most 64");
  const std::string folder = parts_.backup_dir + "/" + name;
  Log(LogLevel::kInfo, "admin.backup", {{"author", author}, {"folder", folder}});
  NoteAct(parts_.store, {"backup_store", name, "into " + folder, author, "", now});
  uint64_t told = 0;  // few and small ones: a client that does not read must not hold the backup up
  const auto tell = [&](uint64_t done, uint64_t all) {
    const uint64_t per_cent = PerCent(done, all);
    if (std::exchange(told, per_cent) == per_cent) return;
    admin::v1::BackupStoreResponse response;
    response.set_done_bytes(done);
    response.set_all_bytes(all);
    progress(response);
  };
  const auto facts = parts_.store.Backup({folder, now, *parts_.digester, tell, stopped});
  if (!facts) return facts.status();
  admin::v1::BackupStoreResponse response;
  response.set_done_bytes(facts->bytes);
  response.set_all_bytes(facts->bytes);
  FillDone(*facts, folder, *response.mutable_done());
  progress(response);
  return {};
}

Status Desk::FillRecovery(const std::string& phase, admin::v1::GetQueueResponse& response) const {
  const auto known = parts_.store.recovery();
  if (!known) return known.status();
  if (!*known) return {};
  const Recovery& recovery = **known;
  auto& out = *response.mutable_recovery();
  out.set_reason(ToString(recovery.reason));
  if (!recovery.ancestors.empty()) out.set_from_incarnation(recovery.ancestors.front().incarnation);
  ToProto(recovery.as_of(), *out.mutable_as_of());
  ToProto(recovery.made_at, *out.mutable_made_at());
  if (!recovery.active()) ToProto(recovery.ended_at, *out.mutable_ended_at());
  ToProto(recovery.SubmitAgainFrom(""), *out.mutable_submit_again_from());
  if (recovery.active()) out.set_phase(phase);
  return {};
}

}  // namespace tvan
