#include "adapters/simulator/authority.h"

#include <algorithm>

#include "adapters/simulator/data_standard.h"
#include "adapters/simulator/letter.h"
#include "gateway/core/log.h"

namespace tvan::sim {
namespace {

constexpr size_t kMaxMessage = 2 * 1024 * 1024;

bool IsOfRequest(Overload overload) { return overload == Overload::kFault || overload == Overload::kHttp503; }

// Whether messages are looked at: not what the line, or something in front of it, turned away.
bool IsServed(Wire wire) { return wire == Wire::kAnswer || wire == Wire::kSlowAnswer || wire == Wire::kCut; }

std::string DispositionOf(const Conditions& now, Wire wire) {
  if (now.window != 0) return "closed";
  return wire == Wire::kBusyFault || wire == Wire::kHttp503 ? "overload" : "not_processed";
}

}  // namespace

Authority::Authority(const Options& options, const Parts& parts)
    : options_(options),
      parts_(parts),
      dice_(parts.digester, options.seed),
      contracts_(options.contracts),
      check_(parts.verifier, contracts_),
      writer_(parts.signer, parts.digester, dice_),
      timetable_(options, dice_, parts.clock, parts.transcript),
      step_one_(options, contracts_, dice_) {}

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

// How the whole request fares: by the plan, by what it can take, by faults, each on the first try of the message that
// has it. Of faults the gravest counts.
Wire Authority::WireOf(const Conditions& now, std::vector<Letter>& letters, Time arrived) {
  if (now.down) return WireOfMode(*now.down);
  const auto business = std::count_if(letters.begin(), letters.end(), [](const Letter& l) { return !l.is_ack(); });
  if (IsOfRequest(now.overload) && !capacity_.Take(arrived, now.capacity, business))
    return now.overload == Overload::kFault ? Wire::kBusyFault : Wire::kHttp503;
  static constexpr std::pair<const char*, Wire> kFaults[] = {{"slow", Wire::kSlowAnswer},
                                                             {"cut_after_processing", Wire::kCut},
                                                             {"html502", Wire::kHtml502},
                                                             {"half_open", Wire::kHalfOpen}};
  Wire wire = now.slow.count() > 0 ? Wire::kSlowAnswer : Wire::kAnswer;
  for (const auto& [name, effect] : kFaults)
    for (Letter& letter : letters)
      if (letter.tries == 1 && Fault(letter, name)) wire = effect;
  return wire;
}

Reply Authority::Send(const Arrival& arrival, const std::vector<IncomingMessage>& messages) {
  const Conditions now = timetable_.At(arrival.at);
  std::vector<Letter> letters;
  for (const IncomingMessage& message : messages) letters.push_back(Open(message, arrival.at));
  std::lock_guard lock(mutex_);
  Place place{++requests_, 0};
  for (Letter& letter : letters) letter.tries = ++known_[letter.mtdiep()].tries;
  Wire wire = WireOf(now, letters, arrival.at);
  std::vector<SendVerdict> verdicts;
  for (Letter& letter : letters) {
    Handle(letter, wire, now, arrival.at);
    letter.response = ResponseWord(wire, letter.status);
    if (parts_.keeper != nullptr && !letter.is_ack())
      parts_.keeper->Keep(letter.mtdiep(), letter.sha256, letter.tries, *letter.bytes);
    WriteLetter(letter, arrival, place, now);
    ++place.index;
    verdicts.push_back({letter.transport_mtdiep, letter.status});
  }
  return {wire, WriteSendResponse(verdicts), now.slow.count() > 0 ? now.slow : options_.slow_delay};
}

void Authority::Handle(Letter& letter, Wire wire, const Conditions& now, Time arrived) {
  letter.lag = now.lag;
  if (!IsServed(wire)) {
    letter.disposition = DispositionOf(now, wire);
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
  if (IsTooMuch(letter, now, arrived)) return;
  if (letter.tries == 1 && Fault(letter, "busy")) {
    letter.status = "BUSY";
    letter.disposition = "not_processed";
    return;
  }
  letter.disposition = Judge(letter, known_[letter.mtdiep()], arrived);
}

// Told message by message. What bears no header cannot be told by a 999.
bool Authority::IsTooMuch(Letter& letter, const Conditions& now, Time arrived) {
  if (IsOfRequest(now.overload) || capacity_.Take(arrived, now.capacity, 1)) return false;
  if (now.overload == Overload::kBusy || !letter.request.readable()) {
    letter.status = "BUSY";
    letter.disposition = "overload";
  } else {
    letter.disposition = "refused:2006";
    Refuse(letter, known_[letter.mtdiep()], {"2006", "Hệ thống quá tải", true}, arrived);
  }
  return true;
}

void Authority::WriteLetter(const Letter& letter, const Arrival& arrival, const Place& place, const Conditions& now) {
  const Envelope& header = letter.request.header;
  Event event(letter.is_ack() ? "ack999" : "send");
  event.Number("connection", arrival.connection)
      .Number("request", place.request)
      .Number("index", int64_t(place.index))
      .At("arrived", arrival.at)
      .Number("window", now.window)
      .Number("outage", now.outage)
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
        .List("faults", letter.faults)
        .Text("capacity", now.capacity ? std::to_string(*now.capacity) : "");
  }
  parts_.transcript.Write(event.Text("disposition", letter.disposition).Text("response", letter.response));
}

}  // namespace tvan::sim
