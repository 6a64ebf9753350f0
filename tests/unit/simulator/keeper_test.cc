// What the simulated authority keeps of what arrived: every byte, once, within bounds, and never silently less.
#include "adapters/simulator/keeper.h"

#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

class Kept : public SimulatorTest {
 protected:
  void SetUp() override {
    SimulatorTest::SetUp();
    options.keep_folder = folder.File("kept");
  }
  std::string File(const std::string& name) const { return options.keep_folder + "/" + name; }
  size_t Files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(options.keep_folder), {}));
  }
};

TEST_F(Kept, WhatArrivesByteForByteAndTheSameBytesOnce) {
  const std::string message = Coded(1);
  Send(message);
  Send(message);
  EXPECT_TRUE(ReadAll(File(Id(1) + ".xml")) == message);
  EXPECT_EQ(Files(), 1U);
  EXPECT_EQ(digester->Sha256Of(ReadAll(File(Id(1) + ".xml"))).Hex(),
            Events("send")[0]["message_sha256"].get<std::string>());
}

TEST_F(Kept, OtherBytesUnderOneIdStandBesideTheFirst) {
  const std::string first = Coded(1), other = first + "\n", third = first + " \n";
  Send(first);
  Send(other);
  Send(third);
  Send(other);
  EXPECT_TRUE(ReadAll(File(Id(1) + ".xml")) == first);
  EXPECT_TRUE(ReadAll(File(Id(1) + ".2.xml")) == other);
  EXPECT_TRUE(ReadAll(File(Id(1) + ".3.xml")) == third);
  EXPECT_EQ(Files(), 3U);
}

TEST_F(Kept, WhatAFaultOrAStopKeepsFromProcessingArrivedAllTheSame) {
  options.faults["busy"] = 1;
  const std::string message = Coded(1);
  Send(message);
  EXPECT_EQ(LastDisposition(), "not_processed");
  EXPECT_TRUE(ReadAll(File(Id(1) + ".xml")) == message);
}

TEST_F(Kept, AnIdThatIsNoPlainNameChoosesNoFile) {
  const std::string bytes = "<not a message>";
  for (const std::string& id : {std::string("../../escaped"), std::string(), std::string("a/b"), std::string(".")})
    Send(bytes, id);
  EXPECT_EQ(Files(), 1U);
  EXPECT_EQ(ReadAll(File("unnamed-" + digester->Sha256Of(bytes).Hex() + ".xml")), bytes);
  Send(bytes, "plain-NAME_1");
  EXPECT_EQ(ReadAll(File("plain-NAME_1.xml")), bytes);
}

TEST_F(Kept, ABoundIsSaidAndNotForgotten) {
  options.keep_max_files = 2;
  for (int n = 1; n <= 3; ++n) Send(Coded(n));
  EXPECT_EQ(Files(), 2U);
  EXPECT_EQ(keeper->missed(), 1U);
  const auto events = Events("not_kept");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["mtdiep"], Id(3));
  EXPECT_EQ(LastDisposition(), "processed") << "the authority goes on";
}

TEST_F(Kept, TheBoundOfBytesCountsEarlierRuns) {
  const std::string message = Coded(1);
  std::filesystem::create_directories(options.keep_folder);
  std::ofstream(File("earlier.xml")) << std::string(100, 'x');
  options.keep_max_bytes = message.size() + 99;
  Send(message);
  EXPECT_EQ(keeper->missed(), 1U);
  keeper->Keep("small", "sha", 1, "y");
  EXPECT_EQ(ReadAll(File("small.xml")), "y");
}

TEST_F(Kept, AFolderThatCannotBeWrittenIsSaid) {
  Sim();
  std::filesystem::remove_all(options.keep_folder);
  Send(Coded(1));
  EXPECT_EQ(keeper->missed(), 1U);
  std::ofstream(options.keep_folder) << "a file";
  EXPECT_EQ(sim::Keeper::Open({options.keep_folder}, *transcript).status().reason().text(), "sim.keep");
}

}  // namespace
}  // namespace tvan::test
