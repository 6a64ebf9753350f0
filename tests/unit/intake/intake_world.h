#pragma once
// The pipeline on a MemoryStore that flushes when told, with real checks, real signatures and a real seal; keys are
// made at run time. Everything happens on the test's thread.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "gateway/intake/pipeline.h"
#include "gateway/intake/queries.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"
#include "tests/support/message_maker.h"

namespace tvan {

// Runs a task at once, or refuses it. What a task throws stops here, as at a real pool's edge.
class InlineExecutor : public Executor {
 public:
  bool full = false;
  int threw = 0;
  bool TrySubmit(std::function<void()> task) override {
    if (full) return false;
    try {
      task();
    } catch (const std::bad_alloc&) {
      ++threw;
    }
    return true;
  }
  void Drain() override {}
  size_t queued() const override { return 0; }
};

class IntakeWorld {
 public:
  static constexpr const char* kAcmeCertificate = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  static constexpr const char* kBetaCertificate = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

  IntakeWorld();
  ~IntakeWorld();

  // `provider` acme or beta; both hold mandates for 0101234567 and serve as 0109999999.
  void PutContract(const std::string& provider, const std::string& certificate, ContractStatus status, Dates dates,
                   uint32_t max_in_flight = 0);
  SubmitInput Input(std::string bytes, const std::string& certificate = kAcmeCertificate) const;
  SubmitInput Signed(const MessageSpec& spec, const std::string& certificate = kAcmeCertificate) const;
  enum class SignedWith { kTaxCode, kNoTaxCode };  // in the certificate
  std::string SignedBytes(MessageSpec spec, SignedWith with = SignedWith::kTaxCode) const;
  // The same HDon of the taxpayer, signed, each time.
  SubmitInput Bare(int message_type, const std::string& client_reference) const;
  // SHA-256 of the certificate that SignedWith::kNoTaxCode signs with.
  static std::string CertificateWithoutTaxCode();
  // A pipeline with another parser, verifier or other options, on the same store; `change` runs first.
  void MakePipeline(const std::function<void(Pipeline::Options&)>& change, const XmlParser* parser = nullptr,
                    const SignatureVerifier* verifier = nullptr);
  // Submits, flushes, answers.
  SubmitOutcome Submit(SubmitInput input);
  CheckOutcome Check(SubmitInput input);
  uint64_t accepted_total() const { return store->Measure()->accepted_total; }

  std::unique_ptr<TestClock> clock;
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  std::unique_ptr<MemoryStore> store;
  std::unique_ptr<ContractBook> contracts;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<Digester> digester = MakeDigester();
  InlineExecutor compute;
  std::vector<Status> store_outcomes;
  std::vector<Rejection> rejections;                                   // that the pipeline handed on
  std::function<std::optional<Span>(MessageClass, Time)> refused_for;  // none: nothing is
  std::unique_ptr<Validator> own_validator;                            // of MakePipeline
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<Queries> queries;

 private:
  struct Keys;
  static const Keys& SharedKeys();
};

std::vector<std::string> Rules(const std::vector<Finding>& findings);

}  // namespace tvan
