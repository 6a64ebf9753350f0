#pragma once
// What people read of the audit chain. Texts from elsewhere are made clean. Pure.

#include <string>

#include "tvan/admin/v1/audit.pb.h"

namespace tvan::ctl {

std::string AuditTable(const google::protobuf::RepeatedPtrField<admin::v1::AuditEntry>& entries);
// The entry, the record before it and after it.
std::string AuditEntryText(const admin::v1::GetAuditEntryResponse& shown);
enum class Language { kEnglish, kVietnamese };
std::string AuditVerdict(const admin::v1::VerifyAuditResponse::Done& done, Language language);
std::string OperatorText(const admin::v1::GetOperatorResponse& caller);  // "anna: operator, certificate 3f…"

}  // namespace tvan::ctl
