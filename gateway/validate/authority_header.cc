#include "gateway/validate/authority_header.h"

#include <string>

#include "gateway/core/ids.h"
#include "gateway/validate/header.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

// V and our tax code, its dash left out: 10 or 13 digits.
bool IsTVan(std::string_view text) {
  if (text.size() != 11 && text.size() != 14) return false;
  return text.front() == 'V' && text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

void CheckField(const XmlNode& header, std::string_view name, bool good, FindingList& findings) {
  if (good) return;
  const XmlNode field = header.Child(name);
  const std::string value = field ? field.Text() : std::string();
  findings.Say("envelope.authority_header"_reason, PathOf(header, name), {name, Quote(value)});
}

}  // namespace

void CheckAuthorityHeader(const XmlNode& root, std::string_view authority_code, FindingList& findings) {
  const XmlNode header = root.Child("TTChung");
  if (!header) return CheckField(root, "TTChung", false, findings);
  const auto text = [&](std::string_view name) {
    const XmlNode field = header.Child(name);
    return field ? field.Text() : std::string();
  };
  const std::string sender = text("MNGui"), id = text("MTDiep"), count = text("SLuong");
  CheckField(header, "PBan", IsPBanForm(text("PBan")), findings);
  CheckField(header, "MNGui", IsTVan(sender), findings);
  CheckField(header, "MNNhan", !authority_code.empty() && text("MNNhan") == authority_code, findings);
  CheckField(header, "MTDiep", IsAuthorityHopMessageId(id) && id.compare(0, sender.size(), sender) == 0, findings);
  CheckField(header, "MST", ParseTaxCode(text("MST")).ok(), findings);
  CheckField(header, "SLuong", ParseItemCount(count).has_value() && count.front() != '0', findings);
}

}  // namespace tvan
