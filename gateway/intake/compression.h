#pragma once
// A server that takes no compressed requests: gRPC 1.51 checks the limit of a message before it inflates it, so a few
// megabytes of zeros would become gigabytes, outside of every quota and before the caller is known. A client that
// compresses gets UNIMPLEMENTED. For both listeners.

#include <grpcpp/grpcpp.h>

namespace tvan {

inline void TakeNothingCompressed(grpc::ServerBuilder& builder) {
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
}

}  // namespace tvan
