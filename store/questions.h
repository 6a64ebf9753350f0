#pragma once
// The store's questions, answered from one consistent view. Pure readers; what cannot be read is left out of lists and
// reported through `damage`. Any thread, one object per thread.

#include <string>
#include <utility>
#include <vector>

#include "store/codec.h"
#include "store/history_reader.h"
#include "store/kv.h"
#include "store/queue_heads.h"
#include "store/record_store.h"

namespace tvan {

class Questions {
 public:
  // `heads` may be null; `generation` is its generation before the view was taken.
  explicit Questions(const KvView& view, QueueHeads* heads = nullptr, uint64_t generation = 0)
      : view_(view), heads_(heads), generation_(generation) {}

  std::vector<QueueKey> Queues();
  // These two end in front of what cannot be read.
  std::vector<MessageMeta> ReadQueue(const QueueKey& key, uint64_t after_acceptance, uint32_t limit);
  std::vector<MessageMeta> InStage(Stage stage, uint64_t after_acceptance, uint32_t limit);
  Result<std::optional<DamagedPlace>> FirstDamaged(const Listing& in, uint64_t after_acceptance);
  Result<SharedBytes> LoadPayload(const MessageId& gateway_id);
  std::optional<MessageMeta> ClaimHolder(const InvoiceKey& key);
  std::vector<MessageMeta> OpenRegistrations(const TaxCode& mst, uint64_t before_acceptance);
  std::vector<HistoryFinding> AskHistory(const NewMessage& message, Time gaps_until);

  std::string LinePosition(const LineId& line);
  Result<StoredAnswer> LoadAnswer(const std::string& answer_id, const std::string& incarnation);
  std::vector<StoredAnswer> Parked(uint32_t limit, const std::string& incarnation);
  UndecidedPage UndecidedAnswers(uint64_t after, uint32_t limit, const std::string& incarnation);
  std::vector<std::pair<MessageId, std::string>> Own999(uint32_t limit);

  std::vector<MailboxItem> ReadMailbox(const ProviderId& provider, const std::string& subscription,
                                       uint64_t after_sequence, uint32_t limit, uint64_t max_bytes);
  uint64_t Number(const std::string& control_key);  // absent: 0
  uint64_t NumberIn(std::string_view value);

  Found Find(const FindBy& by);  // as_of left empty
  Listed List(const ListFilter& filter);
  Measures Measure();
  PurgePlan PlanPurge(const PurgeRequest& request);  // kv_store_retention.cc
  std::vector<Rejection> Rejections(const ProviderId& provider, uint32_t limit);

  std::vector<OperatorRecord> ListRecords(const std::string& kind);
  std::vector<OperatorRecord> RecordHistory(const std::string& kind, const std::string& id, const HistoryPage& page);
  std::vector<OperatorRecord> ScanRecords(const std::string& kind, const std::string& after_id, uint32_t limit);
  AuditHead AuditEnd();
  AuditPage ReadAudit(uint64_t before_sequence, uint32_t limit);
  std::vector<AuditEntry> AuditFrom(uint64_t sequence, uint32_t limit);
  AuditTrail TrailOf(const AuditEntry& entry);
  DayCount CountOf(const ProviderId& provider, int32_t day);

  // A store that is a copy (questions_copies.cc). Messages up to the acceptance may have been sent since.
  void SetRestoredThrough(uint64_t acceptance) { restored_through_ = acceptance; }
  std::optional<Recovery> TheRecovery();
  std::string LinePositionAt(const LineId& line, Time at);
  std::vector<StoredAnswer> Joinable(uint32_t limit, const std::string& incarnation);

  // The first thing that could not be read.
  const Status& damage() const { return damage_; }

 private:
  using Places = std::vector<std::pair<uint64_t, MessageId>>;  // acceptance, message

  std::optional<std::string> Get(Family family, const std::string& key);
  void Scan(Family family, const std::string& prefix, const std::string& from, const KvView::Visit& visit);
  void Note(const Status& status) {
    if (damage_.ok()) damage_ = status;
  }
  std::optional<StoredMessage> Load(const MessageId& id);
  std::vector<Event> EventsOf(const StoredMessage& message);
  std::optional<OperatorRecord> Record(const std::string& key);
  std::optional<MessageView> View(const MessageId& id);
  std::vector<MessageId> Named(const FindBy& by, std::optional<Voided>& voided);
  std::vector<MessageId> NewestOfDigest(const Sha256& digest);
  std::optional<DamagedPlace> FirstPlace(const Listing& in, uint64_t after);
  Places PlacesOfQueue(const QueueKey& key, uint64_t after, uint32_t limit);
  Places PlacesOfStage(Stage stage, uint64_t after, uint32_t limit);
  std::vector<MessageMeta> Metas(Places places, uint32_t limit);
  Listed ListOf(const ProviderId& provider, const ListFilter& filter, uint32_t limit, uint32_t scan_limit);
  std::vector<ProviderId> Providers();
  std::vector<ProviderId> ProvidersWithMail();
  std::vector<std::pair<ProviderId, uint64_t>> Undelivered();
  // From the key `from` on, in front of the key `end`; empty: of all that begin so.
  std::vector<OperatorRecord> RecordsUnder(const std::string& prefix, const std::string& from, const std::string& end);

  // Entries of one queue after `after`, in order.
  void ScanQueue(const std::string& queue, uint64_t after, const KvView::Visit& visit);

  const KvView& view_;
  QueueHeads* heads_;
  uint64_t generation_;
  uint64_t restored_through_ = 0;
  Status damage_;
};

}  // namespace tvan
