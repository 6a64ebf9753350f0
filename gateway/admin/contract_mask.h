#pragma once
// Which record an item of the contract book names, and changes of some of its fields. Pure. Internal to admin.

#include <optional>
#include <string>

#include "gateway/contract/contracts.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

struct ItemName {
  ContractKind kind = ContractKind::kAgreement;
  std::string id;
};
// admin.bad_request: there is no item in it.
Result<ItemName> NameOf(const admin::v1::ContractItem& item);
// The message inside; nullptr: none.
const google::protobuf::Message* InnerOf(const admin::v1::ContractItem& item);

// `current` with the masked fields of `wanted`; an empty mask is all of them. Both name the same record.
// admin.bad_request: a path that is none, or one that nobody may set.
Status MergeMasked(const admin::v1::ContractItem& wanted, const google::protobuf::FieldMask& mask,
                   admin::v1::ContractItem& current);

}  // namespace tvan
