#pragma once
// The questions a provider may ask about its own messages; a foreign message is NOT_SEEN. Free of gRPC, reads the store
// (blocking): run it on the read pool. Thread-safe.

#include "gateway/core/clock.h"
#include "gateway/core/ids.h"
#include "store/store.h"
#include "tvan/v1/relay.pb.h"

namespace tvan {

class Queries {
 public:
  Queries(const Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  // intake.bad_request: no key, or a malformed digest or invoice. store.*: it cannot be read, which is not NOT_SEEN.
  Result<v1::GetMessageResponse> Get(const ProviderId& provider, const v1::GetMessageRequest& request) const;
  // intake.bad_request: page size or page token. store.*
  Result<v1::ListMessagesResponse> List(const ProviderId& provider, const v1::ListMessagesRequest& request) const;

 private:
  const Store& store_;
  const Clock& clock_;
};

// 0: `standard`. intake.bad_request outside 0..1000.
Result<uint32_t> PageSize(int32_t asked, uint32_t standard);
// A page token is the acceptance number of the last message that the page looked at. intake.bad_request
Result<uint64_t> ParsePageToken(const std::string& token);

}  // namespace tvan
