#pragma once
// What `tvanctl contract` and `tvanctl mandate` share: term, status, types and certificates of a record. One thread.

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan::ctl {

struct Term {
  std::string provider, status = "active", from, to, reason;
  std::vector<int> types;
};
void AddTermFlags(CLI::App* command, Term& term);
Status SetTerm(const Term& term, admin::v1::ProviderContract* record);
Status SetTerm(const Term& term, admin::v1::Mandate* record);

// A SHA-256 in hex, or a PEM file whose first certificate is meant.
Result<std::string> Fingerprint(const std::string& text);

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts);
std::string Joined(const google::protobuf::RepeatedField<int>& numbers);  // none: "all"
std::string StatusText(admin::v1::ContractStatus status);

}  // namespace tvan::ctl
