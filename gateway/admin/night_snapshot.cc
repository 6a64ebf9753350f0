#include "gateway/admin/night_snapshot.h"

#include <algorithm>

#include "gateway/admin/operator_act.h"
#include "gateway/contract/every_provider.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr int kMostListed = 1000, kListed = 50;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

}  // namespace

Status NightSnapshots::Fill(const std::string& name, admin::v1::Snapshot& out) const {
  const SnapshotFolder& folder = parts_.snapshots.folder();
  auto sealed = folder.Read(name);
  if (!sealed.ok()) return sealed.status();
  out.set_name(name);
  out.set_folder(folder.path());
  out.set_manifest(std::move(sealed->manifest));
  out.set_jws(std::move(sealed->jws));
  out.set_bytes(sealed->csv_bytes);
  return {};
}

// A caller that is gone does not end it: half a snapshot is worth nothing.
Status NightSnapshots::Take(const admin::v1::TakeSnapshotRequest&, const std::string& author,
                            const Write<admin::v1::TakeSnapshotResponse>& write,
                            const std::function<bool()>& stopped) const {
  Log(LogLevel::kInfo, "admin.snapshot", {{"author", author}});
  NoteAct(parts_.records, {"take_snapshot", parts_.line.value(), "", author, "", parts_.handover.clock.Now()});
  admin::v1::TakeSnapshotResponse response;
  const auto name = parts_.snapshots.TakeNow(
      parts_.line,
      [&](uint64_t messages, uint64_t rows) {
        response.set_messages(messages);
        response.set_rows(rows);
        static_cast<void>(write(response));
      },
      stopped);
  if (!name.ok()) return name.status();
  if (Status status = Fill(*name, *response.mutable_done()); !status.ok()) return status;
  static_cast<void>(write(response));
  return {};
}

// One that cannot be read is left out, and hides no other.
Status NightSnapshots::List(const admin::v1::ListSnapshotsRequest& request,
                            admin::v1::ListSnapshotsResponse& response) const {
  if (request.limit() < 0 || request.limit() > kMostListed) return BadRequest("limit: 1..1000");
  const int limit = request.limit() == 0 ? kListed : request.limit();
  response.set_failure(parts_.snapshots.alarm_text());
  for (const std::string& name : parts_.snapshots.folder().Names()) {
    if (response.snapshots_size() == limit) break;
    if (!Fill(name, *response.add_snapshots()).ok()) response.mutable_snapshots()->RemoveLast();
  }
  return {};
}

Status NightSnapshots::Export(const admin::v1::ExportBufferRequest& request, const std::string& author,
                              const Write<admin::v1::ExportBufferResponse>& write,
                              const std::function<bool()>& stopped) const {
  const auto provider = ParseProviderId(request.provider());
  if (!provider.ok()) return BadRequest("provider: " + provider.status().message());
  const auto known = EverHadContract(parts_.records, *provider);
  if (!known.ok()) return known.status();
  if (!*known) return Status::Permanent("admin.not_found"_reason, "no provider " + provider->value());
  Log(LogLevel::kInfo, "admin.export_buffer",
      {{"author", author}, {"provider", provider->value()}, {"after", std::to_string(request.after_acceptance())}});
  const Status recorded = RecordAct(parts_.records, {"export_buffer", provider->value(),
                                                     "after acceptance " + std::to_string(request.after_acceptance()),
                                                     author, "", parts_.handover.clock.Now()});
  if (!recorded.ok()) return recorded;
  HandoverOrder order;
  order.provider = *provider;
  order.after = request.after_acceptance();
  order.stopped = stopped;
  order.take = [&](const HandoverPiece& piece) {
    admin::v1::ExportBufferResponse response;
    response.set_lines(piece.lines);
    response.set_messages(piece.messages);
    response.set_through_acceptance(piece.through);
    response.set_sealed(piece.sealed);
    response.set_complete(piece.complete);
    return write(response);
  };
  return ExportBuffer(parts_.handover, order);
}

}  // namespace tvan
