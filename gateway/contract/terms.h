#pragma once
// What the records of the contract book have in common: terms, status, certificates with dates. Plain values.

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/core/time.h"

namespace tvan {

// Half-open [from, to) at midnight +07:00; to = kForever: open.
struct Dates {
  Time from;
  Time to = kForever;
  bool Holds(Time t) const { return from <= t && t < to; }
  friend bool operator==(const Dates&, const Dates&) = default;
};

enum class ContractStatus : uint8_t { kDraft = 1, kActive = 2, kSuspended = 3, kTerminated = 4 };
const char* ToString(ContractStatus status);

// A certificate with its own validity in the book; any instant, not only midnights.
struct BoundCertificate {
  BoundCertificate() = default;
  BoundCertificate(std::string sha256) : sha256(std::move(sha256)) {}  // NOLINT: bound without dates
  std::string sha256;                                                  // 64 lower-case hex digits, of the DER
  Time from;
  Time to = kForever;
  Time revoked_at = kForever;
  std::string note;
  bool Holds(Time t) const { return from <= t && t < to && t < revoked_at; }
  friend bool operator==(const BoundCertificate&, const BoundCertificate&) = default;
};

// The term of a dated record that holds at a time; nullptr: none.
template <class Record>
const Dates* TermAt(const Record& record, Time at) {
  if (record.dates.Holds(at)) return &record.dates;
  for (const Dates& term : record.earlier)
    if (term.Holds(at)) return &term;
  return nullptr;
}

// When what holds at a time ends, with the terms that follow at once; kForever: it does not, or nothing holds.
template <class Record>
Time EndOfTerms(const Record& record, Time at) {
  Time end = kForever;
  for (const Dates* term = TermAt(record, at); term != nullptr; term = TermAt(record, end)) {
    end = term->to;
    if (end == kForever) break;
  }
  return end;
}

}  // namespace tvan
