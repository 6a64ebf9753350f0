#pragma once
// A message as the authority reads it: header, items, ranges. Reading judges nothing; RequestCheck does.
// The code is the simulator's own on purpose: it shares the XML parser with the gateway, and no rule.

#include <memory>
#include <string>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/catalogue.h"
#include "gateway/core/envelope.h"

namespace tvan::sim {

// One invoice filed, or named by an error notice; one summary table (400), one delegate of a 101, or the whole
// declaration or request of a 100 or 106. Names and numbers are of invoices only.
struct Item {
  XmlNode node;
  std::string khmshdon, khhdon, shdon, nlap;
  std::string seller_mst;  // NBan/MST; of a notice: the header's
  std::string code;        // MCCQT or MCQTCap
  std::string reason;      // 300: LDo
  std::string ladhddt, tctbao;
  std::string key;  // "MST;KHMSHDon;KHHDon;SHDon"; empty: no invoice
};

struct Request {
  std::unique_ptr<XmlDocument> document;  // empty: unreadable
  Envelope header;
  const MessageType* type = nullptr;      // null: no such type
  std::vector<std::string> header_names;  // TTChung's children, in order
  XmlNode dlieu, cksnnt;
  std::vector<Item> items;
  std::string root_attributes;  // everything between "<TDiep" and ">"

  bool readable() const { return document != nullptr; }
  // Elements of DLieu that the type holds: HDon, TBao, TKhai …
  std::vector<XmlNode> documents() const;
  bool IsAnsweredBy(int code) const;  // by the catalogue
  bool files_invoices() const { return type != nullptr && type->items == ItemKind::kInvoices; }
  // A cash-register package: step 1 counts and verifies it and tells the result by 01/TB-KTDL (duties.md 1.2-1.10).
  bool is_package() const { return type != nullptr && type->cls == MessageClass::kCashRegister; }
  std::string_view bytes_of(const XmlNode& node) const { return node.range().In(document->bytes()); }
};

bool IsPetrol(const Item& table);  // of a 400

Request ReadRequest(const XmlParser& parser, const std::string& bytes);

}  // namespace tvan::sim
