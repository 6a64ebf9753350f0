#include "gateway/reconcile/snapshot.h"

#include <algorithm>
#include <array>

#include "gateway/core/utf8.h"
#include "gateway/reconcile/csv.h"
#include "gateway/reconcile/manifest.h"
#include "gateway/reconcile/new_file.h"
#include "gateway/reconcile/old_open.h"
#include "gateway/reconcile/provider_walk.h"
#include "gateway/reconcile/snapshot_folder.h"

namespace tvan {
namespace {

constexpr size_t kMostDetail = 500;

class Taking {
 public:
  Taking(const SnapshotParts& parts, const SnapshotOrder& order)
      : parts_(parts),
        order_(order),
        folder_(order.folder),
        name_(SnapshotName(order.line, order.window, order.stop_at)),
        csv_(folder_.File(name_, ".csv"), parts.digester, order.leave_free) {}

  Result<std::string> Run() {
    Status status = Begin();
    if (status.ok()) status = FindOlder();
    if (status.ok()) status = csv_.Open();
    if (status.ok()) status = WriteHeader();
    if (status.ok()) status = Older();
    if (status.ok()) status = Recent();
    if (status.ok()) status = csv_.Commit();
    if (status.ok()) status = Seal();
    return status.ok() ? Result<std::string>(name_) : Result<std::string>(status);
  }

 private:
  Status Begin() {
    m_.line = order_.line;
    m_.window = order_.window;
    m_.by_hand = order_.by_hand;
    m_.stop_at = order_.stop_at;
    m_.made_at = parts_.clock.Now();
    m_.late = m_.made_at - m_.stop_at > kLateAfter;
    m_.as_of = parts_.store.position();
    const auto measures = parts_.store.Measure();
    if (!measures.ok()) return measures.status();
    m_.store_counts = measures->stages;
    through_ = measures->accepted_total;
    const Time day = m_.stop_at - kAnsweredWithin;
    m_.answered_from = std::max(day, folder_.Before(order_.line, m_.stop_at).value_or(day));
    m_.looked_from = AcceptanceBefore(parts_.store, m_.answered_from - kAcceptedWithin, through_);
    return {};
  }

  Status Recent() {
    const auto providers = parts_.providers();
    if (!providers.ok()) return providers.status();
    Status status;
    for (const ProviderId& provider : *providers)
      if (status.ok()) status = Recent(provider);
    return status;
  }

  Status WriteHeader() {
    const std::vector<std::string> names(kColumnNames.begin(), kColumnNames.end());
    line_.clear();
    AppendCsvRecord(names, line_);
    return csv_.Add(line_);
  }

  // Where more are open than can be remembered, all is walked through from the oldest of them.
  Status FindOlder() {
    auto older = FindOldOpen(parts_.store, m_.looked_from, order_.most_old, order_.stopped);
    if (!older.ok()) return older.status();
    older_ = *std::move(older);
    if (!older_.too_many) return {};
    const auto before = BeforeOldestOpen(parts_.store);
    if (!before.ok()) return before.status();
    m_.looked_from = std::min(m_.looked_from, *before);
    older_ = {};
    return {};
  }

  // As they are now, each once, whatever state they were found in.
  Status Older() {
    for (const uint64_t acceptance : older_.damaged) Unreadable(acceptance - 1);
    for (const auto& [provider, acceptance] : older_.messages) {
      ProviderWalk walk(parts_.store, provider, acceptance - 1, acceptance);
      if (Status status = WalkThrough(walk); !status.ok()) return status;
    }
    return {};
  }

  Status Recent(const ProviderId& provider) {
    ProviderWalk walk(parts_.store, provider, m_.looked_from, through_);
    return WalkThrough(walk);
  }

  Status WalkThrough(ProviderWalk& walk) {
    while (true) {
      const auto page = walk.Next();
      if (!page.ok()) return page.status();
      if (page->empty()) break;
      if (Status status = TakePage(*page); !status.ok()) return status;
    }
    for (const uint64_t after : walk.unreadable_after()) Unreadable(after);
    m_.messages_unreadable += walk.unreadable() - walk.unreadable_after().size();
    return {};
  }

