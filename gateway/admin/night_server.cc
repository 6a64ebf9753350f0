#include "gateway/admin/night_server.h"

#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class NightServiceImpl final : public api::NightService::Service {
 public:
  NightServiceImpl(const AdminServer::Night& night, const Operators& operators)
      : desk_(night.desk),
        screen_(night.screen),
        records_(night.records),
        snapshots_(night.snapshots),
        operators_(operators) {}

#define TVAN_NIGHT(Rpc, Response, call)                                                             \
  grpc::Status Rpc(grpc::ServerContext* context, [[maybe_unused]] const api::Rpc##Request* request, \
                   api::Response* response) override {                                              \
    return Answer(*context, [&]([[maybe_unused]] const std::string& author) { return call; });      \
  }
  TVAN_NIGHT(PreviewWindow, PreviewWindowResponse, desk_.Preview(*request, *response))
  TVAN_NIGHT(GetWindowHistory, GetWindowHistoryResponse, desk_.History(*request, *response))
  TVAN_NIGHT(GetMaintenanceBudget, GetMaintenanceBudgetResponse, desk_.Budget(*request, *response))
  TVAN_NIGHT(GetLine, GetLineResponse, desk_.Line(*request, *response))
  TVAN_NIGHT(OrderLine, OrderLineResponse, desk_.Order(*request, author, *response))
  TVAN_NIGHT(SetIntakeMode, SetIntakeModeResponse, desk_.SetMode(*request, author, *response))
  TVAN_NIGHT(ListIntakeModes, ListIntakeModesResponse, desk_.Modes(*request, *response))
  TVAN_NIGHT(GetDrain, Drain, desk_.Drain(*request, *response))
  TVAN_NIGHT(ListAcknowledgements, ListAcknowledgementsResponse, desk_.Acknowledgements(*request, *response))
  TVAN_NIGHT(GetNight, Night, Show(*response))
  TVAN_NIGHT(PutContactSheet, PutContactSheetResponse, records_.Put(*request, author, *response))
  TVAN_NIGHT(GetContactSheet, GetContactSheetResponse, records_.Get(*request, *response))
  TVAN_NIGHT(PutOnCall, PutOnCallResponse, records_.Put(*request, author, *response))
  TVAN_NIGHT(ListOnCall, ListOnCallResponse, records_.List(*request, *response))
  TVAN_NIGHT(OpenIncident, OpenIncidentResponse, records_.Open(*request, author, *response))
  TVAN_NIGHT(AddToIncident, AddToIncidentResponse, records_.Add(*request, author, *response))
  TVAN_NIGHT(CloseIncident, CloseIncidentResponse, records_.Close(*request, author, *response))
  TVAN_NIGHT(ListIncidents, ListIncidentsResponse, records_.List(*request, *response))
  TVAN_NIGHT(ListSnapshots, ListSnapshotsResponse, snapshots_.List(*request, *response))
#undef TVAN_NIGHT

  grpc::Status WatchDrain(grpc::ServerContext* context, const api::WatchDrainRequest* request,
                          grpc::ServerWriter<api::Drain>* writer) override {
    return Answer(*context, [&](const std::string&) {
      return desk_.Watch(
          *request, [writer](const api::Drain& board) { return writer->Write(board); },
          [context] { return context->IsCancelled(); });
    });
  }

  grpc::Status TakeSnapshot(grpc::ServerContext* context, const api::TakeSnapshotRequest* request,
                            grpc::ServerWriter<api::TakeSnapshotResponse>* writer) override {
    return Answer(*context, [&](const std::string& author) {
      return snapshots_.Take(*request, author,
                             [writer](const api::TakeSnapshotResponse& response) { return writer->Write(response); },
                             {});
    });
  }
  grpc::Status ExportBuffer(grpc::ServerContext* context, const api::ExportBufferRequest* request,
                            grpc::ServerWriter<api::ExportBufferResponse>* writer) override {
    return Answer(*context, [&](const std::string& author) {
      return snapshots_.Export(
          *request, author, [writer](const api::ExportBufferResponse& response) { return writer->Write(response); },
          [context] { return context->IsCancelled(); });
    });
  }

 private:
  Status Show(api::Night& night) {
    night = screen_.Get();
    return {};
  }
  template <class Call>
  grpc::Status Answer(const grpc::ServerContext& context, const Call& call) const {
    const auto author = operators_.AuthorOf(context);
    return AdminFailure(author ? call(*author) : author.status());
  }

  NightDesk& desk_;
  NightScreen& screen_;
  NightRecords& records_;
  const NightSnapshots& snapshots_;
  const Operators& operators_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeNightService(const AdminServer::Night& night, const Operators& operators) {
  return std::make_unique<NightServiceImpl>(night, operators);
}

}  // namespace tvan
