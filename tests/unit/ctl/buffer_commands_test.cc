// tvanctl buffer: the file that an export leaves behind, its rights and exit codes; ids only of what is valid.
#include <sys/stat.h>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/reconcile/columns.h"
#include "gateway/reconcile/handover.h"
#include "gateway/seal/seal.h"
#include "ops/ctl/files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"
#include "tests/support/memory_store.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/ctl/ctl_run.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace api = admin::v1;

// Exports the buffer of a store; may break off behind so many seals.
class Exporter : public api::NightService::Service {
 public:
  Exporter(const Store& store, const Sealer& sealer, const Digester& digester, const Clock& clock)
      : parts_{store, sealer, digester, clock} {}
  int seals = 1000;
  bool says_so = true;          // that it broke off
  std::vector<uint64_t> after;  // as it was asked for

  grpc::Status ExportBuffer(grpc::ServerContext*, const api::ExportBufferRequest* request,
                            grpc::ServerWriter<api::ExportBufferResponse>* writer) override {
    after.push_back(request->after_acceptance());
    HandoverOrder order;
    order.provider = ProviderId::Trusted(request->provider());
    order.after = request->after_acceptance();
    int left = seals;
    order.take = [&](const HandoverPiece& piece) {
      if (left == 0) return false;
      api::ExportBufferResponse response;
      response.set_lines(piece.lines);
      response.set_messages(piece.messages);
      response.set_through_acceptance(piece.through);
      response.set_sealed(piece.sealed);
      response.set_complete(piece.complete);
      left -= piece.sealed ? 1 : 0;
      return writer->Write(response);
    };
    const Status status = tvan::ExportBuffer(parts_, order);
    return status.ok() || !says_so ? grpc::Status() : grpc::Status(grpc::StatusCode::UNAVAILABLE, status.message());
  }

 private:
  const HandoverParts parts_;
};

class BufferCommands : public testing::Test {
 protected:
  BufferCommands() {
    TVAN_CHECK(WritePem(folder_.File("seal.key"), MakeEd25519KeyPem().value(), PemKind::kSecret).ok());
    sealer_ = Sealer::Load(folder_.File("seal.key")).value();
    TVAN_CHECK(WriteFile(folder_.File("keys"), sealer_->KeySetJson()).ok());
    exporter_ = std::make_unique<Exporter>(*store_, *sealer_, *digester_, *clock_);
    run_ = std::make_unique<CtlRun>(AddBufferCommands, std::initializer_list<grpc::Service*>{exporter_.get()});
  }
  // Messages whose receipts are sealed as theirs are.
  void Accept(size_t messages) {
    for (size_t i = 0; i < messages; ++i) {
      NewMessage message = MakeFakeMessage({.id = "m" + std::to_string(++accepted_)}, *digester_, clock_->Now());
      ReceiptFacts facts;
      facts.provider = message.key.provider;
      facts.gateway_id = message.gateway_id;
      facts.digest = message.digest;
      message.receipt = sealer_->Seal(kReceiptType, ReceiptJson(facts));
      store_->Accept(std::move(message), [](const Result<AcceptAnswer>& answer) { TVAN_CHECK(answer.ok()); });
    }
    store_->Flush();
  }
  int Export(const std::string& provider = "acme") {
    return (*run_)({"buffer", "export", "--provider", provider, "--out", File()});
  }
  int Ids() { return (*run_)({"buffer", "verify", File(), "--keys", folder_.File("keys"), "--ids"}); }
  std::string File() const { return folder_.File("buffer.jsonl"); }
  std::string Text() const { return ReadFile(File()).value(); }
  unsigned Rights() const {
    struct stat facts {};
    TVAN_CHECK(::stat(File().c_str(), &facts) == 0);
    return facts.st_mode & 0777;
  }

  TempFolder folder_;
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<Exporter> exporter_;
  std::unique_ptr<CtlRun> run_;
  int accepted_ = 0;
};

TEST_F(BufferCommands, AWholeExportIsForItsOwnerOnlyAndGivesTheIdsToWithdraw) {
  Accept(2);
  EXPECT_EQ(Export(), kOk) << run_->error;
  EXPECT_EQ(Rights(), 0600u);
  EXPECT_EQ(Ids(), kOk) << run_->error;
  EXPECT_EQ(std::count(run_->out.begin(), run_->out.end(), '\n'), 2);
  EXPECT_THAT(run_->out, HasSubstr("m1\n"));
  EXPECT_THAT(run_->error, HasSubstr("VALID: 2 messages of acme"));
}

