#include "gateway/validate/signature_places.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

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

// What covers all these children of `parent`, in four nodes at most: a signature has no more References (the policy
// refuses a fifth), so of more children one is covered by what stands around it, and then all of them are. Where there
// are none, the empty node, which nothing covers.
std::vector<XmlNode> CoverOf(const XmlNode& parent, std::vector<XmlNode> children) {
  constexpr size_t kMostReferences = 4;
  if (children.empty()) return {XmlNode()};
  if (children.size() > kMostReferences) return {parent};
  return children;
}

std::vector<XmlNode> CoverOf(const XmlNode& parent, std::string_view name) {
  return CoverOf(parent, parent.Children(name));
}

// What the taxpayer's signature covers (protocol.md section 10.2). Of a DNghi one source alone names the element: there
// it is all that stands beside DSCKS.
std::vector<XmlNode> DataOf(const XmlNode& item, ItemKind kind) {
  if (kind == ItemKind::kNotice) return CoverOf(item, "DLTBao");
  if (kind == ItemKind::kDeclaration) return CoverOf(item, "DLTKhai");
  if (kind == ItemKind::kSummaries) return CoverOf(item, "DLBTHop");
  std::vector<XmlNode> data;
  for (XmlNode child = item.first_child(); child; child = child.next_sibling())
    if (child.name() != "DSCKS" || !child.namespace_uri().empty()) data.push_back(child);
  return CoverOf(item, std::move(data));
}

struct Role {
  std::string_view name;
  bool required = true;
  size_t most = 1;
  bool signing_time = true;
};

// Found where the tables name no place; more are refused as misplaced.
constexpr size_t kMostFound = 1000;

class DemandCollector {
 public:
  explicit DemandCollector(FindingList& findings) : findings_(findings) {}

