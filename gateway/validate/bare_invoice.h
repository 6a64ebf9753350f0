#pragma once
// A bare HDon as a submission: its header is made from its content and from what the caller says beside it.

#include "gateway/validate/finding_list.h"
#include "gateway/validate/profile_set.h"
#include "gateway/validate/validator.h"

namespace tvan {

// 1..64 printable ASCII characters: what may be a bare HDon's idempotency key.
bool IsClientReference(std::string_view text);

// Fills header, class and idempotency key of `message`; findings say what is unusable.
void ReadBareInvoice(const Submission& submission, const ProfileSet& profiles, ReadMessage& message,
                     FindingList& findings);

}  // namespace tvan
