#pragma once
// Reads the provider's feedback beside the load, gives credit and acknowledges as it goes: how many messages got their
// final answer, once each, and how fast. Own thread; the questions may be asked from any thread.

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/clock.h"
#include "ops/load/corpus.h"

namespace tvan::load {

struct AnswerCounts {
  uint64_t items = 0;         // of the stream, 999s among them
  uint64_t finals = 0;        // messages of ours whose result came (more than a 999 that says "received")
  uint64_t repeated = 0;      // further results of the same message
  uint64_t foreign = 0;       // items of messages that are not of this corpus, or of none
  uint64_t gaps = 0;          // where the sequence is not dense
  uint64_t acknowledged = 0;  // items covered by the last acknowledgement
  Steady first_final, last_final;
  std::string error;  // the stream ended by itself
};

class AnswerReader {
 public:
  // Starts to read after the last acknowledged item. Messages `from` to `to` of the corpus are ours.
  static std::unique_ptr<AnswerReader> Start(std::shared_ptr<grpc::Channel> channel, const Corpus& corpus, size_t from,
                                             size_t to, Clock& clock);
  virtual ~AnswerReader() = default;
  // Waits until `finals` results are there or the stream ended, at most until `deadline`.
  virtual void WaitFor(uint64_t finals, Steady deadline) = 0;
  // Acknowledges the last item, ends the stream.
  virtual AnswerCounts Stop() = 0;
};

}  // namespace tvan::load
