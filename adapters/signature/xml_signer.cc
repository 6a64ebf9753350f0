#include <algorithm>

#include "adapters/signature.h"
#include "adapters/signature/engine.h"
#include "adapters/signature/ids.h"
#include "adapters/signature/openssl.h"
#include "adapters/signature/splice.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr const char* kC14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
constexpr const char* kSha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr const char* kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

struct ReferencePlan {
  std::string id;
  bool enveloped = false;
};

std::string ReferenceXml(const ReferencePlan& plan) {
  std::string xml = "<Reference URI=\"#" + plan.id + "\">";
  if (plan.enveloped) xml += std::string("<Transforms><Transform Algorithm=\"") + kEnveloped + "\"/></Transforms>";
  return xml + "<DigestMethod Algorithm=\"" + kSha256 + "\"/><DigestValue></DigestValue></Reference>";
}

// "/TDiep/DLieu/HDon[2]/DSCKS/NBan" → "NBan"
std::string LastStep(std::string_view path) {
  std::string_view last = path.substr(path.rfind('/') + 1);
  return std::string(last.substr(0, last.find('[')));
}

class PemSigner final : public XmlSigner {
 public:
  PemSigner(EvpKey key, const X509* certificate)
      : key_(std::move(key)), certificate_(Base64Encode(DerOf(certificate))), parser_(MakeXmlParser(XmlLimits())) {
    method_ = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC ? "ecdsa-sha256" : "rsa-sha256";
  }

  Result<std::string> Sign(std::string_view document, const SignRequest& request) const override {
    const QuietErrors quiet;
    auto original = parser_->Parse(std::string(document));
    if (!original.ok()) return original.status();
    const IdIndex ids(**original);
    const XmlNode place = DeepestAlong(**original, request.parent_path);
    std::vector<ReferencePlan> references;
    std::vector<std::string> wanted = {request.node_id};
    wanted.insert(wanted.end(), request.more_ids.begin(), request.more_ids.end());
    for (const std::string& id : wanted) {
      const XmlNode node = IsPlainId(id) ? ids.Find(id) : XmlNode();
      if (!node) return Status::Permanent("signature.node"_reason, "not exactly one element has the id " + id);
      references.push_back({id, IsInside(place, node)});
    }
    const std::string name = FreeName(ids, LastStep(request.parent_path) + "-" + request.node_id);
    auto prepared = InsertAtEndOf(**original, request.parent_path, Template(name, references, request.signing_time));
    if (!prepared.ok()) return prepared.status();
    const size_t mark = document.size() - (*original)->bytes().size();  // the byte-order mark, if there is one
    auto filled = Fill(std::move(*prepared), name);
    if (!filled.ok()) return filled.status();
    return std::string(document.substr(0, mark)) + *filled;
  }

 private:
  static std::string FreeName(const IdIndex& ids, const std::string& wish) {
    std::string name = wish;
    for (int n = 2; ids.First(name) || ids.First(name + "-time"); ++n) name = wish + "-" + std::to_string(n);
    return name;
  }

  std::string Template(const std::string& name, const std::vector<ReferencePlan>& references, Time signing_time) const {
    std::string xml = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"" + name +
                      "\"><SignedInfo><CanonicalizationMethod Algorithm=\"" + kC14n +
                      "\"/><SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#" + method_ + "\"/>";
    for (const ReferencePlan& plan : references) xml += ReferenceXml(plan);
    xml += ReferenceXml({name + "-time"});
    xml += "</SignedInfo><SignatureValue></SignatureValue><KeyInfo><X509Data><X509Certificate>" + certificate_ +
           "</X509Certificate></X509Data></KeyInfo><Object Id=\"" + name +
           "-time\"><SignatureProperties><SignatureProperty Target=\"#" + name + "\"><SigningTime>" +
           FormatLocal(signing_time) + "</SigningTime></SignatureProperty></SignatureProperties></Object></Signature>";
    return xml;
  }

  // Computes the values in a document of its own and writes them into the prepared bytes.
  Result<std::string> Fill(std::string prepared, const std::string& name) const {
    auto document = parser_->Parse(prepared);
    if (!document.ok()) return document.status();
    const XmlNode signature = IdIndex(**document).Find(name);
    if (!signature || !SignWithXmlsec(signature, key_.get())) {
      return Status::Permanent("signature.engine"_reason, "the signature cannot be computed");
    }
    const XmlNode info = signature.first_child();
    std::vector<XmlNode> values;
    for (XmlNode r = info.first_child(); r; r = r.next_sibling()) {
      for (XmlNode v = r.first_child(); v; v = v.next_sibling()) {
        if (v.name() == "DigestValue") values.push_back(v);
      }
    }
    values.push_back(info.next_sibling());
    for (auto value = values.rbegin(); value != values.rend(); ++value) {  // from the end: earlier ranges stay right
      std::string text = value->Text();
      text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
      const ByteRange tag = value->start_tag();
      prepared.insert(tag.offset + tag.size, text);
    }
    return prepared;
  }

  EvpKey key_;
  std::string certificate_;  // base64 of the DER
  std::string method_;
  std::unique_ptr<XmlParser> parser_;
};

}  // namespace

Result<std::unique_ptr<XmlSigner>> MakeXmlSigner(const std::string& key_file, const std::string& certificate_file) {
  EvpKey key = PrivateKeyFromPem(ReadSmallFile(key_file).value_or(""));
  if (key == nullptr) return Status::Permanent("signature.key"_reason, "no private key can be read from " + key_file);
  const auto certificates = CertsFromPem(ReadSmallFile(certificate_file).value_or(""));
  if (certificates.empty()) {
    return Status::Permanent("signature.key"_reason, "no certificate can be read from " + certificate_file);
  }
  const QuietErrors quiet;
  const int kind = EVP_PKEY_get_base_id(key.get());
  if ((kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) ||
      X509_check_private_key(certificates.front().get(), key.get()) != 1) {
    return Status::Permanent("signature.key"_reason, key_file + " is not the RSA or EC key of " + certificate_file);
  }
  return std::unique_ptr<XmlSigner>(std::make_unique<PemSigner>(std::move(key), certificates.front().get()));
}

}  // namespace tvan
