#pragma once
// Tags of contract records' bodies (RECORDS.md): never reuse one. Internal to the room.

#include <cstdint>

namespace tvan::record_tag {

enum : uint32_t {
  kProvider = 1,
  kName = 2,
  kMst = 3,
  kFrom = 4,
  kTo = 5,
  kTaxCode = 6,
  kCertificate = 7,
  kMessageType = 8,
  kRefuseAuthorityHeader = 9,
  kWarnBreaksOnForward = 10,
  kMaxInFlight = 11,
  kStatusChange = 12,
  kAllowLegacySha1 = 13,
  kAllowEnvelopedOnObject = 14,
  kSignerCertificate = 15,
  kDelegate = 16,
  kEarlierTerm = 17,
  kBoundCertificate = 18,
  kMessageClass = 19,
  kQuotas = 20,
  kContact = 21,
  kDirectSender = 22,
  kNumber = 23,
  kNote = 24,
  kTaxStatus = 25,
  kStopDecision = 26,
  kRegistration = 27,
};

}  // namespace tvan::record_tag
