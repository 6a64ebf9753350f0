#include "tests/integration/big_night_evidence.h"

#include <algorithm>
#include <filesystem>

#include "gateway/core/json.h"

namespace tvan {
namespace {

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string NameOf(MessageClass cls) { return "MESSAGE_CLASS_" + Upper(std::string(ToString(cls))); }

// One object, keys in the order they come.
class Object {
 public:
  Object() { json_.BeginObject(); }
  Object& Add(std::string_view key, const std::string& value) {
    json_.Key(key).String(value);
    return *this;
  }
  Object& Add(std::string_view key, int64_t value) {
    json_.Key(key).Number(value);
    return *this;
  }
  Object& Add(std::string_view key, const std::vector<std::string>& values) {
    json_.Key(key).BeginArray();
    for (const std::string& value : values) json_.String(value);
    json_.EndArray();
    return *this;
  }
  JsonWriter& json() { return json_; }
  std::string Text() {
    json_.EndObject();
    return json_.text();
  }

 private:
  JsonWriter json_;
};

Object LineOf(Time now, const std::string& kind) {
  Object line;
  line.Add("time", FormatTime(now)).Add("kind", kind);
  return line;
}

std::string PayloadDigest(const std::string& bytes, const Digester& digester) {
  return digester.Sha256Of("<DLieu>" + Between(bytes, "<DLieu>", "</DLieu>") + "</DLieu>").Hex();
}

std::string LogOf(const ProviderId& provider) { return "providers/" + provider.value() + ".jsonl"; }

Object About(const std::string& kind, const std::string& id, const std::string& digest) {
  Object line;
  line.Add("kind", kind).Add("id", id).Add("reference", std::string()).Add("sha256", digest);
  return line;
}

}  // namespace

std::string Between(const std::string& bytes, const std::string& begin, const std::string& end) {
  const size_t from = bytes.find(begin);
  if (from == std::string::npos) return "";
  const size_t start = from + begin.size(), until = bytes.find(end, start);
  return until == std::string::npos ? "" : bytes.substr(start, until - start);
}

BigNightEvidence::BigNightEvidence(const std::string& folder) : folder_(folder) {
  std::filesystem::create_directories(folder + "/providers");
}

void BigNightEvidence::Write(const std::string& file, const std::string& line) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = files_.try_emplace(file);
  if (is_new) entry->second.open(folder_ + "/" + file);
  entry->second << line << '\n';
  TVAN_CHECK(entry->second.good());
}

void BigNightEvidence::Sent(const Send& send, const Digester& digester) {
  std::vector<std::string> keys;
  for (const InvoiceKey& key : send.invoices) keys.push_back(key.ToString());
  Write("transcript.jsonl", LineOf(send.arrived, "send")
                                .Add("arrived", FormatTime(send.arrived))
                                .Add("mtdiep", send.mtdiep)
                                .Add("mltdiep", send.type)
                                .Add("mst", send.mst)
                                .Add("message_sha256", digester.Sha256Of(send.bytes).Hex())
                                .Add("dlieu_sha256", PayloadDigest(send.bytes, digester))
                                .Add("invoice_keys", keys)
                                .Add("capacity", std::to_string(send.capacity))
                                .Add("disposition", send.disposition)
                                .Add("response", send.response)
                                .Text());
}

void BigNightEvidence::Answered(Time now, int type, const std::string& mtdtchieu, const std::string& code,
                                const std::string& digest) {
  Write("transcript.jsonl", LineOf(now, "answer")
                                .Add("answer_id", digest)
                                .Add("mltdiep", type)
                                .Add("mtdtchieu", mtdtchieu)
                                .Add("answer_sha256", digest)
                                .Add("result", code.empty() ? "ok" : "refused")
                                .Add("mloi", code)
                                .Add("disposition", "queued")
                                .Text());
}

void BigNightEvidence::Line(Time now, const std::string& kind, const std::string& disposition) {
  Write("transcript.jsonl",
        LineOf(now, kind).Add("answer_ids", std::vector<std::string>()).Add("disposition", disposition).Text());
}

void BigNightEvidence::AuthorityWindow(const std::string& kind, Time now, Time start, Time end) {
  Write("transcript.jsonl",
        LineOf(now, kind).Add("window", 1).Add("start", FormatTime(start)).Add("end", FormatTime(end)).Text());
}

