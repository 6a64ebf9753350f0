#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of arithmetic and the QR code.
constexpr Rule kRows[] = {
    {"amount.base_total"_reason, kWarning, "TgTCThue {0} khác tổng các dòng thuế suất {1} (sai số cho phép {2}).",
     "TgTCThue {0} is not the sum {1} of the rates (tolerance {2}).", "", "seed 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.discount"_reason, kWarning, "STCKhau {0} khác {1} % của {2} (sai số cho phép {3}).",
     "STCKhau {0} is not {1} % of {2} (tolerance {3}).", "", "seed 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.line"_reason, kWarning, "ThTien {0} khác SLuong × DGia = {1} (sai số cho phép {2}).",
     "ThTien {0} is not SLuong × DGia = {1} (tolerance {2}).", "", "seed 2.22, 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.rate_base"_reason, kWarning,
     "Thành tiền của thuế suất {0} là {1}, cộng từ các dòng là {2} (sai số cho phép {3}).",
     "The base of rate {0} is {1}; its lines add up to {2} (tolerance {3}).", "", "seed 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.rate_tax"_reason, kWarning, "Tiền thuế {0} khác {1} của {2} (sai số cho phép {3}).",
     "Tax {0} is not {1} of {2} (tolerance {3}).", "", "seed 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.tax_total"_reason, kWarning, "TgTThue {0} khác tổng tiền thuế {1} (sai số cho phép {2}).",
     "TgTThue {0} is not the sum {1} of the taxes (tolerance {2}).", "", "seed 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.total"_reason, kWarning, "TgTTTBSo {0} không khớp; giá trị gần nhất là {1} (sai số cho phép {2}).",
     "TgTTTBSo {0} fits no reading of the sums; the nearest is {1} (tolerance {2}).", "", "seed 2.22, 1.4",
     "kiểm tra phép tính; nếu đúng theo hợp đồng thì không cần sửa",
     "check the calculation; if it is meant so, nothing", kSwitchable},
    {"amount.vnd_decimals"_reason, kWarning, "TgTTTBSo {0} bằng VND không ghi phần thập phân.",
     "TgTTTBSo {0} in VND has no decimals.", "", "seed 3.12", "làm tròn đến đồng", "round to whole đồng"},
    {"qr.crc"_reason, kWarning, "CRC của DLQRCode là {0}, tính lại được {1}.",
     "The CRC of DLQRCode is {0}; computed it is {1}.", "", "seed 3.4; protocol §6", "tạo lại mã QR",
     "make the QR code again"},
    {"qr.form"_reason, kError, "DLQRCode không đúng cấu trúc EMV TLV tại vị trí {0}.",
     "DLQRCode is no EMV TLV at character {0}.", "1000", "seed 3.4; protocol §6 (QĐ 1271)",
     "tạo lại mã QR theo EMV TLV rồi ký lại", "make the QR code as EMV TLV and sign again", kSwitchable},
};

}  // namespace

std::span<const Rule> RulesOfAmounts() { return kRows; }

}  // namespace tvan