  void Unreadable(uint64_t after) {
    ++m_.messages_unreadable;
    if (m_.unreadable_after.size() < ProviderWalk::kMostNamed) m_.unreadable_after.push_back(after);
  }

  Status TakePage(const std::vector<MessageMeta>& page) {
    for (const MessageMeta& meta : page) {
      if (order_.stopped && order_.stopped())
        return Status::Transient("reconcile.stopped"_reason, "the snapshot was given up: the gateway stops");
      const auto bin = BinOf(meta);
      if (!bin || meta.purged() || meta.accepted_at > m_.stop_at) continue;
      if (IsFinal(meta.stage) && meta.stage_since < m_.answered_from) continue;
      if (Status status = TakeMessage(meta, *bin); !status.ok()) return status;
    }
    looked_at_ += page.size();
    if (order_.progress) order_.progress(looked_at_, m_.rows);
    return {};
  }

  Status TakeMessage(const MessageMeta& meta, Bin bin) {
    SnapshotRow row{meta, bin, meta.stage_since > m_.stop_at, false, {}};
    auto payload = parts_.store.LoadPayload(meta.gateway_id);
    if (!payload.ok() && payload.status().reason() != "store.damaged"_reason) return payload.status();
    const auto document = payload.ok() ? parts_.parser.Parse(**payload) : payload.status();
    row.unreadable = !document.ok();
    if (bin == Bin::kRefused) row.detail = RefusalOf(meta.gateway_id);
    m_.AddMessage(row);
    const auto invoices = document.ok() ? InvoicesOf(meta.mltdiep, **document) : std::vector<InvoiceFacts>();
    Status status = invoices.empty() ? Write(row, 0, {}) : Status();
    for (size_t i = 0; i < invoices.size() && status.ok(); ++i) status = Write(row, i + 1, invoices[i]);
    return status;
  }

  // The words of the newest answer; a look that fails leaves them out.
  std::string RefusalOf(const MessageId& id) const {
    FindBy by;
    by.gateway_id = id;
    const auto found = parts_.store.Find(by);
    if (!found.ok() || found->messages.empty()) return {};
    const auto& events = found->messages.front().events;
    const auto answer = std::find_if(events.rbegin(), events.rend(), [](const Event& event) {
      return event.kind == EventKind::kAnswer || event.kind == EventKind::kAcknowledged;
    });
    return answer == events.rend() ? std::string() : std::string(CutUtf8(answer->detail, kMostDetail));
  }

  Status Write(const SnapshotRow& row, size_t number, const InvoiceFacts& invoice) {
    m_.AddInvoice(row, invoice);
    line_.clear();
    AppendCsvRecord(CellsOf(row, number, invoice), line_);
    return csv_.Add(line_);
  }

  // The seal last: a snapshot without one is none, and is made again.
  Status Seal() {
    m_.ended_at = parts_.clock.Now();
    m_.sequence_end = parts_.store.position().sequence;
    m_.file = name_ + ".csv";
    m_.bytes = csv_.bytes();
    m_.digest = csv_.digest();
    const std::string json = ManifestJson(m_);
    const Digester& digester = parts_.digester;
    Status status = WriteNewFile(folder_.File(name_, ".json"), json, digester, order_.leave_free);
    if (!status.ok()) return status;
    return WriteNewFile(folder_.File(name_, ".jws"), parts_.sealer.Seal(kSnapshotType, json), digester,
                        order_.leave_free);
  }

  const SnapshotParts& parts_;
  const SnapshotOrder& order_;
  const SnapshotFolder folder_;
  const std::string name_;
  NewFile csv_;
  Manifest m_;
  uint64_t through_ = 0, looked_at_ = 0;
  OldOpen older_;
  std::string line_;
};

}  // namespace

Result<std::string> TakeSnapshot(const SnapshotParts& parts, const SnapshotOrder& order) {
  return Taking(parts, order).Run();
}

}  // namespace tvan
