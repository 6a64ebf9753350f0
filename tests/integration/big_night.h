#pragma once
// A maintenance night in one process and virtual time: the real Dispatcher, Calendar and Receiver on the MemoryStore,
// messages of all classes from providers with unequal shares, an authority behind the port that takes its time, keeps a
// stop that is extended twice, and flaps while the backlog goes out. Evidence is written as of a night of real
// processes. A seed decides everything.

#include <deque>
#include <random>

#include "gateway/dispatch/dispatcher.h"
#include "gateway/feedback/receiver.h"
#include "tests/integration/big_night_evidence.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {

// What the providers submit, message by message. Provider number i has a share of 1 / (i + 4).
class BigNightTraffic {
 public:
  BigNightTraffic(uint64_t seed, size_t providers);
  FakeMessage Next();
  std::vector<ProviderId> providers() const;

 private:
  size_t Draw(size_t below) { return random_() % below; }
  void Refer(FakeMessage& message, size_t provider);

  std::mt19937_64 random_;
  std::vector<double> shares_;
  struct Invoice {
    std::string mst, number;
  };
  std::vector<std::deque<Invoice>> filed_;  // by provider, the newest
  uint64_t number_ = 0;
};

class BigNight {
 public:
  struct Plan {
    uint64_t seed = 1;
    size_t messages = 200'000, providers = 20;
    std::string folder;  // of the evidence
  };
  explicit BigNight(const Plan& plan);
  void Run();
  size_t accepted() const { return accepted_.size(); }

 private:
  void Begin();
  void PutWindow(Time end);
  void Step(Span span);
  void SubmitFor(Span span);
  void ReleaseAnswers();
  bool AnyOpen() const;
  void Finish();
  void WriteMailbox(const ProviderId& provider);

  // The authority.
  void WireAuthority();
  bool IsClosed(Time now) const;
  void Flap();
  Status OnRequest(const std::vector<OutboundMessage>& messages);
  FakeAuthority::Delivery OnSend(const OutboundMessage& message);
  void AnswerLater(const std::string& id, int type, const std::string& code, Span after);
  void WriteSend(const std::string& bytes, const std::string& disposition, const std::string& response);
  void TakeTime();
  uint64_t Draw(uint64_t below);

  const Plan plan_;
  BigNightEvidence evidence_;
  BigNightTraffic traffic_;
  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<Calendar> calendar_;
  FakeContracts contracts_;
  FakeAuthority authority_;
  FakeAnswerReader reader_;
  FakeDigester digester_;
  Dispatcher::Options dispatch_;
  Receiver::Options receive_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Dispatcher> dispatcher_;

  struct Known {
    int type = 0;
    std::string mst;
    std::vector<InvoiceKey> invoices;
  };
  std::mutex mutex_;                       // guards the next five
  std::mt19937_64 random_;                 // of the authority
  std::map<std::string, Known> accepted_;  // by MTDiep
  std::set<std::string> processed_;
  std::multimap<Time, std::string> due_;  // answers
  uint64_t answers_ = 0;
  // Changed between two steps, while all are idle.
  Time stop_, end_, turn_ends_;
  bool flapping_ = false, down_ = false;
  double owed_ = 0;  // messages to submit, with a fraction left over
};

}  // namespace tvan
