// Promise P1 at the door: no receipt reaches a client before the flush of its message has returned. The gateway runs on
// a file system on which Sync can be held.
#include <filesystem>
#include <future>

#include "store/rocksdb/rocks_files.h"
#include "tests/faults/power_cut_fs.h"
#include "tests/integration/api_world.h"

namespace tvan {
namespace {

class ReceiptFlush : public testing::Test {
 protected:
  void Start(const std::string& store_options) {
    const std::string path = world_.File("data");
    std::filesystem::create_directory(path);
    disk_ = std::make_shared<PowerCutFs>(path, 1);
    env_ = rocksdb::NewCompositeEnv(disk_);
    world_.files = std::make_shared<const RocksFiles>(RocksFiles{env_.get()});
    const size_t at = world_.yaml.find("path: data");
    world_.yaml.insert(at, store_options);
    ASSERT_TRUE(world_.Start().ok());
    world_.PutContract("acme", "acme", "0101234567");
  }
  ~ReceiptFlush() override {
    if (disk_ != nullptr) disk_->ReleaseSync();
    world_.Stop();
  }

  // A submit on its way.
  struct Submit {
    grpc::ClientContext context;
    v1::SubmitMessageRequest request;
    v1::SubmitMessageResponse response;
    std::promise<grpc::Status> done;
    std::future<grpc::Status> status = done.get_future();
    bool answered() const { return status.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
  };
  std::unique_ptr<Submit> Begin(v1::RelayService::Stub& relay, int number) {
    auto submit = std::make_unique<Submit>();
    submit->request.set_request_id("one");
    submit->request.mutable_document()->set_tdiep(world_.Message(number));
    relay.async()->SubmitMessage(&submit->context, &submit->request, &submit->response,
                                 [&submit = *submit](const grpc::Status& status) { submit.done.set_value(status); });
    return submit;
  }
  // Of the message, asked on the connection on which its receipt would come.
  static v1::GetMessageResponse::Seen Ask(v1::RelayService::Stub& relay, const Submit& submit) {
    grpc::ClientContext context;
    v1::GetMessageRequest request;
    request.set_sha256(MakeDigester()->Sha256Of(submit.request.document().tdiep()).Hex());
    v1::GetMessageResponse response;
    const grpc::Status status = relay.GetMessage(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.seen();
  }

  std::shared_ptr<PowerCutFs> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  ApiWorld world_;
};

TEST_F(ReceiptFlush, NoReceiptReachesAClientBeforeTheFlushReturns) {
  ASSERT_NO_FATAL_FAILURE(Start(""));
  const auto relay = world_.Relay("acme");
  disk_->HoldSync();
  const auto submit = Begin(*relay, 1);
  disk_->AwaitHeldSync();
  // Whole questions and answers pass on the same connection, and nothing of the message is seen.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(*relay, *submit), v1::GetMessageResponse::NOT_SEEN);
  EXPECT_FALSE(submit->answered());
  disk_->ReleaseSync();
  ASSERT_TRUE(submit->status.get().ok());
  EXPECT_EQ(submit->response.receipt().durability(), "FLUSHED_LOCAL");
  EXPECT_EQ(Ask(*relay, *submit), v1::GetMessageResponse::SEEN);
}

// The twin: without flushes nothing holds the receipt, and it says so.
TEST_F(ReceiptFlush, WithoutFlushesTheReceiptComesWhileSyncIsHeld) {
  ASSERT_NO_FATAL_FAILURE(Start("durability: memory_only, "));
  const auto relay = world_.Relay("acme");
  disk_->HoldSync();
  const auto submit = Begin(*relay, 1);
  ASSERT_TRUE(submit->status.get().ok());
  EXPECT_EQ(submit->response.receipt().durability(), "MEMORY_ONLY");
}

}  // namespace
}  // namespace tvan
