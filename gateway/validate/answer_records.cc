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
  kNotice = 12,
  kDeadline = 13,
  kRegisterRange = 14,
};
enum : uint32_t {
  kItemInvoice = 1,
  kItemAccepted = 2,  // all that records before kItemVerdict say
  kItemMccqt = 3,
  kItemError = 4,
  kItemSubject = 5,
  kItemVerdict = 6,
  kItemMst = 7,
  kItemField = 8,
};
enum : uint32_t { kInvoiceMst = 1, kInvoiceForm = 2, kInvoiceSeries = 3, kInvoiceNumber = 4 };
enum : uint32_t { kCode = 1, kText = 2, kAdvice = 3, kNote = 4 };
enum : uint32_t { kFieldTag = 1, kFieldValue = 2 };
enum : uint32_t { kNoticeNumber = 1, kNoticeDate = 2, kNoticePlace = 3 };
enum : uint32_t { kDueDate = 1, kDueDays = 2, kDueRound = 3 };
enum : uint32_t { kPBan = 1, kMNGui, kMNNhan, kMLTDiep, kMTDiep, kMTDTChieu, kMST, kSLuong };

std::string EncodeError(const AnswerError& error) {
  TaggedWriter out;
  out.Bytes(kCode, error.code).Bytes(kText, error.text).Bytes(kAdvice, error.advice);
  if (!error.note.empty()) out.Bytes(kNote, error.note);
  return out.Take();
}

std::string EncodeInvoice(const InvoiceKey& key) {
  TaggedWriter out;
  out.Bytes(kInvoiceMst, key.mst.value()).Bytes(kInvoiceForm, key.khmshdon);
  return out.Bytes(kInvoiceSeries, key.khhdon).Bytes(kInvoiceNumber, key.shdon).Take();
}

std::string EncodeItem(const AnswerItem& item) {
  TaggedWriter out;
  if (item.invoice) out.Bytes(kItemInvoice, EncodeInvoice(*item.invoice));
  out.Unsigned(kItemAccepted, item.verdict == AnswerVerdict::kAccepted ? 1 : 0).Bytes(kItemMccqt, item.mccqt);
  for (const AnswerError& error : item.errors) out.Bytes(kItemError, EncodeError(error));
  out.Unsigned(kItemSubject, static_cast<uint64_t>(item.subject));
  out.Unsigned(kItemVerdict, static_cast<uint64_t>(item.verdict)).Bytes(kItemMst, item.mst);
  for (const AnswerField& field : item.fields)
    out.Bytes(kItemField, TaggedWriter().Bytes(kFieldTag, field.tag).Bytes(kFieldValue, field.value).bytes());
  return out.Take();
}

std::string EncodeNotice(const AnswerNotice& n) {
  return TaggedWriter().Bytes(kNoticeNumber, n.number).Bytes(kNoticeDate, n.date).Bytes(kNoticePlace, n.place).Take();
}

