// What a canonical form drops or takes over: comments and other ways to split a text, and namespaces in scope.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

const char kComment[] = "<!-- x -->";

std::string Commented(const std::string& bytes, const std::string& before) {
  return Swapped(bytes, before, before + kComment);
}

// The first so-called element of the signature with a comment in the middle of its text.
std::string Split(const SignedMessage& m, const std::string& element) {
  const size_t at = m.bytes.find("<" + element + ">", m.bytes.find(m.signature)) + element.size() + 12;
  return m.bytes.substr(0, at) + kComment + m.bytes.substr(at);
}

std::string Prefixed(std::string signature) {
  for (size_t at = signature.find('<'); at != std::string::npos; at = signature.find('<', at + 1))
    signature.insert(signature[at + 1] == '/' ? at + 2 : at + 1, "ds:");
  return signature;
}

std::string Exclusive(const SignedMessage& m) {
  std::string bytes = Swapped(m.bytes, kC14nUri, kExclusiveUri);
  for (const std::string& reference : ReferencesOf(m))
    bytes = Swapped(bytes, reference, WithTransforms(reference, {kExclusiveUri}));
  return bytes;
}

void AddToTexts(const SignedMessage& m, VariantList& list) {
  const std::string holder = "Công ty Người Bán", tax_code = "<MST>0101234567";
  list.Twin("in a name", Swapped(m.bytes, m.data, Swapped(m.data, holder, "Công ty <!-- x -->Người Bán")));
  list.Twin("in a tax code", Swapped(m.bytes, m.data, Swapped(m.data, tax_code, "<MST>010123<!--</MST><MST>-->4567")));
  list.Twin("a name in CDATA", Swapped(m.bytes, m.data, Swapped(m.data, holder, "<![CDATA[Công ty ]]>Người Bán")));
  list.Twin("a name by character references",
            Swapped(m.bytes, m.data, Swapped(m.data, holder, "&#67;ông ty Người Bán")));
  list.Twin("other quotation marks", Swapped(m.bytes, "Id=\"" + m.data_id + "\"", " Id='" + m.data_id + "' "));
  list.Attack("a name split and changed",
              Swapped(m.bytes, m.data, Swapped(m.data, holder, "Công ty <!-- Người Bán -->Kẻ Gian")),
              "signature.digest");
  list.Attack("a name by another character reference",
              Swapped(m.bytes, m.data, Swapped(m.data, holder, "&#68;ông ty Người Bán")), "signature.digest");
  list.Attack("a processing instruction in a name",
              Swapped(m.bytes, m.data, Swapped(m.data, holder, "Công ty <?x?>Người Bán")),
              "xml.processing_instruction");
}

std::string On(const SignedMessage& m, const std::string& element, const std::string& attribute) {
  return Swapped(m.bytes, "<" + element, "<" + element + " " + attribute);
}

const std::string kX = "xmlns:x=\"urn:x\"", kLang = "xml:lang=\"vi\"";

void AddDeclared(const SignedMessage& m, VariantList& list) {
  const std::string ds = "xmlns:ds=\"" + kDsigUri + "\"";
  list.Twin("declared on the header", On(m, "TTChung", kX));
  list.Attack("declared around all", On(m, "TDiep", kX), "signature.digest");
  list.Attack("a prefix for XML Signature declared around all", On(m, "TDiep", ds), "signature.digest");
  list.Attack("a language around all", On(m, "TDiep", kLang), "signature.digest");
  list.Attack("white space kept around all", On(m, "TDiep", "xml:space=\"preserve\""), "signature.digest");
  list.Attack("a base around all", On(m, "TDiep", "xml:base=\"http://a.example/\""), "signature.digest");
  list.Twin("a language on the header", On(m, "TTChung", kLang));
  list.Attack("declared on the Signature", On(m, "Signature", kX), "signature.digest|signature.value");
  list.Attack("declared on the signed element", Swapped(m.bytes, " Id=\"" + m.data_id, " " + kX + " Id=\"" + m.data_id),
              "signature.digest");
  list.Twin("none declared where there is none", On(m, "DLieu", "xmlns=\"\""));
  list.Twin("XML Signature declared again", On(m, "Object", "xmlns=\"" + kDsigUri + "\""));
  if (m.name != "203 of two")  // of which the other signature is inclusive
    list.Twin("declared around all, exclusive",
              Swapped(Resigned(m, Exclusive(m)), "<TDiep", "<TDiep " + kX + " " + kLang));
  list.Attack("a relative one around all", On(m, "TDiep", "xmlns:x=\"relative\""),
              "signature.digest|signature.engine|xml.namespace");
}

