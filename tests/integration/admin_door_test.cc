// The operators' door: what it does not take, and that nothing an operator has begun delays a stop.
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "rocksdb/file_system.h"
#include "store/rocksdb/rocks_files.h"
#include "tests/integration/raw_client.h"

namespace tvan {
namespace {

// A message that anybody takes when it is plain, and that would be inflated before the caller is known.
TEST(AdminDoor, CompressedRequestsAreRefusedAndNotInflated) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  const auto desk = world.Admin();
  const auto ask = [&](grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    admin::v1::GetMessageRequest request;
    request.set_mtdiep(std::string(1 << 20, 'V'));
    admin::v1::GetMessageResponse response;
    return desk->GetMessage(&context, request, &response).error_code();
  };
  EXPECT_EQ(ask(GRPC_COMPRESS_NONE), grpc::StatusCode::OK) << "nobody's, and taken";
  EXPECT_EQ(ask(GRPC_COMPRESS_GZIP), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(ask(GRPC_COMPRESS_DEFLATE), grpc::StatusCode::UNIMPLEMENTED);
}

// Holds whoever takes a table over into a backup.
class HeldLinks : public rocksdb::FileSystemWrapper {
 public:
  HeldLinks() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "held links"; }
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
    std::unique_lock lock(mutex_);
    waits_ = true;
    moved_.notify_all();
    moved_.wait(lock, [this] { return released_; });
    return target()->LinkFile(from, to, options, debug);
  }
  bool AwaitSomebody() {
    std::unique_lock lock(mutex_);
    return moved_.wait_for(lock, std::chrono::seconds(30), [this] { return waits_; });
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  bool waits_ = false, released_ = false;
};

class BackupAtTheEnd : public testing::Test {
 protected:
  // The gateway is told to stop while the backup is held, or left alone until it is done.
  enum class Then { kStop, kFinish };
  void BackUp(Then then) {
    world_.files = std::make_shared<const RocksFiles>(RocksFiles{env_.get()});
    const std::string path = "store: {path: data}";
    world_.yaml.replace(world_.yaml.find(path), path.size(), "store: {path: data, backup_dir: backups}");
    std::filesystem::create_directory(world_.File("backups"));
    ASSERT_TRUE(world_.Start().ok());
    std::thread client([&, desk = world_.Admin()] {
      grpc::ClientContext context;
      admin::v1::BackupStoreRequest request;
      request.set_name("one");
      admin::v1::BackupStoreResponse response;
      const auto stream = desk->BackupStore(&context, request);
      while (stream->Read(&response)) continue;
      stream->Finish();
    });
    EXPECT_TRUE(links_->AwaitSomebody());
    const int port = world_.gateway->admin_port();
    std::thread stopping([&] {
      if (then == Then::kStop) world_.Stop();
    });
    // Closed is closed after the calls were told.
    EXPECT_TRUE(then == Then::kFinish || Eventually([&] { return !RawTcp(port).open(); }));
    links_->Release();
    stopping.join();
    client.join();
    world_.Stop();
  }
  bool Exists(const std::string& name) const { return std::filesystem::exists(world_.File(name)); }

  std::shared_ptr<HeldLinks> links_ = std::make_shared<HeldLinks>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(links_);
  ApiWorld world_;
};

TEST_F(BackupAtTheEnd, IsGivenUpAndRemovedWhenTheGatewayStops) {
  ASSERT_NO_FATAL_FAILURE(BackUp(Then::kStop));
  EXPECT_TRUE(Exists("backups"));
  EXPECT_FALSE(Exists("backups/one"));
}

TEST_F(BackupAtTheEnd, IsFinishedWhenItDoesNot) {
  ASSERT_NO_FATAL_FAILURE(BackUp(Then::kFinish));
  EXPECT_TRUE(Exists("backups/one/BACKUP"));
}

}  // namespace
}  // namespace tvan
