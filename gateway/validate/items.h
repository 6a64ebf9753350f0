#pragma once
// What DLieu holds, type by type: counts, every field of each item by the walk, the rules beyond fields, and the
// invoice keys that the message claims or names. Pure functions of the room; every fault is a finding.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/catalogue.h"
#include "gateway/core/envelope.h"
#include "gateway/core/relation.h"
#include "gateway/validate/facts.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/profile_set.h"

namespace tvan {

struct Items {
  int count = 0;
  std::vector<InvoiceKey> claims;          // of HDon: the invoices that the message files
  std::vector<InvoiceKey> refers;          // invoices that are replaced, adjusted, or named by a notice
  std::vector<InvoiceRelation> relations;  // what it does to them
  std::vector<RegisterCode> codes;         // MCCQT of cash-register invoices
  bool same_day = false;                   // a summary of petrol
};

struct ItemRules {
  const MessageType& type;
  const Envelope& header;  // of the message
  int max_items;
  const ProfileSet::Entry& profile;
  std::string today;  // of acceptance, YYYY-MM-DD
};
// `container`: DLieu, or for a bare HDon that element itself.
Items ReadItems(const XmlNode& container, const ItemRules& rules, FindingList& findings);

// --- Of the room: one item each, after the walk.
// An HDon; `keys` and `codes`: of the items before it in the message.
struct Package {
  std::set<InvoiceKey> keys;
  std::set<std::string, std::less<>> codes;
};
// The key of an HDon; the header's tax code holds where a public body (form 3) names none of its own.
std::optional<InvoiceKey> KeyOf(const ItemFacts& facts, const Envelope& header);
// Claims it; invoice.key_repeated, and invoice.key_unusable where nothing else was wrong and the type is read.
void TakeKey(const ItemFacts& facts, const std::optional<InvoiceKey>& key, Package& package, Items& items,
             FindingList& findings);
void JudgeInvoice(const ItemFacts& facts, const ItemRules& rules, Package& package, Items& items,
                  FindingList& findings);
void JudgeNotice(const ItemFacts& facts, const ItemRules& rules, Items& items, FindingList& findings);
void JudgeSummary(const ItemFacts& facts, const ItemRules& rules, Items& items, FindingList& findings);
// One taxpayer (QĐ 1271): the tax code of the item is the header's. header.mst_mismatch, invoice.pban_differs.
void JudgeOwner(const ItemFacts& facts, const Envelope& header, FindingList& findings);

}  // namespace tvan
