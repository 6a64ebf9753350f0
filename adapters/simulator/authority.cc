#include "adapters/simulator/authority.h"

#include <algorithm>

#include "adapters/simulator/data_standard.h"
#include "adapters/simulator/letter.h"
#include "gateway/core/log.h"

namespace tvan::sim {
namespace {

constexpr size_t kMaxMessage = 2 * 1024 * 1024;
constexpr size_t kMaxReceiveBytes = 16 * 1024 * 1024;  // of answers in one response
constexpr uint32_t kMaxReceiveCount = 1000;

Wire WireOfWindow(WindowMode mode) {
  if (mode == WindowMode::kHtml502) return Wire::kHtml502;
  return mode == WindowMode::kReset ? Wire::kReset : Wire::kClosedFault;
}

}  // namespace

Authority::Authority(const Options& options, const Parts& parts)
    : options_(options),
      parts_(parts),
      dice_(parts.digester, options.seed),
      contracts_(options.contracts),
      check_(parts.verifier, contracts_),
      writer_(parts.signer, parts.digester, dice_),
      windows_(options.windows, parts.clock, parts.transcript),
      step_one_(options, contracts_, dice_) {}

Reply Authority::Probe(const Arrival& arrival) {
  int window = windows_.OpenAt(arrival.at);
  parts_.transcript.Write(Event("probe")
                              .Number("connection", arrival.connection)
                              .Number("window", window)
                              .Text("disposition", window == 0 ? "ok" : "closed"));
  if (window != 0) return {WireOfWindow(windows_.mode(window)), {}};
  return {Wire::kAnswer, WriteProbeResponse()};
}

Reply Authority::Receive(const Arrival& arrival, const std::string& after, uint32_t limit) {
  int window = windows_.OpenAt(arrival.at);
  uint64_t position = after.empty() ? 0 : std::stoull(after);  // at most 18 digits, by the wire format
  ReadResult read;
  read.next = position;
  std::vector<std::string> ids, skipped;
  std::lock_guard lock(mutex_);
  if (window == 0)
    read = answers_.Read(position, std::min(limit, kMaxReceiveCount), kMaxReceiveBytes, parts_.clock.Now());
  std::vector<OutgoingAnswer> out;
  for (const auto& [at, answer] : read.answers) {
    ids.push_back(answer->id);
    out.push_back({std::to_string(at), answer->bytes});
    acks_.Delivered(answer->id, answer->type);
  }
  for (const auto& answer : read.skipped) skipped.push_back(answer->id);
  std::string next = read.next == position ? after : std::to_string(read.next);
  parts_.transcript.Write(Event("receive")
                              .Number("connection", arrival.connection)
                              .Text("after", after)
                              .Number("limit", limit)
                              .Text("next", next)
                              .Number("window", window)
                              .List("answer_ids", ids)
                              .List("skipped", skipped)
                              .Text("disposition", window == 0 ? "ok" : "closed"));
  if (window != 0) return {WireOfWindow(windows_.mode(window)), {}};
  return {Wire::kAnswer, WriteReceiveResponse(out, next)};
}

// Reads and checks; needs no lock.
Authority::Letter Authority::Open(const IncomingMessage& message, Time arrived) const {
  Letter letter;
  letter.transport_mtdiep = message.mtdiep;
  letter.bytes = &message.bytes;
  letter.sha256 = parts_.digester.Sha256Of(message.bytes).Hex();
  letter.request = ReadRequest(parts_.parser, message.bytes);
  if (!letter.request.readable()) return letter;
  if (letter.request.dlieu)
    letter.dlieu_sha256 = parts_.digester.Sha256Of(letter.request.bytes_of(letter.request.dlieu)).Hex();
  letter.refusal = check_.Header(letter.request, arrived);
  letter.header_ok = letter.refusal.mloi.empty();
  if (letter.header_ok && letter.request.header.mltdiep != 999) Examine(letter, arrived);
  return letter;
}

void Authority::Examine(Letter& letter, Time arrived) const {
  ContentCheck& content = letter.examined.content;
  content = check_.Content(letter.request, arrived);
  letter.refusal = content.shape;
  for (const Refusal* refusal : {&content.count, &content.signature})
    if (letter.refusal.mloi.empty() && !letter.request.is_package()) letter.refusal = *refusal;
  if (letter.refusal.mloi.empty() && letter.request.type->depth != Depth::kHeader)
    letter.examined.missing = MissingFields(letter.request);
}

bool Authority::Fault(Letter& letter, const std::string& name) {
  auto rate = options_.faults.find(name + "@" + letter.request.header.mst);
  if (rate == options_.faults.end()) rate = options_.faults.find(name);
  if (rate == options_.faults.end() || letter.is_ack()) return false;
  if (!dice_.Falls(name, letter.mtdiep(), rate->second)) return false;
  letter.faults.emplace_back(name);
  return true;
}

// Faults of a whole request, each on the first try of the message that has it. The gravest one counts.
Wire Authority::WireOf(int window, std::vector<Letter>& letters) {
  if (window != 0) return WireOfWindow(windows_.mode(window));
  static constexpr std::pair<const char*, Wire> kFaults[] = {{"slow", Wire::kSlowAnswer},
                                                             {"cut_after_processing", Wire::kCut},
                                                             {"html502", Wire::kHtml502},
                                                             {"half_open", Wire::kHalfOpen}};
  Wire wire = Wire::kAnswer;
  for (const auto& [name, effect] : kFaults)
    for (Letter& letter : letters)
      if (letter.tries == 1 && Fault(letter, name)) wire = effect;
  return wire;
}

Reply Authority::Send(const Arrival& arrival, const std::vector<IncomingMessage>& messages) {
  int window = windows_.OpenAt(arrival.at);
  std::vector<Letter> letters;
  for (const IncomingMessage& message : messages) letters.push_back(Open(message, arrival.at));
  std::lock_guard lock(mutex_);
  int64_t request = ++requests_;
  for (Letter& letter : letters) letter.tries = ++known_[letter.mtdiep()].tries;
  Wire wire = WireOf(window, letters);
  std::vector<SendVerdict> verdicts;
  for (size_t i = 0; i < letters.size(); ++i) {
    Letter& letter = letters[i];
    if (window != 0)
      letter.disposition = "closed";
    else
      Handle(letter, wire, arrival);
    letter.response = ResponseWord(wire, letter.status);
    if (parts_.keeper != nullptr && !letter.is_ack())
      parts_.keeper->Keep(letter.mtdiep(), letter.sha256, letter.tries, *letter.bytes);
    WriteLetter(letter, arrival, request, i, window);
    verdicts.push_back({letter.transport_mtdiep, letter.status});
  }
  return {wire, WriteSendResponse(verdicts)};
}

void Authority::Handle(Letter& letter, Wire wire, const Arrival& arrival) {
  if (wire == Wire::kHtml502 || wire == Wire::kHalfOpen) {
    letter.disposition = "not_processed";
    return;
  }
  if (letter.bytes->size() > kMaxMessage) {
    letter.status = "TOO_LARGE";
    letter.disposition = "not_processed";
    return;
  }
  if (letter.is_ack()) {
    auto header = letter.header_ok ? AckBook::Header::kRight : AckBook::Header::kWrong;
    letter.disposition = acks_.Take(letter.request, letter.sha256, header);
    return;
  }
  if (letter.tries == 1 && Fault(letter, "busy")) {
    letter.status = "BUSY";
    letter.disposition = "not_processed";
    return;
  }
  letter.disposition = Judge(letter, known_[letter.mtdiep()], arrival.at);
}

void Authority::WriteLetter(const Letter& letter, const Arrival& arrival, int64_t request, size_t index, int window) {
  const Envelope& header = letter.request.header;
  Event event(letter.is_ack() ? "ack999" : "send");
  event.Number("connection", arrival.connection)
      .Number("request", request)
      .Number("index", int64_t(index))
      .At("arrived", arrival.at)
      .Number("window", window)
      .Text("mtdiep", letter.mtdiep())
      .Text("message_sha256", letter.sha256)
      .Number("try", letter.tries);
  if (letter.is_ack()) {
    event.Text("answer_id", header.mtdtchieu);
  } else {
    std::vector<std::string> keys;
    for (const Item& item : letter.request.items)
      if (!item.key.empty()) keys.push_back(item.key);
    event.Number("mltdiep", header.mltdiep)
        .Text("mngui", header.mngui)
        .Text("mst", header.mst)
        .Text("dlieu_sha256", letter.dlieu_sha256)
        .List("invoice_keys", keys)
        .List("faults", letter.faults);
  }
  parts_.transcript.Write(event.Text("disposition", letter.disposition).Text("response", letter.response));
}

void Authority::ReportMissingAcks() {
  std::lock_guard lock(mutex_);
  for (const std::string& id : acks_.Missing())
    parts_.transcript.Write(Event("ack999")
                                .Number("connection", 0)
                                .Number("request", 0)
                                .Number("index", 0)
                                .Text("arrived", "")
                                .Number("window", 0)
                                .Text("mtdiep", "")
                                .Text("message_sha256", "")
                                .Number("try", 0)
                                .Text("answer_id", id)
                                .Text("disposition", "missing")
                                .Text("response", ""));
}

}  // namespace tvan::sim
