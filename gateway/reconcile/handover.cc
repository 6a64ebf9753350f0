#include "gateway/reconcile/handover.h"

#include <algorithm>
#include <optional>

#include "gateway/core/json.h"
#include "gateway/reconcile/columns.h"
#include "gateway/reconcile/provider_walk.h"

namespace tvan {
namespace {

int64_t Int(uint64_t value) { return static_cast<int64_t>(value); }

Status GivenUp() { return Status::Transient("reconcile.stopped"_reason, "the export was given up"); }

bool NeverLeft(const MessageMeta& meta) {
  return (meta.stage == Stage::kQueued || meta.stage == Stage::kHeld) && meta.attempts == 0 && !meta.restored;
}

class Exporting {
 public:
  Exporting(const HandoverParts& parts, const HandoverOrder& order)
      : parts_(parts), order_(order), segment_from_(order.after), segment_(parts.digester.BeginSha256()) {}

  Status Run() {
    as_of_ = parts_.store.position();
    const auto measures = parts_.store.Measure();
    if (!measures.ok()) return measures.status();
    const uint64_t through = measures->accepted_total;
    if (order_.after == 0 && !Give(HeaderLine())) return GivenUp();
    ProviderWalk walk(parts_.store, order_.provider, OldestWaiting(), through);
    while (true) {
      const auto page = walk.Next();
      if (!page.ok()) return page.status();
      if (!TellUnreadable(walk) || IsStopped()) return GivenUp();
      if (page->empty()) break;
      for (const MessageMeta& meta : *page)
        if (Status status = NeverLeft(meta) ? Take(meta) : Status(); !status.ok()) return status;
    }
    return Seal(std::max(through, order_.after), true);
  }

 private:
  bool IsStopped() const { return order_.stopped && order_.stopped(); }

  // As soon as the walk has stepped over it, so that no seal keeps silent about what stands in front of it. Who goes on
  // behind such a seal may meet it again.
  bool TellUnreadable(const ProviderWalk& walk) {
    unreadable_ += walk.unreadable() - told_;
    told_ = walk.unreadable();
    for (; named_ < walk.unreadable_after().size(); ++named_)
      if (!Give(UnreadableLine(walk.unreadable_after()[named_]))) return false;
    return true;
  }

  // In front of the first message that may be one of them; what cannot be asked is looked through.
  uint64_t OldestWaiting() const {
    uint64_t oldest = UINT64_MAX;
    const auto queues = parts_.store.Queues();
    if (!queues.ok()) return order_.after;
    for (const QueueKey& key : *queues) {
      if (key.provider != order_.provider) continue;
      const auto head = parts_.store.ReadQueue(key, order_.after, 1);
      if (!head.ok()) return order_.after;
      if (!head->empty()) oldest = std::min(oldest, head->front().acceptance);
    }
    const auto held = OldestHeld();
    if (!held) return order_.after;
    oldest = std::min(oldest, *held);
    return oldest == UINT64_MAX ? oldest : oldest - 1;
  }

  std::optional<uint64_t> OldestHeld() const {
    uint64_t after = order_.after;
    while (true) {
      const auto page = parts_.store.InStage(Stage::kHeld, after, ProviderWalk::kPage);
      if (!page.ok() || IsStopped()) return std::nullopt;
      if (page->empty()) return UINT64_MAX;
      for (const MessageMeta& meta : *page)
        if (meta.provider() == order_.provider) return meta.acceptance;
      after = page->back().acceptance;
    }
  }

  Status Take(const MessageMeta& meta) {
    if (IsStopped()) return GivenUp();
    FindBy by;
    by.gateway_id = meta.gateway_id;
    const auto found = parts_.store.Find(by);
    const auto payload = parts_.store.LoadPayload(meta.gateway_id);
    for (const Status& status : {found.status(), payload.status()})
      if (!status.ok() && status.reason() != "store.damaged"_reason) return status;
    if (!found.ok() || found->messages.empty() || !payload.ok()) {
      ++unreadable_;
      if (!Give(UnreadableLine(meta.acceptance - 1))) return GivenUp();
    } else {
      ++messages_;
      ++in_segment_;
      if (!Give(MessageLine(meta, found->messages.front().receipt, **payload))) return GivenUp();
    }
    if (in_segment_ < kSegmentMessages && segment_bytes_ < kSegmentBytes) return {};
    return Seal(meta.acceptance, false);
  }

