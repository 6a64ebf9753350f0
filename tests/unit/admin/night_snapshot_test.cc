// Snapshots and hand-over files through the operators' desk.
#include "gateway/admin/night_snapshot.h"

#include "adapters/signature.h"
#include "gateway/admin/operator_act.h"
#include "gateway/contract/every_provider.h"
#include "tests/unit/admin/desk_world.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/reconcile/open_sealer.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class NightSnapshotTest : public DeskTest {
 protected:
  NightSnapshotTest() {
    api::PutProviderContractResponse response;
    TVAN_CHECK(desk_->Put(Contract("acme"), {"ops"}, response).ok());
    snapshots_ = std::make_unique<StopSnapshots>(
        StopSnapshots::Options{.folder = folder_.File(""), .leave_free = 0},
        SnapshotParts{*store_, sealer_, *parser_, *digester_, *clock_, [this] { return EveryProvider(*store_); }},
        *metrics_);
    night_ = std::make_unique<NightSnapshots>(
        NightSnapshots::Parts{*snapshots_, {*store_, sealer_, *digester_, *clock_}, LineId::Trusted("main"), *store_});
  }
  Status Export(const std::string& provider, std::vector<api::ExportBufferResponse>& told) const {
    api::ExportBufferRequest request;
    request.set_provider(provider);
    return night_->Export(
        request, "ops", [&](const api::ExportBufferResponse& response) { return told.push_back(response), true; }, {});
  }

  TempFolder folder_;
  OpenSealer sealer_;
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<StopSnapshots> snapshots_;
  std::unique_ptr<NightSnapshots> night_;
};

TEST_F(NightSnapshotTest, ASnapshotTakenByHandIsToldOfAndListedNewestFirst) {
  AcceptFake(*store_, {}, *digester_, clock_->Now());
  std::vector<api::TakeSnapshotResponse> told;
  const auto write = [&](const api::TakeSnapshotResponse& response) { return told.push_back(response), true; };
  ASSERT_TRUE(night_->Take({}, "ops", write, {}).ok());
  ASSERT_TRUE(told.back().has_done());
  EXPECT_EQ(told.back().done().name(), "main_by-hand_20261121-100000");
  EXPECT_THAT(told.back().done().manifest(), testing::HasSubstr("\"by_hand\":true"));
  EXPECT_EQ(told.back().rows(), 1u);
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(night_->Take({}, "ops", write, {}).ok());
  api::ListSnapshotsResponse listed;
  ASSERT_TRUE(night_->List({}, listed).ok());
  ASSERT_EQ(listed.snapshots_size(), 2);
  EXPECT_EQ(listed.snapshots(0).name(), "main_by-hand_20261121-110000");
  EXPECT_GT(listed.snapshots(0).bytes(), 0u);
  EXPECT_EQ(listed.failure(), "");
  api::ListSnapshotsRequest request;
  request.set_limit(1);
  listed.Clear();
  ASSERT_TRUE(night_->List(request, listed).ok());
  EXPECT_EQ(listed.snapshots_size(), 1);
  request.set_limit(1001);
  EXPECT_EQ(night_->List(request, listed).reason(), "admin.bad_request"_reason);
}

TEST_F(NightSnapshotTest, ABufferIsExportedAndEndsWithItsSeal) {
  AcceptFake(*store_, {}, *digester_, clock_->Now());
  std::vector<api::ExportBufferResponse> told;
  ASSERT_TRUE(Export("acme", told).ok());
  ASSERT_EQ(told.size(), 3u) << "head, message, seal";
  EXPECT_TRUE(told.back().sealed() && told.back().complete());
  EXPECT_EQ(told.back().messages(), 1u);
  EXPECT_EQ(told.back().through_acceptance(), 1u);
}

TEST_F(NightSnapshotTest, OfAProviderWhoseContractWasDeletedNothingIsLost) {
  AcceptFake(*store_, {}, *digester_, clock_->Now());
  ASSERT_TRUE(contracts_->Delete(ContractKind::kProviderContract, "acme", {"Lan", "gone", clock_->Now()}).ok());
  std::vector<api::ExportBufferResponse> told;
  ASSERT_TRUE(Export("acme", told).ok());
  EXPECT_EQ(told.back().messages(), 1u);
  api::TakeSnapshotResponse taken;
  ASSERT_TRUE(night_->Take({}, "ops", [&](const api::TakeSnapshotResponse& r) { return taken = r, true; }, {}).ok());
  EXPECT_EQ(taken.rows(), 1u);
  api::GetMessageRequest request;
  request.set_mtdiep("0109999999acme1");  // its own
  api::GetMessageResponse found;
  ASSERT_TRUE(desk_->Get(request, found).ok());
  EXPECT_EQ(found.messages_size(), 1);
}

TEST_F(NightSnapshotTest, AnExportIsWrittenDownBeforeItsFirstLine) {
  AcceptFake(*store_, {}, *digester_, clock_->Now());
  api::ExportBufferRequest request;
  request.set_provider("acme");
  size_t acts_at_first = 0;
  const auto first = [&](const api::ExportBufferResponse&) {
    acts_at_first = store_->RecordHistory(kOperatorActKind, "export_buffer/acme", {})->size();
    return false;
  };
  static_cast<void>(night_->Export(request, "ops", first, {}));
  EXPECT_EQ(acts_at_first, 1u);
}

TEST_F(NightSnapshotTest, WhatCannotBeWrittenDownIsNotHandedOutButASnapshotIsTaken) {
  AcceptFake(*store_, {}, *digester_, clock_->Now());
  store_->FailNextFlush(MemoryStore::FailedFlush::kLost);
  std::vector<api::ExportBufferResponse> told;
  EXPECT_FALSE(Export("acme", told).ok());
  EXPECT_TRUE(told.empty());
  api::TakeSnapshotResponse taken;
  EXPECT_TRUE(night_->Take({}, "ops", [&](const api::TakeSnapshotResponse& r) { return taken = r, true; }, {}).ok());
  EXPECT_TRUE(taken.has_done());
}

TEST_F(NightSnapshotTest, ABufferOfNobodyIsNotFound) {
  std::vector<api::ExportBufferResponse> told;
  EXPECT_EQ(Export("nobody", told).reason(), "admin.not_found"_reason);
  EXPECT_EQ(Export("Not A Name", told).reason(), "admin.bad_request"_reason);
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace tvan
