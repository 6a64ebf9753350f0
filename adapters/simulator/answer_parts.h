#pragma once
// Pieces of XML that the authority's answers are made of. Pure.

#include <string>

#include "adapters/simulator/request.h"
#include "adapters/simulator/verdict.h"

namespace tvan::sim {

inline std::string Tag(const std::string& name, const std::string& text) {
  return "<" + name + ">" + EscapeXml(text) + "</" + name + ">";
}
inline std::string Within(const std::string& name, const std::string& inner) {
  return "<" + name + ">" + inner + "</" + name + ">";
}
// The same name and text as in the request, if it is there.
std::string Copied(const XmlNode& parent, const char* name, const char* as = nullptr);
std::string InvoiceName(const Item& item);  // KHMSHDon, KHHDon, SHDon, NLap
bool HasError(const BusinessResult& result, size_t item);

// LIST/ENTRY with MLoi, MTLoi, HDXLy, one for each error that `of` picks: an item, or kAllItems for every error.
std::string ReasonList(const BusinessResult& result, size_t of, const char* list = "DSLDo", const char* entry = "LDo");
// DSLDKCNhan, DSLDKTNhan: LDo with MLoi and MTa. Empty if there is no error.
std::string ShortReasons(const BusinessResult& result, size_t of, const char* list);

// LTBao of a 204 and its branch.
std::pair<int, std::string> Branch204(const Request& request, const BusinessResult& result);

}  // namespace tvan::sim
