#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of TTChung.
constexpr Rule kRows[] = {
    {"header.authority_hop"_reason, kWarning,
     "Thông điệp gửi T-VAN ghi thẳng cơ quan thuế (MNGui {0}, MNNhan {1}); phải ghi mã số thuế của bên gửi và của "
     "T-VAN.",
     "The message addresses the authority itself (MNGui {0}, MNNhan {1}); it should name the sender and this T-VAN.",
     "1000", "protocol §3.1 (QĐ 1271)", "ghi mã số thuế của mình ở MNGui và của T-VAN ở MNNhan",
     "name yourself in MNGui and this T-VAN in MNNhan"},
    {"header.duplicate_element"_reason, kError, "Trường {0} xuất hiện nhiều lần trong TTChung.",
     "Field {0} stands more than once in TTChung.", "1000", "protocol §3", "chỉ gửi một lần", "send it once"},
    {"header.missing"_reason, kError, "Thiếu trường {0} trong TTChung.", "Field {0} is missing in TTChung.", "1000",
     "protocol §3", "điền trường bắt buộc", "fill the field"},
    {"header.mltdiep_syntax"_reason, kError,
     "Trường MLTDiep có giá trị {0}, phải là số nguyên tối đa 3 ký tự, có thể âm.",
     "Field MLTDiep is {0}; it must be a whole number of up to 3 characters, possibly negative.", "1000", "protocol §3",
     "sửa MLTDiep", "correct MLTDiep"},
    {"header.mngui_not_callers"_reason, kError, "MNGui {0} không phải mã số thuế của tổ chức đang kết nối.",
     "MNGui {0} is no tax code of the connected provider.", "1000", "protocol §3.1", "dùng mã số thuế trong hợp đồng",
     "use a tax code of your contract"},
    {"header.mngui_syntax"_reason, kError,
     "Trường MNGui có giá trị {0}, phải là mã số thuế, có thể có V hoặc K đứng trước.",
     "Field MNGui is {0}; it must be a tax code, with or without V or K before it.", "1000", "protocol §3", "sửa MNGui",
     "correct MNGui"},
    {"header.mnnhan_not_ours"_reason, kError, "MNNhan {0} không phải T-VAN này ({1}).",
     "MNNhan {0} is not this T-VAN ({1}).", "1000", "protocol §3.1", "gửi đúng T-VAN này",
     "address the message to this T-VAN"},
    {"header.mnnhan_syntax"_reason, kError,
     "Trường MNNhan có giá trị {0}, phải là mã số thuế, có thể có V hoặc K đứng trước.",
     "Field MNNhan is {0}; it must be a tax code, with or without V or K before it.", "1000", "protocol §3",
     "sửa MNNhan", "correct MNNhan"},
    {"header.mst_mismatch"_reason, kError, "Mã số thuế {0} trong dữ liệu khác với MST {1} trong TTChung.",
     "The tax code {0} of the data is not the MST {1} of TTChung.", "1000", "protocol §3 (QĐ 1271)",
     "gửi dữ liệu của đúng một người nộp thuế", "send data of one taxpayer, with its MST"},
    {"header.mst_syntax"_reason, kError,
     "Trường MST có giá trị {0}, phải là mã số thuế (10 số, 10 số-3 số hoặc 12 số).",
     "Field MST is {0}; it must be a tax code (10 digits, 10 digits-3 digits, or 12 digits).", "1000",
     "seed 1.3; protocol §3", "sửa MST", "correct MST"},
    {"header.mtdiep_prefix"_reason, kWarning, "MTDiep {0} phải bắt đầu bằng MNGui {1}.",
     "MTDiep {0} must start with MNGui {1}.", "1000", "protocol §3", "đặt MTDiep bằng MNGui và 32 ký tự hex in hoa",
     "make MTDiep of MNGui and 32 upper-case hex digits"},
    {"header.mtdiep_syntax"_reason, kError,
     "Trường MTDiep có giá trị {0}, phải là 1 đến 46 ký tự ASCII in được, không có khoảng trắng.",
     "Field MTDiep is {0}; it must be 1 to 46 printable ASCII characters, no space.", "1000", "protocol §3",
     "sửa MTDiep", "correct MTDiep"},
    {"header.mtdtchieu_filled"_reason, kWarning,
     "MTDTChieu trong thông điệp gửi đi nên để trống; trường này không được chuyển tiếp.",
     "MTDTChieu of a request should be empty; it is not forwarded.", "", "protocol §3", "để trống MTDTChieu",
     "leave MTDTChieu empty"},
    {"header.not_text"_reason, kError, "Trường {0} phải là văn bản.",
     "Field {0} must be plain text; it holds elements.", "1000", "protocol §3", "chỉ gửi văn bản", "send plain text"},
    {"header.pban"_reason, kError, "Phiên bản {0} không được hỗ trợ; các phiên bản đã biết: {1}.",
     "Version {0} is not supported; known ones are {1}.", "1000", "protocol §2, §3", "dùng một phiên bản đã biết",
     "use a known version"},
    {"header.pban_date"_reason, kError, "Phiên bản định dạng {0} không có hiệu lực ngày {1}.",
     "Format version {0} is not in force on {1}.", "1000", "protocol §2", "dùng phiên bản đang có hiệu lực",
     "use the version that is in force"},
    {"header.sluong_syntax"_reason, kError, "Trường SLuong có giá trị {0}, phải là số nguyên từ 1 đến 9999999.",
     "Field SLuong is {0}; it must be a whole number from 1 to 9999999.", "1000", "protocol §3", "sửa SLuong",
     "correct SLuong"},
    {"header.unknown_element"_reason, kWarning, "Trường {0} không thuộc TTChung, sẽ không được chuyển tiếp.",
     "Field {0} is no part of TTChung; it will not be forwarded.", "", "protocol §3", "bỏ trường này", "leave it out"},
};

}  // namespace

std::span<const Rule> RulesOfHeader() { return kRows; }

}  // namespace tvan
