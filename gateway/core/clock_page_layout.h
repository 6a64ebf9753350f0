#pragma once
// The bytes of a clock page and the few operations that processes and the driver share; rules in CLOCK_PAGE.md.
// All fields are lock-free atomics in shared memory, used with the default (sequentially consistent) order.
// Internal to core.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/core/time.h"

namespace tvan {

inline constexpr uint64_t kClockPageMagic = 0x3145474150564154;  // "TAVPAGE1", little-endian
inline constexpr uint32_t kClockPageVersion = 1;
inline constexpr uint32_t kClockSlots = 64;

// One process. Everything but `owner` is reset when the slot is freed, so a claimed slot starts clean.
struct alignas(128) ClockSlot {
  std::atomic<uint64_t> owner;       // OwnerWord of the process; 0: free
  std::atomic<int64_t> next_timer;   // earliest steady time somebody waits for; INT64_MAX: none
  std::atomic<uint32_t> busy;        // living WorkScopes
  std::atomic<uint32_t> quiet_bell;  // the bell that the process has answered: due things handled, nobody ready
  std::atomic<uint64_t> loose;       // generation << 32 | threads between two waits (CLOCK_PAGE.md)
  std::atomic<uint64_t> activity;    // grows with every work scope, timer and wait
};

struct ClockPage {
  uint64_t magic;
  uint32_t version;
  uint32_t slots_count;
  std::atomic<int64_t> now_us;
  std::atomic<int64_t> steady_us;
  std::atomic<uint32_t> bell;  // futex word: rung when time moved, a process has news, or the driver asks
  ClockSlot slots[kClockSlots];
};
static_assert(std::atomic<uint64_t>::is_always_lock_free && std::atomic<uint32_t>::is_always_lock_free);
static_assert(sizeof(std::atomic<uint32_t>) == 4 && sizeof(ClockPage) == 128 + kClockSlots * 128);

// Maps an existing page; the mapping lives as long as the pointer. clock.page
Result<std::shared_ptr<ClockPage>> MapClockPage(const std::string& path);
// Makes a new page file in place of what was at `path` and maps it. clock.page
Result<std::shared_ptr<ClockPage>> CreateClockPage(const std::string& path, Time start);

void RingBell(ClockPage& page);
// Sleeps until the bell is no longer `seen`, or for `limit` of real time; may return early.
void WaitForBell(ClockPage& page, uint32_t seen, std::chrono::microseconds limit);

// pid << 32 | low half of the process's start time, which tells a re-used pid apart; 0: no such living process
// (a zombie is not living).
uint64_t OwnerWord(int pid);
inline int PidOf(uint64_t owner) { return static_cast<int>(owner >> 32); }
// Resets the slot and frees it. By its owner, or by the driver when the owner is dead.
void FreeSlot(ClockSlot& slot);

}  // namespace tvan
