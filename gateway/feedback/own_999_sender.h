#pragma once
// Sends our own 999s: the same bytes under the same MTDiep until the line has taken them. Has a back-off of its own, so
// that what cannot go up does not slow the reading of answers down. What was part of a request that failed as a whole,
// in doubt or refused, goes alone from then on, and rests longer each time, so that it holds up no other.
// Not thread-safe: the receiver's thread owns it.

#include <functional>
#include <map>

#include "adapters/authority_channel.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/store.h"

namespace tvan {

class Own999Sender {
 public:
  // `not_after`: when the line closes for them; may be empty. `poll`: the shortest rest.
  Own999Sender(Store& store, AuthorityChannel& channel, Clock& clock, Metrics& metrics,
               std::function<Steady()> not_after, Span poll);

  // Sends one request, if one is due. True: a whole batch went up, there may be more at once. Not OK: the store's
  // answer.
  Result<bool> Step(const Fence& fence);

 private:
  struct Suspect {
    uint32_t failures = 0;  // alone
    Steady until{};         // not sent again before
  };
  using Waiting = std::vector<std::pair<MessageId, std::string>>;

  Waiting Due(Waiting waiting, Steady now) const;
  void Learn(const Waiting& sent, const std::vector<Status>& statuses, std::vector<MessageId>& done);
  void Rest(const Status& why);
  void Blame(const MessageId& id, const Status& status, bool alone);
  Span Doubled(uint32_t failures, Span longest) const;

  Store& store_;
  AuthorityChannel& channel_;
  Clock& clock_;
  const std::function<Steady()> not_after_;
  const Span poll_;
  Counter& taken_;
  Counter& failed_;
  std::map<MessageId, Suspect> suspects_;  // bounded: beyond kMostSuspects all is forgotten
  uint32_t in_a_row_ = 0;                  // requests that failed
  Steady rest_until_{};
};

}  // namespace tvan
