// Damage of a store's files, every kind at every kind of place: what was confirmed to nobody is given up and the store
// opens; anything else refuses (store.damaged), or the reads that meet it do. Never "OK" with less.
#include <filesystem>
#include <future>
#include <map>
#include <random>

#include "gateway/core/log.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

// Flips one bit, cuts the file off, zeroes or fills with garbage all up to `end`; makes a byte what says in a frame's
// header that it is of a recycled log.
enum class Kind { kFlip, kCut, kZero, kGarbage, kRecycled };
constexpr Kind kKinds[] = {Kind::kFlip, Kind::kCut, Kind::kZero, Kind::kGarbage, Kind::kRecycled};
const char* Name(Kind kind) {
  constexpr const char* kNames[] = {"flip", "cut", "zero", "garbage", "recycled"};
  return kNames[static_cast<int>(kind)];
}

std::string Damaged(std::string bytes, Kind kind, size_t from, size_t end) {
  if (kind == Kind::kFlip) bytes[from] = static_cast<char>(bytes[from] ^ 0x20);
  if (kind == Kind::kRecycled) bytes[from] = 5;
  if (kind == Kind::kCut) bytes.resize(from);
  std::mt19937 random(static_cast<unsigned>(from));
  for (size_t i = from; i < end && (kind == Kind::kZero || kind == Kind::kGarbage); ++i)
    bytes[i] = kind == Kind::kZero ? '\0' : static_cast<char>(random());
  return bytes;
}

// Where the acts of a log begin and end, by RocksDB's framing: blocks of 32 KiB; a fragment is crc (4), size (2),
// type (1: whole, 2: first, 3: middle, 4: last), bytes.
struct Act {
  size_t begin = 0, end = 0;
};
std::vector<Act> ActsOf(const std::string& log) {
  constexpr size_t kBlock = 32768, kHeader = 7;
  std::vector<Act> acts;
  Act act;
  for (size_t at = 0; at + kHeader <= log.size();) {
    const size_t left = kBlock - at % kBlock;
    if (left < kHeader) {
      at += left;
      continue;
    }
    const size_t size = static_cast<uint8_t>(log[at + 4]) | static_cast<size_t>(static_cast<uint8_t>(log[at + 5])) << 8;
    const int type = log[at + 6];
    if (type == 1 || type == 2) act.begin = at;
    at += kHeader + size;
    act.end = at;
    if (type == 1 || type == 4) acts.push_back(act);
  }
  return acts;
}

class Damage : public StoreFaults {
 protected:
  static constexpr int kMessages = 8;
  static constexpr size_t kSize = 30000;  // so that acts cross blocks

  Damage() { SetLogLevel(LogLevel::kError); }

  // A store in root_/store with kMessages messages in its log, each an act of its own. Copied as a kill leaves it.
  void Fill() {
    auto store = Open(root_ + "/store", true);
    ASSERT_TRUE(store.ok());
    for (int n = 1; n <= kMessages; ++n) {
      std::promise<bool> done;
      (*store)->Accept(FaultMessage(n, kSize), [&](Result<AcceptAnswer> answer) { done.set_value(answer.ok()); });
      ASSERT_TRUE(done.get_future().get());
    }
    fs::copy(root_ + "/store", root_ + "/killed", fs::copy_options::recursive);
    ASSERT_TRUE((*store)->Close().ok());
  }
  std::string Copy(const std::string& from) {
    const std::string to = root_ + "/copy";
    fs::remove_all(to);
    fs::copy(root_ + "/" + from, to, fs::copy_options::recursive);
    return to;
  }
  // As if the last act had been confirmed to nobody, and the power had gone before the file was written.
  static void ForgetTheLastConfirmation(const std::string& path) {
    std::string witness = ReadFile(path + "/WITNESS");
    ASSERT_EQ(witness.size(), 16u);
    --witness[7];
    ++witness[15];
    WriteFile(path + "/WITNESS", witness);
  }
  // How many of the messages are there, whole. Anything by half, and anything damaged that reads as absent, fails.
  static int Whole(Store& store, int* unreadable = nullptr) {
    int whole = 0;
    for (int n = 1; n <= kMessages; ++n) {
      const NewMessage sent = FaultMessage(n, kSize);
      const auto found = store.Find({.kind = FindBy::Kind::kProviderKey, .provider_key = sent.key});
      const auto payload = store.LoadPayload(sent.gateway_id);
      if (found.ok() && payload.ok()) {
        EXPECT_EQ(found->messages.size(), 1u) << n;
        EXPECT_EQ(**payload, *sent.payload) << n;
        ++whole;
        continue;
      }
      const Status why = found.ok() ? payload.status() : found.status();
      if (found.ok() && found->messages.empty()) continue;  // never was
      if (unreadable != nullptr) ++*unreadable;
      EXPECT_EQ(why.reason(), "store.damaged"_reason) << n << ": " << why.ToString();
    }
    return whole;
  }
};

// Places in an act: its frame, its first bytes, its middle, its last byte.
std::vector<size_t> PlacesIn(const Act& act) {
  return {act.begin, act.begin + 4, act.begin + 6, act.begin + 7, (act.begin + act.end) / 2, act.end - 1};
}

