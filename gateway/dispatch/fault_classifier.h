#pragma once
// Whose fault it is when the line does badly (duties 2.2, feature 17): told from what failed, with the newest evidence
// kept, so that the operator calls the right desk first. A message that the line takes, or a line that comes back,
// ends what was said before it; failures of one provider's messages, while others pass, are that provider's.
// Pure and bounded. Not thread-safe: the scheduler thread owns it.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

enum class FaultClass { kNone, kAuthority, kLine, kOwn, kOneProvider };
const char* ToString(FaultClass fault);  // "none", "authority", "line", "own", "one_provider"

// What a failure says by itself:
//   own        the line refuses our request for good, our certificate or key, our store
//   line       no connection, no TLS, a connection that breaks
//   authority  something answered for it (HTML, 5xx), silence, no protocol of ours, busy, a system code
//   none       our own "not any more": a stop came between
FaultClass FaultOf(const Status& status);

struct FaultEvidence {
  Time at;
  FaultClass points_to = FaultClass::kNone;
  std::string text;                    // one line for people, at most 300 bytes; operators' eyes only
  std::optional<ProviderId> provider;  // whose message failed, when all that failed was of one
};

class FaultClassifier {
 public:
  static constexpr size_t kMost = 16;
  static constexpr Span kFresh = std::chrono::minutes(15);  // what counts at all

  // A request, a probe, the store: `provider` when every message of the request was one provider's.
  void Failed(Time at, const Status& status, std::optional<ProviderId> provider = std::nullopt);
  void SystemCode(Time at, const std::string& detail, std::optional<ProviderId> provider = std::nullopt);
  // The line refused this message while it took others of the same request.
  void MessageRefused(Time at, const ProviderId& provider, const Status& status);
  void Taken(Time at, const ProviderId& provider);  // a message
  void Well(Time at) { well_at_ = at; }             // the line was verified

  FaultClass Decide(Time now) const;
  const std::deque<FaultEvidence>& evidence() const { return evidence_; }  // oldest first

 private:
  void Add(FaultEvidence evidence);
  bool IsOneProviders(const std::vector<const FaultEvidence*>& fresh) const;
  Time TakenOfOthers(const ProviderId& provider) const;

  struct Take {
    Time at{};
    ProviderId provider;
  };
  std::deque<FaultEvidence> evidence_;
  Take last_, last_of_another_;  // of a provider other than last_'s
  Time well_at_{};
};

}  // namespace tvan
