#pragma once
// The nested parts of contract records' bodies (RECORDS.md). Pure. Internal to the room.
// Read answers false when bytes are cut short or hold what no version of ours wrote.

#include <string>
#include <string_view>

#include "gateway/contract/contracts.h"

namespace tvan {

// A status has no date of its own, so each change is kept: a message that was accepted before a suspension is judged
// by the status of its own time (DESIGN section 3.3).
struct StatusSince {
  ContractStatus status = ContractStatus::kActive;
  Time since;
  friend bool operator==(const StatusSince&, const StatusSince&) = default;
};

std::string Encode(const StatusSince& change);
std::string Encode(const Dates& term);
std::string Encode(const BoundCertificate& certificate);
std::string Encode(const Quotas& quotas);
std::string Encode(const ContractContact& contact);
std::string Encode(const TaxStatus& status);
std::string Encode(const StopDecision& decision);
std::string Encode(const Registration& registration);

bool Read(std::string_view bytes, StatusSince& change);
bool Read(std::string_view bytes, Dates& term);
bool Read(std::string_view bytes, BoundCertificate& certificate);
bool Read(std::string_view bytes, Quotas& quotas);
bool Read(std::string_view bytes, ContractContact& contact);
bool Read(std::string_view bytes, TaxStatus& status);
bool Read(std::string_view bytes, StopDecision& decision);
bool Read(std::string_view bytes, Registration& registration);

}  // namespace tvan
