#include "ops/ctl/feedback_text.h"

namespace tvan::ctl {
namespace {

void Add(const std::string& part, const std::string& separator, std::string& to) {
  if (!part.empty()) to += (to.empty() ? "" : separator) + part;
}

// "5:40051,40052" of an invoice; of anything else its tax code or what it says, with its codes.
std::string ItemText(const v1::AnswerItem& item) {
  std::string codes, name = item.invoice().shdon() + item.mst();
  for (const auto& error : item.errors()) Add(error.code(), ",", codes);
  const bool fields = item.subject() != v1::ANSWER_SUBJECT_INVOICE && item.subject() != v1::ANSWER_SUBJECT_DELEGATE;
  if (fields)
    for (const auto& field : item.fields()) Add(field.tag() + "=" + field.value(), " ", name);
  // A good invoice needs no words; one that is to be reviewed, or has no verdict, does.
  const bool shown = fields || !codes.empty() || item.verdict() != v1::ANSWER_VERDICT_ACCEPTED;
  if (!shown) return "";
  return codes.empty() ? name : name + ":" + codes;
}

}  // namespace

std::string AnswerCodes(const v1::ParsedAnswer& parsed) {
  std::string out = parsed.mccqt();
  for (const auto& error : parsed.errors()) Add(error.code(), " ", out);
  for (const auto& item : parsed.items()) Add(ItemText(item), " ", out);
  return out;
}

std::string AnswerWords(const v1::ParsedAnswer& parsed) {
  std::string out, head = parsed.notice().number();
  Add(parsed.notice().date(), " of ", head);
  if (!parsed.notice_kind().empty()) Add("case " + parsed.notice_kind(), "; ", out);
  Add(head, "; ", out);
  if (!parsed.deadline().date().empty()) Add("due " + parsed.deadline().date(), "; ", out);
  if (parsed.deadline().days() > 0) Add("due in " + std::to_string(parsed.deadline().days()) + " days", "; ", out);
  if (!parsed.register_range().empty()) Add("register codes " + parsed.register_range(), "; ", out);
  if (parsed.deviations_size() > 0) Add(std::to_string(parsed.deviations_size()) + " deviations", "; ", out);
  return out;
}

}  // namespace tvan::ctl
