#pragma once
// The parser of the authority's answers (protocol.md sections 5, 7, 9, 14) into one typed result for all types, with an
// outcome for each item that an answer names. Lenient: what departs from the format is noted with a stable id, never an
// error; what is not understood is information, "not checked deeper".

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/wrapping.h"
#include "gateway/validate/profile_set.h"

namespace tvan {

struct AnswerError {   // one LDo
  std::string code;    // MLoi, free text
  std::string text;    // MTLoi or MTa
  std::string advice;  // HDXLy
  std::string note;    // GChu
};

// Of an answer, and of an item (accepted, refused, or information: nothing is decided about it). Numbers are stored.
enum class AnswerVerdict {
  kReceived,     // 999 TTTNhan 0, 102 THop 1/3: received, no result yet
  kAccepted,     // 202; 103 TTXNCQT 1; 204 LTBao 2; 301 and 104 all accepted; 205 good
  kPartly,       // 204 LTBao 3: what it does not name is good; 301, 104 mixed
  kRefused,      // 999 TTTNhan 1; 102 THop 2/4; 103 TTXNCQT 2; 204 LTBao 1/4/5/7/9; 301, 104 all refused; 205 bad; -1
  kInformation,  // no verdict on a request: 105, 107, 108, 302, 505–507, -2, and whatever is not understood
};

enum class AnswerSubject : uint8_t {  // numbers are stored
  kInvoice = 1,                       // 202, 204, 301; 302: to be looked at again
  kDelegate = 2,                      // 104: who issues for the taxpayer
  kTable = 3,                         // 204 LTBao 4/5; the items after it, up to the next table, are its rows
  kGoods = 4,                         // 204 LTBao 5: a row of a petrol table
  kTaxCode = 5,                       // 505 status, 506 decision, 507 registration
};

struct AnswerField {
  std::string tag, value;  // by the protocol's name, as written
};

struct AnswerItem {
  AnswerSubject subject = AnswerSubject::kInvoice;
  AnswerVerdict verdict = AnswerVerdict::kInformation;
  // Its MST is empty when the answer names none: the request's holds. Nullopt: the parts that stand there make no key;
  // they are among `fields`.
  std::optional<InvoiceKey> invoice;
  std::string mst;                  // of a delegate or a tax code
  std::string mccqt;                // the authority's code of an invoice
  std::vector<AnswerField> fields;  // what else it says: KDLieu, TThai, NHLTu …
  std::vector<AnswerError> errors;
};

// As written; empty: the answer does not say so.
struct AnswerNotice {
  std::string number;  // So; a 300 with Loai 2 quotes it
  std::string date;    // NTBao; 103: Ngay
  std::string place;   // DDanh
};
struct AnswerDeadline {
  std::string date;  // 105: NYCCDoi
  int days = 0;      // 302: THan; 0: not said
  int round = 0;     // 302: Lan, first or second notice; 0: not said
};

struct ParsedAnswer {
  Envelope header;  // its MST is the payload's when TTChung has none
  AnswerVerdict verdict = AnswerVerdict::kInformation;
  std::string reference;  // MTDTChieu, else MGDDTu / TBao/MTDiep of the original where the type has one
  std::string mccqt;      // 202
  // What the type calls its case: LTBao of a 204 or 506, THop of a 102 or 105, TTXNCQT of a 103, LUNhiem of a 104,
  // KQKTra of a 205.
  std::string notice_kind;
  AnswerNotice notice;
  AnswerDeadline deadline;
  // 103 that accepts: the taxpayer's five characters in the codes of cash registers (MCCQT), from notice.date on.
  std::string register_range;
  std::vector<AnswerItem> items;
  std::vector<AnswerError> errors;      // of the whole message
  std::string original;                 // -1: HSGoc
  std::string original_mtdiep;          // -1: the MTDiep that HSGoc shows, if it can be found
  std::vector<std::string> deviations;  // "answer.ltbao: …", the id first
  std::vector<Finding> findings;        // the deviations in both languages; not stored
  bool depth_known = false;             // false: "not checked deeper"
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
  // `verifier` trusts the authority's certificates, not the sellers'. `profiles`: what an answer says is compared with
  // their tables; nullptr: it is not.
  static std::unique_ptr<AnswerReader> Make(const XmlParser& parser, const SignatureVerifier& verifier,
                                            std::shared_ptr<const ProfileSet> profiles = nullptr);
  virtual ~AnswerReader() = default;
  virtual ReadAnswer Read(const std::string& bytes, Time received_at) const = 0;
};

std::string EncodeParsedAnswer(const ParsedAnswer& answer);       // PARSED_ANSWER.md; `original` is left out
Result<ParsedAnswer> DecodeParsedAnswer(std::string_view bytes);  // record.damaged

}  // namespace tvan
