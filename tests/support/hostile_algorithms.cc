// Algorithms that do not prove what they should, and more of everything than anybody needs.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

void AddDigests(const SignedMessage& m, VariantList& list) {
  const auto digest = [&](const std::string& uri) { return Resigned(m, Swapped(m.bytes, kSha256Uri, uri)); };
  list.Attack("digest sha1", digest(kDsigUri + "sha1"), "signature.sha1");
  list.Attack("digest md5", digest(kMoreUri + "md5"), "signature.digest_method");
  list.Attack("digest sha224", digest(kMoreUri + "sha224"), "signature.digest_method");
  list.Attack("digest nothing", digest(""), "signature.digest_method");
  list.Attack("digest sha512, not signed", Swapped(m.bytes, kSha256Uri, "http://www.w3.org/2001/04/xmlenc#sha512"),
              "signature.digest|signature.value");
  list.Attack("digest with parameters",
              Resigned(m, Swapped(m.bytes, kSha256Uri + "\"/>", kSha256Uri + "\"><x/></DigestMethod>")),
              "signature.format");
  list.Twin("digest sha384", digest(kMoreUri + "sha384"));
  list.Twin("digest sha512", digest("http://www.w3.org/2001/04/xmlenc#sha512"));
}

void AddMethods(const SignedMessage& m, VariantList& list) {
  const std::string own = kMoreUri + (m.is_rsa() ? "rsa-sha256" : "ecdsa-sha256");
  const std::string family = m.is_rsa() ? "rsa" : "ecdsa";
  const auto method = [&](const std::string& uri) { return Resigned(m, Swapped(m.bytes, own, uri)); };
  list.Attack("method sha1", method((m.is_rsa() ? kDsigUri : kMoreUri) + family + "-sha1"), "signature.sha1");
  list.Attack("method hmac-sha1 keyed by the certificate", method(kDsigUri + "hmac-sha1"), "signature.method");
  list.Attack("method hmac-sha256 keyed by the certificate", method(kMoreUri + "hmac-sha256"), "signature.method");
  list.Attack("method rsa-pss", method("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"), "signature.method");
  list.Attack("method md5", method(kMoreUri + "rsa-md5"), "signature.method");
  list.Attack("method ecdsa-sha512", method(kMoreUri + "ecdsa-sha512"), "signature.method");
  list.Attack("method none", method(kDsigUri + "none"), "signature.method");
  list.Attack("method nothing", method(""), "signature.method");
  list.Attack("method in other letters", method(kMoreUri + (m.is_rsa() ? "RSA-SHA256" : "ECDSA-SHA256")),
              "signature.method");
  list.Attack("method of the other kind of key", method(kMoreUri + (m.is_rsa() ? "ecdsa-sha256" : "rsa-sha256")),
              "signature.algorithm_key");
  list.Attack(
      "method with a length",
      Resigned(m, Swapped(m.bytes, own + "\"/>", own + "\"><HMACOutputLength>0</HMACOutputLength></SignatureMethod>")),
      "signature.method");
  list.Attack("method sha384, not signed", Swapped(m.bytes, own, kMoreUri + family + "-sha384"), "signature.value");
  list.Twin("method sha384", method(kMoreUri + family + "-sha384"));
  if (m.is_rsa()) list.Twin("method sha512", method(kMoreUri + "rsa-sha512"));
}

void AddCanonicalisations(const SignedMessage& m, VariantList& list) {
  const auto c14n = [&](const std::string& uri) { return Resigned(m, Swapped(m.bytes, kC14nUri, uri)); };
  list.Attack("C14N 1.1", c14n("http://www.w3.org/2006/12/xml-c14n11"), "signature.canonicalization");
  list.Attack("exclusive C14N with comments", c14n(kExclusiveUri + "WithComments"), "signature.canonicalization");
  list.Attack("no C14N", c14n(""), "signature.canonicalization");
  list.Attack("C14N by XSLT", c14n("http://www.w3.org/TR/1999/REC-xslt-19991116"), "signature.canonicalization");
  list.Twin("C14N with comments", c14n(kC14nUri + "#WithComments"));
  list.Twin("exclusive C14N", c14n(kExclusiveUri));
  const auto prefixes = [&](const std::string& some) {
    return Resigned(m, Swapped(m.bytes, kC14nUri + "\"/>",
                               kExclusiveUri + "\"><InclusiveNamespaces xmlns=\"" + kExclusiveUri + "\" PrefixList=\"" +
                                   some + "\"/></CanonicalizationMethod>"));
  };
  list.Twin("exclusive C14N with a prefix", prefixes("ds"));
  list.Attack("exclusive C14N with very many prefixes", prefixes(std::string(257, 'a')), "signature.canonicalization");
  list.Attack("C14N with parameters",
              Resigned(m, Swapped(m.bytes, kC14nUri + "\"/>", kC14nUri + "\"><x/></CanonicalizationMethod>")),
              "signature.canonicalization");
}

