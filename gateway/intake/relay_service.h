#pragma once
// RelayService on gRPC's callback API: its threads hand over and return, they neither parse nor touch the store.
// Borrows its parts; they outlive the server.

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/core/executor.h"
#include "gateway/intake/account.h"
#include "gateway/intake/in_flight.h"
#include "gateway/intake/pipeline.h"
#include "gateway/intake/queries.h"
#include "gateway/intake/withdrawals.h"
#include "tvan/v1/relay.pb.h"

namespace tvan {

struct RelayOptions {
  uint32_t max_in_flight_per_stream = 64;  // then the stream is read no further
  Span retry_delay = std::chrono::seconds(1);
  std::string key_set_json;
  uint32_t max_reads_per_provider = 16;    // questions waiting or asked; so none keeps the read pool from the others
  uint32_t max_streams_per_provider = 32;  // open SubmitMessages calls
};
struct RelayParts {
  Pipeline& pipeline;
  const Queries& queries;
  const Withdrawals& withdrawals;
  Executor& reads;    // questions run here
  InFlight& reading;  // of all services that use `reads`
  const Digester& digester;
  InFlight& streams;  // of SubmitMessages
  Allowance& unread;  // of answers that clients have not read; outlives the server's calls
  Metrics& metrics;
  const Accounts& accounts;
  Accounts::Caller (&caller_of)(const std::string& certificate, const Digester& digester);  // PEM; who asks GetAccount
};
std::unique_ptr<grpc::Service> MakeRelayService(RelayOptions options, RelayParts parts);

}  // namespace tvan
