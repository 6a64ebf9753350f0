#include <algorithm>
#include <charconv>

#include "gateway/validate/answer.h"
#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/answer_signature.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/header.h"
#include "gateway/validate/wrap_plan.h"

namespace tvan {
namespace {

int ReadType(const std::string& text, ParsedAnswer& answer) {
  int type = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), type);
  if (error == std::errc() && end == text.data() + text.size()) return type;
  Deviates(answer, "MLTDiep is " + Quote(text));
  return 0;
}

bool IsAuthorityId(std::string_view id) {
  if (id.size() != 35 || id.substr(0, 3) != "TCT") return false;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return std::all_of(id.begin() + 3, id.end(), is_hex);
}

void ReadAnswerHeader(const XmlNode& root, ParsedAnswer& answer) {
  const XmlNode general = root.Child("TTChung");
  if (root.name() != "TDiep" || !root.namespace_uri().empty())
    Deviates(answer, "the root is " + Quote(root.name()) + ", not TDiep in no namespace");
  if (!general) return Deviates(answer, "there is no TTChung");
  Envelope& header = answer.header;
  header.pban = TextOf(general, "PBan");
  header.mngui = TextOf(general, "MNGui");
  header.mnnhan = TextOf(general, "MNNhan");
  header.mltdiep = ReadType(TextOf(general, "MLTDiep"), answer);
  header.mtdiep = TextOf(general, "MTDiep");
  header.mtdtchieu = TextOf(general, "MTDTChieu");
  header.mst = TextOf(general, "MST");
  header.sluong = TextOf(general, "SLuong");
  answer.reference = header.mtdtchieu;
  if (!IsKnownPBan(header.pban)) Deviates(answer, "PBan is " + Quote(header.pban));
  if (!IsAuthorityId(header.mtdiep)) Deviates(answer, "MTDiep " + Quote(header.mtdiep) + " has not the legal form");
  if (header.mngui != "TCT") Deviates(answer, "MNGui is " + Quote(header.mngui) + ", not TCT");
  if (root.Child("DLieu") && root.CountChildren("DLieu") > 1) Deviates(answer, "there is more than one DLieu");
}

// Notices name their request in MGDDTu too.
void TakeReference(const XmlNode& payload, ParsedAnswer& answer) {
  const std::string named = TextOf(payload.Descend({"TBao", "DLTBao"}), "MGDDTu");
  if (named.empty() || named == answer.reference) return;
  if (answer.reference.empty()) {
    answer.reference = named;
    Deviates(answer, "MTDTChieu is empty; MGDDTu is taken for it");
  } else {
    Deviates(answer, "MGDDTu " + Quote(named) + " is not MTDTChieu");
  }
}

void ReadBody(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer) {
  TakeReference(payload, answer);
  switch (answer.header.mltdiep) {
    case 999:
      return Read999(payload, answer);
    case 202:
      return Read202(payload, answer);
    case 204:
      return Read204(payload, answer);
    case 301:
      return Read301(payload, answer);
    case -1:
      return ReadUnreadable(payload, bytes, answer);
    default:
      return;  // by its header only: not checked deeper
  }
}

// Ranges of the document leave a byte-order mark out; those of a plan are of the bytes as the line gave them.
void Shift(WrappingPlan& plan, size_t by) {
  plan.payload.offset += static_cast<uint32_t>(by);
  if (plan.cksnnt) plan.cksnnt->offset += static_cast<uint32_t>(by);
}

class LenientReader final : public AnswerReader {
 public:
  LenientReader(const XmlParser& parser, const SignatureVerifier& verifier) : parser_(parser), verifier_(verifier) {}

  ReadAnswer Read(const std::string& bytes, Time received_at) const override {
    ReadAnswer answer;
    auto document = parser_.Parse(bytes);
    if (!document.ok()) {
      answer.readable = false;
      answer.annotation = "UNVERIFIED(" + std::string(document.status().reason().text()) + ")";
      return answer;
    }
    ParsedAnswer& parsed = answer.parsed;
    const XmlNode root = (*document)->root();
    ReadAnswerHeader(root, parsed);
    const XmlNode payload = root.Child("DLieu");
    if (payload)
      ReadBody(payload, (*document)->bytes(), parsed);
    else
      Deviates(parsed, "there is no DLieu");
    parsed.plan = MakePlan(**document, WrappingPlan::Form::kTDiep, parsed.header);
    if (payload) Shift(parsed.plan, bytes.size() - (*document)->bytes().size());
    answer.annotation = Annotate(**document, verifier_, received_at, parsed);
    return answer;
  }

 private:
  const XmlParser& parser_;
  const SignatureVerifier& verifier_;
};

}  // namespace

std::unique_ptr<AnswerReader> AnswerReader::Make(const XmlParser& parser, const SignatureVerifier& verifier) {
  return std::make_unique<LenientReader>(parser, verifier);
}

}  // namespace tvan
