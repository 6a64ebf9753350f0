// Whose key it is, what was done to the values, and when it is said to have been signed.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

const std::string kOpen = "<X509Certificate>", kClose = "</X509Certificate>";

std::string Certificates(const std::vector<std::string>& some) {
  std::string all;
  for (const std::string& one : some) all += kOpen + one + kClose;
  return all;
}

std::string MethodOf(const Signatory& who) {
  return kMoreUri + (EVP_PKEY_get_base_id(who.key.get()) == EVP_PKEY_RSA ? "rsa-sha256" : "ecdsa-sha256");
}

// With these certificates in KeyInfo, in this order.
std::string Bearing(const SignedMessage& m, const std::vector<std::string>& certificates) {
  return Swapped(m.bytes, Cut(m.signature, kOpen, kClose), Certificates(certificates));
}

// As `who` would have signed it.
std::string SignedAs(const SignedMessage& m, const std::string& who, std::vector<std::string> certificates = {}) {
  const Signatory& signatory = HostileKeys::Get().of(who);
  if (certificates.empty()) certificates = signatory.certificates;
  const std::string own = MethodOf(HostileKeys::Get().of(m.key));
  return SignAnything(Swapped(Bearing(m, certificates), own, MethodOf(signatory)), signatory);
}

void AddOthers(const SignedMessage& m, VariantList& list) {
  for (const auto& [who, rule] : {std::pair{"self", "signature.untrusted"},
                                  {"stranger", "signature.untrusted"},
                                  {"deep", "signature.untrusted"},
                                  {"expired", "signature.expired"},
                                  {"early", "signature.expired"},
                                  {"revoked", "signature.revoked"},
                                  {"tls", "signature.key_usage"},
                                  {"root", "signature.key_usage"},
                                  {"rsa1024", "signature.key_size"},
                                  {"p521", "signature.key_size"}})
    list.Attack(std::string("signed as ") + who, SignedAs(m, who), rule);
  for (const char* who : {"rsa", "ec", "rsa3072", "below"})
    list.Twin(std::string("signed as ") + who, SignedAs(m, who));
}

void AddCertificates(const SignedMessage& m, VariantList& list) {
  const HostileKeys& keys = HostileKeys::Get();
  const std::string own = keys.of(m.key).certificates.front(), forger = keys.of("self").certificates.front();
  const auto& chain = keys.of("below").certificates;
  const std::string either = "signature.value|signature.untrusted|signature.certificate|signature.algorithm_key";
  list.Attack("a forger's value under the seller's certificate", SignedAs(m, "self", {own}), either);
  list.Attack("a forger's certificate behind the seller's", SignedAs(m, "self", {own, forger}), either);
  list.Attack("a forger's certificate before the seller's", SignedAs(m, "self", {forger, own}), either);
  list.Attack("a stranger's certificate before the seller's",
              SignedAs(m, "stranger", {keys.of("stranger").certificates.front(), own}), either);
  list.Attack("a forger's certificate in place of the seller's", Bearing(m, {forger}), either);
  list.Attack("no certificate", Bearing(m, {}), "signature.certificate");
  list.Attack("a certificate that is none", Bearing(m, {"AAAA"}), "signature.certificate");
  list.Twin("the chain upside down", SignedAs(m, "below", {chain[1], chain[0]}));
  list.Twin("the certificate twice", Bearing(m, {own, own}));
  std::vector<std::string> six = keys.of("deep").certificates;
  six.front() = own;
  six.push_back(keys.of("root").certificates.front());
  list.Attack("six certificates", Bearing(m, six), "signature.certificate");
  six.pop_back();
  list.Twin("five certificates", Bearing(m, six));
}

void AddKeyInfo(const SignedMessage& m, VariantList& list) {
  const auto beside = [&](const std::string& xml) { return Swapped(m.bytes, "<KeyInfo>", "<KeyInfo>" + xml); };
  list.Attack(
      "another key's value beside",
      beside("<KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"),
      "signature.key_value");
  list.Attack(
      "a KeyValue alone",
      Swapped(m.bytes, Cut(m.signature, "<X509Data>", "</X509Data>"),
              "<KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"),
      "signature.certificate");
  list.Attack("a key by name", beside("<KeyName>x</KeyName>"), "signature.key_info");
  list.Attack("a key to be fetched", beside("<RetrievalMethod URI=\"http://a.example/key\"/>"), "signature.key_info");
  list.Twin("a subject's name beside the certificate",
            Swapped(m.bytes, "<X509Data>", "<X509Data><X509SubjectName>S=x, CN=y</X509SubjectName>"));
}

}  // namespace

void AddKeys(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "key", out);
  AddOthers(m, list);
  AddCertificates(m, list);
  AddKeyInfo(m, list);
}

