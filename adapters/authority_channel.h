#pragma once
// The line to the tax authority: send a batch, receive after a position, probe. Calls block with a deadline and run on
// dispatch's and feedback's own pools. One object per line, thread-safe.
// Errors of a call or of one message keep their disposition: transient = it did not arrive, for certain;
// in doubt = bytes may have arrived; permanent = the line refused the request itself (an operator's matter).
// Reasons: line.connect, line.tls, line.refused, line.bad_gateway, line.timeout, line.cut, line.protocol,
// line.not_after.

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

struct OutboundMessage {
  MessageId mtdiep;
  std::shared_ptr<const std::string> bytes;  // the whole TDiep
};

struct InboundMessage {
  std::string position;  // opaque; Receive(position) answers what comes after it
  std::string bytes;     // the whole TDiep
};
struct InboundBatch {
  std::vector<InboundMessage> messages;
  std::string next;  // where to go on; equals the request's position when nothing came
};

struct ProbeReport {
  Time authority_time;  // its Date header, 0 if none
  Span round_trip{};
  std::string evidence;  // one line for people
};

class AuthorityChannel {
 public:
  virtual ~AuthorityChannel() = default;
  virtual const LineId& line() const = 0;

  // Hands over the messages in order; one Status each. `not_after` is compared with the clock's SteadyNow right before
  // the first byte of the request is written: too late gives line.not_after (transient) for all (P6).
  virtual std::vector<Status> Send(const std::vector<OutboundMessage>& messages, Steady not_after) = 0;

  // Answers that stand after `position` (empty: from the beginning), at most `limit`. Reading changes nothing at the
  // other side; the position is ours to keep. `not_after` as of Send.
  virtual Result<InboundBatch> Receive(const std::string& position, uint32_t limit, Steady not_after) = 0;

  // Connects and asks for a sign of life; sends nothing else. `not_after` as of Send.
  virtual Result<ProbeReport> Probe(Steady not_after) = 0;
};

}  // namespace tvan
