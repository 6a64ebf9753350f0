#pragma once
// Failpoints: named moments before and after each durable step, at which a test may kill this process by SIGKILL. Off,
// as they always are outside of a sandbox, a pass costs one relaxed load. On, passes are counted in a page, a file that
// a test shares: it arms a failpoint there, and the counts outlive the process. Thread-safe; on for the process's life.
//
// "before" and "after" are those of the thread that takes the step; others may go on for a moment. A new item of a
// mailbox is written by the same durable act as the answer (receive), so `deliver` stands around the stream's write.
// Each name is placed exactly once in the product: tests/rules/failpoints.py.

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan {

inline constexpr std::array<std::string_view, 22> kFailpointNames = {
    "accept.before",       // one message: checked, sealed, not handed to the store
    "accept.after",        // one message: durable, the receipt not on its way
    "attempt.before",      // a batch: about to be recorded
    "attempt.after",       // a batch: recorded, not at the line
    "send.before",         // a batch: before its first byte
    "send.after",          // a batch: the line's answer came
    "settle.before",       // the outcome of a batch is known, not stored
    "settle.after",        // stored
    "change.before",       // stages: found by search, released, made work items; not stored
    "change.after",        // stored
    "receive.before",      // answers of the line: read, not stored
    "receive.after",       // stored with effects, mailbox items and position
    "own_999.before",      // our own 999s: before their first byte
    "own_999.after",       // the line's answer came, not stored
    "deliver.before",      // one item or position, about to be written to the provider's stream
    "deliver.after",       // written
    "acknowledge.before",  // a provider's acknowledgement, not stored
    "acknowledge.after",   // stored
    "flush.before",        // one durable act: decided, not written
    "flush.after",         // flushed and witnessed, nobody told
    "witness.before",      // flushed, not witnessed
    "witness.after",       // witnessed
};

struct Failpoint {
  size_t index;
};
// A name that is not in the list does not compile.
consteval Failpoint operator""_failpoint(const char* text, size_t size) {
  for (size_t i = 0; i < kFailpointNames.size(); ++i)
    if (kFailpointNames[i] == std::string_view(text, size)) return {i};
  std::abort();
}

// The page: bytes as here, numbers little-endian. A file of zeros is filled in by the first process that opens it.
struct FailpointPage {
  struct Slot {
    char name[40];
    std::atomic<uint64_t> passes;
    std::atomic<uint64_t> armed;  // n: the n-th pass from now kills; 0: off
    std::atomic<uint64_t> kills;
  };
  char magic[8];  // "TVANFP01"
  uint64_t slots;
  Slot slot[kFailpointNames.size()];
};
static_assert(sizeof(FailpointPage::Slot) == 64 && std::atomic<uint64_t>::is_always_lock_free);

namespace failpoint_internal {
extern std::atomic<FailpointPage*> page;  // null: off
void Count(FailpointPage& page, Failpoint at);
}  // namespace failpoint_internal

inline void Pass(Failpoint at) {
  FailpointPage* const page = failpoint_internal::page.load(std::memory_order_relaxed);
  if (page != nullptr) [[unlikely]]
    failpoint_internal::Count(*page, at);
}

// Turns them on. `page_file`: the shared page, made if missing; empty: a page of this process alone. `armed`: "NAME:N"
// kills at the N-th pass, or empty. Before any thread.
// Errors (permanent): failpoint.page, failpoint.spec.
Status TurnOnFailpoints(const std::string& page_file, std::string_view armed);

}  // namespace tvan