TEST_F(BufferCommands, AFileThatOthersCouldReadIsClosedToThem) {
  Accept(1);
  TVAN_CHECK(WriteFile(File(), "").ok());
  ASSERT_EQ(::chmod(File().c_str(), 0644), 0);
  EXPECT_EQ(Export(), kOk) << run_->error;
  EXPECT_EQ(Rights(), 0600u);
}

TEST_F(BufferCommands, AnExportThatBreaksOffSaysSoAndTheSameCommandGoesOn) {
  Accept(kSegmentMessages + 1);
  exporter_->seals = 1;
  EXPECT_EQ(Export(), kTransport);
  EXPECT_THAT(run_->error, HasSubstr("is not complete; the same command goes on where it ends"));
  EXPECT_EQ(Rights(), 0600u);
  exporter_->seals = 1000;
  EXPECT_EQ(Export(), kOk) << run_->error;
  EXPECT_THAT(exporter_->after, testing::ElementsAre(0u, kSegmentMessages));
  EXPECT_EQ(Ids(), kOk) << run_->out << run_->error;
  EXPECT_EQ(std::count(run_->out.begin(), run_->out.end(), '\n'), static_cast<int>(kSegmentMessages + 1));
}

TEST_F(BufferCommands, AnExportThatEndsWellWithoutItsLastSealIsNotComplete) {
  Accept(kSegmentMessages + 1);
  exporter_->seals = 1;
  exporter_->says_so = false;
  EXPECT_EQ(Export(), kTransport);
  EXPECT_THAT(run_->out, Not(HasSubstr("is complete")));
}

TEST_F(BufferCommands, IdsAreNotToldOfAFileThatIsNotComplete) {
  Accept(kSegmentMessages + 1);
  exporter_->seals = 1;
  ASSERT_EQ(Export(), kTransport);
  EXPECT_EQ(Ids(), kNegative);
  EXPECT_EQ(run_->out, "");
  EXPECT_THAT(run_->error, HasSubstr("NOT VALID: genuine so far, but not complete"));
}

TEST_F(BufferCommands, IdsAreNotToldOfAFileOfWhichTheEndWasTouched) {
  Accept(kSegmentMessages + 1);
  ASSERT_EQ(Export(), kOk);
  std::string text = Text();
  const size_t last = text.rfind("\"payload\":\"") + 11;
  text[last] = text[last] == 'A' ? 'B' : 'A';
  TVAN_CHECK(WriteFile(File(), text).ok());
  EXPECT_EQ(Ids(), kNegative);
  EXPECT_EQ(run_->out, "") << "somebody withdraws by them";
  EXPECT_THAT(run_->error, HasSubstr("NOT VALID"));
}

TEST_F(BufferCommands, AFileThatIsCompleteOrSomebodyElsesIsLeftAlone) {
  Accept(1);
  ASSERT_EQ(Export(), kOk);
  const std::string before = Text();
  EXPECT_EQ(Export(), kNegative);
  EXPECT_THAT(run_->error, HasSubstr("is complete"));
  TVAN_CHECK(WriteFile(File(), before.substr(0, before.rfind("{\"seal\""))).ok());
  EXPECT_EQ(Export("beta"), kUsage);
  EXPECT_THAT(run_->error, HasSubstr("is of provider acme"));
  TVAN_CHECK(WriteFile(File(), "Dear Sir\n").ok());
  EXPECT_EQ(Export(), kUsage);
  EXPECT_EQ(Text(), "Dear Sir\n");
}

TEST_F(BufferCommands, AProviderThatThereIsNotLeavesNoFileOfItsOwnBehindAndIsNoBrokenExport) {
  exporter_->seals = 0;  // as a gateway that is gone at once
  EXPECT_EQ(Export(), kTransport);
  EXPECT_THAT(run_->error, Not(HasSubstr("goes on where it ends"))) << "nothing was begun";
}

}  // namespace
}  // namespace tvan::ctl
