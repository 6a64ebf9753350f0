#pragma once
// The append-only list of answers that Receive reads. An answer waits until it is due and then gets the next position
// (1, 2, …), so that a reader who goes on from its position misses nothing but what a fault hides from it.
// Not thread-safe: owned by Authority, under its lock.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/simulator/answer.h"
#include "adapters/simulator/spells.h"
#include "gateway/core/time.h"

namespace tvan::sim {

struct ListedAnswer {
  std::shared_ptr<const Answer> answer;
  bool hidden_once = false;  // the first read that comes to it passes over it
};

struct ReadResult {
  std::vector<std::pair<uint64_t, std::shared_ptr<const Answer>>> answers;  // position, answer
  std::vector<std::shared_ptr<const Answer>> skipped;
  size_t hidden = 0;  // how many are due and not shown, by a lie
  uint64_t next = 0;
};

class AnswerList {
 public:
  void Add(std::shared_ptr<const Answer> answer, Time due, bool hidden_once);
  // What stands after `after`, at most `limit` answers and about `max_bytes` (at least one). What a lie hides gets its
  // position when the lie is over.
  struct Bounds {
    size_t limit = 0, max_bytes = 0;
  };
  ReadResult Read(uint64_t after, const Bounds& bounds, Time now, const std::vector<Lie>& lies);

 private:
  struct Waiting {
    Time due;
    uint64_t order;
    ListedAnswer listed;
  };
  void Place(Time now, const std::vector<Lie>& lies);

  std::vector<Waiting> waiting_;  // a heap, the earliest (due, order) on top
  uint64_t order_ = 0;
  std::vector<Waiting> hidden_;     // due, in their order
  std::vector<ListedAnswer> list_;  // position - 1
};

}  // namespace tvan::sim
