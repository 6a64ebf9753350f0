#pragma once
// Documents to sign and to spoil, and how the signature tests ask about them. Pure.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "adapters/signature.h"

namespace tvan {

inline Time At(const std::string& local) { return *ParseLocal(local); }

inline std::string Invoice(const std::string& id = "data", const std::string& amount = "1000000") {
  return "<HDon><DLHDon Id=\"" + id + "\"><TTChung><SHDon>7</SHDon></TTChung><NDHDon><TgTTTBSo>" + amount +
         "</TgTTTBSo><Ten>Công ty Đ &amp; Ệ</Ten></NDHDon></DLHDon><DSCKS><NBan/></DSCKS></HDon>";
}
inline std::string Message(const std::string& payload, const std::string& attributes = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<TDiep" + attributes +
         "><TTChung><MST>0101234567</MST></TTChung><DLieu>" + payload + "</DLieu></TDiep>";
}

inline std::unique_ptr<XmlDocument> ParseXml(const std::string& bytes) {
  auto document = MakeXmlParser({})->Parse(bytes);
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  return document.ok() ? std::move(*document) : nullptr;
}

// The seller's signature over the only invoice, as validate asks for it.
inline SignatureDemand SellerDemand(const XmlNode& hdon) {
  SignatureDemand demand;
  demand.role = "NBan";
  demand.signature = hdon.Descend({"DSCKS", "NBan"}).Child("Signature", "http://www.w3.org/2000/09/xmldsig#");
  demand.expected_path = hdon.path() + "/DSCKS/NBan/Signature";
  demand.must_cover = {hdon.Child("DLHDon")};
  return demand;
}

// The rules found, joined: "signature.digest"; "ok" when there are none.
inline std::string Rules(const SignatureCheck& check) {
  std::string rules;
  for (const Fault& f : check.faults) rules += (rules.empty() ? "" : " ") + std::string(f.rule.text());
  return rules.empty() ? "ok" : rules;
}

inline std::string Repeated(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

inline std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace tvan
