#include "store/questions.h"

#include <algorithm>
#include <deque>

#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {

std::optional<std::string> Questions::Get(Family family, const std::string& key) {
  auto got = view_.Get(family, key);
  if (got.ok()) return std::move(got).value();
  Note(got.status());
  return std::nullopt;
}

void Questions::Scan(Family family, const std::string& prefix, const std::string& from, const KvView::Visit& visit) {
  if (Status s = view_.Scan(family, prefix, from, visit); !s.ok()) Note(s);
}

uint64_t Questions::Number(const std::string& control_key) {
  auto bytes = Get(Family::kControl, control_key);
  return bytes ? NumberIn(*bytes) : 0;
}

uint64_t Questions::NumberIn(std::string_view value) {
  const auto number = ReadU64(value);
  if (!number) Note(codec::Damaged("a counter is not a number"));
  return number.value_or(0);
}

std::optional<StoredMessage> Questions::Load(const MessageId& id) {
  auto bytes = Get(Family::kMeta, id.value());
  if (!bytes) return std::nullopt;
  auto message = DecodeMessage(*bytes);
  if (message.ok() && message->meta.acceptance <= restored_through_) message->meta.restored = true;
  if (message.ok()) return std::move(message).value();
  Note(message.status());
  return std::nullopt;
}

std::vector<QueueKey> Questions::Queues() {
  std::vector<QueueKey> queues;
  Scan(Family::kControl, keys::kQueueCounters, {}, [&](std::string_view key, std::string_view) {
    if (auto queue = keys::ParseQueueCounter(key)) queues.push_back(std::move(*queue));
    return true;
  });
  return queues;
}

void Questions::ScanQueue(const std::string& queue, uint64_t after, const KvView::Visit& visit) {
  const uint64_t head = heads_ == nullptr ? 0 : heads_->From(queue);
  const bool from_head = after < head || head == 0;
  uint64_t first = UINT64_MAX;  // an empty queue has its head at the end
  Scan(Family::kQueue, queue, queue + U64(std::max(after + 1, head)),
       [&](std::string_view key, std::string_view value) {
         if (first == UINT64_MAX) first = *TailU64(key);
         return visit(key, value);
       });
  if (heads_ != nullptr && from_head && (head != 0 || after == 0) && damage_.ok())
    heads_->Raise(queue, first, generation_);
}

Questions::Places Questions::PlacesOfQueue(const QueueKey& key, uint64_t after, uint32_t limit) {
  Places places;
  if (limit == 0 || after == UINT64_MAX) return places;
  ScanQueue(keys::QueueOf(key), after, [&](std::string_view at, std::string_view value) {
    auto entry = DecodeQueueEntry(value);
    if (!entry.ok()) return Note(entry.status()), false;
    places.emplace_back(*TailU64(at), std::move(entry->gateway_id));
    return places.size() < limit;
  });
  return places;
}

Questions::Places Questions::PlacesOfStage(Stage stage, uint64_t after, uint32_t limit) {
  Places places;
  if (limit == 0 || after == UINT64_MAX) return places;
  if (stage == Stage::kQueued) {
    for (const QueueKey& queue : Queues()) {
      Places more = PlacesOfQueue(queue, after, limit);
      places.insert(places.end(), more.begin(), more.end());
    }
    if (!damage_.ok()) return {};  // of which queue the first would be is not known
    std::sort(places.begin(), places.end());
    return places;
  }
  ScanQueue(keys::StageOf(stage), after, [&](std::string_view at, std::string_view value) {
    places.emplace_back(*TailU64(at), MessageId::Trusted(std::string(value)));
    return places.size() < limit;
  });
  return places;
}

std::vector<MessageMeta> Questions::Metas(Places places, uint32_t limit) {
  std::vector<MessageMeta> metas;
  bool whole = true;
  if (places.size() > limit) places.resize(limit);
  for (const auto& [acceptance, id] : places) {  // to the end: an engine that fetches asks for all of them at once
    auto message = Load(id);
    if (!message) Note(codec::Damaged("a queue or stage names a message that is not there"));
    whole = whole && message.has_value();
    if (whole) metas.push_back(std::move(message->meta));
  }
  return metas;
}

std::vector<MessageMeta> Questions::ReadQueue(const QueueKey& key, uint64_t after_acceptance, uint32_t limit) {
  return Metas(PlacesOfQueue(key, after_acceptance, limit), limit);
}

std::vector<MessageMeta> Questions::InStage(Stage stage, uint64_t after_acceptance, uint32_t limit) {
  if (IsOpen(stage)) return Metas(PlacesOfStage(stage, after_acceptance, limit), limit);
  std::vector<MessageMeta> metas;
  Listed page{{}, after_acceptance, true};
  while (page.more && metas.size() < limit && damage_.ok()) {
    const auto left = static_cast<uint32_t>(limit - metas.size());
    page = List({.stage = stage, .after_acceptance = page.next_after, .limit = left});
    std::move(page.messages.begin(), page.messages.end(), std::back_inserter(metas));
  }
  if (!damage_.ok()) metas.clear();  // a list leaves out what cannot be read, wherever it is
  return metas;
}