void AddForeign(const SignedMessage& m, VariantList& list) {
  const std::string default_ns = "xmlns=\"urn:x\"";
  list.Attack("the payload in another one", On(m, "DLieu", default_ns), m.is_package() ? "signature.not_covered" : "");
  list.Attack("the signed element in another one",
              Swapped(m.bytes, " Id=\"" + m.data_id, " " + default_ns + " Id=\"" + m.data_id),
              "signature.not_covered|signature.digest");
  list.Attack("the Signature in another one", Swapped(m.bytes, kDsigUri + "\" Id", "urn:x\" Id"), "signature.missing");
  list.Attack("SignedInfo in another one", On(m, "SignedInfo", default_ns), "signature.format");
  list.Attack("SigningTime in another one", On(m, "SigningTime", default_ns), "signature.digest");
  list.Twin("SignatureProperties in no namespace",
            Resigned(m, Swapped(m.bytes, "<SignatureProperties>", "<SignatureProperties xmlns=\"\">")));
}

void AddPrefixed(const SignedMessage& m, VariantList& list) {
  const std::string bound = Swapped(Prefixed(m.signature), "xmlns=", "xmlns:ds=");
  list.Twin("the Signature by prefix", Resigned(m, Swapped(m.bytes, m.signature, bound)));
  list.Attack("its prefix bound to another one", Swapped(m.bytes, m.signature, Swapped(bound, kDsigUri, "urn:x")),
              "signature.missing");
  list.Attack("its prefix bound anew in SignedInfo",
              Swapped(m.bytes, m.signature, Swapped(bound, "<ds:SignedInfo", "<ds:SignedInfo xmlns:ds=\"urn:x\"")),
              "signature.format|signature.not_single");
  list.Attack("its prefix bound anew in a Reference",
              Swapped(m.bytes, m.signature, Swapped(bound, "<ds:Reference", "<ds:Reference xmlns:ds=\"urn:x\"")),
              "signature.format");
}

void AddForeignAttributes(const SignedMessage& m, VariantList& list) {
  const std::string uri = "URI=\"#" + m.data_id + "\"";
  list.Attack("a second URI in a namespace", Resigned(m, Swapped(m.bytes, uri, kX + " x:" + uri + " " + uri)),
              "signature.format");
  list.Attack("a second Algorithm in a namespace",
              Resigned(m, Swapped(m.bytes, "<DigestMethod ", "<DigestMethod " + kX + " x:Algorithm=\"y\" ")),
              "signature.format");
  list.Attack("an xml: attribute in SignedInfo",
              Resigned(m, Swapped(m.bytes, "<SignedInfo>", "<SignedInfo xml:space=\"preserve\">")), "signature.format");
}

}  // namespace

void AddComments(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "comment", out);
  AddToTexts(m, list);
  for (const char* element : {"SigningTime", "DigestValue", "SignatureValue", "X509Certificate"})
    list.Twin(std::string("in ") + element, Split(m, element));
  for (const char* element : {"<SignedInfo>", "<KeyInfo>", "</SignatureValue>", "</SignedInfo>"})
    list.Twin(std::string("at ") + element, Commented(m.bytes, element));
  list.Attack("in the id that is referred to",
              Swapped(m.bytes, "Id=\"" + m.data_id + "\"", "Id=\"" + m.data_id + "<!-- x -->\""),
              "xml.not_well_formed");
  list.Attack("written out in the id",
              Swapped(m.bytes, "Id=\"" + m.data_id + "\"", "Id=\"" + m.data_id + "&lt;!-- x -->\""),
              "signature.id_unknown");
  list.Attack("written out in the URI",
              Swapped(m.bytes, "URI=\"#" + m.data_id, "URI=\"#" + m.data_id + "&lt;!-- x -->"),
              "signature.reference_uri");
  const std::string with_comments = Swapped(m.bytes, kC14nUri, kC14nUri + "#WithComments");
  list.Twin("in SignedInfo, signed with it", Resigned(m, Commented(with_comments, "<SignedInfo>")));
  list.Attack("in SignedInfo, where comments count", Commented(Resigned(m, with_comments), "<SignedInfo>"),
              "signature.value");
  list.Attack("in DigestValue, where comments count", Commented(Resigned(m, with_comments), "<DigestValue>"),
              "signature.value");
}

void AddNamespaces(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "namespace", out);
  AddDeclared(m, list);
  AddForeign(m, list);
  AddPrefixed(m, list);
  AddForeignAttributes(m, list);
}

}  // namespace tvan
