// The gateway's SOAP codec, alone and against the simulator's.
#include <gtest/gtest.h>

#include "adapters/simulator/wire_format.h"
#include "adapters/soap/soap_codec.h"

namespace tvan::soap {
namespace {

class Codec : public ::testing::Test {
 protected:
  std::unique_ptr<XmlParser> parser = MakeXmlParser({.max_bytes = 1 << 20});
  static OutboundMessage Message(const std::string& id, const std::string& bytes) {
    return {MessageId::Trusted(id), std::make_shared<const std::string>(bytes)};
  }
  static std::string Wrap(const std::string& inner) {
    return "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>" + inner +
           "</e:Body></e:Envelope>";
  }
  Result<Reply> Read(const std::string& inner, Operation operation) {
    return ParseReply(*parser, Wrap(inner), operation);
  }
};
constexpr const char* kNs = " xmlns=\"urn:tvan-gateway:authority-line:1\"";

TEST_F(Codec, SendArrivesByteForByte) {
  std::vector<OutboundMessage> messages = {Message("V1", "<TDiep>\r\n\xEF\xBB\xBF đ &amp;</TDiep>"),
                                           Message("a<&\"b", "")};
  auto request = sim::ReadWireRequest(*parser, BuildSend(messages.data(), 2));
  ASSERT_TRUE(request.ok()) << request.status().ToString();
  ASSERT_EQ(request->messages.size(), 2u);
  EXPECT_EQ(request->messages[0].bytes, *messages[0].bytes);
  EXPECT_EQ(request->messages[1].mtdiep, "a<&\"b");
}

TEST_F(Codec, ReceiveAndProbeArrive) {
  auto request = sim::ReadWireRequest(*parser, BuildReceive("17", 5));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->after, "17");
  EXPECT_EQ(request->limit, 5u);
  EXPECT_EQ(sim::ReadWireRequest(*parser, BuildProbe())->operation, sim::WireRequest::Operation::kProbe);
  EXPECT_FALSE(sim::ReadWireRequest(*parser, BuildReceive("x", 5)).ok());
  EXPECT_FALSE(sim::ReadWireRequest(*parser, BuildReceive("17", 0)).ok());
}

TEST_F(Codec, ResponsesComeBack) {
  auto sent = ParseReply(*parser, sim::WriteSendResponse({{"V1", "ACCEPTED"}, {"V2", "BUSY"}}), Operation::kSend);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent->results[1], (std::pair<std::string, std::string>("V2", "BUSY")));
  auto received = ParseReply(*parser, sim::WriteReceiveResponse({{"3", "<a/>"}, {"4", ""}}, "4"), Operation::kReceive);
  ASSERT_TRUE(received.ok());
  EXPECT_EQ(received->batch.messages[0].bytes, "<a/>");
  EXPECT_EQ(received->batch.messages[1].position, "4");
  EXPECT_EQ(received->batch.next, "4");
  EXPECT_TRUE(ParseReply(*parser, sim::WriteProbeResponse(), Operation::kProbe).ok());
}

TEST_F(Codec, FaultsKeepTheirMeaning) {
  auto closed = ParseReply(*parser, sim::WriteFault("Server", "Closed", "stopped"), Operation::kSend);
  ASSERT_TRUE(closed.ok() && closed->is_fault);
  EXPECT_TRUE(StatusOfFault(closed->fault).is_transient());
  auto client = ParseReply(*parser, sim::WriteFault("Client", "BadRequest", "no"), Operation::kSend);
  EXPECT_EQ(StatusOfFault(client->fault).disposition(), Disposition::kPermanent);
  auto other = ParseReply(*parser, sim::WriteFault("Server", "Oops", "no"), Operation::kSend);
  EXPECT_TRUE(StatusOfFault(other->fault).is_in_doubt());
}

