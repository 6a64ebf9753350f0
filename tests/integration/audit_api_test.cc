// The audit chain over a whole gateway: acts that change no record stand in it, and a byte that somebody changes in a
// stopped store is found and named.
#include <gmock/gmock.h>

#include <filesystem>

#include "rocksdb/db.h"
#include "tests/integration/api_world.h"
#include "tvan/admin/v1/audit.grpc.pb.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;

class AuditApi : public testing::Test {
 protected:
  std::unique_ptr<api::AuditService::Stub> Audit(const std::string& client = "operator") const {
    return api::AuditService::NewStub(world_.Channel(client, world_.gateway->admin_port()));
  }
  std::vector<api::AuditEntry> Of(const std::string& kind) const {
    api::ListAuditRequest request;
    request.set_kind(kind);
    api::ListAuditResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Audit()->ListAudit(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.entries().begin(), response.entries().end()};
  }
  api::VerifyAuditResponse::Done Verify() const {
    grpc::ClientContext context;
    const auto audit = Audit();
    const auto reader = audit->VerifyAudit(&context, {});
    api::VerifyAuditResponse response;
    while (reader->Read(&response)) continue;
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(response.has_done());
    return response.done();
  }
  void PutContract(const std::string& name) {
    api::PutProviderContractRequest request;
    request.mutable_contract()->set_provider("acme");
    request.mutable_contract()->set_name(name);
    request.mutable_contract()->set_status(api::CONTRACT_STATUS_ACTIVE);
    request.mutable_contract()->add_tax_codes("0109999999");
    request.set_reason("signed");
    api::PutProviderContractResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Admin()->PutProviderContract(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  // In the stopped store: one byte of each record that has `text`. Answers how many there were.
  int Flip(const std::string& text) const {
    const std::string path = world_.File("data/db");
    std::vector<std::string> names;
    EXPECT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open({}, path, families, &handles, &opened);
    EXPECT_TRUE(status.ok()) << status.ToString();
    const std::unique_ptr<rocksdb::DB> db(opened);
    int flipped = 0;
    for (rocksdb::ColumnFamilyHandle* family : handles) {
      if (family->GetName() == "record") flipped = FlipIn(*db, *family, text);
      db->DestroyColumnFamilyHandle(family);
    }
    return flipped;
  }
  static int FlipIn(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& family, const std::string& text) {
    int flipped = 0;
    const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator({}, &family));
    for (row->SeekToFirst(); row->Valid(); row->Next()) {
      std::string value = row->value().ToString();
      const size_t at = value.find(text);
      if (at == std::string::npos) continue;
      value[at] ^= 1;
      rocksdb::WriteOptions sync;
      sync.sync = true;
      EXPECT_TRUE(db.Put(sync, &family, row->key(), value).ok());
      ++flipped;
    }
    return flipped;
  }
  ApiWorld world_;
};

TEST_F(AuditApi, AFlippedByteOfARecordInAStoppedStoreIsFoundAndNamed) {
  ASSERT_TRUE(world_.Start().ok());
  PutContract("before");
  PutContract("Firm of the twelfth");
  EXPECT_TRUE(Verify().whole());
  const std::string newest = std::to_string(Of("provider_contract").front().sequence());
  world_.Stop();
  ASSERT_GT(Flip("Firm of the twelfth"), 0);
  ASSERT_TRUE(world_.Start().ok());
  const auto broken = Verify();
  EXPECT_FALSE(broken.whole());
  EXPECT_THAT(broken.breaks(), testing::Each(HasSubstr("(provider_contract acme)")));
  EXPECT_THAT(
      broken.breaks(),
      testing::Contains("entry " + newest + " (provider_contract acme): the record is not what was written of it"));
}

TEST_F(AuditApi, AFlippedByteOfAnEntryIsFoundAndNamed) {
  ASSERT_TRUE(world_.Start().ok());
  PutContract("one");
  PutContract("two");
  const std::string oldest = std::to_string(Of("provider_contract").back().sequence());
  world_.Stop();
  ASSERT_GT(Flip("signed"), 0) << "the reason, in entries and records";
  ASSERT_TRUE(world_.Start().ok());
  EXPECT_THAT(Verify().breaks(),
              testing::Contains("entry " + oldest + " (provider_contract acme) is not what was hashed"));
}

TEST_F(AuditApi, ABackupAHandOverAndASnapshotAreInTheChainBeforeTheyAreMade) {
  const std::string path = "store: {path: data}";
  world_.yaml.replace(world_.yaml.find(path), path.size(), "store: {path: data, backup_dir: backups}");
  std::filesystem::create_directory(world_.File("backups"));
  ASSERT_TRUE(world_.Start().ok());
  PutContract("acme");
  const auto night = api::NightService::NewStub(world_.Channel("operator", world_.gateway->admin_port()));
  const auto drained = [](auto stream, auto response) {
    while (stream->Read(&response)) continue;
    stream->Finish();
  };
  grpc::ClientContext first, second, third;
  api::BackupStoreRequest backup;
  backup.set_name("one");
  drained(world_.Admin()->BackupStore(&first, backup), api::BackupStoreResponse());
  api::ExportBufferRequest buffer;
  buffer.set_provider("acme");
  drained(night->ExportBuffer(&second, buffer), api::ExportBufferResponse());
  drained(night->TakeSnapshot(&third, {}), api::TakeSnapshotResponse());
  std::vector<std::string> ids;
  for (const api::AuditEntry& entry : Of("operator_act")) {
    EXPECT_EQ(entry.author(), "operator");
    ids.push_back(entry.id());
  }
  EXPECT_THAT(ids, ElementsAre("take_snapshot/main", "export_buffer/acme", "backup_store/one"));
  EXPECT_TRUE(Verify().whole());
}

TEST_F(AuditApi, WhoIsRefusedIsWrittenDownAndWhoAsksIsToldWhatItIs) {
  const std::string list =
      "admin_api: {operators: [{certificate: " + Take(CertificateSha256(world_.ReadText("operator.pem"))) +
      ", role: operator}, {certificate: " + Take(CertificateSha256(world_.ReadText("line.pem"))) + "}], listen";
  const std::string api_listen = "admin_api: {listen";
  world_.yaml.replace(world_.yaml.find(api_listen), api_listen.size(), list);
  ASSERT_TRUE(world_.Start().ok());
  api::GetOperatorResponse caller;
  grpc::ClientContext asked, refused;
  ASSERT_TRUE(Audit("line")->GetOperator(&asked, {}, &caller).ok());
  EXPECT_EQ(caller.name(), "line");
  EXPECT_EQ(caller.role(), api::VIEWER) << "the default";
  api::PutWindowResponse response;
  EXPECT_EQ(ReasonOf(world_.Admin("line")->PutWindow(&refused, {}, &response)), "admin.role");
  const auto acts = Of("operator_act");
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].id(), "refused_call/" + caller.certificate());
  EXPECT_EQ(acts[0].author(), "line");
  EXPECT_THAT(acts[0].reason(), HasSubstr("PutWindow needs the role operator"));
}

}  // namespace
}  // namespace tvan