  // `place`: where the role's Signature stands, seen from `parent`. Of more signatures than there may be the first are
  // demanded. `cover` is copied for each and short (CoverOf).
  void Add(const Role& role, std::vector<XmlNode> signatures, const XmlNode& parent, const std::string& place,
           const std::vector<XmlNode>& cover) {
    if (signatures.empty() && !role.required) return;
    const bool right = !signatures.empty() && signatures.size() <= role.most;
    const std::string path = right ? std::string() : PathOf(parent, place);  // nobody asks where it ought to stand
    for (const XmlNode& signature : signatures) known_.push_back(signature.native());
    if (signatures.size() > role.most) {
      findings_.Say("signature.role_twice"_reason, path,
                    {std::to_string(signatures.size()), role.name, std::to_string(role.most)});
      signatures.resize(role.most);
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
    const std::vector<XmlNode> data = CoverOf(hdon, "DLHDon");
    const std::array<Role, 4> roles = {Role{"NBan", seller_required}, Role{"NMua", false, 1, false},
                                       Role{"CQT", false, 1, false}, Role{"CCKSKhac", false, 16, false}};
    for (const Role& role : roles) Add(role, SignaturesOf(hdon, role.name), hdon, PlaceOf(role), data);
  }

  void AddSigned(const XmlNode& item, ItemKind kind) {
    for (const Role& role : {Role{"NNT"}, Role{"CCKSKhac", false, 16, false}})
      Add(role, SignaturesOf(item, role.name), item, PlaceOf(role), DataOf(item, kind));
  }

  // Where the tables do not reach: every signature must hold; of an invoice it covers the data, else whatever it
  // covers. Its role is the name of its place.
  void AddFound(const XmlNode& node, std::vector<XmlNode> cover = {}) {
    if (node.name() == "HDon" && node.Child("DLHDon")) cover = CoverOf(node, "DLHDon");
    for (XmlNode child = node.first_child(); child && demands_.size() < kMostFound; child = child.next_sibling()) {
      if (!IsSignature(child)) {
        AddFound(child, cover);  // depth is bounded by the parser
        continue;
      }
      const std::string place(node.name());
      Add({place, true, 1, IsTaxpayers(place)}, {child}, node, "Signature", cover);
    }
  }

  void AddPackage(const XmlNode& tdiep, const std::vector<XmlNode>& items) {
    std::vector<XmlNode> found;
    for (const XmlNode& place : tdiep.Children("CKSNNT")) AddSignatures(place, found);
    Add(Role{"CKSNNT"}, std::move(found), tdiep, "CKSNNT/Signature", CoverOf(tdiep.Child("DLieu"), items));
  }

  std::vector<SignatureDemand> Take() { return std::move(demands_); }
  // The signatures that were looked at, demanded or too many, in order of address.
  std::vector<void*> TakeKnown() {
    std::sort(known_.begin(), known_.end());
    return std::move(known_);
  }

 private:
  static std::string PlaceOf(const Role& role) { return "DSCKS/" + std::string(role.name) + "/Signature"; }

  FindingList& findings_;
  std::vector<SignatureDemand> demands_;
  std::vector<void*> known_;
};

// A signature that nobody would check; what stands inside a signature belongs to that one.
void CheckMisplaced(const XmlNode& node, const std::vector<void*>& known, FindingList& findings) {
  for (XmlNode child = node.first_child(); child; child = child.next_sibling()) {
    if (!IsSignature(child)) {
      CheckMisplaced(child, known, findings);  // depth is bounded by the parser
    } else if (!std::binary_search(known.begin(), known.end(), child.native())) {
      SayAt(child, "signature.misplaced"_reason, Severity::kError, findings);
    }
  }
}

void CollectIds(const XmlNode& node, std::set<std::string>& ids) {
  for (const std::string_view name : {"Id", "ID", "id"})
    if (auto id = node.Attribute(name)) ids.insert(std::move(*id));
}

void CollectIdsInside(const XmlNode& node, std::set<std::string>& ids) {
  CollectIds(node, ids);
  for (XmlNode child = node.first_child(); child; child = child.next_sibling()) CollectIdsInside(child, ids);
}

std::vector<XmlNode> ItemsOf(const XmlNode& root, const MessageType& type) {
  if (root.name() == "HDon") return {root};
  return root.Child("DLieu").Children(ElementOf(type.items));
}

void CollectItems(const XmlNode& root, const MessageType& type, DemandCollector& collector) {
  const std::vector<XmlNode> items = ItemsOf(root, type);
  for (const XmlNode& item : items) {
    if (type.items == ItemKind::kInvoices)
      collector.AddInvoice(item, type.signature == SignaturePlace::kInvoice);
    else
      collector.AddSigned(item, type.items);
  }
  if (type.signature == SignaturePlace::kPackage) collector.AddPackage(root, items);
}

// What stands beside the items, where the tables do not say what that is.
void CollectBeside(const XmlNode& root, const MessageType& type, DemandCollector& collector) {
  const XmlNode payload = root.Child("DLieu");
  for (XmlNode child = payload.first_child(); child; child = child.next_sibling())
    if (type.depth == Depth::kHeader || child.name() != ElementOf(type.items)) collector.AddFound(child);
  if (type.signature == SignaturePlace::kUnknown)
    if (const XmlNode package = root.Child("CKSNNT")) collector.AddFound(package);
}

}  // namespace

bool IsTaxpayers(std::string_view role) { return role == "NBan" || role == "NNT" || role == "CKSNNT"; }

std::vector<SignatureDemand> FindDemands(const XmlNode& root, const MessageType& type, FindingList& findings) {
  const bool bare = root.name() == "HDon";
  const XmlNode payload = bare ? root : root.Child("DLieu");
  DemandCollector collector(findings);
  if (type.signature != SignaturePlace::kUnknown) CollectItems(root, type, collector);
  if (type.depth != Depth::kFull && !bare) CollectBeside(root, type, collector);
  std::vector<SignatureDemand> demands = collector.Take();
  if (type.signature == SignaturePlace::kUnknown && demands.empty())
    findings.Say("signature.missing"_reason, Severity::kWarning, payload.path());
  const std::vector<void*> known = collector.TakeKnown();
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

}  // namespace tvan
