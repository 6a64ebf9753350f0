#pragma once
// How the calls of providers are taken, for all services of intake: who calls, whether it is welcome, what its answer
// counts against, and questions on the read pool. Thread-safe; borrows its parts.

#include <functional>
#include <optional>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/core/digest.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "gateway/intake/in_flight.h"
#include "gateway/intake/pipeline.h"
#include "proto/asked.h"

namespace tvan {

class ProviderCalls {
 public:
  struct Options {
    Span retry_delay = std::chrono::seconds(1);
    uint32_t max_reads_per_provider = 16;
  };
  struct Parts {
    const Pipeline& pipeline;  // knows whose a certificate is
    const Digester& digester;
    Executor& reads;
    InFlight& reading;  // of all services that use `reads`
    Allowance& unread;
    Metrics& metrics;
  };
  ProviderCalls(Options options, Parts parts) : options_(options), parts_(parts) {}

  // Not welcome, and answered already: whom we do not know, or who has not read what it asked for before.
  struct Caller {
    std::string certificate;
    std::optional<ProviderId> provider;
    Asked* asked = nullptr;
    bool welcome = false;
  };
  Caller Take(grpc::CallbackServerContext& context) const;
  Asked* NewAsked(grpc::CallbackServerContext& context, const ProviderId& payer) const;
  void CutOffWhenOverrun(grpc::CallbackServerContext& context, const ProviderId& payer) const;
  // The same for a stream, which has a reactor of its own: OK and `payer`, or why not.
  grpc::Status Welcome(const grpc::CallbackServerContext& context, ProviderId& payer) const;

  // Runs a blocking question on the read pool. `response`: when its answer may be large.
  using Question = std::function<Status(const ProviderId&)>;
  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context, Question question,
                                const google::protobuf::Message* response = nullptr) const;

  grpc::Status Refusal(const ProviderId& provider, Reason reason, const std::string& text) const;
  grpc::Status TooMany(const ProviderId& provider, const std::string& what) const;
  grpc::Status Unread(const ProviderId& provider) const;
  const Options& options() const { return options_; }
  const Parts& parts() const { return parts_; }

 private:
  const Options options_;
  const Parts parts_;
};

}  // namespace tvan
