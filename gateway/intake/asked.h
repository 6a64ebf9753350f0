#pragma once
// One unary call of a known provider, and its answer, which counts as unread until gRPC is done with it: a client may
// well ask and never read. Deletes itself then. Internal to intake.

#include <algorithm>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"

namespace tvan {

class Asked : public grpc::ServerUnaryReactor {
 public:
  static constexpr size_t kLeastBytes = 1024;  // of an answer with what gRPC holds for it

  Asked(Allowance& unread, const ProviderId& provider) : share_(unread, provider) {}
  void OnDone() override { delete this; }
  // Once. `response`: null when nothing of size goes back; a refusal needs no window and counts nothing.
  void Answer(const grpc::Status& status, const google::protobuf::Message* response = nullptr) {
    if (status.ok()) share_.Set(std::max(kLeastBytes, response == nullptr ? 0 : response->ByteSizeLong()));
    Finish(status);
  }

 private:
  Allowance::Share share_;
};

}  // namespace tvan
