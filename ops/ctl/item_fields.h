#pragma once
// The fields of a contract item as people write them: `status=suspended`, `quotas.per_day=10000`,
// `terms=2026-01-01..2027-01-01`. By the descriptors of contracts.proto, so that a new field needs nothing here. Pure.

#include <string>
#include <utility>
#include <vector>

#include "gateway/core/status.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {

// "agreement", "provider_contract", "mandate", "taxpayer", "delegation". ctl.contract_kind
Result<admin::v1::ContractKind> KindNamed(const std::string& name);
const std::string& NameOf(admin::v1::ContractKind kind);
std::vector<std::string> KindNames();
admin::v1::ContractKind KindOf(const admin::v1::ContractItem& item);

// The inner message of an item of this kind; made when it is not there.
google::protobuf::Message& InnerOf(admin::v1::ContractKind kind, admin::v1::ContractItem& item);
const google::protobuf::Message& InnerOf(const admin::v1::ContractItem& item);

// "authority"; PROVIDER; PROVIDER/MST; MST; MST/DELEGATE. ctl.contract_id
Status SetId(admin::v1::ContractKind kind, const std::string& id, admin::v1::ContractItem& item);
std::string IdOf(const admin::v1::ContractItem& item);

// `path`: a field of the inner message, with dots for those inside. Lists by commas (in files by semicolons; one inside a value stands behind a backslash); ""
// empties it. Dates "YYYY-MM-DD" mean midnight +07:00. Terms "FROM..TO" (either may be missing), certificates
// "SHA256[@FROM..TO]", contacts "role|name|email|phone". ctl.contract_field names what is wrong.
Status SetField(google::protobuf::Message& inner, const std::string& path, const std::string& text,
                char separator = ',');
// What SetField would take; "" when it is not set.
std::string GetField(const google::protobuf::Message& inner, const std::string& path, char separator = ',');
// All paths that SetField knows of this message, in the proto's order.
std::vector<std::string> FieldPaths(const google::protobuf::Message& inner);
// Those that are set, with their text.
std::vector<std::pair<std::string, std::string>> FieldsOf(const google::protobuf::Message& inner, char separator = ',');

}  // namespace tvan::ctl
