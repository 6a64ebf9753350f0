#include "gateway/validate/technical_response.h"

#include "gateway/core/wrapping.h"
#include "gateway/validate/finding_list.h"

namespace tvan {
namespace {

constexpr size_t kMaxDescription = 255;  // MTa
constexpr const char* kUnknownCode = "9999";

void Append(std::string& out, std::string_view name, std::string_view value) {
  out.append(1, '<').append(name).append(1, '>').append(EscapeXml(value)).append("</").append(name).append(1, '>');
}

void AppendUnlessEmpty(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) Append(out, name, value);
}

void AppendReasons(std::string& out, const std::vector<Finding>& findings) {
  out.append("<DSLDo>");
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::kError) continue;
    out.append("<LDo>");
    Append(out, "MLoi", finding.authority_code.empty() ? kUnknownCode : finding.authority_code);
    Append(out, "MTa", FirstCharacters(finding.text_vi, kMaxDescription));
    out.append("</LDo>");
  }
  out.append("</DSLDo>");
}

}  // namespace

std::string Render999(const TechnicalResponse& response) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung>";
  Append(out, "PBan", response.pban.empty() ? "2.1.0" : response.pban);
  Append(out, "MNGui", response.mngui);
  Append(out, "MNNhan", response.mnnhan);
  Append(out, "MLTDiep", "999");
  Append(out, "MTDiep", response.mtdiep);
  if (response.mtdtchieu.empty())
    out.append("<MTDTChieu/>");
  else
    Append(out, "MTDTChieu", response.mtdtchieu);
  out.append("</TTChung><DLieu><TBao>");
  AppendUnlessEmpty(out, "MTDiep", response.mtdtchieu);
  AppendUnlessEmpty(out, "MNGui", response.original_mngui);
  Append(out, "NNhan", FormatLocal(response.received_at));
  Append(out, "TTTNhan", response.accepted ? "0" : "1");
  if (!response.accepted) AppendReasons(out, response.findings);
  return out.append("</TBao></DLieu></TDiep>");
}

}  // namespace tvan