  std::string HeaderLine() const {
    JsonWriter json;
    json.BeginObject().Key("handover").BeginObject();
    json.Key("as_of").String(FormatTime(parts_.clock.Now())).Key("format").String("tvan-handover");
    json.Key("incarnation").String(as_of_.incarnation).Key("provider").String(order_.provider.value());
    json.Key("version").Number(kHandoverVersion).EndObject().EndObject();
    return json.text() + "\n";
  }

  static std::string UnreadableLine(uint64_t after) {
    JsonWriter json;
    json.BeginObject().Key("unreadable").BeginObject().Key("after").Number(Int(after)).EndObject().EndObject();
    return json.text() + "\n";
  }

  static std::string MessageLine(const MessageMeta& meta, const std::string& receipt, const std::string& payload) {
    JsonWriter json;
    json.BeginObject().Key("message").BeginObject();
    json.Key("acceptance").Number(Int(meta.acceptance));
    json.Key("accepted_at").String(FormatTime(meta.accepted_at));
    json.Key("class").String(ToString(meta.cls));
    const bool by_mtdiep = meta.key.kind == SubmitIdKind::kMTDiep;
    json.Key(by_mtdiep ? "provider_mtdiep" : "client_reference").String(meta.key.value);
    json.Key("gateway_mtdiep").String(meta.gateway_id.value());
    json.Key("message_type").Number(meta.mltdiep);
    json.Key("mst").String(meta.mst.value());
    json.Key("payload").String(Base64Encode(payload));
    if (!meta.reason.empty()) json.Key("reason").String(meta.reason);
    json.Key("receipt").String(receipt);
    json.Key("sha256").String(meta.digest.Hex());
    json.Key("size").Number(Int(payload.size()));
    json.Key("state").String(ToString(meta.stage));
    json.EndObject().EndObject();
    return json.text() + "\n";
  }

  bool Give(std::string lines) {
    segment_->Add(lines);
    segment_bytes_ += lines.size();
    return order_.take({std::move(lines), messages_, 0, false, false});
  }

  Status Seal(uint64_t through, bool complete) {
    JsonWriter facts;
    facts.BeginObject();
    facts.Key("after").Number(Int(segment_from_));
    facts.Key("bytes").Number(Int(segment_bytes_));
    facts.Key("complete").Bool(complete);
    facts.Key("format").String("tvan-handover");
    facts.Key("incarnation").String(as_of_.incarnation);
    facts.Key("messages").Number(Int(in_segment_));
    facts.Key("provider").String(order_.provider.value());
    facts.Key("sealed_at").String(FormatTime(parts_.clock.Now()));
    facts.Key("sequence").Number(Int(as_of_.sequence));
    facts.Key("sha256").String(segment_->Finish().Hex());
    facts.Key("through").Number(Int(through));
    facts.Key("unreadable").Number(Int(unreadable_));
    facts.Key("version").Number(kHandoverVersion).EndObject();
    JsonWriter line;
    line.BeginObject().Key("seal").String(parts_.sealer.Seal(kHandoverType, facts.text())).EndObject();
    segment_ = parts_.digester.BeginSha256();
    segment_from_ = through;
    segment_bytes_ = in_segment_ = unreadable_ = 0;
    return order_.take({line.text() + "\n", messages_, through, true, complete}) ? Status() : GivenUp();
  }

  const HandoverParts& parts_;
  const HandoverOrder& order_;
  StorePosition as_of_;
  uint64_t messages_ = 0;
  uint64_t told_ = 0;  // of what the walk stepped over
  size_t named_ = 0;
  // Of the segment that is open.
  uint64_t segment_from_, in_segment_ = 0, segment_bytes_ = 0, unreadable_ = 0;
  std::unique_ptr<Sha256Stream> segment_;
};

}  // namespace

Status ExportBuffer(const HandoverParts& parts, const HandoverOrder& order) { return Exporting(parts, order).Run(); }

}  // namespace tvan
