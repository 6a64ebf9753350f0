#include "adapters/soap/soap_channel.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <unordered_map>

#include "adapters/soap/connection_pool.h"
#include "adapters/soap/soap_codec.h"

namespace tvan {
namespace {

using soap::Operation;

Status WithDisposition(const Status& status, Disposition disposition) {
  if (status.ok() || status.disposition() == disposition) return status;
  if (disposition == Disposition::kTransient) return Status::Transient(status.reason(), status.message());
  if (disposition == Disposition::kInDoubt) return Status::InDoubt(status.reason(), status.message());
  return Status::Permanent(status.reason(), status.message());
}

// What an answer that is no SOAP of ours means: something in front of the line spoke, or the line is broken.
Status NotOurs(const soap::HttpReply& reply) {
  std::string text = "HTTP " + std::to_string(reply.status) + " " + soap::Clean(reply.content_type);
  if (reply.status == 200) return Status::InDoubt("line.protocol"_reason, "no SOAP response: " + text);
  return Status::InDoubt("line.bad_gateway"_reason, "something in front of the line answered: " + text);
}

struct Call {
  Status status;        // in doubt, transient or permanent; ok: `reply` is a response of this operation, no fault
  bool silent = false;  // written to, but not one byte came back
  soap::Reply reply;
  Time authority_time;
};

// One that cannot be read is as an empty one.
LineTexts TextsOf(const SoapOptions& options) {
  const auto text_of = [](const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  return {text_of(options.ca_file), text_of(options.certificate_file), text_of(options.key_file)};
}

using Identity = std::shared_ptr<const soap::TlsIdentity>;

class SoapChannelImpl final : public SoapChannel {
 public:
  SoapChannelImpl(SoapOptions options, LineTexts loaded, Identity identity, Clock& clock, Metrics& metrics)
      : options_(std::move(options)),
        loaded_(std::make_shared<const LineTexts>(std::move(loaded))),
        identity_(std::move(identity)),
        clock_(clock),
        metrics_(metrics),
        parser_(MakeXmlParser({.max_bytes = options_.max_response_bytes, .max_depth = 16, .max_nodes = 4'000'000})),
        pool_(options_.connections, options_.idle_limit, clock,
              [this] { return soap::HttpsConnection::Make(options_, this->identity(), clock_); }) {}

  const LineId& line() const override { return options_.line; }

  Result<bool> ReloadCredentials(const std::function<Status()>& check) override {
    auto there = std::make_shared<const LineTexts>(TextsOf(options_));
    if (*there == *loaded()) return false;
    if (check)
      if (Status status = check(); !status.ok()) return status;
    auto identity = soap::LoadTlsIdentity(options_);
    if (!identity) return identity.status();
    if (TextsOf(options_) != *there) return false;  // what was checked is what is used: the next look takes them
    {
      const std::lock_guard lock(identity_mutex_);
      loaded_ = std::move(there);
      identity_ = *std::move(identity);
    }
    pool_.Renew();
    return true;
  }

  std::shared_ptr<const LineTexts> loaded() const override {
    const std::lock_guard lock(identity_mutex_);
    return loaded_;
  }

  std::vector<Status> Send(const std::vector<OutboundMessage>& messages, Steady not_after) override {
    std::vector<Status> statuses(messages.size());
    Status stopped;  // why the rest of the batch is not sent
    for (size_t first = 0; first < messages.size();) {
      size_t count = FitRequest(messages, first);
      if (stopped.ok())
        stopped = SendRequest(&messages[first], count, not_after, &statuses[first]);
      else
        std::fill_n(statuses.begin() + std::ptrdiff_t(first), count, stopped);
      first += count;
    }
    return statuses;
  }

  Result<InboundBatch> Receive(const std::string& position, uint32_t limit, Steady not_after) override {
    Call call = Perform(Operation::kReceive, soap::BuildReceive(position, limit), not_after);
    if (!call.status) return call.status;
    if (call.reply.batch.messages.size() > limit)
      return Status::Transient("line.protocol"_reason, "the line answered with more messages than asked for");
    return std::move(call.reply.batch);
  }

  Result<ProbeReport> Probe(Steady not_after) override {
    Steady begin = clock_.SteadyNow();
    Call call = Perform(Operation::kProbe, soap::BuildProbe(), not_after);
    if (!call.status) return call.status;
    ProbeReport report{call.authority_time, clock_.SteadyNow() - begin, {}};
    report.evidence = "SOAP probe of " + options_.host + ":" + std::to_string(options_.port) + " answered";
    return report;
  }

 private:
  size_t FitRequest(const std::vector<OutboundMessage>& messages, size_t first) const {
    size_t size = soap::EncodedSize(messages[first]);
    size_t end = first + 1;
    while (end < messages.size() && size + soap::EncodedSize(messages[end]) <= options_.max_batch_bytes)
      size += soap::EncodedSize(messages[end++]);
    return end - first;
  }

  // One request; answers what is to be said of later requests of the batch when it failed as a whole.
  Status SendRequest(const OutboundMessage* messages, size_t count, Steady not_after, Status* out) {
    Call call = Perform(Operation::kSend, soap::BuildSend(messages, count), not_after);
    if (!call.status) {
      std::fill_n(out, count, call.status);
      return Status::Transient(call.status.reason(),
                               "not sent, an earlier request of the batch failed: " + call.status.message());
    }
    std::unordered_map<std::string, std::string> results;
    for (auto& [mtdiep, status] : call.reply.results) results.emplace(std::move(mtdiep), std::move(status));
    for (size_t i = 0; i < count; ++i) {
      auto found = results.find(messages[i].mtdiep.value());
      out[i] = found != results.end()
                   ? soap::StatusOfResult(found->second)
                   : Status::InDoubt("line.protocol"_reason, "the response says nothing about this message");
    }
    return {};
  }

  // `not_after` is looked at before a connection is opened, which may have been waited for, and before the first byte.
  Call Perform(Operation operation, const std::string& body, Steady not_after) {
    const auto gate = [this, not_after]() -> Status {
      if (clock_.SteadyNow() <= not_after) return {};
      return Status::Transient("line.not_after"_reason, "the time allowed for it is over; nothing was written");
    };
    WorkScope scope(clock_);
    Steady begin = clock_.SteadyNow();
    soap::ConnectionPool::Lease connection = pool_.Take();
    bool kept = connection->is_open() && connection->LooksAlive();
    Call call =
        kept ? Exchange(*connection, operation, body, gate) : OpenAndExchange(*connection, operation, body, gate);
    if (kept && call.silent && call.status.reason() == "line.cut"_reason && operation != Operation::kSend)
      call = OpenAndExchange(*connection, operation, body, gate);
    // Reading changes nothing at the other side: there is no doubt to clear up.
    if (operation != Operation::kSend && call.status.is_in_doubt())
      call.status = WithDisposition(call.status, Disposition::kTransient);
    Count(operation, call.status, clock_.SteadyNow() - begin);
    return call;
  }

  Call OpenAndExchange(soap::HttpsConnection& connection, Operation operation, const std::string& body,
                       const std::function<Status()>& gate) {
    if (Status late = gate(); !late) return {.status = late};
    if (Status opened = connection.Open(); !opened) return {.status = opened};
    return Exchange(connection, operation, body, gate);
  }

  Call Exchange(soap::HttpsConnection& connection, Operation operation, const std::string& body,
                const std::function<Status()>& gate) {
    soap::Exchange exchange = connection.Post(soap::SoapAction(operation), body, gate);
    Call call;
    call.status = exchange.status;
    if (!call.status) {
      call.silent = exchange.began_writing && !exchange.got_response_bytes;
      return call;
    }
    return Judge(std::move(exchange.reply), operation);
  }

  Call Judge(soap::HttpReply reply, Operation operation) {
    Call call;
    call.authority_time = soap::ParseHttpDate(reply.date);
    bool maybe_soap = reply.content_type.starts_with("text/xml");
    if (!maybe_soap) return call.status = NotOurs(reply), call;
    int http_status = reply.status;
    auto parsed = soap::ParseReply(*parser_, std::move(reply.body), operation);
    if (!parsed) return call.status = parsed.status(), call;
    call.reply = std::move(*parsed);
    if (call.reply.is_fault)
      call.status = soap::StatusOfFault(call.reply.fault);
    else if (http_status != 200)
      call.status = Status::InDoubt("line.protocol"_reason, "HTTP " + std::to_string(http_status) + " with a response");
    return call;
  }

  void Count(Operation operation, const Status& status, Span took) {
    std::string name(soap::ToString(operation));
    metrics_
        .GetCounter("tvan_line_requests_total", "Requests on a line by operation and outcome",
                    {{"line", options_.line.value()},
                     {"operation", name},
                     {"outcome", status.ok() ? "ok" : std::string(status.reason().text())}})
        .Add();
    metrics_
        .GetHistogram("tvan_line_request_seconds", "Time of a request on a line",
                      {{"line", options_.line.value()}, {"operation", name}})
        .Observe(double(took.count()) / 1e6);
  }

  Identity identity() const {
    const std::lock_guard lock(identity_mutex_);
    return identity_;
  }

  const SoapOptions options_;
  mutable std::mutex identity_mutex_;
  std::shared_ptr<const LineTexts> loaded_;  // files of identity_
  Identity identity_;
  Clock& clock_;
  Metrics& metrics_;
  std::unique_ptr<XmlParser> parser_;
  soap::ConnectionPool pool_;
};

}  // namespace

Result<std::unique_ptr<SoapChannel>> MakeSoapChannel(SoapOptions options, Clock& clock, Metrics& metrics) {
  LineTexts loaded = TextsOf(options);  // before they are loaded: what changes meanwhile is loaded again
  auto identity = soap::LoadTlsIdentity(options);
  if (!identity) return identity.status();
  return std::unique_ptr<SoapChannel>(
      std::make_unique<SoapChannelImpl>(std::move(options), std::move(loaded), std::move(*identity), clock, metrics));
}

}  // namespace tvan
