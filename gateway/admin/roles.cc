#include "gateway/admin/roles.h"

namespace tvan {

OperatorRole RoleFor(const google::protobuf::MethodDescriptor& method) {
  return method.options().GetExtension(admin::v1::role);
}

bool May(OperatorRole held, OperatorRole needed) {
  return needed != admin::v1::OPERATOR_ROLE_UNSPECIFIED && held >= needed;
}

std::string ToString(OperatorRole role) {
  switch (role) {
    case admin::v1::VIEWER:
      return "viewer";
    case admin::v1::OPERATOR:
      return "operator";
    case admin::v1::APPROVER:
      return "approver";
    default:
      return "none";
  }
}

std::optional<OperatorRole> ParseOperatorRole(const std::string& text) {
  for (const OperatorRole role : {admin::v1::VIEWER, admin::v1::OPERATOR, admin::v1::APPROVER})
    if (text == ToString(role)) return role;
  return std::nullopt;
}

}  // namespace tvan
