#pragma once
// Feedback's intake: takes answers from the line, correlates them, decides their effects, routes them to mailboxes or
// parks them; all of it durable, with the position, in one act before the line is read on (P4). Our own 999 is queued
// in the same act and sent by the same thread while the line is open. One thread per line; searches run beside it.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/answer_search.h"
#include "adapters/authority_channel.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/feedback/taxpayer_news.h"
#include "gateway/validate/answer.h"
#include "store/store.h"

namespace tvan {

class Receiver : public AnswerSearch {
 public:
  struct Options {
    TaxCode our_mst;
    std::string message_id_key;           // HMAC key of our MTDieps
    Span poll = std::chrono::seconds(1);  // between empty reads
    uint32_t batch = 100;
    std::set<std::string> duplicate_codes = {"1002"};
    std::set<std::string> system_codes = {"-1", "2002", "2003", "2004", "2005", "2006", "2012"};
    // Faults of the message itself: a 999 with one of these is final; a code in no list is a work item.
    std::set<std::string> refusal_codes = {"1000", "1001", "2010", "2011"};
    std::set<int> no_own_999 = {999, -1, -2};  // answer types that we do not acknowledge
    // An answer whose signature does not verify (effects.h, SignatureOf) is delivered and decides nothing.
    bool strict_signatures = false;
    NewsTypes news{};
  };
  struct Hooks {
    // Reading and our own 999s stop while this is false (P6: nothing is polled while closed).
    std::function<bool(Time)> may_receive;
    // The last instant for the first byte of a read; empty: none.
    std::function<Steady()> read_by;
    // The last instant for the first byte of an own 999 (P6), in the past while they are held; empty: none but a second
    // from now.
    std::function<Steady()> not_after;
    // Before the durable act that makes its message due again, so that none leaves between the two. Called again when
    // the act fails and is repeated. → Dispatcher::LineDown
    std::function<void(Reason, const std::string& detail, const MessageId& about)> on_system_code;
    std::function<void()> on_stored;  // after the durable act
  };
  static std::unique_ptr<Receiver> Make(const Options& options, Store& store, ContractBook& contracts,
                                        AuthorityChannel& channel, const AnswerReader& reader, const Digester& digester,
                                        Clock& clock, Metrics& metrics, Hooks hooks);
  virtual void Start(const Fence& fence) = 0;
  virtual void Stop() = 0;  // waits for the read in flight; searches answer feedback.stopped at their next page
  virtual void Wake() = 0;  // a changed window; from any thread
  // Other signers are trusted: undecided answers are looked at again, from the store. Any thread.
  virtual void TrustChanged() = 0;
  // What the alarm about signatures says, since when the share of those that do not verify went up by a step; empty:
  // there is none. A start forgets it. Any thread.
  virtual std::string signature_alarm() const = 0;
};

}  // namespace tvan
