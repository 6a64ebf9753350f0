#pragma once
// A tax authority in memory behind the AuthorityChannel port, scripted by tests; what was called is kept. Answers are
// written in a toy form that FakeAnswerReader reads: dispatch and feedback need no XML. Thread-safe.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/answer_search.h"
#include "adapters/authority_channel.h"
#include "gateway/core/clock.h"
#include "gateway/validate/answer.h"

namespace tvan {

class FakeAuthority final : public AuthorityChannel {
 public:
  struct Sent {
    Time at;
    std::string mtdiep, bytes;
    Steady not_after;
    bool arrived = false;
  };
  struct Delivery {
    Status status;
    bool arrives = true;
  };

  explicit FakeAuthority(Clock& clock, const std::string& line = "main");

  const LineId& line() const override { return line_; }
  std::vector<Status> Send(const std::vector<OutboundMessage>& messages, Steady not_after) override;
  Result<InboundBatch> Receive(const std::string& position, uint32_t limit, Steady not_after) override;
  Result<ProbeReport> Probe(Steady not_after) override;

  // Scripts; called under no lock of this class. Default: everything arrives and is OK.
  std::function<Delivery(const OutboundMessage&)> on_send;
  std::function<Status(const std::vector<OutboundMessage>&)> on_request;  // not OK: the request fails as a whole
  std::function<void(const std::string& mtdiep)> on_arrival;              // e.g. answers
  std::function<Status()> on_probe, on_receive;
  std::atomic<int64_t> waits_us{0};       // probes and reads, for a free connection
  std::atomic<bool> stands_still{false};  // a reading's `next` is where it began
  std::atomic<int64_t> ahead_us{0};       // its clock is before ours by so much

  void Answer(const std::string& bytes);        // stands on the line from now on
  void AnswerHidden(const std::string& bytes);  // passed over by those who read on; found by who reads again

  std::vector<Sent> sent() const;
  size_t probes() const;
  size_t reads() const;
  std::vector<Time> read_times() const;

 private:
  Status Late(Steady not_after) const;  // by its wait

  struct Standing {
    std::string bytes;
    size_t hidden_until = 0;  // shown only to readings that begin before the position it slipped past
  };
  Clock& clock_;
  const LineId line_;
  mutable std::mutex mutex_;
  std::vector<Sent> sent_;
  std::vector<Standing> answers_;
  std::vector<Time> reads_;
  size_t probes_ = 0, farthest_ = 0;
};

// A toy answer. `codes` and the codes of items are joined by ','. Items: "1;K26TAA;7=ok" or "...=1234"; of a tax code
// "0101234567=ok".
struct FakeAnswer {
  int type = 999;
  std::string mtdiep, mtdtchieu, mst, reference;
  AnswerVerdict verdict = AnswerVerdict::kReceived;
  std::vector<std::string> codes, items;
  std::string original, original_mtdiep, register_range, annotation = "VERIFIED";
  std::string Bytes() const;  // unique by mtdiep
};

class FakeAnswerReader final : public AnswerReader {
 public:
  ReadAnswer Read(const std::string& bytes, Time received_at) const override;
  std::function<std::string(const std::string& annotation)> annotate;  // as whoever reads it now sees the signature
  std::function<void(ParsedAnswer&)> also;                             // what the toy form cannot say
  mutable std::atomic<int> reads{0};
};

// A search that only counts, or does what it is told.
class FakeSearch final : public AnswerSearch {
 public:
  struct Call {
    std::string from;
    MessageId id;
  };
  std::function<Result<bool>(const Call&)> on_search;
  std::function<Status(const std::string& from)> on_read_through;
  Result<bool> Search(const LineId& line, const std::string& from_position, const MessageId& gateway_id) override;
  Status ReadThrough(const LineId& line, const std::string& from_position) override;
  std::vector<Call> calls() const;
  std::vector<std::string> read_through() const;  // from where

 private:
  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  std::vector<std::string> read_through_;
};

// A digest for tests that link no cryptography: 256 bits of FNV-1a with four seeds.
class FakeDigester final : public Digester {
 public:
  Sha256 Sha256Of(std::string_view bytes) const override;
  Sha256 HmacSha256(std::string_view key, std::string_view bytes) const override;
};

}  // namespace tvan
