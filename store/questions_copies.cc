// Of a store that is a copy: what it is a copy of, where the line stood, and whose parked answers can be joined.
#include "store/keys.h"
#include "store/new_life.h"
#include "store/questions.h"

namespace tvan {

std::optional<Recovery> Questions::TheRecovery() {
  auto bytes = Get(Family::kControl, keys::kRecovery);
  if (!bytes) return std::nullopt;
  auto recovery = DecodeRecovery(*bytes);
  if (recovery.ok()) return std::move(recovery).value();
  Note(recovery.status());
  return std::nullopt;
}

std::string Questions::LinePositionAt(const LineId& line, Time at) {
  std::string position;
  Scan(Family::kIndex, keys::MarksOf(line), {}, [&](std::string_view key, std::string_view value) {
    if (TailU64(key).value_or(UINT64_MAX) > static_cast<uint64_t>(std::max<int64_t>(at.us, 0))) return false;
    position = std::string(value);
    return true;
  });
  return position;
}

std::vector<StoredAnswer> Questions::Joinable(uint32_t limit, const std::string& incarnation) {
  std::vector<MessageId> messages;
  ScanQueue(keys::kJoin, 0, [&](std::string_view, std::string_view id) {
    messages.push_back(MessageId::Trusted(std::string(id)));
    return messages.size() < limit;
  });
  std::vector<std::string> ids;
  for (const MessageId& id : messages) {
    const auto message = Load(id);
    if (!message) continue;
    for (const std::string& reference : {id.value(), ReferenceOf(message->meta.sent_digest)})
      Scan(Family::kIndex, keys::ParkedOf(reference), {}, [&](std::string_view, std::string_view answer) {
        ids.emplace_back(answer);
        return ids.size() < limit;
      });
  }
  std::vector<StoredAnswer> answers;
  if (ids.size() > limit) ids.resize(limit);
  for (const std::string& id : ids) {
    auto answer = LoadAnswer(id, incarnation);
    if (answer.ok())
      answers.push_back(std::move(answer).value());
    else
      Note(answer.status());
  }
  return answers;
}

}  // namespace tvan
