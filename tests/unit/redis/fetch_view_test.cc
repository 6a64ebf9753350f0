// Fetched until known: what a look is told is one instant, whatever others write between its rounds.
#include "store/redis/fetch_view.h"

#include "tests/unit/redis/gateways.h"

namespace tvan {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RedisLooks : public Gateways {
 protected:
  Backend reader = Gateway("reader"), writer = Gateway("writer");

  void Write(const Decide& decide) {
    const Status done = Do(*writer, decide);
    EXPECT_TRUE(done.ok()) << done.ToString();
  }
  void WriteEntries(int count, size_t bytes) {
    Write([&](WriteSet& w) {
      for (int i = 0; i < count; ++i)
        w.Put(Family::kMailbox, "m" + U64(static_cast<uint64_t>(i)), std::to_string(i) + std::string(bytes, '.'));
    });
  }
  struct Seen {
    std::vector<std::string> values;
    int runs = 0;
  };
  Seen Scan(size_t limit, const std::string& from = {}) {
    Seen seen;
    const Status looked = reader->Look([&](const KvView& view) {
      ++seen.runs;
      seen.values.clear();
      EXPECT_TRUE(view.Scan(Family::kMailbox, "m", from,
                            [&](std::string_view, std::string_view value) {
                              seen.values.emplace_back(value.substr(0, value.find('.')));
                              return seen.values.size() < limit;
                            })
                      .ok());
    });
    EXPECT_TRUE(looked.ok()) << looked.ToString();
    return seen;
  }

  // A pointer and what it points to, which move together `moves` times while they are being read. The last run's.
  std::pair<std::string, std::string> Follow(int moves) {
    const auto move = [this](int to) {
      Write([to](WriteSet& w) {
        w.Put(Family::kControl, "p", "k" + std::to_string(to));
        w.Put(Family::kMeta, "k" + std::to_string(to), "v" + std::to_string(to));
        if (to > 0) w.Delete(Family::kMeta, "k" + std::to_string(to - 1));
      });
    };
    move(0);
    int moved = 0;
    std::pair<std::string, std::string> seen;
    const Status looked = reader->Look([&](const KvView& view) {
      seen = {};
      const auto pointer = *view.Get(Family::kControl, "p");
      if (!pointer) return;
      seen.first = *pointer;
      seen.second = view.Get(Family::kMeta, *pointer)->value_or("");
      if (moved < moves) move(++moved);
    });
    EXPECT_TRUE(looked.ok()) << looked.ToString();
    EXPECT_EQ(moved, moves);
    return seen;
  }
};

TEST_F(RedisLooks, SeeOneInstantAlthoughOthersWriteBetweenTheirRounds) {
  for (const int moves : {0, 1, 3}) {
    const auto [pointer, value] = Follow(moves);
    EXPECT_EQ("v" + pointer.substr(1), value) << moves;
  }
}

// A window over the entries that moves on by one with each act.
TEST_F(RedisLooks, SeeAScanOfOneInstantToo) {
  WriteEntries(100, 10);
  const auto place = [](int n) { return "m" + U64(static_cast<uint64_t>(n)); };
  int moved = 0;
  std::vector<int> seen;
  const Status looked = reader->Look([&](const KvView& view) {
    seen.clear();
    (void)view.Scan(Family::kMailbox, "m", {}, [&](std::string_view, std::string_view value) {
      seen.push_back(std::stoi(std::string(value)));
      return true;
    });
    if (seen.empty() || moved == 3) return;
    Write([&](WriteSet& w) {
      w.Delete(Family::kMailbox, place(moved));
      w.Put(Family::kMailbox, place(100 + moved), std::to_string(100 + moved));
    });
    ++moved;
  });
  EXPECT_TRUE(looked.ok()) << looked.ToString();
  ASSERT_THAT(seen, SizeIs(100));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[static_cast<size_t>(i)], seen[0] + i);
}

TEST_F(RedisLooks, EndInATurnWhenOthersWriteAllTheTime) {
  const auto [pointer, value] = Follow(7);
  EXPECT_EQ(pointer, "k7");
  EXPECT_EQ(value, "v7");
  EXPECT_THAT(server.Ask({"HGET", "tvan:{t}:turn", "holder"}).text, testing::EndsWith(":look"));
  EXPECT_EQ(server.Ask({"HGET", "tvan:{t}:turn", "until"}).text, "0") << "and it was given back";
}

TEST_F(RedisLooks, ScanInGrowingPiecesToTheEnd) {
  WriteEntries(1000, 10);
  const Seen all = Scan(SIZE_MAX);
  ASSERT_THAT(all.values, SizeIs(1000));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(all.values[static_cast<size_t>(i)], std::to_string(i));
  EXPECT_EQ(all.runs, 4) << "64, 256, all, and the first one over nothing";
  EXPECT_THAT(Scan(SIZE_MAX, "m" + U64(990)).values, SizeIs(10));
}

TEST_F(RedisLooks, FetchNoMoreOfAScanThanIsWanted) {
  WriteEntries(1000, 10);
  const Seen some = Scan(64);
  EXPECT_THAT(some.values, SizeIs(64));
  EXPECT_EQ(some.runs, 2);
  EXPECT_THAT(Scan(65).values, SizeIs(65));
  EXPECT_EQ(Scan(65).runs, 3);
}

