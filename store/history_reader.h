#pragma once
// Gathers what is held of the invoices and codes that a message names: the one reading of the history's records, for
// the committer's batch and for questions alike. Made for one look and dropped after it; one thread.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/codec.h"
#include "store/judge.h"
#include "store/kv.h"

namespace tvan {

class HistoryReader {
 public:
  using Get = std::function<std::optional<std::string>(Family family, const std::string& key)>;
  using Fail = std::function<void(const Status& status)>;  // what cannot be read; the facts do not count then
  // What was accepted before `gaps_until` may have been followed by what was lost with an older life of the store.
  HistoryReader(Get get, Fail fail, Time gaps_until)
      : get_(std::move(get)), fail_(std::move(fail)), gaps_until_(gaps_until) {}

  HistoryFacts FactsOf(const NewMessage& message);

 private:
  std::optional<Holder> HeldByAnother(const std::string& claim_key);
  OriginalFact Original(const InvoiceKey& invoice);
  void Filed(const InvoiceKey& invoice, OriginalFact& original);
  void Followers(const InvoiceKey& invoice, OriginalFact& original);
  bool IsWhole(const MessageMeta& meta);
  template <class Records>
  Records Read(Family family, const std::string& key, Result<Records> (*decode)(std::string_view));
  std::optional<MessageMeta> Load(const MessageId& id);

  const Get get_;
  const Fail fail_;
  const Time gaps_until_;
  MessageId own_;
};

}  // namespace tvan
