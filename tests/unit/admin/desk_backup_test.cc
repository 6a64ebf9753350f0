// Backups that operators ask for: where, under which names, what is told meanwhile, and how they are given up.
#include "adapters/signature.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

TEST_F(DeskTest, BacksUpOnlyWhereItIsConfiguredAndUnderAPlainName) {
  const auto reason = [](const Desk& desk, const std::string& name) {
    admin::v1::BackupStoreRequest request;
    request.set_name(name);
    return desk.BackUp(request, "ops", [](const admin::v1::BackupStoreResponse&) {}, {}).reason();
  };
  EXPECT_EQ(reason(*desk_, "good"), "admin.no_backup_dir"_reason);
  const auto digester = MakeDigester();
  const Desk desk(Desk::Parts{*store_, *contracts_, *changes_, *calendar_, dispatcher_, LineId::Trusted("main"),
                              *clock_, "/backups", digester.get()});
  for (const std::string& name : std::vector<std::string>{"", "good", "2026-11-21.a_b", std::string(64, 'x')})
    EXPECT_EQ(reason(desk, name), "store.no_backup"_reason) << name << ": the store in memory makes none";
  for (const std::string& name : std::vector<std::string>{"../x", "a/b", ".x", "-x", "A", "x y", std::string(65, 'x')})
    EXPECT_EQ(reason(desk, name), "admin.bad_request"_reason) << name;
}

// A backup of a thousand pieces, of nothing.
class PiecesStore : public MemoryStore {
 public:
  PiecesStore(const MemoryStore& like, Clock& clock)
      : MemoryStore({}, std::const_pointer_cast<MemoryDisk>(like.MakeCopy().disk), clock) {}
  Result<BackupFacts> Backup(const BackupRequest& request) override {
    for (done = 1; done <= 1000; ++done) {
      request.progress(done, 1000);
      if (request.stopped()) return Status::Transient("store.closed"_reason, "stopped");
    }
    return BackupFacts();
  }
  uint64_t done = 0;
};

TEST_F(DeskTest, TellsEachPerCentOfABackupOnceAndGivesItUpWhenToldTo) {
  PiecesStore store(*store_, *clock_);
  const auto digester = MakeDigester();
  const Desk desk(Desk::Parts{store, *contracts_, *changes_, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_,
                              "/backups", digester.get()});
  std::vector<admin::v1::BackupStoreResponse> told;
  const auto tell = [&](const admin::v1::BackupStoreResponse& response) { told.push_back(response); };
  ASSERT_TRUE(desk.BackUp({}, "ops", tell, [] { return false; }).ok());
  ASSERT_EQ(told.size(), 101u) << "1..100, and what was done";
  EXPECT_EQ(told[0].done_bytes(), 10u);
  EXPECT_EQ(told[99].done_bytes(), 1000u);
  EXPECT_TRUE(told[100].has_done());
  told.clear();
  EXPECT_EQ(desk.BackUp({}, "ops", tell, [&] { return store.done == 55; }).reason(), "store.closed"_reason);
  EXPECT_EQ(told.size(), 5u);
  EXPECT_EQ(store.done, 55u);
}

}  // namespace
}  // namespace tvan
