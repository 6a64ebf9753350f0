#include "tests/support/fake_authority.h"

#include <algorithm>
#include <cstdio>

namespace tvan {
namespace {

size_t NumberOf(const std::string& position) { return position.empty() ? 0 : std::stoul(position); }

std::string Joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& entry : list) text += (text.empty() ? "" : ",") + entry;
  return text;
}

std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text) {
    if (c != by) {
      part += c;
      continue;
    }
    parts.push_back(part);
    part.clear();
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

std::map<std::string, std::string> Fields(const std::string& bytes) {
  std::map<std::string, std::string> fields;
  for (const std::string& field : Split(bytes.substr(0, bytes.find("<DLieu>")), '|')) {
    const size_t equals = field.find('=');
    if (equals != std::string::npos) fields[field.substr(0, equals)] = field.substr(equals + 1);
  }
  return fields;
}

AnswerItem ItemOf(const std::string& text) {
  AnswerItem item;
  const size_t equals = text.find('=');
  const std::vector<std::string> key = Split(text.substr(0, equals), ';');
  if (key.size() == 3) item.invoice = InvoiceKey{{}, key[0], key[1], key[2]};
  if (key.size() == 1) item.subject = AnswerSubject::kTaxCode;
  if (key.size() == 1) item.mst = key[0];
  const std::string code = text.substr(equals + 1);
  item.verdict = code == "ok" ? AnswerVerdict::kAccepted : AnswerVerdict::kRefused;
  if (code != "ok") item.errors.push_back({.code = code});
  return item;
}

}  // namespace

FakeAuthority::FakeAuthority(Clock& clock, const std::string& line) : clock_(clock), line_(LineId::Trusted(line)) {}

std::vector<Status> FakeAuthority::Send(const std::vector<OutboundMessage>& messages, Steady not_after) {
  if (clock_.SteadyNow() >= not_after)
    return std::vector<Status>(messages.size(), Status::Transient("line.not_after"_reason, "too late"));
  std::vector<Status> statuses;
  const Status whole = on_request ? on_request(messages) : Status();
  for (const OutboundMessage& message : messages) {
    const Delivery delivery = !whole.ok() ? Delivery{whole, false} : on_send ? on_send(message) : Delivery{};
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back({clock_.Now(), message.mtdiep.value(), *message.bytes, not_after, delivery.arrives});
    }
    if (delivery.arrives && on_arrival) on_arrival(message.mtdiep.value());
    statuses.push_back(delivery.status);
  }
  return statuses;
}

Status FakeAuthority::Late(Steady not_after) const {
  if (not_after == kSteadyForever || clock_.SteadyNow() + Span(waits_us.load()) < not_after) return {};
  return Status::Transient("line.not_after"_reason, "too late");
}

Result<InboundBatch> FakeAuthority::Receive(const std::string& position, uint32_t limit, Steady not_after) {
  if (const Status late = Late(not_after); !late.ok()) return late;
  const Status allowed = on_receive ? on_receive() : Status();
  const std::lock_guard lock(mutex_);
  reads_.push_back(clock_.Now());
  if (!allowed.ok()) return allowed;
  InboundBatch batch{{}, position};
  const size_t from = NumberOf(position);
  for (size_t i = from; i < answers_.size() && batch.messages.size() < limit; ++i) {
    batch.next = std::to_string(i + 1);
    if (answers_[i].hidden_until > 0 && farthest_ < answers_[i].hidden_until) continue;
    batch.messages.push_back({batch.next, answers_[i].bytes});
  }
  farthest_ = std::max(farthest_, NumberOf(batch.next));
  if (stands_still) batch.next = position;
  return batch;
}

Result<ProbeReport> FakeAuthority::Probe(Steady not_after) {
  if (const Status late = Late(not_after); !late.ok()) return late;
  const Status answer = on_probe ? on_probe() : Status();
  const std::lock_guard lock(mutex_);
  ++probes_;
  if (!answer.ok()) return answer;
  return ProbeReport{clock_.Now() + Span(ahead_us.load()), {}, "fake"};
}

