// The notices about a taxpayer and its invoices: 102 to 105, 205, 301, 302 and, of what stands directly in DLieu, 505
// to 507. The rows of 104, 105, 205, 302 and 505 to 507 have one weak source: a verdict that stands on those needs two
// of their fields to agree.
#include <algorithm>
#include <charconv>

#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/finding_list.h"

namespace tvan {
namespace {

void IsOdd(std::string_view tag, const std::string& value, ParsedAnswer& answer) {
  Deviates(answer, "answer.field"_reason, {tag, Quote(value)});
}

int SmallNumber(const XmlNode& data, std::string_view tag, ParsedAnswer& answer) {
  const std::string text = TextOf(data, tag);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  if (!text.empty()) IsOdd(tag, text, answer);
  return 0;
}

void Decide(AnswerVerdict verdict, ParsedAnswer& answer) {
  answer.verdict = verdict;
  answer.depth_known = true;
  if (verdict == AnswerVerdict::kRefused || answer.errors.empty()) return;
  Deviates(answer, "answer.field"_reason, {"DSLDKCNhan", "there are reasons and no refusal"});
}

// 102: 1 and 3 receive a new declaration and a change, 2 and 4 do not.
void ReadReceived(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "THop");
  answer.errors = ReadReasons(data.Child("DSLDKCNhan"), answer);
  if (answer.notice_kind == "1" || answer.notice_kind == "3") return Decide(AnswerVerdict::kReceived, answer);
  if (answer.notice_kind == "2" || answer.notice_kind == "4") return Decide(AnswerVerdict::kRefused, answer);
  IsOdd("THop", answer.notice_kind, answer);
}

bool IsRange(std::string_view text) {
  return text.size() == 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// 103. Its MCCQT is no code of an invoice but the taxpayer's part of cash-register codes.
void ReadRegistered(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "TTXNCQT");
  answer.errors = ReadReasons(data.Child("DSLDKCNhan"), answer);
  if (answer.notice.date.empty()) answer.notice.date = TextOf(data, "Ngay");
  if (answer.notice_kind == "2") return Decide(AnswerVerdict::kRefused, answer);
  if (answer.notice_kind != "1") return IsOdd("TTXNCQT", answer.notice_kind, answer);
  Decide(AnswerVerdict::kAccepted, answer);
  const std::string range = TextOf(data, "MCCQT"), mst = TextOf(data, "MST");
  if (!mst.empty() && mst != answer.header.mst)  // whom of the two they are given is not said
    IsOdd("MST", mst, answer);
  else if (IsRange(range))
    answer.register_range = range;
  else if (!range.empty())
    IsOdd("MCCQT", range, answer);
}

// 104: who is named with reasons is not accepted.
void ReadDelegates(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "LUNhiem");
  answer.errors = ReadReasons(data.Child("DSLDKCNhan"), answer);
  for (const XmlNode& delegate : data.Child("DSTTUNhiem").Children("TTUNhiem")) {
    AnswerItem item{.subject = AnswerSubject::kDelegate, .mst = TextOf(delegate, "MST")};
    TakeFields(delegate, {"TTChuc", "NTNhan"}, item);
    item.errors = ReadReasons(delegate.Child("DSLDKCNhan"), answer);
    item.verdict = item.errors.empty() ? AnswerVerdict::kAccepted : AnswerVerdict::kRefused;
    if (item.mst.empty()) Deviates(answer, "answer.field"_reason, {"TTUNhiem/MST", "a delegate has none"});
    answer.items.push_back(std::move(item));
  }
  if (answer.items.empty() && answer.errors.empty())
    return Deviates(answer, "answer.field"_reason, {"DSTTUNhiem", "neither delegates nor reasons are named"});
  Decide(answer.items.empty() ? AnswerVerdict::kRefused : VerdictOf(answer.items), answer);
}

// 105: the free period is over (1), or uncoded invoices are no longer allowed (2).
void ReadEndOfUse(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "THop");
  answer.deadline.date = TextOf(data, "NYCCDoi");
  answer.depth_known = answer.notice_kind == "1" || answer.notice_kind == "2";
  if (!answer.depth_known) IsOdd("THop", answer.notice_kind, answer);
}

// 205: what was found wrong in the papers of a 106.
void ReadFileChecked(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "KQKTra");
  for (const std::string_view part : {"LHSo", "LCTu", "LNDung"}) {
    for (const XmlNode& reason : data.Descend({part, "DSLDo"}).Children("LDo")) {
      const std::string text = TextOf(reason, "NDung");
      answer.errors.push_back({TextOf(reason, "MLoi"), text.empty() ? TextOf(reason, "MTLoi") : text,
                               TextOf(reason, "HDXLy"), TextOf(reason, "GChu")});
    }
  }
  if (answer.notice_kind == "1" && answer.errors.empty()) return Decide(AnswerVerdict::kAccepted, answer);
  if (answer.notice_kind == "0" && !answer.errors.empty()) return Decide(AnswerVerdict::kRefused, answer);
  Deviates(answer, "answer.field"_reason,
           {"KQKTra", Quote(answer.notice_kind) + " with " + std::to_string(answer.errors.size()) + " reasons"});
}