TEST_F(Codec, AFaultsTextIsCutBetweenCharactersAndHoldsNoControls) {
  const auto text_of = [&](const std::string& text) {
    return ParseReply(*parser, sim::WriteFault("Server", "Oops", text), Operation::kSend)->fault.text;
  };
  EXPECT_EQ(text_of(std::string(198, 'x') + "đđ"), std::string(198, 'x') + "đ");
  EXPECT_EQ(text_of(std::string(199, 'x') + "đ"), std::string(199, 'x'));
  EXPECT_EQ(text_of("a\nb"), "a b");
  EXPECT_EQ(Clean("text/\x01\xFFxml"), "text/ ") << "a header may hold anything";
}

TEST_F(Codec, AResponseOfTwentyMegabytesIsRead) {
  parser = MakeXmlParser({.max_bytes = 64 << 20});
  const std::string large(5 << 20, 'a'), huge(12 << 20, 'b');
  auto several = ParseReply(*parser, sim::WriteReceiveResponse({{"1", large}, {"2", large}, {"3", large}}, "3"),
                            Operation::kReceive);
  ASSERT_TRUE(several.ok()) << several.status().ToString();
  EXPECT_EQ(several->batch.messages.at(2).bytes, large);
  auto single = ParseReply(*parser, sim::WriteReceiveResponse({{"1", huge}}, "1"), Operation::kReceive);
  ASSERT_TRUE(single.ok()) << single.status().ToString();
  EXPECT_EQ(single->batch.messages.at(0).bytes, huge);
}

TEST_F(Codec, OnlyAKnownWordMeansTaken) {
  EXPECT_TRUE(StatusOfResult("ACCEPTED").ok());
  EXPECT_TRUE(StatusOfResult("BUSY").is_transient());
  EXPECT_EQ(StatusOfResult("TOO_LARGE").disposition(), Disposition::kPermanent);
  EXPECT_TRUE(StatusOfResult("accepted").is_in_doubt());
}

TEST_F(Codec, WhatCannotBeReadIsInDoubt) {
  std::string good =
      std::string("<ReceiveResponse") + kNs + "><Message Position=\"1\">YQ==</Message><Next>1</Next></ReceiveResponse>";
  ASSERT_TRUE(Read(good, Operation::kReceive).ok());
  const std::vector<std::string> bad = {
      "",
      "<Other/>",
      good + good,
      std::string("<ReceiveResponse") + kNs + "></ReceiveResponse>",
      std::string("<ReceiveResponse") + kNs + "><Message Position=\"1\">Y!</Message><Next>1</Next></ReceiveResponse>",
      std::string("<ReceiveResponse") + kNs + "><Message>YQ==</Message><Next>1</Next></ReceiveResponse>",
      "<ReceiveResponse><Next>1</Next></ReceiveResponse>",
  };
  for (const std::string& body : bad) {
    auto reply = Read(body, Operation::kReceive);
    ASSERT_FALSE(reply.ok()) << body;
    EXPECT_EQ(reply.status().reason().text(), "line.protocol");
    EXPECT_TRUE(reply.status().is_in_doubt());
  }
  EXPECT_FALSE(Read(good, Operation::kSend).ok());
  EXPECT_FALSE(ParseReply(*parser, "<!DOCTYPE a>" + Wrap(good), Operation::kReceive).ok());
}

TEST(HttpDate, IsReadAndWrittenAlike) {
  Time t = ParseTime("2026-11-21T23:50:07+07:00").value();
  EXPECT_EQ(sim::HttpDate(t), "Sat, 21 Nov 2026 16:50:07 GMT");
  EXPECT_EQ(ParseHttpDate("Sat, 21 Nov 2026 16:50:07 GMT"), t);
  for (const char* bad : {"", "Sat, 21 Nov 2026 16:50:07 UTC", "Sat, 31 Nov 2026 16:50:07 GMT",
                          "Sat, 21 Now 2026 16:50:07 GMT", "Sat, 21 Nov 2026 25:50:07 GMT"})
    EXPECT_EQ(ParseHttpDate(bad).us, 0) << bad;
}

}  // namespace
}  // namespace tvan::soap
