// What a provider gives up: voided keys, withdrawn messages.
#include "store/kv_store.h"

namespace tvan {

Result<VoidAnswer> KvStore::Void(const VoidRequest& request) {
  Result<VoidAnswer> answer = VoidAnswer{};
  Status status = Write([&](Ledger& ledger) { answer = ledger.Void(request); });
  return status.ok() ? answer : Result<VoidAnswer>(status);
}

Result<WithdrawAnswer> KvStore::Withdraw(const WithdrawRequest& request) {
  Result<WithdrawAnswer> answer = WithdrawAnswer{};
  Status status = Write([&](Ledger& ledger) { answer = ledger.Withdraw(request); });
  return status.ok() ? answer : Result<WithdrawAnswer>(status);
}

}  // namespace tvan
