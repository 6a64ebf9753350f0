#include "gateway/validate/answer_signature.h"

#include "gateway/core/catalogue.h"
#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

// Of one document; real answers have one. What has more does not verify.
constexpr size_t kMostSignatures = 16;

// The authority's signatures beside one document; DSCKS may stand twice, the other one empty. Of too many the last is
// empty, which is a missing one.
std::vector<XmlNode> AuthoritySignatures(const XmlNode& document) {
  std::vector<XmlNode> found;
  for (const XmlNode& list : document.Children("DSCKS"))
    for (const XmlNode& place : list.Children("CQT"))
      for (XmlNode child = place.first_child(); child; child = child.next_sibling())
        if (child.name() == "Signature" && child.namespace_uri() == kXmlDsig && found.size() <= kMostSignatures)
          found.push_back(child);
  if (found.size() > kMostSignatures) found.back() = XmlNode();
  return found;
}

// By local name: some signers write SignatureProperties with xmlns="" (protocol.md section 10.4 c).
bool HasSigningTime(const XmlNode& node) {
  if (node.name() == "SigningTime") return true;
  for (XmlNode child = node.first_child(); child; child = child.next_sibling())
    if (HasSigningTime(child)) return true;
  return false;
}

void Demand(const XmlNode& document, std::vector<XmlNode> cover, ParsedAnswer& answer,
            std::vector<SignatureDemand>& out) {
  std::vector<XmlNode> signatures = AuthoritySignatures(document);
  if (signatures.empty()) signatures.emplace_back();
  const std::string path = document.path() + "/DSCKS/CQT/Signature";
  for (const XmlNode& signature : signatures) {
    SignatureDemand demand;
    demand.role = "CQT";
    demand.signature = signature;
    demand.expected_path = path;
    demand.must_cover = cover;
    demand.must_cover_signing_time = signature && HasSigningTime(signature);
    if (signature && !demand.must_cover_signing_time)
      Deviates(answer, "answer.field"_reason, {"SigningTime", "the authority's signature has none"});
    out.push_back(std::move(demand));
  }
}

}  // namespace

std::string Annotate(const XmlDocument& document, const SignatureVerifier& verifier, Time received_at,
                     ParsedAnswer& answer) {
  const MessageType* type = FindMessageType(answer.header.mltdiep);
  const SignaturePlace place = type == nullptr ? SignaturePlace::kUnknown : type->signature;
  const XmlNode payload = document.root().Child("DLieu");
  if (place == SignaturePlace::kNone || !payload) return "UNSIGNED";
  std::vector<SignatureDemand> demands;
  if (place == SignaturePlace::kAuthorityInvoice) {
    for (const XmlNode& hdon : payload.Children("HDon"))
      Demand(hdon, {hdon.Child("DLHDon"), hdon.Child("MCCQT")}, answer, demands);
  } else {
    for (const XmlNode& notice : payload.Children("TBao"))
      if (place != SignaturePlace::kUnknown || !AuthoritySignatures(notice).empty())
        Demand(notice, {notice.Child("DLTBao")}, answer, demands);
  }
  if (demands.empty()) return place == SignaturePlace::kUnknown ? "UNSIGNED" : "UNVERIFIED(signature.missing)";
  const SignatureCheck check = verifier.Verify(document, demands, received_at);
  if (check.faults.empty()) return "VERIFIED";
  return "UNVERIFIED(" + std::string(check.faults.front().rule.text()) + ")";
}

}  // namespace tvan