TEST_F(RedisLooks, ScanLargeValuesInPiecesOfAMebibyte) {
  WriteEntries(40, 100'000);
  const Seen all = Scan(SIZE_MAX);
  EXPECT_THAT(all.values, SizeIs(40));
  EXPECT_EQ(all.values.back(), "39");
  EXPECT_GT(all.runs, 4);
}

TEST_F(RedisLooks, ScanToTheEndOfAPrefixAndNotBeyond) {
  Write([](WriteSet& w) {
    for (const char* key : {"ma", "m\xff", "n", "l"}) w.Put(Family::kMailbox, key, key);
  });
  EXPECT_THAT(Scan(SIZE_MAX).values, ElementsAre("ma", "m\xff"));
}

TEST_F(RedisLooks, AskAtOnceForAllThatAListNames) {
  Write([](WriteSet& w) {
    for (int i = 0; i < 50; ++i) {
      w.Put(Family::kMailbox, "m" + U64(static_cast<uint64_t>(i)), "id" + std::to_string(i));
      w.Put(Family::kMeta, "id" + std::to_string(i), "there");
    }
  });
  int runs = 0;
  std::vector<std::string> metas;
  EXPECT_TRUE(reader
                  ->Look([&](const KvView& view) {
                    ++runs;
                    metas.clear();
                    (void)view.Scan(Family::kMailbox, "m", {}, [&](std::string_view, std::string_view id) {
                      const auto meta = *view.Get(Family::kMeta, id);
                      if (!meta) return false;  // as one that meets damage
                      metas.push_back(*meta);
                      return true;
                    });
                  })
                  .ok());
  EXPECT_THAT(metas, SizeIs(50));
  EXPECT_THAT(metas, Each("there"));
  EXPECT_EQ(runs, 3);
}

TEST_F(RedisLooks, FetchNoMoreEntriesWhileWhatTheFirstOnesNameIsMissing) {
  WriteEntries(1000, 10);
  server.Tell("CONFIG RESETSTAT");
  size_t seen = 0;
  EXPECT_TRUE(reader
                  ->Look([&](const KvView& view) {
                    seen = 0;
                    (void)view.Scan(Family::kMailbox, "m", {}, [&](std::string_view, std::string_view id) {
                      (void)view.Get(Family::kMeta, id);
                      return ++seen < 64;
                    });
                  })
                  .ok());
  EXPECT_EQ(seen, 64u);
  const std::string stats = server.Ask({"INFO", "commandstats"}).text;
  const size_t at = stats.find("cmdstat_hget:calls=");
  ASSERT_NE(at, std::string::npos);
  EXPECT_LT(std::stoi(stats.substr(at + 19)), 100) << stats;
}

TEST_F(RedisLooks, RefuseAScanOverWhatHasNoOrder) {
  EXPECT_TRUE(reader
                  ->Look([](const KvView& view) {
                    const auto nothing = [](std::string_view, std::string_view) { return true; };
                    EXPECT_EQ(view.Scan(Family::kMeta, "V", {}, nothing).reason(), "store.damaged"_reason);
                    EXPECT_EQ(view.Scan(Family::kIndex, "k", {}, nothing).reason(), "store.damaged"_reason);
                    EXPECT_TRUE(view.Scan(Family::kIndex, "l", {}, nothing).ok());
                  })
                  .ok());
}

TEST_F(RedisLooks, AndActsMayBeOfMoreKeysThanLuaTakesAtOnce) {
  constexpr int kMany = 9000;
  const auto id = [](int n) { return "id" + std::to_string(n); };
  WriteEntries(kMany, 0);
  Write([&](WriteSet& w) {
    for (int i = 0; i < kMany; ++i) w.Put(Family::kMeta, id(i), std::to_string(i));
  });
  int right = 0;
  EXPECT_TRUE(reader
                  ->Look([&](const KvView& view) {
                    right = 0;
                    for (int i = 0; i < kMany; ++i)
                      right += view.Get(Family::kMeta, id(i))->value_or("") == std::to_string(i) ? 1 : 0;
                  })
                  .ok());
  EXPECT_EQ(right, kMany);
  EXPECT_THAT(Scan(SIZE_MAX).values, SizeIs(kMany));
  Write([&](WriteSet& w) {
    for (int i = 0; i < kMany; ++i) {
      w.Delete(Family::kMeta, id(i));
      w.Delete(Family::kMailbox, "m" + U64(static_cast<uint64_t>(i)));
    }
  });
  EXPECT_THAT(Scan(SIZE_MAX).values, IsEmpty());
  EXPECT_EQ(server.Ask({"EXISTS", "tvan:{t}:meta", "tvan:{t}:mailbox", "tvan:{t}:mailbox:order"}).number, 0);
}

TEST_F(RedisLooks, SeeNothingInAnEmptyStoreAndWhatWasDeletedIsGone) {
  EXPECT_THAT(Scan(SIZE_MAX).values, IsEmpty());
  WriteEntries(3, 0);
  Write([](WriteSet& w) { w.Delete(Family::kMailbox, "m" + U64(1)); });
  EXPECT_THAT(Scan(SIZE_MAX).values, ElementsAre("0", "2"));
  EXPECT_EQ(server.Ask({"ZCARD", "tvan:{t}:mailbox:order"}).number, 2);
}

// What is fetched again must be all of it: one answer with something else under our keys is damage, not absence.
TEST_F(RedisLooks, SayDamageWhenTheOrderNamesWhatIsNotThere) {
  WriteEntries(3, 0);
  server.Ask({"HDEL", "tvan:{t}:mailbox", "m" + U64(1)});
  const Status looked = reader->Look([](const KvView& view) {
    (void)view.Scan(Family::kMailbox, "m", {}, [](std::string_view, std::string_view) { return true; });
  });
  EXPECT_EQ(looked.reason(), "store.damaged"_reason);
}

}  // namespace
}  // namespace tvan
