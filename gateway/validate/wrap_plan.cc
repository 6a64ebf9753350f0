#include "gateway/validate/wrap_plan.h"

namespace tvan {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool IsCopied(std::string_view name) {
  return name == "xmlns" || name.substr(0, 6) == "xmlns:" || name.substr(0, 4) == "xml:";
}

}  // namespace

std::string CopiedAttributes(std::string_view tag) {
  std::string out;
  size_t at = tag.find_first_of(" \t\r\n/>");
  while (at != std::string_view::npos) {
    const size_t name = tag.find_first_not_of(kSpace, at);
    if (name == std::string_view::npos || tag[name] == '/' || tag[name] == '>') break;
    const size_t equals = tag.find('=', name);
    const size_t open = equals == std::string_view::npos ? equals : tag.find_first_of("\"'", equals);
    const size_t close = open == std::string_view::npos ? open : tag.find(tag[open], open + 1);
    if (close == std::string_view::npos) break;
    const std::string_view whole = tag.substr(name, close + 1 - name);
    const std::string_view attribute = whole.substr(0, whole.find_first_of("= \t\r\n"));
    if (IsCopied(attribute)) out.append(1, ' ').append(whole);
    at = close + 1;
  }
  return out;
}

WrappingPlan MakePlan(const XmlDocument& document, WrappingPlan::Form form, const Envelope& header) {
  WrappingPlan plan;
  plan.form = form;
  plan.pban = header.pban;
  plan.mltdiep = header.mltdiep;
  plan.mst = header.mst;
  plan.sluong = header.sluong;
  const XmlNode root = document.root();
  if (form == WrappingPlan::Form::kBareHDon) {
    plan.payload = root.range();
    return plan;
  }
  if (const XmlNode dlieu = root.Child("DLieu")) plan.payload = dlieu.range();
  if (const XmlNode package = root.Child("CKSNNT")) plan.cksnnt = package.range();
  plan.root_attributes = CopiedAttributes(root.start_tag().In(document.bytes()));
  return plan;
}

}  // namespace tvan
