// Packing with a dictionary: what is stored can be read by itself, for ever, or is known to be damaged.

#include "store/pack.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "store/codec.h"
#include "store/dictionaries.h"
#include "store/kv_store.h"
#include "tests/support/lawful_message.h"
#include "tests/support/message_maker.h"
#include "tests/support/profiles.h"
#include "tests/unit/store/golden.h"
#include "tests/unit/store/hex.h"
#include "tests/unit/store/small_message.h"

namespace tvan {
namespace {

constexpr size_t kIdAt = 5;  // behind magic number and descriptor: two bytes, the low one first

std::vector<std::string> MadeMessages() {
  std::vector<std::string> all;
  for (const MessageSpec& spec : {Spec200(), Spec201(), Spec203(1), Spec203(3), Spec206(20), Spec300(2), Spec303(2),
                                  Spec400(30), SpecOfTaxpayer(100), SpecOfTaxpayer(101), SpecOfTaxpayer(106)})
    all.push_back(MakeTDiep(spec, nullptr));
  all.push_back(MakeBareHDon(InvoiceSpec(), nullptr, {}));
  return all;
}

const std::filesystem::path& ForeignFolder() {
  static const auto folder = std::filesystem::path(std::getenv("TVAN_SOURCE_DIR")) / "tests/data/foreign";
  return folder;
}
std::string BytesOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}
// By other programs, certificates and all.
std::vector<std::string> SignedMessages() {
  std::vector<std::string> all;
  for (const auto& file : std::filesystem::directory_iterator(ForeignFolder()))
    if (file.path().extension() == ".xml") all.push_back(BytesOf(file.path()));
  return all;
}
std::string SomeSigned() { return BytesOf(ForeignFolder() / "java-203-enveloped.xml"); }

TEST(PackWithDictionary, EveryMadeAndEverySignedMessageComesBackAsItWas) {
  std::vector<std::string> all = MadeMessages();
  for (std::string& message : SignedMessages()) all.push_back(std::move(message));
  ASSERT_GT(all.size(), 25u);
  for (const std::string& message : all) {
    const std::string packed = Pack(message, kNewestDictionary);
    ASSERT_TRUE(IsPacked(packed));
    EXPECT_EQ(*Unpack(packed), message);
    EXPECT_LT(packed.size(), Pack(message).size() * 3 / 4) << message.substr(0, 400);
  }
}

TEST(PackWithDictionary, WhateverTheFieldTablesAllowComesBackAsItWas) {
  for (const char* pban : {"2.0.0", "2.0.1", "2.1.0"}) {
    LawfulMessageMaker maker(*TestProfiles()->ForPBan(pban)->profile, 8);
    for (int i = 0; i < 50; ++i) {
      const std::string message = maker.Make().Xml();
      EXPECT_EQ(*Unpack(Pack(message, kNewestDictionary)), message);
    }
  }
}

TEST(PackWithDictionary, TheFrameNamesItsDictionaryAndAPlainOneNamesNone) {
  const std::string with = Pack(SomeSigned(), 1), without = Pack(SomeSigned());
  EXPECT_EQ(static_cast<uint8_t>(with[4]) & 3, 2) << "two bytes of an id";
  EXPECT_EQ(static_cast<uint8_t>(without[4]) & 3, 0) << "no id";
  EXPECT_EQ(with.substr(kIdAt, 2), std::string("\x01\x80"));
  EXPECT_EQ(kFirstDictionaryId, 0x8000u);
  EXPECT_EQ(*Unpack(with), *Unpack(without));
}

TEST(PackWithDictionary, AnotherDictionaryThanThoseKnownIsDamageAndSaysWhich) {
  const std::string packed = Pack(SomeSigned(), 1);
  ASSERT_TRUE(Unpack(packed).ok());
  for (const auto& [low, high, id] :
       {std::tuple{'\x02', '\x80', "32770"}, {'\x00', '\x80', "32768"}, {'\x07', '\x00', "7"}}) {
    std::string other = packed;
    other[kIdAt] = low;
    other[kIdAt + 1] = high;
    const Status status = Unpack(other).status();
    EXPECT_EQ(status.reason(), "store.damaged"_reason);
    EXPECT_NE(status.message().find("dictionary " + std::string(id) + ", which this program does not have"),
              std::string::npos)
        << status.message();
    EXPECT_EQ(DecodePayload(other).status().message(), status.message());
  }
}

TEST(PackWithDictionary, ADamagedFrameIsNeverReadAsAnotherMessage) {
  const std::string message = SomeSigned(), packed = Pack(message, 1);
  for (size_t size = 0; size < packed.size(); ++size)
    EXPECT_EQ(Unpack(packed.substr(0, size)).status().reason(), "store.damaged"_reason) << size;
  for (size_t i = 0; i < packed.size() * 8; ++i) {
    std::string flipped = packed;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    const auto read = Unpack(flipped);
    EXPECT_TRUE(!read.ok() || *read == message) << "bit " << i;
  }
  EXPECT_FALSE(Unpack(packed + packed).ok());
}

TEST(PackWithDictionary, AFrameThatClaimsTooMuchOrNothingTakesNoMemory) {
  const std::string large = Pack(std::string(kMostUnpacked, 'x'), 1);
  EXPECT_EQ(Unpack(large)->size(), kMostUnpacked);
  std::string claims = large;  // magic, descriptor, window, id, then the content's size in four bytes
  claims[8] = static_cast<char>(claims[8] + 1);
  EXPECT_EQ(Unpack(claims).status().reason(), "store.damaged"_reason);
  EXPECT_NE(Unpack(claims).status().message().find("larger than any record"), std::string::npos);
  EXPECT_FALSE(Unpack(FromHex("28b52ffde20180ffffffffffffff7f00")).ok());
  EXPECT_FALSE(Unpack(FromHex("28b52ffd0200018001000061")).ok()) << "its size is not said";
  EXPECT_EQ(Pack(std::string(kMostUnpacked + 1, 'x'), 1).size(), kMostUnpacked + 1) << "too large to pack";
}

TEST(PackWithDictionary, WhatWouldNotBeShorterStaysAsItIs) {
  for (const std::string record : {"", "x", "\x01\x02\x03"}) EXPECT_EQ(Pack(record, 1), record);
}

// A thread's context is used with and without: nothing of one record may stay for the next.
TEST(PackWithDictionary, RecordsWithAndWithoutDoNotMix) {
  const std::string message = SomeSigned(), with = Pack(message, 1), without = Pack(message);
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(Pack(message, i % 2), i % 2 == 1 ? with : without);
        EXPECT_EQ(*Unpack(i % 3 == 1 ? with : without), message);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(Golden, ARecordPackedWithDictionary1IsRead) {
  const auto parts = DecodePayload(FromHex(kGoldenDictionary1));
  ASSERT_TRUE(parts.ok()) << parts.status().ToString();
  EXPECT_EQ(parts->receipt, "receipt");
  EXPECT_EQ(parts->ack999, "999");
  EXPECT_EQ(parts->payload, kGoldenPayload1);
}

// Of each act it keeps the payload records, and nothing else.
class PayloadsOnly : public KvBackend {
 public:
  explicit PayloadsOnly(std::string& newest) : newest_(newest) {}
  Durability durability() const override { return Durability::kMemoryOnly; }
  Status Look(const Ask& ask) const override { return ask(Nothing()), Status(); }
  Status Act(const Decide& decide) override {
    const Nothing nothing;
    const WriteSet* writes = decide(nothing);
    if (writes == nullptr) return {};
    for (const auto& [key, value] : writes->changes(Family::kPayload)) newest_ = value.head + *value.tail;
    return {};
  }
  Status Close() override { return {}; }

 private:
  struct Nothing : KvView {
    Result<std::optional<std::string>> Get(Family, std::string_view) const override {
      return std::optional<std::string>();
    }
    Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return {}; }
  };
  std::string& newest_;
};

std::string RecordOf(uint32_t dictionary, const NewMessage& message) {
  std::string record;
  const auto clock = MakeSystemClock();
  Committer::Options options;
  options.dictionary = dictionary;
  options.ledger.incarnation = "00000000000000000000000000000001";
  KvStore store(std::make_unique<PayloadsOnly>(record), options, *clock, nullptr);
  store.Accept(message, [](const Result<AcceptAnswer>& answer) { EXPECT_TRUE(answer.ok()); });
  EXPECT_TRUE(store.Close().ok());
  return record;
}

TEST(PackWithDictionary, AStorePacksWithWhatItWasOpenedWith) {
  NewMessage message = SmallMessage(1);
  message.payload = std::make_shared<const std::string>(SomeSigned());
  EXPECT_EQ(RecordOf(kNoDictionary, message), EncodePayload(message.receipt, "", *message.payload));
  EXPECT_EQ(RecordOf(1, message), EncodePayload(message.receipt, "", *message.payload, 1));
  EXPECT_NE(RecordOf(1, message), RecordOf(kNoDictionary, message));
}

}  // namespace
}  // namespace tvan
