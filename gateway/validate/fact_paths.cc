#include "gateway/validate/fact_paths.h"

namespace tvan {
namespace {

struct FactPath {
  std::string_view object, path;
  Fact fact;
};

constexpr FactPath kFacts[] = {
    {"hdon", "DLHDon/TTChung/PBan", Fact::kPBan},
    {"hdon", "DLHDon/TTChung/KHMSHDon", Fact::kForm},
    {"hdon", "DLHDon/TTChung/KHHDon", Fact::kSeries},
    {"hdon", "DLHDon/TTChung/SHDon", Fact::kNumber},
    {"hdon", "DLHDon/TTChung/NLap", Fact::kDate},
    {"hdon", "DLHDon/TTChung/DVTTe", Fact::kCurrency},
    {"hdon", "DLHDon/TTChung/HDCTTChinh", Fact::kAdjustsMany},
    {"hdon", "DLHDon/TTChung/TTHDLQuan/TCHDon", Fact::kRelation},
    {"hdon", "DLHDon/TTChung/TTHDLQuan/KHMSHDCLQuan", Fact::kRelatedForm},
    {"hdon", "DLHDon/TTChung/TTHDLQuan/KHHDCLQuan", Fact::kRelatedSeries},
    {"hdon", "DLHDon/TTChung/TTHDLQuan/SHDCLQuan", Fact::kRelatedNumber},
    {"hdon", "DLHDon/TTChung/TTHDLQuan/NLHDCLQuan", Fact::kRelatedDate},
    {"hdon", "DLHDon/NDHDon/NBan/MST", Fact::kMst},
    {"hdon", "DLHDon/NDHDon/NMua/MST", Fact::kBuyerMst},
    {"hdon", "DLHDon/NDHDon/TToan/TgTCThue", Fact::kTotalBase},
    {"hdon", "DLHDon/NDHDon/TToan/TgTThue", Fact::kTotalTax},
    {"hdon", "DLHDon/NDHDon/TToan/TGTKCThue", Fact::kUntaxed},
    {"hdon", "DLHDon/NDHDon/TToan/TTCKTMai", Fact::kTradeDiscount},
    {"hdon", "DLHDon/NDHDon/TToan/TGTKhac", Fact::kOtherReduction},
    {"hdon", "DLHDon/NDHDon/TToan/TgTTTBSo", Fact::kTotal},
    {"hdon", "MCCQT", Fact::kCode},
    {"notice300", "DLTBao/PBan", Fact::kPBan},
    {"notice300", "DLTBao/MST", Fact::kMst},
    {"notice300", "DLTBao/NTBao", Fact::kDate},
    {"bthdl400", "DLBTHop/TTChung/PBan", Fact::kPBan},
    {"bthdl400", "DLBTHop/TTChung/MST", Fact::kMst},
    {"bthdl400", "DLBTHop/TTChung/NLap", Fact::kDate},
    {"bthdl400", "DLBTHop/TTChung/DVTTe", Fact::kCurrency},
    {"bthdl400", "DLBTHop/TTChung/LKDLieu", Fact::kPeriodKind},
    {"bthdl400", "DLBTHop/TTChung/KDLieu", Fact::kPeriod},
    {"bthdl400", "DLBTHop/TTChung/LHHoa", Fact::kGoods},
    {"tkhai100", "DLTKhai/TTChung/PBan", Fact::kPBan},
    {"tkhai100", "DLTKhai/TTChung/MST", Fact::kMst},
    {"tkhai100", "DLTKhai/TTChung/NLap", Fact::kDate},
    {"tkhai101", "DLTKhai/TTChung/PBan", Fact::kPBan},
    {"tkhai101", "DLTKhai/TTChung/MST", Fact::kMst},
    {"tkhai101", "DLTKhai/TTChung/NLap", Fact::kDate},
    {"denghi106", "DLDNghi/TTChung/PBan", Fact::kPBan},
    {"denghi106", "DLDNghi/TTChung/MST", Fact::kMst},
    {"denghi106", "DLDNghi/TTChung/NLap", Fact::kDate},
};

struct RowPath {
  std::string_view group, below;  // of the row, and of the field below it
  RowFact fact;
};

constexpr std::string_view kLine = "DLHDon/NDHDon/DSHHDVu/HHDVu";
constexpr std::string_view kRate = "DLHDon/NDHDon/TToan/THTTLTSuat/LTSuat";
constexpr std::string_view kFee = "DLHDon/NDHDon/TToan/DSLPhi/LPhi";
constexpr std::string_view kNamed = "DLTBao/DSHDon/HDon";
constexpr std::string_view kTableRow = "DLBTHop/NDBTHDLieu/DSDLieu/DLieu";

struct GroupPath {
  std::string_view object, path;
  RowGroup group;
};

constexpr GroupPath kGroups[] = {
    {"hdon", kLine, RowGroup::kLines},         {"hdon", kRate, RowGroup::kRates},
    {"hdon", kFee, RowGroup::kFees},           {"notice300", kNamed, RowGroup::kNamed},
    {"bthdl400", kTableRow, RowGroup::kNamed}, {"ttkhac", "TTin", RowGroup::kExtra},
};

constexpr RowPath kRowFacts[] = {
    {kLine, "TChat", RowFact::kNature},      {kLine, "SLuong", RowFact::kQuantity},
    {kLine, "DGia", RowFact::kPrice},        {kLine, "TLCKhau", RowFact::kDiscountRate},
    {kLine, "STCKhau", RowFact::kDiscount},  {kLine, "ThTien", RowFact::kAmount},
    {kLine, "TSuat", RowFact::kRate},        {kRate, "TSuat", RowFact::kRate},
    {kRate, "ThTien", RowFact::kAmount},     {kRate, "TThue", RowFact::kTax},
    {kFee, "TPhi", RowFact::kFee},           {kNamed, "KHMSHDon", RowFact::kForm},
    {kNamed, "KHHDon", RowFact::kSeries},    {kNamed, "SHDon", RowFact::kNumber},
    {kNamed, "MCQTCap", RowFact::kCode},     {kNamed, "MCCQT", RowFact::kOtherCode},
    {kNamed, "TCTBao", RowFact::kAction},    {kNamed, "LDo", RowFact::kReason},
    {kTableRow, "KHMSHDon", RowFact::kForm}, {kTableRow, "KHHDon", RowFact::kSeries},
    {kTableRow, "SHDon", RowFact::kNumber},  {kTableRow, "TThai", RowFact::kAction},
    {"TTin", "KDLieu", RowFact::kType},      {"TTin", "DLieu", RowFact::kValue},
};

RowFact RowFactAt(std::string_view group_path, std::string_view path) {
  if (path.size() <= group_path.size() + 1 || path.substr(0, group_path.size()) != group_path ||
      path[group_path.size()] != '/')
    return RowFact::kCount;
  const std::string_view below = path.substr(group_path.size() + 1);
  for (const RowPath& row : kRowFacts)
    if (row.group == group_path && row.below == below) return row.fact;
  return RowFact::kCount;
}

}  // namespace

FactPlace PlaceOfFact(std::string_view object, std::string_view path) {
  FactPlace place;
  for (const FactPath& fact : kFacts)
    if (fact.object == object && fact.path == path) place.fact = fact.fact;
  for (const GroupPath& group : kGroups) {
    if (group.object != object) continue;
    if (group.path == path) place.group = group.group;
    if (const RowFact fact = RowFactAt(group.path, path); fact != RowFact::kCount) place.row_fact = fact;
  }
  return place;
}

}  // namespace tvan
