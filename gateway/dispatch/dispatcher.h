#pragma once
// Dispatch: take due messages, record the attempts, send, settle; in doubt → search, settle time, byte-identical
// resend; silent → alarm, then resend by switch; system codes take the line down (DESIGN P3, P6, section 3).
// One scheduler thread decides; sends run on a bounded pool. Everything it needs after a restart is in the store: an
// attempt that is not settled is in doubt. Nothing downstream of Accept makes an identifier.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/answer_search.h"
#include "adapters/authority_channel.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "gateway/core/metrics.h"
#include "gateway/dispatch/deadline.h"
#include "gateway/dispatch/drain_meter.h"
#include "gateway/dispatch/fault_classifier.h"
#include "gateway/dispatch/standing.h"
#include "store/store.h"

namespace tvan {

enum class ResendMode { kOff, kAsk, kAutomatic };

struct ClassPolicy {
  Span t1_silent = std::chrono::minutes(15);  // sent, neither 999 nor answer: alarm and search (seed 1.2)
  Span t2_resend = std::chrono::hours(1);     // then byte-identical resend by switch, else a work item
  Span t_999_only = std::chrono::hours(24);   // 999 and no answer: work item
  uint32_t max_resends = 2;                   // K
  ResendMode resend = ResendMode::kAsk;
};

class Dispatcher {
 public:
  struct Options {
    TaxCode our_mst;
    LineId line;
    std::string authority_code = "TCT";
    std::map<MessageClass, ClassPolicy> classes;  // missing ones: defaults
    Deadlines deadlines{};
    Span hold_alarm = std::chrono::hours(4);  // before the deadline of what is held
    uint32_t batch = 32;  // messages per Send
    uint32_t sends_in_flight = 4;
    Span send_timeout = std::chrono::seconds(30);     // not_after of an attempt is at most now + this
    Span in_doubt_settle = std::chrono::seconds(30);  // after recovery or restart, before "not found" counts
    Span backoff_min = std::chrono::seconds(1);       // of the line, doubled with jitter up to backoff_max
    Span backoff_max = std::chrono::minutes(2);
    std::set<MessageClass> canary_classes{};           // one queued message of these is the third level of a probe
    Span probe_every = std::chrono::seconds(30);       // while the line is verified, or closed by our clock
    Span clock_probe_every = std::chrono::minutes(5);  // while it is open, for the authority's time; 0: never again
    double ramp_start_per_s = 5;                       // after a stop: additive growth per second, halved on failure
    double ramp_growth_per_s = 5;
    double max_per_s = 5000;
    Span max_parent_wait = std::chrono::hours(24);  // waiting by dependency ends, with an alarm; see EndsOfWait
    bool acknowledged_ends_wait = false;            // waiting by dependency ends with the parent's 999
    uint32_t max_system_codes = 5;                  // of one message in a row while others pass; then a work item
    Span restore_margin = std::chrono::hours(1);  // after a restore answers are read again from this before the backup
    uint64_t seed = 1;                            // of jitter
  };
  static std::unique_ptr<Dispatcher> Make(const Options& options, Store& store, Calendar& calendar,
                                          ContractBook& contracts, AuthorityChannel& channel, AnswerSearch& search,
                                          const Digester& digester, Clock& clock, Metrics& metrics);
  virtual ~Dispatcher() = default;
  virtual void Start(const Fence& fence) = 0;
  virtual void Stop() = 0;  // stops taking, waits for sends in flight, settles them
  virtual void Wake() = 0;  // new queue entries, a changed window; from any thread
  // A system code came in for a message (P3): the line goes down and is tried again by back-off, unless the message is
  // one that meets the code while others do not.
  virtual void LineDown(Reason reason, const std::string& detail, const MessageId& about = {}) = 0;
  // An operator's word on a work item (an `ask` is one): `resend` byte-identical after a search and settle time; on a
  // held message: `release`, back to its queue whatever the contract book says; on both: `give_up` (final as refused,
  // its invoices are free again; a later real answer still wins). dispatch.decision, dispatch.stage
  virtual Status Resolve(const MessageId& gateway_id, const std::string& decision, const std::string& author) = 0;

  struct View {          // for tvanctl queue
    LineState line;      // as open as its most open class
    PhaseRecord phases;  // as written, class by class
    std::optional<ProbeRound> probed;
    std::optional<Span> clock_offset;  // ours minus the authority's, as far as proven
    FaultClass fault = FaultClass::kNone;
    std::vector<FaultEvidence> fault_evidence{};  // the newest, oldest first
    std::string down_reason;
    double rate_per_s = 0;
    uint64_t waiting_for_parent = 0;
    std::string recovery;  // what it is about to do after a restore; empty: nothing
    std::shared_ptr<const Census> census = std::make_shared<const Census>();
    std::shared_ptr<const DrainRates> drain = std::make_shared<const DrainRates>();
  };
  virtual View view() const = 0;
  // Where a message stands now, by the clocks that stop while the line is not open. From any thread.
  virtual Standing standing(const MessageMeta& meta) const = 0;
};

}  // namespace tvan