void AddTransforms(const SignedMessage& m, VariantList& list) {
  const std::string data = ReferencesOf(m).front();
  const auto with = [&](const std::vector<std::string>& transforms) {
    return Resigned(m, Swapped(m.bytes, data, WithTransforms(data, transforms)));
  };
  for (const std::string uri :
       {"http://www.w3.org/TR/1999/REC-xpath-19991116", "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2006/12/xml-c14n11", ""})
    list.Attack("transform " + uri, with({uri}), "signature.transform");
  list.Attack("transform C14N, then enveloped", with({kC14nUri, kEnvelopedUri}), "signature.transform");
  list.Attack("transform C14N twice", with({kC14nUri, kExclusiveUri}), "signature.transform");
  list.Attack("transform enveloped twice", with({kEnvelopedUri, kEnvelopedUri}), "signature.transform");
  list.Attack("three transforms", with({kEnvelopedUri, kC14nUri, kC14nUri}), "signature.too_many_transforms");
  list.Attack("transform with parameters",
              Resigned(m, Swapped(m.bytes, data,
                                  Swapped(WithTransforms(data, {kC14nUri}), "></Transform>", "><x/></Transform>"))),
              "signature.transform");
  list.Attack("no transform in the list", with({}), "signature.format");
  list.Twin("transform C14N", with({kC14nUri}));
  list.Twin("transform C14N with comments", with({kC14nUri + "#WithComments"}));
  list.Twin("transform enveloped, then exclusive C14N", with({kEnvelopedUri, kExclusiveUri}));
}

// Sixteen signatures may stand there, of four References each; all over the same big element.
void AddWork(const SignedMessage& m, VariantList& list) {
  if (m.name != "200") return;
  const std::string filler = "<TTKhac>" + std::string(60'000, 'x') + "</TTKhac></DLHDon>";
  const std::string big = Swapped(m.bytes, "</DLHDon>", filler), data = ReferencesOf(m).front();
  std::string four = data + data + data + data, plain = Swapped(m.signature, data, four);
  plain = Swapped(Swapped(plain, ReferencesOf(m).back(), ""), Cut(plain, "<Object ", "</Object>"), "");
  plain = Swapped(plain, " Id=\"" + m.object_id.substr(0, m.object_id.size() - 5) + "\"", "");
  const std::string more = Cut(Resigned(m, Swapped(big, m.signature, plain)), "<Signature ", "</Signature>");
  const auto with = [&](int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += more;
    return Swapped(Resigned(m, big), "</NBan></DSCKS>", "</NBan><CCKSKhac>" + all + "</CCKSKhac></DSCKS>");
  };
  list.Attack("sixteen more signatures over all", with(16), "signature.too_much_work");
  list.Twin("four more signatures over all", with(4));
}

void AddDeclarations(const SignedMessage& m, VariantList& list) {
  const auto some = [](const std::string& prefix, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += " xmlns:" + prefix + std::to_string(i) + "=\"urn:x\"";
    return all;
  };
  const auto with = [&](int count) {
    return Swapped(Swapped(m.bytes, "<TTChung", "<TTChung" + some("a", count)), "<MST", "<MST" + some("b", count));
  };
  list.Attack("eighty namespaces at one element", with(40), "xml.too_many_attributes");
  list.Twin("sixty namespaces at one element", with(30));
}

}  // namespace

void AddAlgorithms(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "algorithm", out);
  AddDigests(m, list);
  AddMethods(m, list);
  AddCanonicalisations(m, list);
  AddTransforms(m, list);
  AddWork(m, list);
  AddDeclarations(m, list);
}

}  // namespace tvan
