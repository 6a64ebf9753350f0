#pragma once
// A message as the authority reads it: header, items, ranges. Reading judges nothing; RequestCheck does.
// The code is the simulator's own on purpose: it shares the XML parser with the gateway, and no rule.

#include <memory>
#include <string>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"

namespace tvan::sim {

// One invoice filed (200, 201, 203, 206) or named by an error notice (300, 303).
struct Item {
  XmlNode node;  // HDon
  std::string khmshdon, khhdon, shdon, nlap;
  std::string seller_mst;  // NBan/MST; of a notice: the header's
  std::string code;        // MCCQT or MCQTCap
  std::string reason;      // 300: LDo
  std::string ladhddt, tctbao;
  std::string key;  // "MST;KHMSHDon;KHHDon;SHDon"
};

struct Request {
  std::unique_ptr<XmlDocument> document;  // empty: unreadable
  Envelope header;
  std::vector<std::string> header_names;  // TTChung's children, in order
  XmlNode dlieu, cksnnt;
  std::vector<Item> items;
  size_t documents = 0;         // child elements of DLieu
  std::string root_attributes;  // everything between "<TDiep" and ">"

  bool readable() const { return document != nullptr; }
  std::string_view bytes_of(const XmlNode& node) const { return node.range().In(document->bytes()); }
};

Request ReadRequest(const XmlParser& parser, const std::string& bytes);

// Types that file invoices, or name them.
bool IsInvoiceType(int mltdiep);      // 200, 201, 203, 206
bool IsErrorNoticeType(int mltdiep);  // 300, 303

}  // namespace tvan::sim
