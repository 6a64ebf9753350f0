#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of invoices beyond single fields.
constexpr Rule kRows[] = {
    {"invoice.code_form"_reason, kError, "Trường {0} có giá trị {1}, phải là mã 23 ký tự dạng M1-26-A1B2C-00000000001.",
     "Field {0} is {1}; it must be a code of 23 characters like M1-26-A1B2C-00000000001.", "1000",
     "seed 1.9, 3.14; protocol §8", "sửa mã", "correct the code"},
    {"invoice.code_kind"_reason, kWarning, "Loại {0} trong MCCQT khác KHMSHDon {1}.",
     "Type {0} of MCCQT is not KHMSHDon {1}.", "", "seed 3.14; protocol §8", "kiểm tra mã và KHMSHDon",
     "check the code and KHMSHDon"},
    {"invoice.code_missing"_reason, kError, "Hóa đơn từ máy tính tiền phải có mã của cơ quan thuế (MCCQT).",
     "A cash-register invoice must carry its authority code (MCCQT).", "1000", "seed 1.9; protocol §7.2",
     "đặt mã trong dải được cấp", "set the code from the range issued to the taxpayer"},
    {"invoice.code_not_allowed"_reason, kError,
     "Hóa đơn gửi lên đã có mã {2} ({0}); loại thông điệp {1} không được có mã.",
     "The invoice already carries code {2} ({0}); message type {1} may not have one.", "1000",
     "protocol §7.1 (QĐ 1271)", "gửi không có MCCQT", "send it without MCCQT"},
    {"invoice.code_range"_reason, kError, "Dải mã {0} không thuộc dải được cấp cho mã số thuế {1}.",
     "Code range {0} is not issued to tax code {1}.", "", "seed 1.9", "dùng mã trong dải được cấp theo thông báo 103",
     "use the range that the 103 gave"},
    {"invoice.code_repeated"_reason, kError, "Mã {0} được dùng cho nhiều hóa đơn trong thông điệp.",
     "Code {0} is used by more than one invoice of the message.", "", "seed 1.9", "mỗi hóa đơn một mã",
     "give each its own code"},
    {"invoice.code_taken"_reason, kError, "Mã {0} đã được dùng cho hóa đơn khác{1}.",
     "Code {0} is already used by another invoice{1}.", "", "seed 1.9", "dùng mã mới", "use a new code"},
    {"invoice.code_type"_reason, kWarning, "Mã {0} có loại hóa đơn ngoài 1-6; cơ quan thuế có thể từ chối.",
     "Code {0} has an invoice type beyond 1 to 6; the authority may refuse it.", "", "seed 3.14; protocol §8",
     "kiểm tra loại hóa đơn", "check the type"},
    {"invoice.code_year"_reason, kWarning, "Năm {0} trong MCCQT không phải năm của NLap {1}.",
     "Year {0} of MCCQT is not that of NLap {1}.", "", "seed 3.14; protocol §8", "kiểm tra mã và ngày lập",
     "check the code and the date"},
    {"invoice.currency_spelling"_reason, kWarning, "Nên ghi VND, không ghi VNĐ.", "Write VND, not VNĐ.", "",
     "seed 3.12", "ghi VND", "write VND"},
    {"invoice.date_future"_reason, kWarning, "NLap {0} sau ngày tiếp nhận.", "NLap {0} is after the day of acceptance.",
     "", "seed 1.15", "kiểm tra ngày lập", "check the date"},
    {"invoice.form_beyond"_reason, kWarning, "Mẫu số {0} chưa có bảng trường; chỉ kiểm tra phần chung.",
     "Form {0} has no field table; only what all forms share is checked.", "", "protocol §8",
     "không cần làm gì; tự kiểm tra nội dung", "nothing; check the content yourself"},
    {"invoice.key_unusable"_reason, kError, "Hóa đơn không đủ mã số thuế, ký hiệu mẫu số, ký hiệu và số hợp lệ.",
     "The invoice is not named by a tax code, form, series and number that are well-formed.", "1000", "seed 1.16",
     "sửa rồi ký lại", "correct them and sign again"},
    {"invoice.key_repeated"_reason, kError, "Hóa đơn {0} xuất hiện nhiều lần trong thông điệp.",
     "Invoice {0} stands more than once in the message.", "", "seed 1.16", "chỉ gửi một lần", "send it once"},
    {"invoice.nature_beyond"_reason, kWarning, "TChat 5 chưa được xác nhận.", "TChat 5 is not confirmed.", "",
     "protocol §7.1", "kiểm tra TChat", "check TChat"},
    {"invoice.pban_differs"_reason, kWarning, "PBan {0} trong dữ liệu khác PBan {1} của thông điệp.",
     "PBan {0} of the data is not the message's {1}.", "", "protocol §2", "ghi cùng một PBan", "write the same PBan"},
    {"invoice.reference_date"_reason, kWarning, "Hóa đơn liên quan ghi ngày {0}, sau ngày lập {1}.",
     "The related invoice is dated {0}, after this one ({1}).", "", "seed 1.15", "kiểm tra NLHDCLQuan",
     "check NLHDCLQuan"},
    {"invoice.reference_incomplete"_reason, kWarning, "Hóa đơn liên quan không đủ ký hiệu mẫu số, ký hiệu và số.",
     "The related invoice is not named by form, series and number.", "", "seed 1.17, 1.18",
     "ghi đủ để gửi sau hóa đơn gốc", "name it fully, so that it is sent after the invoice it changes"},
    {"invoice.reference_itself"_reason, kError, "Hóa đơn liên quan chính là hóa đơn này.",
     "The related invoice is this invoice itself.", "", "seed 1.17, 1.18", "ghi hóa đơn bị thay thế hoặc điều chỉnh",
     "name the invoice that is replaced or adjusted"},
};

}  // namespace

std::span<const Rule> RulesOfInvoices() { return kRows; }

}  // namespace tvan
