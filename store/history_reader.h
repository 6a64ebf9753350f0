#pragma once
// Gathers what is held of the invoices and codes that a message names: the one reading of the history's records, for
// the committer's batch and for questions alike. Made for one look and dropped after it; one thread.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
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
  // What is asked of a message that holds or follows an invoice. Each is read once in a look: many of the invoices that
  // a message names may be one package's.
  struct Known {
    Holder holder;
    Stage stage = Stage::kQueued;
    bool purged = false, whole = false;
    std::map<InvoiceKey, RelationKind> itself;  // its invoices that replace or adjust another one
  };

  void Ranges(const TaxCode& mst, HistoryFacts& facts);
  std::optional<Holder> HeldByAnother(const std::string& claim_key);
  OriginalFact Original(const InvoiceKey& invoice);
  void Filed(const InvoiceKey& invoice, OriginalFact& original);
  void Followers(const InvoiceKey& invoice, OriginalFact& original);
  bool IsWhole(const MessageMeta& meta);
  template <class Records>
  Records Read(Family family, const std::string& key, Result<Records> (*decode)(std::string_view));
  // nullptr: it cannot be read, as fail_ was told.
  const Known* Load(const MessageId& id);
  std::optional<Known> Read(const MessageId& id);

  const Get get_;
  const Fail fail_;
  const Time gaps_until_;
  MessageId own_;
  std::unordered_map<MessageId, std::optional<Known>> known_;
};

}  // namespace tvan
