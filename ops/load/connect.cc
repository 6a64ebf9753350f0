#include "ops/load/connect.h"

namespace tvan::load {

Result<std::shared_ptr<grpc::Channel>> ConnectTo(const Peer& peer) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = peer.ca_pem;
  tls.pem_cert_chain = peer.certificate_pem;
  tls.pem_private_key = peer.key_pem;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else all channels share one connection
  auto channel = grpc::CreateCustomChannel(peer.endpoint, grpc::SslCredentials(tls), arguments);
  // real deadline: of connecting
  const auto deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(10, GPR_TIMESPAN));
  if (!channel->WaitForConnected(deadline))
    return Status::Transient("load.connect"_reason, "nobody answers at " + peer.endpoint +
                                                        ", or certificates do not fit (no connection within 10 s)");
  return channel;
}

}  // namespace tvan::load
