#include "gateway/validate/signature_places.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "gateway/validate/header.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

bool IsSignature(const XmlNode& node) { return node.name() == "Signature" && node.namespace_uri() == kXmlDsig; }

void AddSignatures(const XmlNode& place, std::vector<XmlNode>& out) {
  for (XmlNode child = place.first_child(); child; child = child.next_sibling())
    if (IsSignature(child)) out.push_back(child);
}

// The signatures of one role; DSCKS itself may stand twice (protocol.md section 14).
std::vector<XmlNode> SignaturesOf(const XmlNode& document, std::string_view role) {
  std::vector<XmlNode> found;
  for (const XmlNode& list : document.Children("DSCKS"))
    for (const XmlNode& place : list.Children(role)) AddSignatures(place, found);
  return found;
}

struct Role {
  std::string_view name;
  bool required = true;
  size_t most = 1;
  bool signing_time = true;
};

class DemandCollector {
 public:
  explicit DemandCollector(FindingList& findings) : findings_(findings) {}

  // `place`: where the role's Signature stands, seen from `parent`.
  void Add(const Role& role, std::vector<XmlNode> signatures, const XmlNode& parent, const std::string& place,
           std::vector<XmlNode> cover) {
    if (signatures.empty() && !role.required) return;
    const std::string path = PathOf(parent, place);
    if (signatures.size() > role.most) {
      const std::string tag(role.name), count = std::to_string(signatures.size()), most = std::to_string(role.most);
      findings_.Error("signature.role_twice"_reason, path,
                      {"Có " + count + " chữ ký " + tag + ", tối đa " + most + ".",
                       "There are " + count + " signatures of " + tag + "; there may be " + most + "."},
                      "2011");
    }
    if (signatures.empty()) signatures.emplace_back();
    for (const XmlNode& signature : signatures) {
      SignatureDemand demand;
      demand.role = std::string(role.name);
      demand.signature = signature;
      demand.expected_path = path;
      demand.must_cover = cover;
      demand.must_cover_signing_time = role.signing_time;
      demand.whole_document_breaks = true;
      demands_.push_back(std::move(demand));
    }
  }

  void AddInvoice(const XmlNode& hdon, bool seller_required) {
    const std::vector<XmlNode> data = {hdon.Child("DLHDon")};
    const std::array<Role, 4> roles = {Role{"NBan", seller_required}, Role{"NMua", false, 1, false},
                                       Role{"CQT", false, 1, false}, Role{"CCKSKhac", false, 16, false}};
    for (const Role& role : roles) Add(role, SignaturesOf(hdon, role.name), hdon, PlaceOf(role), data);
  }

  void AddNotice(const XmlNode& notice) {
    const Role role{"NNT"};
    Add(role, SignaturesOf(notice, role.name), notice, PlaceOf(role), {notice.Child("DLTBao")});
  }

  void AddPackage(const XmlNode& tdiep, const std::vector<XmlNode>& items) {
    std::vector<XmlNode> found;
    for (const XmlNode& place : tdiep.Children("CKSNNT")) AddSignatures(place, found);
    Add(Role{"CKSNNT"}, std::move(found), tdiep, "CKSNNT/Signature", items);
  }

  std::vector<SignatureDemand> Take() { return std::move(demands_); }

 private:
  static std::string PlaceOf(const Role& role) { return "DSCKS/" + std::string(role.name) + "/Signature"; }

  FindingList& findings_;
  std::vector<SignatureDemand> demands_;
};

// A signature that nobody would check; what stands inside a signature belongs to that one.
void CheckMisplaced(const XmlNode& node, const std::vector<void*>& known, FindingList& findings) {
  for (XmlNode child = node.first_child(); child; child = child.next_sibling()) {
    if (!IsSignature(child)) {
      CheckMisplaced(child, known, findings);  // depth is bounded by the parser
    } else if (!std::binary_search(known.begin(), known.end(), child.native()) && findings.full()) {
      findings.LeaveOut(Severity::kError);
    } else if (!std::binary_search(known.begin(), known.end(), child.native())) {
      findings.Error("signature.misplaced"_reason, child.path(),
                     {"Chữ ký ở vị trí không quy định cho loại thông điệp này.",
                      "The signature stands where this message type has none."},
                     "2011");
    }
  }
}

std::vector<void*> Known(const std::vector<SignatureDemand>& demands) {
  std::vector<void*> known;
  for (const SignatureDemand& demand : demands)
    if (demand.signature) known.push_back(demand.signature.native());
  std::sort(known.begin(), known.end());
  return known;
}

void CollectIds(const XmlNode& node, std::set<std::string>& ids) {
  for (const std::string_view name : {"Id", "ID", "id"})
    if (auto id = node.Attribute(name)) ids.insert(std::move(*id));
}

void CollectIdsInside(const XmlNode& node, std::set<std::string>& ids) {
  CollectIds(node, ids);
  for (XmlNode child = node.first_child(); child; child = child.next_sibling()) CollectIdsInside(child, ids);
}

