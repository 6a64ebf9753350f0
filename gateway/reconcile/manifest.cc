#include "gateway/reconcile/manifest.h"

#include <algorithm>

#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr size_t kMostCurrencies = 64;  // of a bin; what a peer writes must not make the manifest grow
const char kDong[] = "VND";             // always has room
const char kNotSaid[] = "not_said";     // cash registers may leave the currency out

int64_t Int(uint64_t value) { return static_cast<int64_t>(value); }

bool IsCurrency(const std::string& text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr Bin kBins[] = {Bin::kAnswered, Bin::kQueued, Bin::kRefused, Bin::kSentUnknown};  // sorted by name

void WriteCounts(const Manifest& m, JsonWriter& json) {
  json.Key("counts").BeginObject();
  for (const Bin bin : kBins) {
    json.Key(ToString(bin)).BeginObject();
    for (const auto& [key, count] : m.counts) {
      if (key.first != bin) continue;
      json.Key(ToString(key.second)).BeginObject();
      json.Key("messages").Number(Int(count.messages)).Key("rows").Number(Int(count.rows)).EndObject();
    }
    json.EndObject();
  }
  json.EndObject();
}

void WriteSums(const Manifest& m, JsonWriter& json) {
  json.Key("sums").BeginObject();
  for (const Bin bin : kBins) {
    json.Key(ToString(bin)).BeginObject();
    for (const auto& [key, sum] : m.sums)
      if (key.first == bin) json.Key(key.second).String(sum.ToString());
    json.EndObject();
  }
  json.EndObject();
}

void WriteStore(const Manifest& m, JsonWriter& json) {
  json.Key("store_counts").BeginObject();
  for (const auto& [stage, count] : m.store_counts) json.Key(ToString(stage)).Number(Int(count));
  json.EndObject();
}

void WriteUnreadable(const Manifest& m, JsonWriter& json) {
  json.Key("unreadable").BeginObject();
  json.Key("messages").Number(Int(m.messages_unreadable)).Key("messages_after").BeginArray();
  for (const uint64_t after : m.unreadable_after) json.Number(Int(after));
  json.EndArray().Key("payloads").Number(Int(m.payloads_unreadable)).EndObject();
}

}  // namespace

void Manifest::AddMessage(const SnapshotRow& row) {
  ++messages;
  ++counts[{row.bin, row.meta.cls}].messages;
  moved += row.moved ? 1 : 0;
  payloads_unreadable += row.unreadable ? 1 : 0;
}

void Manifest::AddInvoice(const SnapshotRow& row, const InvoiceFacts& invoice) {
  ++rows;
  ++counts[{row.bin, row.meta.cls}].rows;
  if (invoice.amount.empty()) return;
  const auto amount = Decimal::Parse(invoice.amount);
  const std::string currency = invoice.currency.empty() ? kNotSaid : invoice.currency;
  const auto known = sums.find({row.bin, currency});
  const auto of_bin =
      std::count_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.first.first == row.bin; });
  const bool room = known != sums.end() || currency == kDong || currency == kNotSaid ||
                    of_bin < static_cast<std::ptrdiff_t>(kMostCurrencies);
  if (!amount || !room || (currency != kNotSaid && !IsCurrency(currency))) {
    ++not_summed;
    return;
  }
  Decimal& sum = sums[{row.bin, currency}];
  sum = sum + *amount;
}

std::string ManifestJson(const Manifest& m) {
  JsonWriter json;
  json.BeginObject();
  json.Key("answered_from").String(FormatTime(m.answered_from));
  json.Key("by_hand").Bool(m.by_hand);
  WriteCounts(m, json);
  json.Key("csv").BeginObject();
  json.Key("bytes").Number(Int(m.bytes)).Key("file").String(m.file).Key("rows").Number(Int(m.rows));
  json.Key("sha256").String(m.digest.Hex()).EndObject();
  json.Key("ended_at").String(FormatTime(m.ended_at));
  json.Key("format").String("tvan-snapshot");
  json.Key("incarnation").String(m.as_of.incarnation);
  json.Key("late").Bool(m.late);
  json.Key("line").String(m.line);
  json.Key("looked_from").Number(Int(m.looked_from));
  json.Key("made_at").String(FormatTime(m.made_at));
  json.Key("messages").Number(Int(m.messages));
  json.Key("moved").Number(Int(m.moved));
  json.Key("not_summed").Number(Int(m.not_summed));
  json.Key("sequence").Number(Int(m.as_of.sequence));
  json.Key("sequence_end").Number(Int(m.sequence_end));
  json.Key("stop_at").String(FormatTime(m.stop_at));
  WriteStore(m, json);
  WriteSums(m, json);
  WriteUnreadable(m, json);
  json.Key("version").Number(kSnapshotVersion);
  json.Key("window").String(m.window);
  json.EndObject();
  return json.text();
}

}  // namespace tvan
