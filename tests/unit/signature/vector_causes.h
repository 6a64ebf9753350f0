#pragma once
// Which of our rules a cause is, that the shared vectors' tables name in words. Pure.

#include <map>
#include <set>
#include <string>
#include <utility>

namespace tvan {

// Of several defects the table names one and we meet another first.
inline const std::map<std::string, std::string>& MetFirst() {
  static const std::map<std::string, std::string> rules = {
      {"phaos-xmldsig-three/signature-rsa-enveloped-bad-sig.xml", "signature.format"},  // no DigestValue
      {"phaos-xmldsig-three/signature-rsa--x509-data-crl.xml", "signature.key_info"},   // X509CRL
      {"payloads/xxe-oob-attack-yunusov-2013.xml", "xml.processing_instruction"},       // text before the declaration
      {"payloads/attack-line-51.xml", "xml.not_well_formed"},                           // "<xml version"
      {"payloads/readme-block-29.xml", "xml.namespace"}};                               // "soap" is not declared
  return rules;
}

// Empty: the text names no cause that we know.
inline std::set<std::string> RulesNamedBy(const std::string& reason) {
  static const std::pair<const char*, const char*> kCauses[] = {
      {"not well-formed", "xml.not_well_formed"},
      {"DOCTYPE", "xml.doctype"},
      {"XInclude", "xml.xinclude"},
      {"processing instruction", "xml.processing_instruction"},
      {"UTF-8", "xml.encoding"},
      {"same Id", "signature.id_not_unique"},
      {"second SignedInfo", "signature.not_single"},
      {"no KeyInfo", "signature.not_single"},
      {"an unsigned HDon", "signature.missing"},
      {"unsigned SigningTime", "signature.signing_time_unsigned"},
      {"signature algorithm", "signature.method"},
      {"digest xml", "signature.digest_method"},
      {"transform", "signature.transform"},
      {"c14n11 not", "signature.canonicalization"},
      {"c14n11 not", "signature.transform"},
      {"CanonicalizationMethod", "signature.canonicalization"},
      {"SHA-1", "signature.sha1"},
      {"external Reference", "signature.reference_uri"},
      {"file Reference", "signature.reference_uri"},
      {"not a plain #id", "signature.reference_uri"},
      {"external references", "signature.reference_uri"},
      {"Manifest", "signature.inside_signature"},
      {"enveloping", "signature.inside_signature"},
      {"covers payload outside", "signature.not_covered"},
      {"WRAPPING", "signature.not_covered"},
      {"SigningTime only, not", "signature.not_covered"},
      {"without X509Certificate", "signature.certificate"},
      {"no X509Data", "signature.certificate"},
      {"KeyName", "signature.key_info"},
      {"RetrievalMethod", "signature.key_info"},
      {"KeyValue of another key", "signature.key_value"},
      {"changed after signing", "signature.digest"},
      {"digest or signature value is wrong", "signature.digest"},
      {"SignatureValue changed", "signature.value"},
  };
  std::set<std::string> rules;
  for (const auto& [words, rule] : kCauses)
    if (reason.find(words) != std::string::npos) rules.emplace(rule);
  return rules;
}

}  // namespace tvan
