#include "ops/ctl/handover_file.h"

#include <nlohmann/json.hpp>

#include "adapters/signature.h"
#include "gateway/core/json.h"
#include "gateway/reconcile/columns.h"
#include "gateway/seal/seal.h"

namespace tvan::ctl {
namespace {

using Json = nlohmann::json;

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

uint64_t Number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

// Of a JWS whose signature nobody asks for here.
Result<std::string> PayloadOf(const std::string& jws) {
  const size_t first = jws.find('.'), second = jws.find('.', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos) return Status::Permanent("seal.format"_reason, "not a compact JWS of three parts");
  return Base64UrlDecode(std::string_view(jws).substr(first + 1, second - first - 1));
}

class Reading {
 public:
  Reading(std::istream& file, const std::string* key_set, const std::function<void(const HandoverId&)>& each)
      : file_(file), key_set_(key_set), each_(each), digester_(MakeDigester()), segment_(digester_->BeginSha256()) {}

  Result<HandoverFacts> Run() {
    while (TakeLine()) {
      Status status = Take();
      if (!status.ok()) return key_set_ == nullptr && number_ > 1 ? Cut() : Result<HandoverFacts>(status);
    }
    if (bytes_ == facts_.sealed_bytes && facts_.segments > 0) return facts_;
    if (key_set_ == nullptr && number_ > 1) return Cut();
    return Wrong("the file is cut short behind its last seal; `tvanctl buffer export` goes on there");
  }

 private:
  Status Wrong(const std::string& what) const {
    return Status::Permanent("ctl.handover"_reason, "line " + std::to_string(number_) + ": " + what);
  }
  HandoverFacts Cut() {
    facts_.cut_short = true;
    return facts_;
  }

  // False: the end. A line that does not end, or never ends, is left as a piece, which is no JSON.
  bool TakeLine() {
    line_.clear();
    int c = 0;
    while (line_.size() < kMostHandoverLine && (c = file_.get()) != std::istream::traits_type::eof()) {
      line_ += static_cast<char>(c);
      if (c == '\n') break;
    }
    ++number_;
    bytes_ += line_.size();
    return !line_.empty();
  }

  Status Take() {
    if (line_.back() != '\n') return Wrong("it does not end");
    if (facts_.complete) return Wrong("something follows the last seal");
    const Json object = Json::parse(line_, nullptr, false);
    if (!object.is_object() || object.size() != 1) return Wrong("not a JSON object of one member");
    const std::string kind = object.begin().key();
    const Json& value = object.begin().value();
    if ((number_ == 1) != (kind == "handover")) return Wrong("the head stands first, and nowhere else");
    if (kind == "seal") return TakeSeal(value);
    segment_->Add(line_);
    segment_bytes_ += line_.size();
    if (!value.is_object()) return Wrong("an object was expected");
    if (kind == "handover") return TakeHead(value);
    if (kind == "message") return TakeMessage(value);
    return kind == "unreadable" ? Status() : Wrong("unknown kind " + JsonEscape(kind));
  }

  Status TakeHead(const Json& head) {
    if (Text(head, "format") != "tvan-handover" || Number(head, "version") != kHandoverVersion)
      return Wrong("not a hand-over file of version " + std::to_string(kHandoverVersion));
    facts_.provider = Text(head, "provider");
    incarnation_ = Text(head, "incarnation");
    return {};
  }

  Status TakeMessage(const Json& message) {
    const uint64_t acceptance = Number(message, "acceptance");
    if (acceptance <= last_) return Wrong("messages stand in order of acceptance, each once");
    last_ = acceptance;
    ++in_segment_;
    ++facts_.messages;
    if (Status status = CheckMessage(message); !status.ok()) return status;
    const std::string mtdiep = Text(message, "provider_mtdiep");
    if (each_ && !mtdiep.empty()) each_({"provider_mtdiep", mtdiep});
    if (each_ && mtdiep.empty()) each_({"client_reference", Text(message, "client_reference")});
    return {};
  }

  Status CheckMessage(const Json& message) const {
    if (key_set_ == nullptr) return {};
    const auto payload = Base64Decode(Text(message, "payload"));
    if (!payload.ok()) return Wrong("the payload is not base64");
    const std::string digest = Text(message, "sha256");
    if (digester_->Sha256Of(*payload).Hex() != digest) return Wrong("the payload is not the one that was accepted");
    const auto receipt = Unseal(Text(message, "receipt"), kReceiptType, *key_set_);
    if (!receipt.ok()) return receipt.status();
    const Json facts = Json::parse(*receipt, nullptr, false);
    if (Text(facts, "sha256") != digest || Text(facts, "gateway_mtdiep") != Text(message, "gateway_mtdiep") ||
        Text(facts, "provider") != facts_.provider)
      return Wrong("the receipt is of another message");
    return {};
  }

  Status TakeSeal(const Json& value) {
    if (!value.is_string()) return Wrong("a seal is a string");
    const std::string jws = value.get<std::string>();
    const auto text = key_set_ == nullptr ? PayloadOf(jws) : Unseal(jws, kHandoverType, *key_set_);
    if (!text.ok()) return text.status();
    const Json seal = Json::parse(*text, nullptr, false);
    if (!seal.is_object() || Text(seal, "provider") != facts_.provider) return Wrong("the seal is of another file");
    if (Text(seal, "incarnation") != incarnation_)
      return Wrong(
          "the store was restored since the file was begun: its numbers mean other messages. Begin a new file");
    if (Number(seal, "after") != facts_.through) return Wrong("a segment is missing in front of this seal");
    if (Text(seal, "sha256") != segment_->Finish().Hex() || Number(seal, "bytes") != segment_bytes_ ||
        Number(seal, "messages") != in_segment_)
      return Wrong("the lines in front of this seal are not those that were sealed");
    const uint64_t through = Number(seal, "through");
    if (through < last_ || through < facts_.through) return Wrong("the seal speaks of less than stands in front of it");
    EndSegment(through, seal);
    return {};
  }

  void EndSegment(uint64_t through, const Json& seal) {
    ++facts_.segments;
    facts_.through = through;
    facts_.sealed_bytes = bytes_;
    facts_.unreadable += Number(seal, "unreadable");
    facts_.complete = seal.value("complete", Json(false)) == Json(true);
    last_ = through;
    segment_ = digester_->BeginSha256();
    segment_bytes_ = in_segment_ = 0;
  }

  std::istream& file_;
  const std::string* const key_set_;
  const std::function<void(const HandoverId&)>& each_;
  const std::unique_ptr<Digester> digester_;
  HandoverFacts facts_;
  std::string incarnation_;  // of the store that the file was begun from
  std::string line_;
  uint64_t number_ = 0, bytes_ = 0, last_ = 0;
  std::unique_ptr<Sha256Stream> segment_;
  uint64_t segment_bytes_ = 0, in_segment_ = 0;
};

}  // namespace

Result<HandoverFacts> ReadHandover(std::istream& file, const std::string* key_set,
                                   const std::function<void(const HandoverId&)>& each) {
  return Reading(file, key_set, each).Run();
}

}  // namespace tvan::ctl
