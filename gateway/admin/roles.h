#pragma once
// What an operator must be to make a call, as the option `role` of its method says, and what a role may do. Pure.

#include <optional>
#include <string>

#include <google/protobuf/descriptor.h>

#include "tvan/admin/v1/roles.pb.h"

namespace tvan {

using admin::v1::OperatorRole;

// OPERATOR_ROLE_UNSPECIFIED: it states none, so nobody may.
OperatorRole RoleFor(const google::protobuf::MethodDescriptor& method);
// Each may do what those above it may; nobody may what states no role.
bool May(OperatorRole held, OperatorRole needed);
// "viewer", "operator", "approver" as the configuration says them; "none".
std::string ToString(OperatorRole role);
std::optional<OperatorRole> ParseOperatorRole(const std::string& text);

}  // namespace tvan