enum class SignedBy { kTaxpayer, kDelegate, kStranger };

// Whose certificate it is: the taxpayer's, or for an invoice its delegate's (ủy nhiệm).
SignedBy WhoSigned(const std::string& signer, const std::string& mst, const SignatureDemand& demand) {
  const auto who = TaxCodeOfParty(signer), whose = TaxCodeOfParty(mst);
  if (who && whose && *who == *whose) return SignedBy::kTaxpayer;
  if (demand.role != "NBan" || demand.must_cover.empty()) return SignedBy::kStranger;
  const XmlNode delegate = demand.must_cover.front().Descend({"TTChung", "MSTDVNUNLHDon"});
  const auto delegated = delegate ? TaxCodeOfParty(delegate.Text()) : std::nullopt;
  return who && delegated && *who == *delegated ? SignedBy::kDelegate : SignedBy::kStranger;
}

bool IsTaxpayers(const SignatureDemand& demand) {
  return demand.role == "NBan" || demand.role == "NNT" || demand.role == "CKSNNT";
}

void SaysUnknown(const std::string& path, const Signers& signers, FindingList& findings) {
  const Said said = {"Chứng thư số không ghi mã số thuế; không xác định được người ký là " + signers.mst + ".",
                     "The certificate names no tax code; that the signer is " + signers.mst + " cannot be told."};
  if (signers.unknown == Leniency::kRefuse)
    findings.Error("signature.signer_unknown"_reason, path, said, "2011");
  else
    findings.Warn("signature.signer_unknown"_reason, path, said);
}

void SaysDelegate(const std::string& path, const std::string& signer, FindingList& findings) {
  findings.Warn("signature.delegate_unregistered"_reason, path,
                {"Người ký là bên được ủy nhiệm " + Quote(signer) + "; việc ủy nhiệm chỉ do hóa đơn tự ghi.",
                 "The signer is the delegate " + Quote(signer) + "; nothing but the invoice says that it may sign."});
}

}  // namespace

std::vector<SignatureDemand> FindDemands(const XmlNode& root, const MessageType& type, FindingList& findings) {
  const bool bare = root.name() == "HDon";
  const XmlNode payload = bare ? root : root.Child("DLieu");
  DemandCollector collector(findings);
  if (type.items == ItemKind::kInvoices) {
    const std::vector<XmlNode> items = bare ? std::vector<XmlNode>{root} : payload.Children("HDon");
    for (const XmlNode& hdon : items) collector.AddInvoice(hdon, type.signature == SignaturePlace::kInvoice);
    if (type.signature == SignaturePlace::kPackage) collector.AddPackage(root, items);
  } else {
    for (const XmlNode& notice : payload.Children("TBao")) collector.AddNotice(notice);
  }
  std::vector<SignatureDemand> demands = collector.Take();
  const std::vector<void*> known = Known(demands);
  CheckMisplaced(payload, known, findings);
  if (!bare && root.Child("CKSNNT")) CheckMisplaced(root.Child("CKSNNT"), known, findings);
  return demands;
}

LeftBehind::LeftBehind(const XmlNode& root) {
  if (root.name() != "TDiep") return;
  CollectIds(root, ids_);
  if (const XmlNode header = root.Child("TTChung")) CollectIdsInside(header, ids_);
}

bool LeftBehind::Breaks(const XmlNode& signature) const {
  const XmlNode info = signature.Child("SignedInfo", kXmlDsig);
  if (!info) return false;
  for (XmlNode child = info.first_child(); child; child = child.next_sibling()) {
    const auto uri = child.name() == "Reference" ? child.Attribute("URI") : std::nullopt;
    if (uri && (uri->empty() || (uri->front() == '#' && ids_.count(uri->substr(1)) != 0))) return true;
  }
  return false;
}

void CheckSigners(const Signers& signers, FindingList& findings) {
  bool unknown = false, delegated = false;
  for (size_t i = 0; i < signers.demands.size() && i < signers.reports.size(); ++i) {
    const SignatureDemand& demand = signers.demands[i];
    const std::string& signer = signers.reports[i].signer_tax_code;
    if (!signers.reports[i].valid || !IsTaxpayers(demand)) continue;
    if (signer.empty()) {
      if (!std::exchange(unknown, true)) SaysUnknown(demand.signature.path(), signers, findings);
      continue;
    }
    const SignedBy by = WhoSigned(signer, signers.mst, demand);
    if (by == SignedBy::kDelegate && !std::exchange(delegated, true))
      SaysDelegate(demand.signature.path(), signer, findings);
    if (by == SignedBy::kStranger)
      findings.Error("signature.signer_mismatch"_reason, demand.signature.path(),
                     {"Chứng thư số thuộc mã số thuế " + Quote(signer) + ", không phải " + signers.mst + ".",
                      "The certificate belongs to tax code " + Quote(signer) + ", not to " + signers.mst + "."},
                     "2011");
  }
}

}  // namespace tvan
