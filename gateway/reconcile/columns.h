#pragma once
// The columns of a snapshot's CSV, in order, and the types of the seals: what is written here and read by tvanctl. Both
// are written down in SNAPSHOT.md and HANDOVER.md; a column is never renamed or moved within a version. Constant data.

#include <array>
#include <cstddef>
#include <string_view>

namespace tvan {

inline constexpr std::string_view kSnapshotType = "tvan-snapshot+jws", kHandoverType = "tvan-handover+jws";
inline constexpr int kSnapshotVersion = 1, kHandoverVersion = 1;

enum class Column : size_t {
  kBin,  // answered, sent_unknown, queued, refused
  kState,
  kReason,
  kDetail,
  kNote,
  kProvider,
  kProviderId,
  kGatewayId,
  kMessageType,
  kClass,
  kMst,
  kItem,
  kForm,
  kSeries,
  kNumber,
  kDate,
  kAmount,
  kCurrency,
  kBuyerName,
  kBuyerMst,
  kAcceptedAt,
  kSentAt,
  kStateSince,
  kAttempts,
  kSha256,
  kCount
};

inline constexpr size_t kColumns = static_cast<size_t>(Column::kCount);
inline constexpr std::array<std::string_view, kColumns> kColumnNames = {
    "bin",   "state",     "reason",      "detail",   "note",        "provider", "provider_id", "mtdiep", "mltdiep",
    "class", "mst",       "item",        "khmshdon", "khhdon",      "shdon",    "date",        "amount", "currency",
    "buyer", "buyer_mst", "accepted_at", "sent_at",  "state_since", "attempts", "sha256"};

}  // namespace tvan
