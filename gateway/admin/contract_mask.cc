#include "gateway/admin/contract_mask.h"

#include <algorithm>
#include <set>

#include <google/protobuf/util/field_mask_util.h>

#include "gateway/admin/contract_pieces.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

constexpr int kMostPaths = 64;
constexpr size_t kLongestSaid = 60;  // bytes of a path, said again

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

const FieldDescriptor* FieldOf(const api::ContractItem& item) {
  return item.GetReflection()->GetOneofFieldDescriptor(item, item.GetDescriptor()->FindOneofByName("item"));
}

bool Names(const FieldMask& mask, const std::string& path) {
  return std::find(mask.paths().begin(), mask.paths().end(), path) != mask.paths().end();
}

// A certificate that is named among those with dates only would stay bound although its name was taken away.
void DropUnnamed(api::ProviderContract& contract) {
  std::set<std::string> named;
  for (const std::string& sha256 : contract.certificates()) named.insert(LowerCase(sha256));
  auto& bound = *contract.mutable_bound_certificates();
  bound.erase(
      std::remove_if(bound.begin(), bound.end(),
                     [&](const api::BoundCertificate& one) { return named.count(LowerCase(one.sha256())) == 0; }),
      bound.end());
}

}  // namespace

Result<ItemName> NameOf(const api::ContractItem& item) {
  switch (item.item_case()) {
    case api::ContractItem::kAgreement:
      return ItemName{ContractKind::kAgreement, kAgreementId};
    case api::ContractItem::kProviderContract:
      return ItemName{ContractKind::kProviderContract, item.provider_contract().provider()};
    case api::ContractItem::kMandate:
      return ItemName{ContractKind::kMandate, item.mandate().provider() + "/" + item.mandate().mst()};
    case api::ContractItem::kTaxpayer:
      return ItemName{ContractKind::kTaxpayer, item.taxpayer().mst()};
    case api::ContractItem::kDelegation:
      return ItemName{ContractKind::kDelegation, item.delegation().mst() + "/" + item.delegation().delegate()};
    default:
      return BadRequest("item: an agreement, a provider_contract, a mandate, a taxpayer or a delegation");
  }
}

const Message* InnerOf(const api::ContractItem& item) {
  const FieldDescriptor* field = FieldOf(item);
  return field == nullptr ? nullptr : &item.GetReflection()->GetMessage(item, field);
}

Status MergeMasked(const api::ContractItem& wanted, const FieldMask& mask, api::ContractItem& current) {
  TVAN_CHECK(wanted.item_case() == current.item_case() && FieldOf(wanted) != nullptr);
  const Message* from = InnerOf(wanted);
  Message* to = current.GetReflection()->MutableMessage(&current, FieldOf(current));
  if (mask.paths().empty()) {
    to->CopyFrom(*from);
    return {};
  }
  if (mask.paths_size() > kMostPaths)
    return BadRequest("update_mask: at most " + std::to_string(kMostPaths) + " paths");
  for (const std::string& path : mask.paths()) {
    const std::string said(CutUtf8(path, kLongestSaid));
    if (path == "version") return BadRequest("update_mask: version is set by the gateway");
    if (path.empty() || !FieldMaskUtil::GetFieldDescriptors(from->GetDescriptor(), path, nullptr))
      return BadRequest("update_mask: there is no field " + said);
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(*from, mask, options, to);
  if (current.has_provider_contract() && Names(mask, "certificates") && !Names(mask, "bound_certificates"))
    DropUnnamed(*current.mutable_provider_contract());
  return {};
}

}  // namespace tvan
