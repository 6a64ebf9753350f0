#include "tests/unit/validate/twins.h"

namespace tvan {
namespace {

constexpr Severity kWarning = Severity::kWarning;

const std::string kLine = "<SLuong>2</SLuong><DGia>50000</DGia><ThTien>100000</ThTien>";
const std::string kRate = "<TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>10000</TThue>";
const std::string kTotals = "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000</TgTTTBSo>";

}  // namespace

std::vector<Twin> TwinsOfAmounts() {
  const MessageSpec invoice = Spec203(1);
  return {
      {"amount.line",
       kWarning,
       invoice,
       {{kLine, "<SLuong>2</SLuong><DGia>50000.4</DGia><ThTien>100000</ThTien>"}},
       {{kLine, "<SLuong>2</SLuong><DGia>50002</DGia><ThTien>100000</ThTien>"}}},
      {"amount.discount",
       kWarning,
       invoice,
       {{kLine,
         "<SLuong>2</SLuong><DGia>50000</DGia><TLCKhau>5</TLCKhau><STCKhau>5000</STCKhau><ThTien>100000</ThTien>"}},
       {{kLine,
         "<SLuong>2</SLuong><DGia>50000</DGia><TLCKhau>5</TLCKhau><STCKhau>6000</STCKhau><ThTien>100000</ThTien>"}}},
      {"amount.rate_base",
       kWarning,
       invoice,
       {},
       {{kRate, "<TSuat>10%</TSuat><ThTien>90000</ThTien><TThue>10000</TThue>"}}},
      {"amount.rate_tax",
       kWarning,
       invoice,
       {{kRate, "<TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>10001</TThue>"}},
       {{kRate, "<TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>9000</TThue>"}}},
      {"amount.base_total",
       kWarning,
       invoice,
       {},
       {{kTotals, "<TgTCThue>110000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000</TgTTTBSo>"}}},
      {"amount.tax_total",
       kWarning,
       invoice,
       {},
       {{kTotals, "<TgTCThue>100000</TgTCThue><TgTThue>11000</TgTThue><TgTTTBSo>110000</TgTTTBSo>"}}},
      {"amount.total",
       kWarning,
       invoice,
       {},
       {{kTotals, "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>120000</TgTTTBSo>"}}},
      {"amount.vnd_decimals",
       kWarning,
       invoice,
       {{kTotals, "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000.00</TgTTTBSo>"}},
       {{kTotals, "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue><TgTTTBSo>110000.5</TgTTTBSo>"}}},
  };
}

}  // namespace tvan
