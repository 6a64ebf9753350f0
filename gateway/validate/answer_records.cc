// The stored form of a parsed answer (tagged.h); PARSED_ANSWER.md writes it down.
#include "gateway/core/tagged.h"
#include "gateway/validate/answer.h"

namespace tvan {
namespace {

// Never reuse a number.
enum : uint32_t {
  kVerdict = 1,
  kReference = 2,
  kMccqt = 3,
  kNoticeKind = 4,
  kItem = 5,
  kError = 6,
  kOriginalId = 7,
  kDeviation = 8,
  kDepthKnown = 9,
  kPlan = 10,
  kHeader = 11,
};
enum : uint32_t { kItemInvoice = 1, kItemAccepted = 2, kItemMccqt = 3, kItemError = 4 };
enum : uint32_t { kInvoiceMst = 1, kInvoiceForm = 2, kInvoiceSeries = 3, kInvoiceNumber = 4 };
enum : uint32_t { kCode = 1, kText = 2, kAdvice = 3 };
enum : uint32_t { kPBan = 1, kMNGui, kMNNhan, kMLTDiep, kMTDiep, kMTDTChieu, kMST, kSLuong };

std::string EncodeError(const AnswerError& error) {
  TaggedWriter out;
  return out.Bytes(kCode, error.code).Bytes(kText, error.text).Bytes(kAdvice, error.advice).Take();
}

std::string EncodeInvoice(const InvoiceKey& key) {
  TaggedWriter out;
  out.Bytes(kInvoiceMst, key.mst.value()).Bytes(kInvoiceForm, key.khmshdon);
  return out.Bytes(kInvoiceSeries, key.khhdon).Bytes(kInvoiceNumber, key.shdon).Take();
}

std::string EncodeItem(const AnswerItem& item) {
  TaggedWriter out;
  if (item.invoice) out.Bytes(kItemInvoice, EncodeInvoice(*item.invoice));
  out.Unsigned(kItemAccepted, item.accepted ? 1 : 0).Bytes(kItemMccqt, item.mccqt);
  for (const AnswerError& error : item.errors) out.Bytes(kItemError, EncodeError(error));
  return out.Take();
}

std::string EncodeHeader(const Envelope& e) {
  TaggedWriter out;
  out.Bytes(kPBan, e.pban).Bytes(kMNGui, e.mngui).Bytes(kMNNhan, e.mnnhan).Signed(kMLTDiep, e.mltdiep);
  return out.Bytes(kMTDiep, e.mtdiep).Bytes(kMTDTChieu, e.mtdtchieu).Bytes(kMST, e.mst).Bytes(kSLuong, e.sluong).Take();
}

// Reads the nested records; the first damage sticks.
class Decoder {
 public:
  bool whole() const { return whole_; }

  template <class Visit>
  void Fields(std::string_view bytes, Visit visit) {
    whole_ = ReadTagged(bytes, visit).ok() && whole_;
  }

  AnswerError Error(std::string_view bytes) {
    AnswerError error;
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kCode) error.code = field.String();
      if (field.tag == kText) error.text = field.String();
      if (field.tag == kAdvice) error.advice = field.String();
    });
    return error;
  }

  InvoiceKey Invoice(std::string_view bytes) {
    InvoiceKey key;
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kInvoiceMst) key.mst = TaxCode::Trusted(field.String());
      if (field.tag == kInvoiceForm) key.khmshdon = field.String();
      if (field.tag == kInvoiceSeries) key.khhdon = field.String();
      if (field.tag == kInvoiceNumber) key.shdon = field.String();
    });
    return key;
  }

  AnswerItem Item(std::string_view bytes) {
    AnswerItem item;
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kItemInvoice) item.invoice = Invoice(field.bytes);
      if (field.tag == kItemAccepted) item.accepted = field.Unsigned() != 0;
      if (field.tag == kItemMccqt) item.mccqt = field.String();
      if (field.tag == kItemError) item.errors.push_back(Error(field.bytes));
    });
    return item;
  }

  Envelope Header(std::string_view bytes) {
    Envelope e;
    std::string* const texts[] = {nullptr,   &e.pban,      &e.mngui, &e.mnnhan, nullptr,
                                  &e.mtdiep, &e.mtdtchieu, &e.mst,   &e.sluong};
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kMLTDiep) e.mltdiep = static_cast<int>(field.Signed());
      if (field.tag < std::size(texts) && texts[field.tag] != nullptr) *texts[field.tag] = field.String();
    });
    return e;
  }

  WrappingPlan Plan(std::string_view bytes) {
    auto plan = WrappingPlan::Decode(bytes);
    whole_ = plan.ok() && whole_;
    return plan.ok() ? std::move(*plan) : WrappingPlan();
  }

  AnswerVerdict Verdict(uint64_t number) {
    whole_ = whole_ && number <= static_cast<uint64_t>(AnswerVerdict::kInformation);
    return static_cast<AnswerVerdict>(number);
  }

 private:
  bool whole_ = true;
};

void TakeField(const TaggedField& field, Decoder& decoder, ParsedAnswer& answer) {
  switch (field.tag) {
    case kVerdict:
      answer.verdict = decoder.Verdict(field.Unsigned());
      break;
    case kReference:
      answer.reference = field.String();
      break;
    case kMccqt:
      answer.mccqt = field.String();
      break;
    case kNoticeKind:
      answer.notice_kind = field.String();
      break;
    case kItem:
      answer.items.push_back(decoder.Item(field.bytes));
      break;
    case kError:
      answer.errors.push_back(decoder.Error(field.bytes));
      break;
    case kOriginalId:
      answer.original_mtdiep = field.String();
      break;
    case kDeviation:
      answer.deviations.push_back(field.String());
      break;
    case kDepthKnown:
      answer.depth_known = field.Unsigned() != 0;
      break;
    case kPlan:
      answer.plan = decoder.Plan(field.bytes);
      break;
    case kHeader:
      answer.header = decoder.Header(field.bytes);
      break;
    default:
      break;
  }
}

}  // namespace

std::string EncodeParsedAnswer(const ParsedAnswer& answer) {
  TaggedWriter out;
  out.Unsigned(kVerdict, static_cast<uint64_t>(answer.verdict)).Bytes(kHeader, EncodeHeader(answer.header));
  out.Bytes(kReference, answer.reference).Bytes(kMccqt, answer.mccqt).Bytes(kNoticeKind, answer.notice_kind);
  for (const AnswerItem& item : answer.items) out.Bytes(kItem, EncodeItem(item));
  for (const AnswerError& error : answer.errors) out.Bytes(kError, EncodeError(error));
  out.Bytes(kOriginalId, answer.original_mtdiep);
  for (const std::string& deviation : answer.deviations) out.Bytes(kDeviation, deviation);
  return out.Unsigned(kDepthKnown, answer.depth_known ? 1 : 0).Bytes(kPlan, answer.plan.Encode()).Take();
}

Result<ParsedAnswer> DecodeParsedAnswer(std::string_view bytes) {
  ParsedAnswer answer;
  Decoder decoder;
  decoder.Fields(bytes, [&](const TaggedField& field) { TakeField(field, decoder, answer); });
  if (!decoder.whole()) return Status::Permanent("record.damaged"_reason, "a stored parsed answer cannot be read");
  return answer;
}

}  // namespace tvan
