#pragma once
// What people read of the audit chain. Texts from elsewhere are made clean. Pure.

#include <string>

#include "ops/ctl/night_words.h"
#include "tvan/admin/v1/audit.pb.h"

namespace tvan::ctl {

std::string AuditTable(const google::protobuf::RepeatedPtrField<admin::v1::AuditEntry>& entries,
                       const NightWords& words);
// The entry, the record before it and after it.
std::string AuditEntryText(const admin::v1::GetAuditEntryResponse& shown, const NightWords& words);
std::string AuditVerdict(const admin::v1::VerifyAuditResponse::Done& done, const NightWords& words);
// "anna: operator, certificate 3f…"
std::string OperatorText(const admin::v1::GetOperatorResponse& caller, const NightWords& words);

}  // namespace tvan::ctl
