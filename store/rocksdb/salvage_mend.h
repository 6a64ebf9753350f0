#pragma once
// Makes a whole store of what a salvage copied: messages, answers and operators' records are what counts; queues,
// indexes, counters, claims and parked answers are made again from them, and what names something that is not there is
// dropped and told. Private to this folder.

#include <map>
#include <set>

#include "store/codec.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/salvage_target.h"

namespace tvan {

class Mender {
 public:
  Mender(SalvageTarget& target, const CopyRequest& request, SalvageReport& report, const OnLoss& on_loss)
      : target_(target), request_(request), report_(report), on_loss_(on_loss) {}
  void Mend();

 private:
  void Lose(const std::string& what, const std::string& mtdiep, const std::string& detail);
  void Note(Time at) { report_.as_of = std::max(report_.as_of, at); }

  void MendMessages();
  void MendMessage(StoredMessage message);
  bool PayloadIsWhole(const MessageMeta& meta);
  void GiveUpSending(StoredMessage& message);
  void Enter(const MessageMeta& meta);
  void Hold(const MessageMeta& meta);
  bool Claim(const std::string& key, const MessageMeta& meta, bool released);
  void Follow(const InvoiceRelation& relation, const MessageMeta& meta, bool released);
  void DropDangling();
  void DropFromIndex(std::string_view key, std::string_view value);
  void MendClaims();
  template <class Entry>
  void KeepThoseWithMessages(std::string_view key, Result<std::vector<Entry>> entries);
  void MendAnswers();
  bool WasNotApplied(const IncomingAnswer& answer);
  void Park(const AnswerRecord& record);
  void KeepRange(const RegisterRange& range);
  void MendMailboxes();
  void MendOwn999();
  void MendAudit();
  void LoseEntries(uint64_t from, uint64_t until);
  void CountOnItsDay(const MessageMeta& meta);
  void WriteDays();
  void WriteCounters();
  uint64_t Number(const std::string& key);

  SalvageTarget& target_;
  const CopyRequest& request_;
  SalvageReport& report_;
  const OnLoss& on_loss_;
  std::set<std::string> lost_;  // MTDieps, told once
  std::map<std::string, QueueCount> queues_;
  std::map<std::string, DayCount> days_;
  std::map<std::string, uint64_t> numbers_;  // control counters made anew: stages, providers, mailbox ends
  uint64_t waiting_bytes_ = 0, parked_ = 0, own_999_ = 0, acceptance_ = 0, answers_ = 0, sequence_ = 0;
  uint64_t first_lost_ = UINT64_MAX;  // acceptance
  Time before_first_loss_ = kForever, messages_as_of_;
};

}  // namespace tvan
