// Who holds an invoice, and what the history says against a message.
#include "store/codec_fields.h"
#include "store/keys.h"
#include "store/questions.h"

namespace tvan {

std::optional<MessageMeta> Questions::ClaimHolder(const InvoiceKey& key) {
  auto bytes = Get(Family::kClaim, keys::Claim(key));
  if (!bytes) return std::nullopt;
  auto holders = DecodeClaims(*bytes);
  if (!holders.ok()) return Note(holders.status()), std::nullopt;
  auto message = Load(holders->back().gateway_id);
  if (!message) return Note(codec::Damaged("a claim names a message that is not there")), std::nullopt;
  return std::move(message->meta);
}

std::vector<MessageMeta> Questions::OpenRegistrations(const TaxCode& mst, uint64_t before_acceptance) {
  std::vector<MessageMeta> open;
  const auto bytes = Get(Family::kClaim, keys::Claim(RegistrationOf(mst)));
  if (!bytes) return open;
  const auto holders = DecodeClaims(*bytes);
  if (!holders.ok()) return Note(holders.status()), open;
  for (auto holder = holders->rbegin(); holder != holders->rend(); ++holder) {
    auto message = Load(holder->gateway_id);
    if (!message)
      Note(codec::Damaged("a claim names a message that is not there"));
    else if (message->meta.acceptance < before_acceptance && IsOpen(message->meta.stage))
      open.push_back(std::move(message->meta));
  }
  return open;
}

std::vector<HistoryFinding> Questions::AskHistory(const NewMessage& message, Time gaps_until) {
  HistoryReader reader([this](Family family, const std::string& key) { return Get(family, key); },
                       [this](const Status& status) { Note(status); }, gaps_until);
  return JudgeHistory(message, reader.FactsOf(message));
}

}  // namespace tvan