void FakeAuthority::Answer(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({bytes, 0});
}

void FakeAuthority::AnswerHidden(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({bytes, answers_.size() + 1});
}

std::vector<FakeAuthority::Sent> FakeAuthority::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

size_t FakeAuthority::probes() const {
  const std::lock_guard lock(mutex_);
  return probes_;
}

size_t FakeAuthority::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_.size();
}

std::vector<Time> FakeAuthority::read_times() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

std::string FakeAnswer::Bytes() const {
  return "|type=" + std::to_string(type) + "|mtdiep=" + mtdiep + "|mtdtchieu=" + mtdtchieu + "|mst=" + mst +
         "|reference=" + reference + "|verdict=" + std::to_string(static_cast<int>(verdict)) +
         "|codes=" + Joined(codes) + "|items=" + Joined(items) + "|original_mtdiep=" + original_mtdiep +
         "|register_range=" + register_range + "|annotation=" + annotation + "|<DLieu>" + original + "</DLieu>";
}

ReadAnswer FakeAnswerReader::Read(const std::string& bytes, Time) const {
  ++reads;
  ReadAnswer read;
  std::map<std::string, std::string> fields = Fields(bytes);
  read.readable = fields.count("type") > 0;
  if (!read.readable) return read;
  read.annotation = annotate ? annotate(fields["annotation"]) : fields["annotation"];
  ParsedAnswer& parsed = read.parsed;
  parsed.header.pban = "2.1.0";
  parsed.header.mngui = "TCT";
  parsed.header.mltdiep = std::stoi(fields["type"]);
  parsed.header.mtdiep = fields["mtdiep"];
  parsed.header.mtdtchieu = fields["mtdtchieu"];
  parsed.header.mst = fields["mst"];
  parsed.reference = fields["mtdtchieu"].empty() ? fields["reference"] : fields["mtdtchieu"];
  parsed.verdict = static_cast<AnswerVerdict>(std::stoi(fields["verdict"]));
  for (const std::string& code : Split(fields["codes"], ',')) parsed.errors.push_back({code, "", ""});
  for (const std::string& item : Split(fields["items"], ',')) parsed.items.push_back(ItemOf(item));
  parsed.original_mtdiep = fields["original_mtdiep"];
  parsed.register_range = fields["register_range"];
  const size_t payload = bytes.find("<DLieu>");
  parsed.original = bytes.substr(payload + 7, bytes.rfind("</DLieu>") - payload - 7);
  parsed.plan.payload = {static_cast<uint32_t>(payload), static_cast<uint32_t>(bytes.size() - payload)};
  parsed.plan.mltdiep = parsed.header.mltdiep;
  parsed.plan.pban = parsed.header.pban;
  if (also) also(parsed);
  return read;
}

Result<bool> FakeSearch::Search(const LineId&, const std::string& from_position, const MessageId& gateway_id) {
  const Call call{from_position, gateway_id};
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
  }
  return on_search ? on_search(call) : Result<bool>(false);
}

std::vector<FakeSearch::Call> FakeSearch::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

Status FakeSearch::ReadThrough(const LineId&, const std::string& from_position) {
  {
    const std::lock_guard lock(mutex_);
    read_through_.push_back(from_position);
  }
  return on_read_through ? on_read_through(from_position) : Status();
}

std::vector<std::string> FakeSearch::read_through() const {
  const std::lock_guard lock(mutex_);
  return read_through_;
}

Sha256 FakeDigester::Sha256Of(std::string_view bytes) const {
  Sha256 digest;
  for (uint64_t part = 0; part < 4; ++part) {
    uint64_t hash = 14695981039346656037ULL ^ (part * 0x9E3779B97F4A7C15ULL);
    for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
    for (uint64_t i = 0; i < 8; ++i) digest.bytes[part * 8 + i] = static_cast<uint8_t>(hash >> (i * 8));
  }
  return digest;
}

Sha256 FakeDigester::HmacSha256(std::string_view key, std::string_view bytes) const {
  return Sha256Of(std::string(key) + "\n" + std::string(bytes));
}

}  // namespace tvan
