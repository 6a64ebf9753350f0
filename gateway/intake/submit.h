#pragma once
// What a submit is asked and answered with, free of gRPC. Plain values.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/finding.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"
#include "gateway/core/wrapping.h"
#include "gateway/validate/validator.h"

namespace tvan {

struct SubmitInput {
  enum class Purpose { kSubmit, kCheck };
  std::string certificate;  // SHA-256 hex of the caller's client certificate (DER)
  WrappingPlan::Form form = WrappingPlan::Form::kTDiep;
  Submission submission;
  Purpose purpose = Purpose::kSubmit;  // set by the pipeline; a check is never refused for its class
};

// The receipt's facts as they travel beside its JWS.
struct ReceiptView {
  std::string jws;
  MessageId gateway_id;
  std::string provider_mtdiep, client_reference;
  Sha256 digest;
  Time accepted_at;
  MessageClass cls = MessageClass::kUncoded;
  int message_type = 0;
  std::string durability;  // as the sealed receipt names it
  std::vector<std::string> signature_marks = {};
};

// Why a key takes nothing any more: sealed when its provider gave it up.
struct ProofView {
  std::string jws;  // empty: none
  Time at;
};

struct SubmitOutcome {
  enum class Kind { kReceipt, kRejection, kFailure } kind = Kind::kFailure;
  ReceiptView receipt;            // kReceipt
  bool already_accepted = false;  // kReceipt: the stored first one
  std::vector<Finding> findings;  // kRejection: all of them; kReceipt: warnings
  ProofView proof;                // kRejection: of intake.voided, intake.withdrawn
  std::string ack999;             // kReceipt, kRejection
  // kFailure: intake.unknown_certificate, intake.overloaded, intake.provider_overloaded, intake.shutting_down,
  // intake.refuse_new, intake.internal, xml.memory, store.full, store.busy, store.* (transient: nothing was accepted;
  // in doubt: submit the same bytes again).
  Status failure;
  Span retry_after{};         // kFailure
  std::string quota_subject;  // kFailure by overload: whose quota
  // The provider's place in flight (kReceipt, kRejection), given back when this goes away: who keeps an answer that
  // its client does not read keeps the place, so that a provider's answers are bounded as its submits are.
  std::shared_ptr<const void> place;
};
using SubmitDone = std::function<void(SubmitOutcome)>;

struct CheckOutcome {
  Status failure;  // ok: the rest counts
  Span retry_after{};
  std::string quota_subject;
  bool acceptable = false;
  std::vector<Finding> findings;
};
using CheckDone = std::function<void(CheckOutcome)>;

}  // namespace tvan
