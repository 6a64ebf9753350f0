#pragma once
// One run of load: N connections, M messages on the way in each, an open loop by a fixed schedule or a closed loop, for
// a count of messages or a time. Blocks until every message is answered, or patience ends.

#include <map>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "ops/load/answers.h"
#include "ops/load/corpus.h"
#include "ops/load/schedule.h"
#include "ops/load/tally.h"
#include "ops/load/usage.h"

namespace tvan::load {

struct RunOptions {
  enum class Mode { kStream, kUnary };
  enum class Peer { kGateway, kEcho };  // kEcho: tvan-bench-echo, whose receipts are empty
  enum class Feedback { kIgnore, kRead };
  Mode mode = Mode::kStream;
  Peer peer = Peer::kGateway;
  Feedback feedback = Feedback::kIgnore;
  uint32_t connections = 4, in_flight = 16;  // in_flight: on each connection
  unsigned threads = 1;                      // that drive the connections
  ScheduleSpec schedule;                     // rate 0: a closed loop
  uint64_t count = 0;                        // messages; 0: by duration
  Span duration{0};
  uint64_t warmup = 0, skip = 0;                      // messages: not measured; of the corpus, passed over
  Span patience = std::chrono::seconds(30);           // for answers after the last message
  Span answers_patience = std::chrono::seconds(120);  // for results of the authority
  std::map<std::string, std::string> watched;         // name → process id, of which CPU and memory are reported
  std::string endpoint, ca_pem, certificate_pem, key_pem;
};

struct RunReport {
  Tally tally;
  Span latest_departure{0};  // open loop: how late the generator itself was, at worst
  bool corpus_exhausted = false;
  uint64_t request_bytes = 0;  // of all messages offered
  std::map<std::string, Watched> watched;
  AnswerCounts answers;
  Steady began;
  // What is wrong: rejections, missing answers, wrong receipts… Empty: the run adds up.
  std::vector<std::string> Problems(const RunOptions& options) const;
};

// Errors: load.connect, load.run (options that do not fit each other or the corpus).
Result<RunReport> RunLoad(const RunOptions& options, const Corpus& corpus, Clock& clock);

}  // namespace tvan::load
