#include "gateway/validate/bare_invoice.h"

#include <algorithm>

#include "gateway/validate/header.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

std::string TextAt(const XmlNode& root, std::initializer_list<std::string_view> path) {
  const XmlNode node = root.Descend(path);
  return node ? node.Text() : std::string();
}

}  // namespace

bool IsClientReference(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void ReadBareInvoice(const Submission& submission, const ProfileSet& profiles, ReadMessage& message,
                     FindingList& findings) {
  const XmlNode root = message.outline->root();
  Envelope& header = message.header;
  header.mltdiep = submission.message_type;
  header.pban = TextAt(root, {"DLHDon", "TTChung", "PBan"});
  header.mst = TextAt(root, {"DLHDon", "NDHDon", "NBan", "MST"});
  header.sluong = "1";
  message.id_kind = SubmitIdKind::kClientReference;
  const std::string type = std::to_string(submission.message_type);
  if (submission.message_type != 200 && submission.message_type != 201 && submission.message_type != 203) {
    findings.Say("envelope.bare_type"_reason, "", {type});
  } else {
    message.cls = RelayedClass(submission.message_type, {}, findings);
  }
  if (IsClientReference(submission.client_reference))
    message.id_value = submission.client_reference;
  else
    findings.Say("envelope.client_reference"_reason, "");
  CheckPBan(header.pban, PathOf(root, "DLHDon/TTChung/PBan"), profiles, findings);
}

}  // namespace tvan
