#pragma once
// One unary call and its answer, which counts as unread until gRPC is done with it: a client may well ask and never
// read. Deletes itself then. For intake and feedback.

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"

namespace tvan {

class Asked : public grpc::ServerUnaryReactor {
 public:
  Asked(Allowance& unread, const ProviderId& provider) : share_(unread, provider) {}
  void OnDone() override { delete this; }
  // Once. `response`: null when nothing of size goes back. gRPC holds it as it is and as it was written down.
  void Answer(const grpc::Status& status, const google::protobuf::Message* response = nullptr) {
    if (!status.ok())
      share_.SetRefused();
    else
      share_.Set(kCallBytes + (response == nullptr ? 0 : response->ByteSizeLong() + response->SpaceUsedLong()));
    Finish(status);
  }

 private:
  Allowance::Share share_;
};

}  // namespace tvan
