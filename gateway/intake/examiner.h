#pragma once
// The checks of a submit, from cheap to dear (DESIGN section 3), on a thread of the compute pool. Reads the store,
// writes nothing. Every finding of every step that ran is kept. Thread-safe; borrows all its parts.

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/contract/quota_meter.h"
#include "gateway/intake/submit.h"
#include "gateway/intake/verdicts.h"
#include "gateway/seal/seal.h"
#include "gateway/validate/validator.h"
#include "store/store.h"

namespace tvan {

struct Examination {
  enum class Kind { kAcceptable, kAlreadyAccepted, kRejected, kFailed } kind = Kind::kRejected;
  Status failure;           // kFailed: transient, the message could not be examined, or is not taken now
  Span retry_after{};       // kFailed; 0: as usual
  bool over_quota = false;  // kFailed: by the provider's own quota
  std::vector<Finding> findings;
  ReceiptView receipt;  // kAlreadyAccepted: the stored one; kAcceptable: after Seal
  std::string ack999;   // likewise
  ProofView proof;      // kRejected: the key was given up
  NewMessage message;   // kAcceptable
  // What a later 999 needs; its parse is dropped once the payload is taken.
  std::optional<ReadMessage> read;
  std::shared_ptr<const QuotaMeter::Share> share;  // of the provider's day, held until the store has decided
};

// What the ring of rejections keeps of one: never bytes of the message.
Rejection RejectionOf(const ProviderContract& contract, const Examination& examination, Time at);

class Examiner {
 public:
  struct Options {
    TaxCode our_mst;
    std::string message_id_key;
    Leniency unknown_signer = Leniency::kWarn;
    std::string authority_code = "TCT";
    std::map<MessageClass, Span> signing_time_behind;                      // of classes that have a bound of their own
    std::function<std::optional<Span>(MessageClass, Time)> refused_for{};  // see Pipeline::Parts
  };
  Examiner(Options options, const Validator& validator, const Sealer& sealer, const Digester& digester,
           const Store& store, QuotaMeter& quotas)
      : options_(std::move(options)),
        validator_(validator),
        sealer_(sealer),
        digester_(digester),
        store_(store),
        quotas_(quotas) {}

  Examination Examine(SubmitInput input, const ContractSnapshot& contracts, const ProviderContract& contract,
                      Time at) const;
  // Makes the receipt and its 999 for an acceptable message.
  void Seal(const ProviderContract& contract, Examination& examination) const;
  // The 999 of a rejection, as the findings stand.
  std::string Rejected999(const ProviderContract& contract, const Examination& examination, Time at) const;

 private:
  bool RefuseNew(Time at, Examination& examination) const;
  bool IsOverDayQuota(const ProviderContract& contract, Time at, Examination& examination) const;
  bool FindDuplicate(const ProviderContract& contract, Examination& examination) const;
  // What was accepted before under this key, said again.
  void AnswerFirst(const MessageView& first, Examination& examination) const;
  void AcceptAgain(const MessageMeta& first, Examination& examination) const;
  bool Allowed(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
               Examination& examination) const;
  CheckContext ContextOf(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
                         const ReadMessage& read) const;
  void CheckAll(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
                Examination& examination) const;
  // Once its invoices are known: whether the taxpayer's registration names them.
  bool RegistrationAllows(const ContractSnapshot& contracts, Examination& examination) const;
  // What was accepted before it; Accept asks again.
  void AskHistory(const ContractSnapshot& contracts, const ProviderContract& contract, Examination& examination) const;
  void Fill(const ProviderContract& contract, CheckedMessage checked, Time at, Examination& examination) const;
  ReplySigns Signs() const { return {digester_, options_.our_mst, options_.message_id_key}; }

  Options options_;
  const Validator& validator_;
  const Sealer& sealer_;
  const Digester& digester_;
  const Store& store_;
  QuotaMeter& quotas_;
};

}  // namespace tvan