// The first place after `after`; a queue's entry that cannot be read has a place and no id.
std::optional<DamagedPlace> Questions::FirstPlace(const Listing& in, uint64_t after) {
  const Stage* stage = std::get_if<Stage>(&in);
  std::optional<DamagedPlace> first;
  if (after == UINT64_MAX) return first;
  if (stage != nullptr && *stage == Stage::kQueued) {
    const Places places = PlacesOfStage(*stage, after, 1);
    if (!places.empty()) first = DamagedPlace{places.front().first, places.front().second};
    return first;
  }
  ScanQueue(
      stage == nullptr ? keys::QueueOf(std::get<QueueKey>(in)) : keys::StageOf(*stage), after,
      [&](std::string_view at, std::string_view value) {
        first = DamagedPlace{*TailU64(at), stage == nullptr ? MessageId() : MessageId::Trusted(std::string(value))};
        if (auto entry = DecodeQueueEntry(value); stage == nullptr && entry.ok())
          first->gateway_id = std::move(entry->gateway_id);
        return false;
      });
  return first;
}

Result<std::optional<DamagedPlace>> Questions::FirstDamaged(const Listing& in, uint64_t after_acceptance) {
  std::optional<DamagedPlace> first = FirstPlace(in, after_acceptance);
  if (!damage_.ok()) return damage_;
  if (!first || first->gateway_id.empty()) return first;
  if (Load(first->gateway_id)) return std::optional<DamagedPlace>();
  // Not there at all is damage too; a read that failed may succeed the next time.
  if (!damage_.ok() && damage_.disposition() != Disposition::kPermanent) return damage_;
  return first;
}

Result<SharedBytes> Questions::LoadPayload(const MessageId& gateway_id) {
  auto message = Load(gateway_id);
  if (!message) {
    if (!damage_.ok()) return damage_;
    return Status::Permanent("store.unknown_message"_reason, "no message " + gateway_id.value());
  }
  if (message->meta.purged())
    return Status::Permanent("store.purged"_reason, "the bytes of " + gateway_id.value() + " were removed");
  auto record = Get(Family::kPayload, U64(message->meta.acceptance));
  if (!record) {
    if (!damage_.ok()) return damage_;
    return Status::Permanent("store.damaged"_reason, "the payload of " + gateway_id.value() + " is missing");
  }
  auto parts = DecodePayload(*record);
  if (!parts.ok()) return parts.status();
  if (parts->payload.size() != message->meta.payload_size)
    return Status::Permanent("store.damaged"_reason, "the payload of " + gateway_id.value() + " has another size");
  return SharedBytes(std::make_shared<const std::string>(std::move(parts->payload)));
}

std::vector<Event> Questions::EventsOf(const StoredMessage& message) {
  std::vector<Event> events;
  events.push_back(
      {.kind = EventKind::kAccepted, .at = message.meta.accepted_at, .sequence = message.accepted_sequence});
  Scan(Family::kEvent, U64(message.meta.acceptance), {}, [&](std::string_view, std::string_view value) {
    auto event = DecodeEvent(value);
    if (event.ok())
      events.push_back(std::move(event).value());
    else
      Note(event.status());
    return true;
  });
  return events;
}

std::optional<MessageView> Questions::View(const MessageId& id) {
  auto message = Load(id);
  if (!message) return std::nullopt;
  MessageView view;
  view.events = EventsOf(*message);
  view.meta = std::move(message->meta);
  if (view.meta.purged()) return view;
  if (auto record = Get(Family::kPayload, U64(view.meta.acceptance)); !record) {
    Note(codec::Damaged("the payload is missing"));
  } else {
    auto parts = DecodePayload(*record);
    if (!parts.ok())
      Note(parts.status());
    else
      view.receipt = std::move(parts->receipt), view.ack999 = std::move(parts->ack999);
  }
  return view;
}

std::vector<MessageId> Questions::NewestOfDigest(const Sha256& digest) {
  std::deque<MessageId> newest;
  Scan(Family::kIndex, keys::DigestOf(digest), {}, [&](std::string_view, std::string_view id) {
    newest.push_front(MessageId::Trusted(std::string(id)));
    if (newest.size() > kMostHolders) newest.pop_back();
    return true;
  });
  return {newest.begin(), newest.end()};
}

std::vector<MessageId> Questions::Named(const FindBy& by, std::optional<Voided>& voided) {
  if (by.kind == FindBy::Kind::kGatewayId) return {by.gateway_id};
  if (by.kind == FindBy::Kind::kDigest) return NewestOfDigest(by.digest);
  std::vector<MessageId> ids;
  if (by.kind == FindBy::Kind::kProviderKey || by.kind == FindBy::Kind::kSentDigest) {
    const bool sent = by.kind == FindBy::Kind::kSentDigest;
    const std::string key = sent ? keys::SentDigest(by.digest) : keys::Idempotency(by.provider_key);
    const auto id = Get(Family::kIndex, key);
    if (id && IsVoided(*id)) {
      auto given_up = DecodeVoided(*id);
      if (given_up.ok())
        voided = std::move(given_up).value();
      else
        Note(given_up.status());
    } else if (id) {
      ids.push_back(MessageId::Trusted(*id));
    }
    return ids;
  }
  auto bytes = Get(Family::kClaim, keys::Claim(by.invoice));
  if (!bytes) return ids;
  auto holders = DecodeClaims(*bytes);
  if (!holders.ok()) return Note(holders.status()), ids;
  for (auto it = holders->rbegin(); it != holders->rend(); ++it) ids.push_back(it->gateway_id);
  return ids;
}

Found Questions::Find(const FindBy& by) {
  Found found;
  for (const MessageId& id : Named(by, found.voided)) {
    if (auto view = View(id))
      found.messages.push_back(std::move(*view));
    else if (by.kind != FindBy::Kind::kGatewayId)
      Note(codec::Damaged("an index names a message that is not there"));
  }
  return found;
}

}  // namespace tvan
