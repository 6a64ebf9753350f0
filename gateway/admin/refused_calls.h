#pragma once
// Calls that were refused to whoever made them, as operators' acts. Of one certificate and hour the 1st, the 10th, the
// 100th … are written with their number, of all certificates beyond a bound as if they were one: a flood fills no
// store. A store that does not take them stops no refusal. Blocking; thread-safe.

#include <map>
#include <mutex>
#include <string>

#include "gateway/core/clock.h"
#include "store/store.h"

namespace tvan {

class RefusedCalls {
 public:
  static constexpr size_t kMostCertificates = 64;  // with a count of their own, in an hour

  RefusedCalls(RecordStore& store, const Clock& clock) : store_(store), clock_(clock) {}
  // `author`: the operator's name; empty: it is none. `why`: in words, and with the reason that it was told.
  void Count(const std::string& certificate, const std::string& author, const std::string& method, const Status& why);

 private:
  uint64_t Next(const std::string& certificate, Time now, std::string& counted_as);

  RecordStore& store_;
  const Clock& clock_;
  std::mutex mutex_;
  int64_t hour_ = 0;
  std::map<std::string, uint64_t> calls_;  // in this hour
};

}  // namespace tvan
