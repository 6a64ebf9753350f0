#pragma once
// The parser of the authority's answers: 999, 202, 204, 301, -1 to full depth; every other type by its header only,
// "not checked deeper". Lenient where the wild is (protocol.md sections 5, 7, 9, 14): deviations are noted, never
// fatal.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/wrapping.h"

namespace tvan {

struct AnswerError {   // one LDo
  std::string code;    // MLoi, free text
  std::string text;    // MTLoi or MTa
  std::string advice;  // HDXLy
};

struct AnswerItem {                   // one invoice of the request, as the answer speaks of it
  std::optional<InvoiceKey> invoice;  // its MST is empty when the answer names none: the request's holds
  bool accepted = false;
  std::string mccqt;  // 202: the authority's code
  std::vector<AnswerError> errors;
};

enum class AnswerVerdict {
  kReceived,     // 999 TTTNhan=0: received, no result yet
  kAccepted,     // 202; 204 LTBao 2; 301 all accepted
  kPartly,       // 204 LTBao 3 with unlisted (good) items is decided by the caller who knows the item count; 301 mixed
  kRefused,      // 999 TTTNhan=1, 204 LTBao 1/4/5/7/9, 301 all refused, -1
  kInformation,  // types without a verdict on a request: 102–105, 107, 108, 205, 302, 505–507 …
};

struct ParsedAnswer {
  Envelope header;
  AnswerVerdict verdict = AnswerVerdict::kInformation;
  std::string reference;    // MTDTChieu, else MGDDTu / TBao/MTDiep of the original where the type has one
  std::string mccqt;        // 202
  std::string notice_kind;  // LTBao of a 204: "1".."9"
  std::vector<AnswerItem> items;
  std::vector<AnswerError> errors;  // of the whole message
  std::string original;             // -1: HSGoc
  std::string original_mtdiep;      // -1: the MTDiep that HSGoc shows, if it can be found
  std::vector<std::string> deviations;
  bool depth_known = false;  // false: "not checked deeper"
  // How to put it on again for the provider; ranges are of the bytes given to Read, byte-order mark included.
  WrappingPlan plan;
};

// An answer as it was read: never an error; what cannot be understood becomes deviations and kInformation.
struct ReadAnswer {
  ParsedAnswer parsed;
  std::string annotation;  // "VERIFIED", "UNVERIFIED(signature.untrusted)", "UNSIGNED" for types that carry none
  bool readable = true;    // false: not even well-formed; parsed is empty
};

class AnswerReader {
 public:
  // `verifier` trusts the authority's certificates, not the sellers'.
  static std::unique_ptr<AnswerReader> Make(const XmlParser& parser, const SignatureVerifier& verifier);
  virtual ~AnswerReader() = default;
  virtual ReadAnswer Read(const std::string& bytes, Time received_at) const = 0;
};

std::string EncodeParsedAnswer(const ParsedAnswer& answer);       // verdict, items, errors, mccqt, deviations; tagged.h
Result<ParsedAnswer> DecodeParsedAnswer(std::string_view bytes);  // record.damaged

}  // namespace tvan