void BigNightEvidence::Submitted(const NewMessage& message, const Digester& digester) {
  const std::string digest = message.digest.Hex();
  Write(LogOf(message.key.provider), About("submit", message.provider_mtdiep, digest)
                                         .Add("dlieu_sha256", PayloadDigest(*message.payload, digester))
                                         .Add("type", message.mltdiep)
                                         .Text());
  Write(LogOf(message.key.provider), About("receipt", message.provider_mtdiep, digest)
                                         .Add("gateway_mtdiep", message.gateway_id.value())
                                         .Add("accepted_at", FormatTime(message.accepted_at))
                                         .Add("jws_sha256", digest)
                                         .Text());
}

void BigNightEvidence::Delivered(const ProviderId& provider, const MailboxItem& item, const std::string& answer,
                                 const Digester& digester) {
  const std::string digest = digester.Sha256Of(answer).Hex(), code = Between(answer, "|codes=", "|");
  const std::string verdict = std::to_string(static_cast<int>(AnswerVerdict::kRefused));
  Write(LogOf(provider), LineOf(item.at, "feedback")
                             .Add("sequence", static_cast<int64_t>(item.sequence))
                             .Add("answer_id", item.answer_id)
                             .Add("authority_sha256", digest)
                             .Add("mltdiep", std::stoi(Between(answer, "|type=", "|")))
                             .Add("mtdtchieu", Between(answer, "|mtdtchieu=", "|"))
                             .Add("tttnhan", Between(answer, "|verdict=", "|") == verdict ? "1" : "0")
                             .Add("mloi", code)
                             .Add("thop", std::string())
                             .Add("names", std::vector<std::string>())
                             .Add("gateway_mtdiep", item.gateway_id.value())
                             .Add("provider_mtdiep", item.provider_reference)
                             .Add("rewrapped_mtdtchieu", Between(item.rewrapped, "<MTDTChieu>", "</MTDTChieu>"))
                             .Text());
}

void BigNightEvidence::Acknowledged(const ProviderId& provider, uint64_t sequence) {
  Object line;
  Write(LogOf(provider), line.Add("kind", "ack").Add("sequence", static_cast<int64_t>(sequence)).Text());
}

void BigNightEvidence::Exported(const MessageView& message) {
  Object line;
  JsonWriter& json = line.Add("provider", message.meta.provider().value()).json();
  json.Key("message").BeginObject();
  json.Key("gateway_mtdiep").String(message.meta.gateway_id.value());
  json.Key("message_class").String(NameOf(message.meta.cls));
  json.Key("message_type").Number(message.meta.mltdiep);
  json.Key("mst").String(message.meta.mst.value());
  json.Key("state").String("MESSAGE_STATE_" + Upper(ToString(message.meta.stage)));
  json.Key("accepted_at").String(FormatTime(message.meta.accepted_at));
  json.Key("acceptance").String(std::to_string(message.meta.acceptance));
  json.Key("events").BeginArray();
  for (const Event& event : message.events) {
    json.BeginObject().Key("time").String(FormatTime(event.at)).Key("kind").String(ToString(event.kind));
    json.Key("attempt").Number(event.attempt).Key("sequence").String(std::to_string(event.sequence));
    json.Key("reason").String(event.reason).EndObject();
  }
  json.EndArray().EndObject();
  Write("events.jsonl", line.Text());
}

void BigNightEvidence::Exported(const Window& window, uint64_t version, Time changed_at) {
  Object line;
  Write("windows.jsonl", line.Add("id", window.id)
                             .Add("start", FormatTime(window.start))
                             .Add("end", FormatTime(window.end))
                             .Add("version", std::to_string(version))
                             .Add("changed_at", FormatTime(changed_at))
                             .Text());
}

void BigNightEvidence::Exported(const PhaseRecord& phases) {
  Object line;
  JsonWriter& json = line.Add("epoch", std::to_string(phases.epoch)).Add("at", FormatTime(phases.at)).json();
  json.Key("classes").BeginArray();
  for (const auto& [cls, phase] : phases.classes)
    json.BeginObject()
        .Key("message_class")
        .String(NameOf(cls))
        .Key("phase")
        .String("LINE_PHASE_" + Upper(ToString(phase.phase)))
        .EndObject();
  json.EndArray();
  Write("phases.jsonl", line.Text());
}

void BigNightEvidence::Settings(const std::string& json) { Write("night.json", json); }

}  // namespace tvan