void AddDamage(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "damage", out);
  const std::string digest = "<DigestValue>", value = "<SignatureValue>";
  const auto text_of = [&](const std::string& tag) {
    const size_t at = m.bytes.find(tag) + tag.size();
    return m.bytes.substr(at, m.bytes.find('<', at) - at);
  };
  const auto put = [&](const std::string& tag, const std::string& text) {
    return Swapped(m.bytes, tag + text_of(tag), tag + text);
  };
  for (const std::string& tag : {digest, value}) {
    const std::string rule = "signature.digest|signature.value", text = text_of(tag);
    std::string flipped = text;
    flipped[5] = flipped[5] == 'A' ? 'B' : 'A';
    list.Attack(tag + " flipped", put(tag, flipped), rule);
    list.Attack(tag + " cut short", put(tag, text.substr(0, text.size() - 4)), rule + "|signature.engine");
    list.Attack(tag + " longer", put(tag, "AAAA" + text), rule + "|signature.engine");
    list.Attack(tag + " empty", put(tag, ""), rule + "|signature.engine");
    list.Attack(tag + " no base64", put(tag, "%" + text.substr(1)), rule + "|signature.engine");
    list.Attack(tag + " of zeros", put(tag, std::string(text.size() - 4, 'A') + text.substr(text.size() - 4)), rule);
    list.Attack(tag + " with an element in it", put(tag, text + "<x/>"), "signature.format");
  }
  std::string lines;
  for (const char c : text_of(value)) lines += std::string(1, c) + (lines.size() % 64 == 63 ? "\r\n\t" : "");
  list.Twin("SignatureValue in lines", put(value, "\n  " + lines + " \n"));
  list.Twin("the certificate in lines", Swapped(m.bytes, kOpen, kOpen + "\n \t"));
  const std::string spaced = Swapped(m.bytes, digest + text_of(digest), digest + "\n " + text_of(digest) + "\n");
  list.Attack("white space in DigestValue after signing", spaced, "signature.value");
  const std::string signed_so = SignAnything(m.bytes, HostileKeys::Get().of(m.key));
  list.Twin("signed by another stack", signed_so);
  if (m.is_rsa()) return;
  const std::string half = text_of(value).substr(0, 44);
  list.Attack("an ECDSA value of r alone", put(value, half), "signature.digest|signature.value|signature.engine");
}

void AddTimes(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "time", out);
  const std::string property = Cut(m.signature, "<SignatureProperty ", "</SignatureProperty>");
  const std::string time = Cut(m.signature, "<SigningTime>", "</SigningTime>");
  const auto at = [&](const std::string& when) {
    return Resigned(m, Swapped(m.bytes, time, "<SigningTime>" + when + "</SigningTime>"));
  };
  list.Attack("five minutes and a second ahead", at("2026-11-20T10:05:01"), "signature.time");
  list.Twin("five minutes ahead", at("2026-11-20T10:05:00"));
  list.Attack("a year and two days behind", at("2025-11-18T10:00:00"), "signature.time");
  list.Twin("a year behind", at("2025-11-20T10:00:00"));
  list.Twin("with a zone", at("2026-11-20T03:00:00Z"));
  for (const std::string when : {"", "yesterday", "2026-11-20", "2026-11-20T25:00:00", "2026-02-30T10:00:00"})
    list.Attack("\"" + when + "\"", at(when), "signature.signing_time_format");
  list.Attack("changed", Swapped(m.bytes, time, "<SigningTime>2026-11-20T09:59:59</SigningTime>"), "signature.digest");
  if (m.answer)
    list.Twin("none", Resigned(m, Swapped(m.bytes, time, "")));
  else
    list.Attack("none", Resigned(m, Swapped(m.bytes, time, "")), "signature.signing_time_missing");
  const std::string rule = "signature.signing_time_ambiguous";
  list.Attack("two in a property", Resigned(m, Swapped(m.bytes, time, time + time)), rule);
  list.Attack("two properties", Resigned(m, Swapped(m.bytes, property, property + property)), rule);
  const std::string unsigned_one =
      "<Object>" + Cut(m.signature, "<SignatureProperties>", "</SignatureProperties>") + "</Object>";
  list.Attack("a second one that is not signed", Swapped(m.bytes, "<Object Id", unsigned_one + "<Object Id"),
              "signature.signing_time_unsigned");
  const size_t name = std::string("<SignatureProperty").size();
  const std::string target = property.substr(name, property.find('>') - name);
  list.Attack("no Target", Resigned(m, Swapped(m.bytes, property, Swapped(property, target, ""))),
              "signature.target_missing");
  list.Twin("an empty Target", Resigned(m, Swapped(m.bytes, property, Swapped(property, target, " Target=\"\""))));
}

}  // namespace tvan
