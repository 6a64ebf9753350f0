#pragma once
// Accepted messages and a contract book for tests of dispatch and feedback: small, unsigned, plain. Values are
// invented.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/core/digest.h"
#include "store/store.h"
#include "tests/support/memory_store.h"

namespace tvan {

inline const char kFakeOurMst[] = "0309478306";
inline const char kFakeKey[] = "a key for tests only";

struct FakeMessage {
  std::string provider = "acme";
  std::string id = "1";  // of the provider; also makes the payload unique
  MessageClass cls = MessageClass::kCoded;
  int type = 200;
  std::string mst = "0101234567";
  std::vector<std::string> claims, refers;  // SHDon
  size_t padding = 0;                       // bytes more
  bool bare = false;                        // a bare HDon: no provider MTDiep
  bool same_day = false;                    // as petrol summaries are due
};
NewMessage MakeFakeMessage(const FakeMessage& spec, const Digester& digester, Time accepted_at);
InvoiceKey FakeInvoice(const std::string& mst, const std::string& shdon);

// Accepts and flushes; ends the test program unless the store says "accepted".
MessageId AcceptFake(MemoryStore& store, const FakeMessage& spec, const Digester& digester, Time at);

// Allows everything unless told otherwise.
class FakeContracts final : public ContractBook {
 public:
  struct Decision {
    std::function<std::vector<Fault>(const ProviderId&, const TaxCode&, int, Time)> refuse;
    std::function<std::vector<ProviderId>(const TaxCode&, Time)> providers;
    std::string version{};  // that decides at release; what fakes were accepted under is empty
  };
  FakeContracts();
  void Set(Decision decision);

  std::shared_ptr<const ContractSnapshot> snapshot() const override;
  Result<uint64_t> Put(const ContractItem&, const By&, std::optional<uint64_t>) override { return uint64_t{1}; }
  Status Delete(ContractKind, const std::string&, const By&, std::optional<uint64_t>) override { return {}; }
  Result<Entered> Import(const std::vector<ContractItem>&, const By&, bool, const std::vector<uint64_t>&) override {
    return Entered();
  }
  Status Learn(const std::vector<Taxpayer>&, const By&) override { return {}; }
  Status Follow(ContractKind, const std::vector<std::string>&) override { return {}; }
  Result<std::vector<Version>> History(ContractKind, const std::string&, uint64_t, uint32_t) const override {
    return std::vector<Version>();
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ContractSnapshot> snapshot_;
};

// Questions that tests ask all the time.
Stage StageOf(const Store& store, const MessageId& id);
MessageView ViewOf(const Store& store, const MessageId& id);
// "accepted attempt sent …": the kinds of the event log.
std::string LogOf(const Store& store, const MessageId& id);

}  // namespace tvan