TEST_F(Damage, OfTheLogRefusesWhereverSomethingConfirmedIsBehindIt) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const std::string name = fs::path(NewestLog(root_ + "/killed")).filename();
  const std::string log = ReadFile(root_ + "/killed/db/" + name);
  const auto acts = ActsOf(log);
  ASSERT_EQ(acts.size(), kMessages + 1u) << "opening is an act, too";
  int refused = 0, tried = 0;
  for (const size_t which : {acts.size() / 2, acts.size() - 1})  // in the middle; the last
    for (const size_t place : PlacesIn(acts[which]))
      for (const Kind kind : kKinds) {
        const std::string copy = Copy("killed");
        const std::string damaged = Damaged(log, kind, place, acts[which].end);
        WriteFile(copy + "/db/" + name, damaged);
        SCOPED_TRACE(std::string(Name(kind)) + " of act " + std::to_string(which) + " at " + std::to_string(place));
        ++tried;
        auto store = Open(copy);
        if (store.ok()) {
          EXPECT_EQ(Whole(**store), kMessages) << "opened with less than was confirmed";
          continue;
        }
        ++refused;
        EXPECT_EQ(store.status().reason(), "store.damaged"_reason) << store.status().ToString();
        EXPECT_EQ(ReadFile(copy + "/db/" + name), damaged) << "what a salvage needs";
      }
  EXPECT_EQ(refused, tried);
  auto whole = Open(Copy("killed"));
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(Whole(**whole), kMessages);
}

TEST_F(Damage, OfTheLogsLastActOpensWhenNobodyWasToldOfIt) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const std::string name = fs::path(NewestLog(root_ + "/killed")).filename();
  const std::string log = ReadFile(root_ + "/killed/db/" + name);
  const auto acts = ActsOf(log);
  ASSERT_GE(acts.size(), 3u);
  for (const size_t place : PlacesIn(acts.back()))
    for (const Kind kind : kKinds) {
      SCOPED_TRACE(std::string(Name(kind)) + " at " + std::to_string(place));
      const std::string copy = Copy("killed");
      WriteFile(copy + "/db/" + name, Damaged(log, kind, place, acts.back().end));
      ForgetTheLastConfirmation(copy);
      {
        auto store = Open(copy);
        ASSERT_TRUE(store.ok()) << store.status().ToString();
        EXPECT_EQ(Whole(**store), kMessages - 1);
      }
      auto again = Open(copy);  // what was torn is gone for good, and the next log goes on behind it
      ASSERT_TRUE(again.ok()) << again.status().ToString();
      EXPECT_EQ(Whole(**again), kMessages - 1);
    }
}

// The twin: the same damage one act earlier. Nobody was told of the last act, but it can be read.
TEST_F(Damage, OfTheLastActButOneRefusesThoughNobodyWasToldOfTheLast) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const std::string name = fs::path(NewestLog(root_ + "/killed")).filename();
  const std::string log = ReadFile(root_ + "/killed/db/" + name);
  const auto acts = ActsOf(log);
  const Act& act = acts[acts.size() - 2];
  for (const size_t place : PlacesIn(act))
    for (const Kind kind : kKinds) {
      SCOPED_TRACE(std::string(Name(kind)) + " at " + std::to_string(place));
      const std::string copy = Copy("killed");
      WriteFile(copy + "/db/" + name, Damaged(log, kind, place, act.end));
      ForgetTheLastConfirmation(copy);
      EXPECT_EQ(Open(copy).status().reason(), "store.damaged"_reason);
    }
}

// Tables, blobs and RocksDB's own books: the store refuses, or every read that meets the damage does.
TEST_F(Damage, OfTablesBlobsAndBooksIsNeverAnAbsence) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  ASSERT_TRUE(Open(root_ + "/store").ok());  // recovery writes the log into tables and blob files
  std::map<std::string, int> tried, seen;
  for (const auto& entry : fs::directory_iterator(root_ + "/store/db")) {
    const std::string name = entry.path().filename(), bytes = ReadFile(entry.path());
    const std::string what = name.rfind("MANIFEST", 0) == 0 ? "MANIFEST"
                             : name == "CURRENT"            ? name
                                                            : entry.path().extension().string();
    if ((what != "MANIFEST" && what != "CURRENT" && what != ".sst" && what != ".blob") || bytes.empty()) continue;
    for (const size_t place : {bytes.size() / 2, bytes.size() - 1})
      for (const Kind kind : kKinds) {
        SCOPED_TRACE(std::string(Name(kind)) + " of " + name + " at " + std::to_string(place));
        const std::string copy = Copy("store");
        WriteFile(copy + "/db/" + name, Damaged(bytes, kind, place, std::min(bytes.size(), place + 64)));
        ++tried[what];
        auto store = Open(copy);
        int unreadable = 0;
        if (!store.ok()) {
          EXPECT_EQ(store.status().reason(), "store.damaged"_reason) << store.status().ToString();
        } else {
          EXPECT_EQ(Whole(**store, &unreadable) + unreadable, kMessages);
        }
        seen[what] += !store.ok() || unreadable > 0;
      }
  }
  for (const char* what : {"MANIFEST", "CURRENT", ".sst", ".blob"}) {
    EXPECT_GT(tried[what], 0) << what;
    EXPECT_GT(seen[what], 0) << what << ": no damage was seen";
    std::printf("%s: %d of %d damages seen\n", what, seen[what], tried[what]);
  }
  auto whole = Open(Copy("store"));
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(Whole(**whole), kMessages);
}

}  // namespace
}  // namespace tvan
