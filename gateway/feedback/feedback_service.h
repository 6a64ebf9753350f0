#pragma once
// FeedbackService on gRPC's callback API: each provider's mailbox by stream and by page, at least once, in order of its
// dense sequence. gRPC threads hand over and return; mailboxes are read on the read pool. A stream pauses without
// credit, has one write outstanding and is woken by OnMailbox; a full read pool makes it wait, not end. What a client
// does not read is bounded by its provider's allowance. Borrows its parts; they outlive the server.

#include <functional>
#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/core/clock.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "store/store.h"

namespace tvan {

class FeedbackService {
 public:
  struct Options {
    uint32_t max_streams_per_provider = 8;
    Span retry_delay = std::chrono::seconds(1);  // what clients are told, and the rest of a stream that finds no room
  };
  struct Parts {
    Store& store;
    Executor& reads;
    Metrics& metrics;
    // Whose this call's client certificate is, as often as it is asked: a stream asks for every command and item.
    std::function<std::function<Result<ProviderId>()>(const grpc::ServerContextBase&)> caller;
    // A place of a provider among its reads in flight, given back with the last share; null: it has too many.
    std::function<std::shared_ptr<const void>(const ProviderId&)> enter_read;
    Clock& clock;
    Allowance& unread;  // of answers that clients have not read; outlives the server's calls
  };
  static std::unique_ptr<FeedbackService> Make(const Options& options, Parts parts);
  virtual ~FeedbackService() = default;

  virtual grpc::Service& service() = 0;
  virtual void OnMailbox(const ProviderId& provider) = 0;  // new items; short, from any thread
  virtual void OnAnyMailbox() = 0;                         // perhaps new items, of anybody; likewise
  virtual void Stop() = 0;  // ends open streams (delivery.shutting_down) and refuses new ones; before the server stops
};

}  // namespace tvan
