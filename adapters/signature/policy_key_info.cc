#include <algorithm>
#include <utility>

#include "adapters/signature/policy.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr size_t kMaxCertificates = 5;
constexpr size_t kMaxParts = 20;  // children of KeyInfo and of its X509Data together
constexpr size_t kMaxCertificateText = 32 * 1024;

// Descriptions of the certificate that stand beside it; the certificate itself decides (protocol.md 10.4 d).
bool IsDescription(const XmlNode& node) {
  return node.name() == "X509SubjectName" || node.name() == "X509IssuerSerial" || node.name() == "X509SKI";
}

class KeyInfoReader {
 public:
  KeyInfoReader(const Policy& policy, SignatureShape* shape, std::vector<Fault>* faults)
      : policy_(policy), shape_(*shape), faults_(*faults) {}

  void Read() {
    for (XmlNode c = shape_.key_info.first_child(); c; c = c.next_sibling()) {
      if (TooMany()) return;
      const bool dsig = c.namespace_uri() == kDsigNs;
      if (dsig && c.name() == "X509Data") {
        X509Data(c);
      } else if (dsig && c.name() == "KeyValue") {
        shape_.key_values.push_back(c);
      } else {
        Foreign(c);
      }
    }
    if (!damaged_ && parts_ <= kMaxParts &&
        (shape_.certificates.empty() || shape_.certificates.size() > kMaxCertificates)) {
      Refuse(PolicySwitch::kCertificates, "signature.certificate"_reason, shape_.key_info);
    }
  }

 private:
  void Refuse(PolicySwitch by, Reason rule, const XmlNode& at) {
    if (policy_.switches.on(by)) faults_.push_back({rule, at.path()});
  }

  // Told of the first.
  void Foreign(const XmlNode& at) {
    if (!std::exchange(foreign_, true)) Refuse(PolicySwitch::kKeyInfo, "signature.key_info"_reason, at);
  }

  // Told once; what comes after it is not looked at. It also bounds the number of faults.
  bool TooMany() {
    if (++parts_ == kMaxParts + 1) Refuse(PolicySwitch::kKeyInfo, "signature.key_info"_reason, shape_.key_info);
    return parts_ > kMaxParts;
  }

  void X509Data(const XmlNode& data) {
    for (XmlNode c = data.first_child(); c; c = c.next_sibling()) {
      if (TooMany()) return;
      if (c.namespace_uri() == kDsigNs && IsDescription(c)) continue;
      if (c.namespace_uri() != kDsigNs || c.name() != "X509Certificate") {
        Foreign(c);
        continue;
      }
      if (shape_.certificates.size() > kMaxCertificates) return;
      std::string pieces;
      const std::string_view text = c.TextView(&pieces);
      const bool plain = text.size() <= kMaxCertificateText && !c.has_child_elements();
      auto der = plain ? Base64Decode(text) : Result<std::string>(std::string());
      if (!der.ok() || der->empty()) {
        damaged_ = true;
        Refuse(PolicySwitch::kCertificates, "signature.certificate"_reason, c);
      } else if (std::find(shape_.certificates.begin(), shape_.certificates.end(), *der) == shape_.certificates.end()) {
        shape_.certificates.push_back(std::move(*der));
      }
    }
  }

  bool damaged_ = false;
  bool foreign_ = false;
  size_t parts_ = 0;
  const Policy& policy_;
  SignatureShape& shape_;
  std::vector<Fault>& faults_;
};

}  // namespace

void ReadKeyInfo(const Policy& policy, SignatureShape* shape, std::vector<Fault>* faults) {
  KeyInfoReader(policy, shape, faults).Read();
}

}  // namespace tvan
