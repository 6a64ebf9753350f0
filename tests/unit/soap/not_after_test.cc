// The last instant for the first byte of a request: of a message, of a read, of a probe.
#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "tests/unit/soap/channel_world.h"

namespace tvan::test {
namespace {

// Each operation, with the last instant for its first byte.
std::vector<std::function<Status(AuthorityChannel&, Steady)>> Calls() {
  return {[](AuthorityChannel& c, Steady t) {
            return c.Send({{MessageId::Trusted("V1"), std::make_shared<const std::string>("<TDiep/>")}}, t).at(0);
          },
          [](AuthorityChannel& c, Steady t) { return c.Receive("", 1, t).status(); },
          [](AuthorityChannel& c, Steady t) { return c.Probe(t).status(); }};
}

TEST_F(Channel, TooLateMeansThatNotEvenAConnectionIsMade) {
  for (const auto& call : Calls()) {
    std::atomic<bool> connected = false;
    Serve({[&](Connection&) { connected = true; }});
    Expect(call(*channel, clock.SteadyNow() - 1us), "line.not_after", Disposition::kTransient);
    channel.reset();
    server.reset();
    EXPECT_FALSE(connected);
  }
}

TEST_F(Channel, TooLateAfterTheHandshakeMeansNothingIsWritten) {
  for (const auto& call : Calls()) {
    bool got_request = true;
    Serve({[&](Connection& c) {
      clock.MoveTo(clock.Now() + 2us);
      got_request = c.Handshake() && !c.Request().empty();
    }});
    Expect(call(*channel, clock.SteadyNow() + 1us), "line.not_after", Disposition::kTransient);
    channel.reset();
    server.reset();
    EXPECT_FALSE(got_request);
  }
}

TEST_F(Channel, WhoeverWaitedTooLongForAFreeConnectionWritesNothing) {
  options.connections = 1;
  for (size_t i = 1; i < Calls().size(); ++i) {
    std::atomic<int> requests = 0;
    std::promise<void> in_use, go_on;
    Serve({[&](Connection& c) {
      c.Handshake();
      c.Request();
      ++requests;
      in_use.set_value();
      go_on.get_future().wait();
      c.Write(FakeServer::Http("200 OK", kXml, kAccepted));
      requests += c.Request().empty() ? 0 : 1;
    }});
    std::thread first([&] { EXPECT_TRUE(Send().ok()); });
    in_use.get_future().wait();
    const Steady not_after = clock.SteadyNow();
    std::thread second([&] { Expect(Calls()[i](*channel, not_after), "line.not_after", Disposition::kTransient); });
    clock.MoveTo(clock.Now() + 1us);
    go_on.set_value();
    first.join();
    second.join();
    channel.reset();
    server.reset();
    EXPECT_EQ(requests, 1) << i;
  }
}

TEST_F(Channel, JustInTimeIsWritten) {
  Serve({Answering(FakeServer::Http("200 OK", kXml, kAccepted))});
  EXPECT_TRUE(Send(clock.SteadyNow()).ok());
  Serve({Answering(FakeServer::Http("200 OK", kXml, kProbed))});
  EXPECT_TRUE(channel->Probe(clock.SteadyNow()).ok());
}

}  // namespace
}  // namespace tvan::test
