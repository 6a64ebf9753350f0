// 204 and 213, the check result 01/TB-KTDL, with all its branches (protocol.md section 7.6).
#include <array>
#include <map>

#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/finding_list.h"

namespace tvan {
namespace {

constexpr auto kRefused = AnswerVerdict::kRefused;

// What each LTBao means, and the element that holds its branch; the others must not be there.
struct Branch {
  std::string_view kind, element;
  AnswerVerdict verdict;
};
constexpr std::array<Branch, 7> kBranches = {{{"1", "LCMa", kRefused},
                                              {"2", "", AnswerVerdict::kAccepted},
                                              {"3", "LHDKMa", AnswerVerdict::kPartly},
                                              {"4", "LBTHKXDau", kRefused},
                                              {"5", "LBTHXDau", kRefused},
                                              {"7", "LHDMTTien", kRefused},
                                              {"9", "KHLKhac", kRefused}}};

const Branch* FindBranch(const std::string& kind) {
  for (const Branch& branch : kBranches)
    if (branch.kind == kind) return &branch;
  return nullptr;
}

void AddRefused(const XmlNode& named, ParsedAnswer& answer) {
  AnswerItem item = InvoiceItem(named, kRefused, answer);
  TakeFields(named, {"STT", "NLap", "Ngay"}, item);
  item.errors = ReadReasons(named.Child("DSLDo"), answer);
  answer.items.push_back(std::move(item));
}

// LTBao 4 and 5: the tables, each with its rows behind it; a row is an invoice, or goods in a petrol table.
void ReadTable(const XmlNode& table, ParsedAnswer& answer) {
  AnswerItem item{.subject = AnswerSubject::kTable, .verdict = kRefused};
  TakeFields(table, {"STT", "LKDLieu", "KDLieu", "LDau", "BSLThu", "SBTHDLieu"}, item);
  for (const auto& [list, name] : {std::pair("DSLDTTChung", "LDTTChung"), {"DSLDTTChung", "LDo"}, {"DSLDo", "LDo"}})
    for (AnswerError& error : ReadReasons(table.Child(list), answer, name)) item.errors.push_back(std::move(error));
  answer.items.push_back(std::move(item));
  for (XmlNode row = table.Child("DSLHDon").first_child(); row; row = row.next_sibling()) AddRefused(row, answer);
  for (XmlNode row = table.Child("DSLMHang").first_child(); row; row = row.next_sibling()) {
    AnswerItem goods{.subject = AnswerSubject::kGoods, .verdict = kRefused};
    TakeFields(row, {"STT", "MHHoa", "THHDVu", "KDLieu"}, goods);
    goods.errors = ReadReasons(row.Child("DSLDo"), answer);
    answer.items.push_back(std::move(goods));
  }
}

// "KHMSHDon;KHHDon;SHDon;text" as elements would say it: the only place where a bad cash-register invoice is named.
bool SplitRegisterText(const std::string& text, std::array<std::string, 4>& parts) {
  size_t from = 0;
  for (size_t i = 0; i < 3; ++i) {
    const size_t end = text.find(';', from);
    if (end == std::string::npos) return false;
    parts[i] = Trimmed(text.substr(from, end - from));
    from = end + 1;
  }
  parts[3] = Trimmed(text.substr(from));
  return true;
}

void ReadRegister(const XmlNode& branch, ParsedAnswer& answer) {
  std::map<InvoiceKey, size_t> seen;
  for (AnswerError& error : ReadReasons(branch.Child("DSLDo"), answer)) {
    std::array<std::string, 4> parts;
    const bool split = SplitRegisterText(error.text, parts);
    const auto invoice = split ? InvoiceOf(parts[0], parts[1], parts[2], answer) : std::nullopt;
    if (!invoice) {
      Deviates(answer, "answer.ltbao7_unsplit"_reason, {Quote(error.text)});
      answer.errors.push_back(std::move(error));
      continue;
    }
    error.text = parts[3];
    const auto [place, first] = seen.emplace(*invoice, answer.items.size());
    if (first) answer.items.push_back({.verdict = kRefused, .invoice = invoice});
    answer.items[place->second].errors.push_back(std::move(error));
  }
}

void ReadBranch(const XmlNode& data, const Branch& branch, ParsedAnswer& answer) {
  const XmlNode element = data.Child(branch.element);
  if (branch.kind == "1")
    for (const XmlNode& refused : data.Children("LCMa")) AddRefused(refused, answer);
  else if (branch.kind == "3")
    for (const XmlNode& refused : element.Child("DSHDon").Children("HDon")) AddRefused(refused, answer);
  else if (branch.kind == "7")
    ReadRegister(element, answer);
  else if (branch.kind == "9")
    answer.errors = ReadReasons(element.Child("DSLDo"), answer);
  else
    for (const XmlNode& table : element.Child("DSBTHop").Children("BTHop")) ReadTable(table, answer);
}

// Whether there is text anywhere in it: senders write empty elements for branches that they do not use.
bool SaysAnything(const XmlNode& node) {
  if (!Trimmed(node.Text()).empty()) return true;
  for (XmlNode child = node.first_child(); child; child = child.next_sibling())
    if (SaysAnything(child)) return true;
  return false;
}

// Reads the branches of other LTBao that are there; false: one of them means something else than this one.
bool OthersAgree(const XmlNode& data, const Branch& mine, ParsedAnswer& answer) {
  bool agree = true;
  for (const Branch& other : kBranches) {
    if (other.element == mine.element || !SaysAnything(data.Child(other.element))) continue;
    Deviates(answer, "answer.two_branches"_reason, {mine.kind, other.element});
    ReadBranch(data, other, answer);
    agree = agree && other.verdict == mine.verdict;
  }
  return agree;
}

}  // namespace

void ReadCheckResult(const XmlNode& data, ParsedAnswer& answer) {
  answer.notice_kind = TextOf(data, "LTBao");
  const Branch* branch = FindBranch(answer.notice_kind);
  if (branch == nullptr) return Deviates(answer, "answer.ltbao"_reason, {Quote(answer.notice_kind)});
  ReadBranch(data, *branch, answer);
  const bool named = !answer.items.empty() || !answer.errors.empty();
  if (!named && branch->kind != "2")
    Deviates(answer, "answer.field"_reason, {"LTBao", "it is " + answer.notice_kind + " and nothing is named"});
  if (!OthersAgree(data, *branch, answer)) return;
  if (!named && branch->kind == "3") return;  // what is not listed is good, and nothing is listed: what is bad?
  answer.verdict = branch->verdict;
  answer.depth_known = true;
}

}  // namespace tvan
