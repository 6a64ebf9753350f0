#pragma once
// Verdicts of the contract book in words, and the verdict on a message that was never sent or on one that was.
// Blocking. Internal to admin.

#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "store/store.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

// `ends_at`: of an allowed one, kForever: not known or open.
void ToProto(const ContractVerdict& verdict, Time ends_at, admin::v1::ContractVerdict& out);

// What a verdict's versions name, "provider_contract/acme@3,mandate/acme/0101234567@1"; what is malformed is left out.
struct NamedVersion {
  ContractKind kind = ContractKind::kAgreement;
  std::string id;
  uint64_t version = 0;
};
std::vector<NamedVersion> NamedVersions(const std::string& versions);
// Of a message that is kept: as at release, when it was accepted.
ContractQuestion QuestionOf(const MessageMeta& meta);

// By question or by a message of ours; of that the verdict by the versions it was accepted by, as far as they are kept.
// admin.bad_request, admin.not_found, store.*, contract.damaged
Status ExplainContract(const ContractBook& book, const Store& store, Time now,
                       const admin::v1::ExplainContractRequest& request, admin::v1::ExplainContractResponse& response);

}  // namespace tvan
