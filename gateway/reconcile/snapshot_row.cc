#include "gateway/reconcile/snapshot_row.h"

namespace tvan {

const char* ToString(Bin bin) {
  switch (bin) {
    case Bin::kAnswered:
      return "answered";
    case Bin::kSentUnknown:
      return "sent_unknown";
    case Bin::kQueued:
      return "queued";
    case Bin::kRefused:
      break;
  }
  return "refused";
}

std::optional<Bin> BinOf(const MessageMeta& meta) {
  switch (meta.stage) {
    case Stage::kQueued:
    case Stage::kHeld:
      return Bin::kQueued;
    case Stage::kSending:
    case Stage::kInDoubt:
    case Stage::kSent:
    case Stage::kAcknowledged:
      return Bin::kSentUnknown;
    case Stage::kWorkItem:
      return meta.attempts > 0 || meta.restored ? Bin::kSentUnknown : Bin::kQueued;
    case Stage::kAnswered:
    case Stage::kPartly:
      return Bin::kAnswered;
    case Stage::kRefused:
      return Bin::kRefused;
    case Stage::kWithdrawn:
      break;
  }
  return std::nullopt;
}

Cells CellsOf(const SnapshotRow& row, size_t number, const InvoiceFacts& invoice) {
  const MessageMeta& m = row.meta;
  Cells cells;
  const auto set = [&cells](Column column, std::string value) {
    cells[static_cast<size_t>(column)] = std::move(value);
  };
  set(Column::kBin, ToString(row.bin));
  set(Column::kState, ToString(m.stage));
  set(Column::kReason, m.reason);
  set(Column::kDetail, row.detail);
  set(Column::kNote, row.unreadable ? "payload_unreadable" : row.moved ? "moved" : "");
  set(Column::kProvider, m.provider().value());
  set(Column::kProviderId, m.key.value);
  set(Column::kGatewayId, m.gateway_id.value());
  set(Column::kMessageType, std::to_string(m.mltdiep));
  set(Column::kClass, std::string(ToString(m.cls)));
  set(Column::kMst, m.mst.value());
  if (number > 0) set(Column::kItem, std::to_string(number));
  set(Column::kForm, invoice.form);
  set(Column::kSeries, invoice.series);
  set(Column::kNumber, invoice.number);
  set(Column::kDate, invoice.date);
  set(Column::kAmount, invoice.amount);
  set(Column::kCurrency, invoice.currency);
  set(Column::kBuyerName, invoice.buyer);
  set(Column::kBuyerMst, invoice.buyer_mst);
  set(Column::kAcceptedAt, FormatTime(m.accepted_at));
  if (m.attempts > 0) set(Column::kSentAt, FormatTime(m.last_attempt_at));
  set(Column::kStateSince, FormatTime(m.stage_since));
  set(Column::kAttempts, std::to_string(m.attempts));
  set(Column::kSha256, m.digest.Hex());
  return cells;
}

}  // namespace tvan
