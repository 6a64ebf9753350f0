// Writes the part of the corpus that a program can make: make_fuzz_corpus DIR (tests/fuzz/corpus). Messages of each
// type, and one small invoice signed in every form that occurs. Nothing is computed: the fuzz target puts its own
// certificates and values in, so that no key stands in the repository.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>

#include "adapters/signature/splice.h"
#include "tests/support/message_maker.h"

namespace tvan::fuzz {
namespace {

using Changes = std::vector<std::pair<std::string, std::string>>;  // what, by what

const std::string kC14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const std::string kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
const std::string kDsig = "http://www.w3.org/2000/09/xmldsig#";
const std::string kRsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const std::string kSha256 = "http://www.w3.org/2001/04/xmlenc#sha256";

std::string Algorithm(const std::string& element, const std::string& uri) {
  return "<" + element + " Algorithm=\"" + uri + "\"/>";
}
std::string Transforms(const std::string& first, const std::string& second = "") {
  return "<Transforms>" + Algorithm("Transform", first) + (second.empty() ? "" : Algorithm("Transform", second)) +
         "</Transforms>";
}
std::string Reference(const std::string& uri) {
  return "<Reference URI=\"" + uri + "\">" + Algorithm("DigestMethod", kSha256) + "<DigestValue/></Reference>";
}

std::string Signature(const std::string& id, const std::vector<std::string>& uris) {
  std::string xml = "<Signature xmlns=\"" + kDsig + "\" Id=\"" + id + "\"><SignedInfo>" +
                    Algorithm("CanonicalizationMethod", kC14n) + Algorithm("SignatureMethod", kRsa);
  for (const std::string& uri : uris) xml += Reference(uri);
  return xml + Reference("#" + id + "-time") +
         "</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo><Object Id=\"" + id +
         "-time\"><SignatureProperties><SignatureProperty Target=\"#" + id +
         "\"><SigningTime>2026-11-21T10:00:00</SigningTime></SignatureProperty></SignatureProperties></Object>"
         "</Signature>";
}

// Puts signatures without values where messages have theirs.
class BlankSigner final : public XmlSigner {
 public:
  Result<std::string> Sign(std::string_view document, const SignRequest& request) const override {
    auto parsed = MakeXmlParser({})->Parse(std::string(document));
    if (!parsed.ok()) return parsed.status();
    std::vector<std::string> uris = {"#" + request.node_id};
    for (const std::string& id : request.more_ids) uris.push_back("#" + id);
    return InsertAtEndOf(**parsed, request.parent_path, Signature("s-" + request.node_id, uris));
  }
};

std::string Invoice() {
  return "<TDiep><DLieu><HDon><DLHDon Id=\"data\"><TTChung><SHDon>7</SHDon></TTChung><Ten b=\"2\" a=\"1\">Công ty "
         "&amp; Ệ</Ten></DLHDon><DSCKS><NBan>" +
         Signature("NBan", {"#data"}) + "</NBan></DSCKS></HDon></DLieu></TDiep>";
}

struct Form {
  const char* name;
  Changes changes;
};

const std::string kFirst = "<Reference URI=\"#data\">", kTime = "<Reference URI=\"#NBan-time\">";
const std::string kCertificate = "<X509Certificate/>";
const std::string kKeyValue = "<KeyValue><RSAKeyValue><Modulus/><Exponent/></RSAKeyValue></KeyValue>";

std::vector<Form> Transformed() {
  const std::string enveloped = kDsig + "enveloped-signature", comments = kC14n + "#WithComments";
  const std::string prefixes = "<InclusiveNamespaces xmlns=\"" + kExclusive + "\" PrefixList=\"p #default\"/>";
  return {{"plain", {}},
          {"enveloped", {{kFirst, kFirst + Transforms(enveloped)}}},
          {"enveloped_c14n", {{kFirst, kFirst + Transforms(enveloped, kC14n)}, {kTime, kTime + Transforms(kC14n)}}},
          {"enveloped_around",
           {{"<HDon>", "<HDon Id=\"all\">"},
            {kFirst, "<Reference URI=\"#all\">" + Transforms(enveloped, comments)},
            {"<Ten ", "<!-- c --><Ten "}}},
          {"enveloped_on_object", {{kFirst, kFirst + Transforms(enveloped)}, {kTime, kTime + Transforms(enveloped)}}},
          {"whole_document", {{kFirst, "<Reference URI=\"\">" + Transforms(enveloped)}}},
          {"with_comments", {{kC14n, comments}, {kFirst, kFirst + Transforms(comments)}}},
          {"comment_that_counts", {{kC14n, comments}, {"<SignatureMethod", "<!-- c --><SignatureMethod"}}},
          {"comment_in_signed_info", {{"<SignatureMethod", "<!-- c --><SignatureMethod"}}},
          {"comment_in_value", {{"<DigestValue/>", "<DigestValue><!-- c --></DigestValue>"}}},
          {"exclusive", {{kC14n, kExclusive}, {kFirst, kFirst + Transforms(kExclusive)}}},
          {"exclusive_prefixes",
           {{Algorithm("CanonicalizationMethod", kC14n),
             "<CanonicalizationMethod Algorithm=\"" + kExclusive + "\">" + prefixes + "</CanonicalizationMethod>"},
            {"<TDiep>", "<TDiep xmlns:p=\"urn:p\" xmlns:q=\"urn:q\">"}}}};
}

std::vector<Form> Shaped() {
  const std::string properties = "<SignatureProperties>";
  return {
      {"properties_in_no_namespace", {{properties, "<SignatureProperties xmlns=\"\">"}}},
      {"id_upper", {{"DLHDon Id=", "DLHDon ID="}}},
      {"id_lower", {{"DLHDon Id=", "DLHDon id="}}},
      {"id_xml", {{"DLHDon Id=", "DLHDon xml:id="}}},
      {"id_digit", {{"DLHDon Id=\"data", "DLHDon Id=\"7"}, {"#data", "#7"}}},
      {"id_free", {{"DLHDon Id=\"data", "DLHDon Id=\"TS24_0123456789.abc-D"}, {"#data", "#TS24_0123456789.abc-D"}}},
      {"three_references", {{"<DLHDon", "<MCCQT Id=\"ma\">00AB</MCCQT><DLHDon"}, {kTime, Reference("#ma") + kTime}}},
      {"same_twice", {{kTime, Reference("#data") + kTime}}},
      {"namespaces",
       {{"<TDiep>",
         "<TDiep xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"urn:p\" xml:lang=\"vi\">"},
        {"<Ten ", "<Ten p:z=\"1\" xsi:nil=\"false\" xml:space=\"preserve\" "}}},
      {"default_namespace", {{"<TDiep>", "<TDiep xmlns=\"urn:a\">"}, {"<TTChung>", "<TTChung xmlns=\"\">"}}},
      {"relative_namespace", {{"<TDiep>", "<TDiep xmlns:r=\"r\">"}}},
      {"odd_bytes",
       {{"<TTChung>", "<TTChung >\r\n\t<![CDATA[<&>]]>&#13;&#xD;]]&gt;\r"},
        {"a=\"1\"", "a = ' \"&#9;&#10;&#13;\t\n&lt;>&apos;'"}}},
      {"byte_order_mark", {{"<TDiep>", "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\r\n<TDiep>"}}},
      {"two_signatures", {{"</NBan>", "</NBan><NMua>" + Signature("NMua", {"#data", "#NBan"}) + "</NMua>"}}}};
}

std::vector<Form> Keyed() {
  const std::string more = "http://www.w3.org/2001/04/xmldsig-more#";
  return {{"ecdsa", {{kRsa, more + "ecdsa-sha256"}}},
          {"rsa_sha512", {{kRsa, more + "rsa-sha512"}, {kSha256, "http://www.w3.org/2001/04/xmlenc#sha512"}}},
          {"rsa_sha384", {{kRsa, more + "rsa-sha384"}, {kSha256, more + "sha384"}}},
          {"sha1", {{kRsa, kDsig + "rsa-sha1"}, {kSha256, kDsig + "sha1"}}},
          {"key_value", {{"<X509Data>", kKeyValue + "<X509Data>"}}},
          {"subject_name",
           {{kCertificate, "<X509SubjectName>CN=Người bán, S=Hà Nội, C=VN</X509SubjectName>" + kCertificate}}},
          {"two_certificates", {{kCertificate, kCertificate + kCertificate}}},
          {"no_certificate", {{kCertificate, ""}}}};
}

std::string Changed(std::string text, const Changes& changes) {
  for (const auto& [what, by] : changes) {
    const size_t at = text.find(what);
    TVAN_CHECK(at != std::string::npos);
    text.replace(at, what.size(), by);
  }
  return text;
}

// ds:Signature and all of its own names with a prefix.
std::string Prefixed(const std::string& document) {
  const size_t begin = document.find("<Signature "), end = document.find("</NBan>");
  std::string signature = document.substr(begin, end - begin);
  signature = std::regex_replace(signature, std::regex("<(/?)([A-Z])"), "<$1ds:$2");
  return document.substr(0, begin) + Changed(signature, {{"xmlns=", "xmlns:ds="}}) + document.substr(end);
}

void Write(const std::filesystem::path& folder, const std::string& name, const std::string& bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / (name + ".xml"), std::ios::binary) << bytes;
}

void WriteForms(const std::filesystem::path& folder) {
  for (const auto& forms : {Transformed(), Shaped(), Keyed()})
    for (const Form& form : forms) Write(folder, form.name, Changed(Invoice(), form.changes));
  Write(folder, "prefixed", Prefixed(Invoice()));
}

void WriteMessages(const std::filesystem::path& folder) {
  const BlankSigner signer;
  std::vector<MessageSpec> specs = {Spec200(), Spec201(), Spec203(2), Spec206(2), Spec300(1), Spec303(1), Spec400(2)};
  for (const int type : {100, 101, 106}) specs.push_back(SpecOfTaxpayer(type));
  for (MessageSpec& spec : specs) {
    spec.signing_time = *ParseLocal("2026-11-21T10:00:00");
    Write(folder, "message_" + std::to_string(spec.type), MakeTDiep(spec, &signer));
  }
  Write(folder, "bare_invoice", MakeBareHDon({}, &signer, *ParseLocal("2026-11-21T10:00:00")));
}

}  // namespace
}  // namespace tvan::fuzz

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: make_fuzz_corpus DIR\n"), 2;
  const std::filesystem::path folder = argv[1];
  tvan::fuzz::WriteForms(folder / "signature");
  tvan::fuzz::WriteMessages(folder / "answer");
  return 0;
}