std::string EncodeDeadline(const AnswerDeadline& d) {
  return TaggedWriter().Bytes(kDueDate, d.date).Unsigned(kDueDays, d.days).Unsigned(kDueRound, d.round).Take();
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

  struct TextAt {
    uint32_t tag;
    std::string* text;
  };
  void Texts(std::string_view bytes, std::initializer_list<TextAt> texts) {
    Fields(bytes, [&](const TaggedField& field) {
      for (const TextAt& one : texts)
        if (one.tag == field.tag) *one.text = field.String();
    });
  }

  AnswerError Error(std::string_view bytes) {
    AnswerError out;
    Texts(bytes, {{kCode, &out.code}, {kText, &out.text}, {kAdvice, &out.advice}, {kNote, &out.note}});
    return out;
  }

  InvoiceKey Invoice(std::string_view bytes) {
    InvoiceKey key;
    std::string mst;
    Texts(bytes, {{kInvoiceMst, &mst},
                  {kInvoiceForm, &key.khmshdon},
                  {kInvoiceSeries, &key.khhdon},
                  {kInvoiceNumber, &key.shdon}});
    key.mst = TaxCode::Trusted(std::move(mst));
    return key;
  }

  AnswerItem Item(std::string_view bytes) {
    AnswerItem item;
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kItemInvoice) item.invoice = Invoice(field.bytes);
      if (field.tag == kItemAccepted)
        item.verdict = field.Unsigned() != 0 ? AnswerVerdict::kAccepted : AnswerVerdict::kRefused;
      if (field.tag == kItemMccqt) item.mccqt = field.String();
      if (field.tag == kItemError) item.errors.push_back(Error(field.bytes));
      if (field.tag == kItemSubject) item.subject = Subject(field.Unsigned());
      if (field.tag == kItemVerdict) item.verdict = Verdict(field.Unsigned());
      if (field.tag == kItemMst) item.mst = field.String();
      if (field.tag == kItemField) item.fields.push_back(Field(field.bytes));
    });
    return item;
  }

  AnswerField Field(std::string_view bytes) {
    AnswerField out;
    Texts(bytes, {{kFieldTag, &out.tag}, {kFieldValue, &out.value}});
    return out;
  }

  AnswerNotice Notice(std::string_view bytes) {
    AnswerNotice out;
    Texts(bytes, {{kNoticeNumber, &out.number}, {kNoticeDate, &out.date}, {kNoticePlace, &out.place}});
    return out;
  }

  AnswerDeadline Deadline(std::string_view bytes) {
    AnswerDeadline out;
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kDueDate) out.date = field.String();
      if (field.tag == kDueDays) out.days = static_cast<int>(field.Unsigned());
      if (field.tag == kDueRound) out.round = static_cast<int>(field.Unsigned());
    });
    return out;
  }

  Envelope Header(std::string_view bytes) {
    Envelope e;
    Texts(bytes, {{kPBan, &e.pban},
                  {kMNGui, &e.mngui},
                  {kMNNhan, &e.mnnhan},
                  {kMTDiep, &e.mtdiep},
                  {kMTDTChieu, &e.mtdtchieu},
                  {kMST, &e.mst},
                  {kSLuong, &e.sluong}});
    Fields(bytes, [&](const TaggedField& field) {
      if (field.tag == kMLTDiep) e.mltdiep = static_cast<int>(field.Signed());
    });
    return e;
  }

  WrappingPlan Plan(std::string_view bytes) {
    auto plan = WrappingPlan::Decode(bytes);
    whole_ = plan.ok() && whole_;
    return plan.ok() ? std::move(*plan) : WrappingPlan();
  }

  AnswerSubject Subject(uint64_t number) {
    whole_ = whole_ && number >= 1 && number <= static_cast<uint64_t>(AnswerSubject::kTaxCode);
    return static_cast<AnswerSubject>(number);
  }

  AnswerVerdict Verdict(uint64_t number) {
    whole_ = whole_ && number <= static_cast<uint64_t>(AnswerVerdict::kInformation);
    return static_cast<AnswerVerdict>(number);
  }

 private:
  bool whole_ = true;
};

void TakeField(const TaggedField& field, Decoder& decoder, ParsedAnswer& answer) {
  if (field.tag == kVerdict) answer.verdict = decoder.Verdict(field.Unsigned());
  if (field.tag == kHeader) answer.header = decoder.Header(field.bytes);
  if (field.tag == kItem) answer.items.push_back(decoder.Item(field.bytes));
  if (field.tag == kError) answer.errors.push_back(decoder.Error(field.bytes));
  if (field.tag == kDeviation) answer.deviations.push_back(field.String());
  if (field.tag == kDepthKnown) answer.depth_known = field.Unsigned() != 0;
  if (field.tag == kPlan) answer.plan = decoder.Plan(field.bytes);
  if (field.tag == kNotice) answer.notice = decoder.Notice(field.bytes);
  if (field.tag == kDeadline) answer.deadline = decoder.Deadline(field.bytes);
}

}  // namespace

std::string EncodeParsedAnswer(const ParsedAnswer& answer) {
  TaggedWriter out;
  out.Unsigned(kVerdict, static_cast<uint64_t>(answer.verdict)).Bytes(kHeader, EncodeHeader(answer.header));
  out.Bytes(kReference, answer.reference).Bytes(kMccqt, answer.mccqt).Bytes(kNoticeKind, answer.notice_kind);
  for (const AnswerItem& item : answer.items) out.Bytes(kItem, EncodeItem(item));
  for (const AnswerError& error : answer.errors) out.Bytes(kError, EncodeError(error));
  out.Bytes(kOriginalId, answer.original_mtdiep);
  out.Bytes(kNotice, EncodeNotice(answer.notice)).Bytes(kDeadline, EncodeDeadline(answer.deadline));
  if (!answer.register_range.empty()) out.Bytes(kRegisterRange, answer.register_range);
  for (const std::string& deviation : answer.deviations) out.Bytes(kDeviation, deviation);
  return out.Unsigned(kDepthKnown, answer.depth_known ? 1 : 0).Bytes(kPlan, answer.plan.Encode()).Take();
}

Result<ParsedAnswer> DecodeParsedAnswer(std::string_view bytes) {
  ParsedAnswer answer;
  Decoder decoder;
  decoder.Texts(bytes, {{kReference, &answer.reference},
                        {kMccqt, &answer.mccqt},
                        {kNoticeKind, &answer.notice_kind},
                        {kOriginalId, &answer.original_mtdiep},
                        {kRegisterRange, &answer.register_range}});
  decoder.Fields(bytes, [&](const TaggedField& field) { TakeField(field, decoder, answer); });
  if (!decoder.whole()) return Status::Permanent("record.damaged"_reason, "a stored parsed answer cannot be read");
  return answer;
}

}  // namespace tvan
