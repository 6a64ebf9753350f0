#include "ops/ctl/document_signatures.h"

#include <algorithm>
#include <charconv>

#include "gateway/core/catalogue.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/signature_places.h"

namespace tvan::ctl {
namespace {

void FindSignatures(const XmlNode& node, std::vector<XmlNode>& found) {
  if (node.name() == "Signature" && node.namespace_uri() == kXmlDsig) found.push_back(node);
  for (XmlNode child = node.first_child(); child; child = child.next_sibling())
    FindSignatures(child, found);  // depth is bounded by the parser
}

// By local name: some signers write SignatureProperties with xmlns="".
bool HasSigningTime(const XmlNode& node) {
  if (node.name() == "SigningTime") return true;
  for (XmlNode child = node.first_child(); child; child = child.next_sibling())
    if (HasSigningTime(child)) return true;
  return false;
}

// The type of a bare invoice is 203: its signatures stand where those of every other one do.
const MessageType* TypeOf(const XmlNode& root) {
  if (root.name() == "HDon") return FindMessageType(203);
  const XmlNode type = root.name() == "TDiep" ? root.Descend({"TTChung", "MLTDiep"}) : XmlNode();
  const std::string text = type ? type.Text() : "";
  int code = 0;
  std::from_chars(text.data(), text.data() + text.size(), code);
  const MessageType* known = FindMessageType(code);
  return known != nullptr && known->relayed && root.Child("DLieu") ? known : nullptr;
}

XmlNode Covered(const XmlNode& signature, const XmlNode& root) {
  const XmlNode role = signature.parent();
  const XmlNode list = role ? role.parent() : XmlNode();
  return list && list.name() == "DSCKS" && list.parent() ? list.parent().first_child() : root;
}

bool IsDemanded(const XmlNode& signature, const std::vector<SignatureDemand>& demands) {
  return std::any_of(demands.begin(), demands.end(), [&](const auto& one) { return one.signature == signature; });
}

}  // namespace

std::vector<SignatureDemand> DemandsOfDocument(const XmlNode& root) {
  std::vector<XmlNode> signatures;
  FindSignatures(root, signatures);
  if (signatures.empty()) return {};
  std::vector<SignatureDemand> demands;
  FindingList unsaid;  // a place that the type does not have is no fault here
  if (const MessageType* type = TypeOf(root)) demands = FindDemands(root, *type, unsaid);
  for (const XmlNode& signature : signatures) {
    if (IsDemanded(signature, demands)) continue;
    SignatureDemand demand;
    demand.role = "Signature";
    demand.signature = signature;
    demand.expected_path = signature.path();
    demand.must_cover = {Covered(signature, root)};
    demands.push_back(std::move(demand));
  }
  for (SignatureDemand& demand : demands) {
    demand.must_cover_signing_time = demand.signature && HasSigningTime(demand.signature);
    demand.target_demanded = false;
    demand.whole_document_breaks = false;
  }
  return demands;
}

}  // namespace tvan::ctl