AnswerVerdict Corrected(const std::string& state, ParsedAnswer& answer) {
  if (state == "1") return AnswerVerdict::kAccepted;
  if (state == "2") return AnswerVerdict::kRefused;
  IsOdd("TTTNCCQT", state, answer);
  return AnswerVerdict::kInformation;
}

// 301: each invoice of an error notice has its own result; reasons without invoices refuse the whole.
void ReadCorrections(const XmlNode& data, const XmlNode& list, ParsedAnswer& answer) {
  answer.errors = ReadReasons(data.Child("DSLDKCNhan"), answer);
  for (const XmlNode& hdon : list.Children("HDon")) {
    AnswerItem item = InvoiceItem(hdon, Corrected(TextOf(hdon, "TTTNCCQT"), answer), answer);
    item.mccqt = TextOf(hdon, "MCQTCap");
    if (item.mccqt.empty()) item.mccqt = TextOf(hdon, "MCCQT");
    TakeFields(hdon, {"NLap", "LADHDDT", "TCTBao"}, item);
    item.errors = ReadReasons(hdon.Child("DSLDKTNhan"), answer);
    answer.items.push_back(std::move(item));
  }
  if (answer.items.empty() && answer.errors.empty())
    return Deviates(answer, "answer.field"_reason, {"DSHDon", "neither invoices nor reasons are named"});
  const auto verdict = answer.items.empty() ? AnswerVerdict::kRefused : VerdictOf(answer.items);
  if (verdict != AnswerVerdict::kInformation) Decide(verdict, answer);
}

// 302: invoices that the taxpayer is to look at again; LDo is plain text here.
void ReadReview(const XmlNode& data, const XmlNode& list, ParsedAnswer& answer) {
  answer.deadline.days = SmallNumber(data, "THan", answer);
  answer.deadline.round = SmallNumber(data, "Lan", answer);
  for (const XmlNode& hdon : list.Children("HDon")) {
    AnswerItem item = InvoiceItem(hdon, AnswerVerdict::kInformation, answer);
    if (std::string why = TextOf(hdon, "LDo"); !why.empty()) item.errors.push_back({.text = std::move(why)});
    answer.items.push_back(std::move(item));
  }
  answer.depth_known = !answer.items.empty();
  if (answer.items.empty()) Deviates(answer, "answer.field"_reason, {"DSHDon", "no invoices are named"});
}

}  // namespace

void ReadTaxpayerNotice(const XmlNode& data, ParsedAnswer& answer) {
  switch (answer.header.mltdiep) {
    case 102:
      return ReadReceived(data, answer);
    case 103:
      return ReadRegistered(data, answer);
    case 104:
      return ReadDelegates(data, answer);
    case 105:
      return ReadEndOfUse(data, answer);
    default:
      return ReadFileChecked(data, answer);
  }
}

void ReadInvoicesNotice(const XmlNode& notice, ParsedAnswer& answer) {
  const XmlNode data = notice.Child("DLTBao");
  const XmlNode list = data.Child("DSHDon") ? data.Child("DSHDon") : notice.Child("DSHDon");
  if (answer.header.mltdiep == 301)
    ReadCorrections(data, list, answer);
  else
    ReadReview(data, list, answer);
}

// Fields that stand directly in DLieu, or in rows of it.
void ReadStatusChanges(const XmlNode& payload, ParsedAnswer& answer) {
  std::vector<XmlNode> rows;
  if (payload.Child("MST")) rows.push_back(payload);
  for (XmlNode row = payload.first_child(); row; row = row.next_sibling())
    if (row.Child("MST")) rows.push_back(row);
  for (const XmlNode& row : rows) {
    AnswerItem item{.subject = AnswerSubject::kTaxCode, .mst = TextOf(row, "MST")};
    TakeFields(row, {"TThai", "MCQT", "LTBao", "STBao", "NTBao", "NHLTu", "NHLDen", "STBLQuan", "NTBLQuan"}, item);
    TakeFields(row, {"MCQTQLy", "CMa", "HDGTGT", "HDBHang", "HDBTSCong", "HDBHDTQGia", "HDKhac", "CTu", "NCNhat"},
               item);
    answer.items.push_back(std::move(item));
    const std::vector<XmlNode> named = row.Children("MST");  // more than one: of whom the rest speaks nobody knows
    for (size_t i = 1; i < named.size(); ++i)
      answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = Trimmed(named[i].Text())});
  }
  const size_t codes = payload.CountChildren("MST");
  if (rows.size() != 1 || codes > 1)
    Deviates(answer, "answer.count"_reason, {"MST", std::to_string(std::max(rows.size(), codes)), "1"});
  if (rows.empty()) return;
  answer.depth_known = codes <= 1 && !answer.items.front().fields.empty();
  if (answer.header.mst.empty()) answer.header.mst = answer.items.front().mst;
  answer.notice_kind = TextOf(rows.front(), "LTBao");
  answer.notice.number = TextOf(rows.front(), "STBao");
  answer.notice.date = TextOf(rows.front(), "NTBao");
}

}  // namespace tvan
