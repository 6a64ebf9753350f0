#pragma once
// What the walk saw of one item, by path: the values that the rules beyond fields look at. Views into the document (or
// into texts that the walk keeps), so facts live as long as the walk's result. Absent and empty are the same. Plain
// values.

#include <array>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/xml_document.h"

namespace tvan {

// Of the item itself. HDon; TBao/DLTBao of a 300 or 303; BTHDLieu; TKhai; DNghi: whichever has such a field.
enum class Fact : uint8_t {
  kPBan,
  kForm,            // KHMSHDon
  kSeries,          // KHHDon
  kNumber,          // SHDon
  kDate,            // NLap, NTBao
  kCurrency,        // DVTTe
  kMst,             // NBan/MST, DLTBao/MST …
  kBuyerMst,        // NMua/MST
  kCode,            // MCCQT
  kRelation,        // TCHDon: 1 replaces, 2 adjusts
  kRelatedForm,     // KHMSHDCLQuan
  kRelatedSeries,   // KHHDCLQuan
  kRelatedNumber,   // SHDCLQuan
  kRelatedDate,     // NLHDCLQuan
  kAdjustsMany,     // HDCTTChinh
  kTotalBase,       // TgTCThue
  kTotalTax,        // TgTThue
  kUntaxed,         // TGTKCThue
  kTradeDiscount,   // TTCKTMai
  kOtherReduction,  // TGTKhac
  kTotal,           // TgTTTBSo
  kPeriodKind,      // LKDLieu
  kPeriod,          // KDLieu
  kGoods,           // LHHoa
  kCount            // how many there are
};

// Of what repeats inside an item.
enum class RowFact : uint8_t {
  // HHDVu
  kNature,        // TChat
  kQuantity,      // SLuong
  kPrice,         // DGia
  kDiscountRate,  // TLCKhau, percent
  kDiscount,      // STCKhau
  kAmount,        // ThTien; of LTSuat: the base
  kRate,          // TSuat
  kTax,           // LTSuat/TThue
  // LPhi
  kFee,  // TPhi
  // HDon of a notice, DLieu of a summary table
  kForm,
  kSeries,
  kNumber,
  kCode,       // MCQTCap or MCCQT of a notice's invoice
  kOtherCode,  // the one of both that the type does not use
  kAction,     // TCTBao of a notice, TThai of a table's row
  kReason,     // LDo
  kType,       // KDLieu of a TTin
  kValue,      // DLieu of a TTin that holds no elements
  kCount
};

template <class Key>
class FactsOf {
 public:
  std::string_view operator[](Key key) const { return at_[static_cast<size_t>(key)]; }
  void Set(Key key, std::string_view value) { at_[static_cast<size_t>(key)] = value; }

 private:
  std::array<std::string_view, static_cast<size_t>(Key::kCount)> at_{};
};

// What of an item repeats.
enum class RowGroup : uint8_t {
  kNone,
  kLines,  // HHDVu
  kRates,  // LTSuat
  kFees,   // LPhi
  kNamed,  // HDon of a notice, DLieu (row) of a summary table
  kExtra,  // TTin of every TTKhac
  kCount
};

struct RowFacts {
  XmlNode node;
  FactsOf<RowFact> at;
};

struct ItemFacts {
  XmlNode node;  // the item: HDon, TBao …
  FactsOf<Fact> at;
  std::array<std::vector<RowFacts>, static_cast<size_t>(RowGroup::kCount)> groups;
  const std::vector<RowFacts>& rows(RowGroup group) const { return groups[static_cast<size_t>(group)]; }
  const std::vector<RowFacts>& lines() const { return rows(RowGroup::kLines); }
  const std::vector<RowFacts>& rates() const { return rows(RowGroup::kRates); }
  const std::vector<RowFacts>& fees() const { return rows(RowGroup::kFees); }
  const std::vector<RowFacts>& named() const { return rows(RowGroup::kNamed); }
  const std::vector<RowFacts>& extra() const { return rows(RowGroup::kExtra); }
  std::forward_list<std::string> pieces;  // texts that the document holds in several pieces
};

}  // namespace tvan
