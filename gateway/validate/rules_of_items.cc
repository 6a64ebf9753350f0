#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of the number of items, notices and summary tables.
constexpr Rule kRows[] = {
    {"count.no_items"_reason, kError, "DLieu không có dữ liệu của loại thông điệp {0}.",
     "DLieu holds no item of message type {0}.", "1000", "seed 1.8", "gửi dữ liệu hoặc sửa MLTDiep",
     "send the data, or correct MLTDiep"},
    {"count.one_invoice_only"_reason, kError, "Thông điệp {0} phải có đúng một hóa đơn, đang có {1}.",
     "A message {0} holds exactly one invoice; this one holds {1}.", "1000", "protocol §7.1 (QĐ 1271)",
     "mỗi hóa đơn một thông điệp", "send one message for each"},
    {"count.one_item_only"_reason, kError, "Thông điệp {0} chỉ chứa một mục, đang có {1}.",
     "A message {0} holds one item; this one holds {1}.", "1000", "protocol §3, §7 (QĐ 1271)", "mỗi mục một thông điệp",
     "send one message for each"},
    {"count.sluong_mismatch"_reason, kError, "SLuong trong TTChung là {0} nhưng DLieu có {1} mục.",
     "SLuong in TTChung is {0}, but DLieu holds {1} items.", "2010", "seed 1.8; protocol §3", "đặt SLuong bằng số mục",
     "set SLuong to the number of items"},
    {"count.sluong_uncertain"_reason, kWarning,
     "SLuong là số hóa đơn được nêu ({0}); thông báo là một mục, nên dùng SLuong = 1.",
     "SLuong is the count of invoices named ({0}); the notice is one item: 1 is usual.", "", "seed 1.8",
     "nên dùng SLuong 1", "prefer SLuong 1"},
    {"count.too_many_items"_reason, kError, "Thông điệp có {0} mục, tối đa {1}.",
     "The message holds {0} items; at most {1} are allowed.", "", "protocol §12", "chia nhỏ thông điệp",
     "split the message"},
    {"notice.answer_number"_reason, kError,
     "Thông báo theo yêu cầu của cơ quan thuế phải ghi So và NTBCCQT của yêu cầu đó.",
     "A notice on the authority's request names the So and NTBCCQT of that request.", "1000",
     "seed 1.21; protocol §7.8", "ghi So và NTBCCQT của thông báo 302 rồi ký lại",
     "write So and NTBCCQT of the 302 and sign again"},
    {"notice.code_name"_reason, kWarning, "Thông báo loại {1} không dùng {0} cho mã của cơ quan thuế.",
     "A notice of type {1} does not use {0} for the authority's code.", "", "protocol §14",
     "dùng MCQTCap trong 300, MCCQT trong 303", "use MCQTCap in a 300 and MCCQT in a 303"},
    {"notice.invoice_count"_reason, kError, "Thông báo nêu {0} hóa đơn, phải từ 1 đến {1}.",
     "The notice names {0} invoices; it must name 1 to {1}.", "1000", "seed 1.8", "nêu từ 1 đến 500 hóa đơn",
     "name 1 to 500 invoices"},
    {"notice.invoice_malformed"_reason, kError, "Hóa đơn nêu trong thông báo có ký hiệu hoặc số không hợp lệ: {0}.",
     "The invoice named in the notice has a malformed form, series or number: {0}.", "1000", "seed 1.16; protocol §7.8",
     "sửa rồi ký lại", "correct it and sign again"},
    {"notice.invoice_refused"_reason, kWarning, "Hóa đơn {0} đã bị cơ quan thuế từ chối, không cần thông báo.",
     "Invoice {0} was refused by the authority; there is nothing to notify.", "", "seed 1.12",
     "bỏ hóa đơn này khỏi thông báo", "leave the invoice out of the notice"},
    {"notice.invoice_repeated"_reason, kWarning, "Hóa đơn {0} được nêu nhiều lần trong thông báo.",
     "Invoice {0} is named more than once in the notice.", "", "seed 1.19", "nêu mỗi hóa đơn một lần",
     "name each invoice once"},
    {"notice.reason_missing"_reason, kError, "Thông báo hủy hóa đơn phải ghi lý do (LDo).",
     "A cancellation must state its reason (LDo).", "1000", "seed 1.19", "ghi lý do rồi ký lại",
     "write the reason and sign again"},
    {"notice.register_in_300"_reason, kWarning,
     "Mã {0} không thuộc loại thông báo {1}; hóa đơn máy tính tiền dùng loại 303, hóa đơn khác dùng 300.",
     "Code {0} does not belong into a notice {1}; cash-register invoices go in a 303, others in a 300.", "",
     "protocol §4", "gửi bằng đúng loại thông báo", "send it in the other type of notice"},
    {"summary.cancelled_without_notice"_reason, kError, "Hóa đơn {0} ghi hủy nhưng chưa có thông báo 04/SS-HĐĐT.",
     "Invoice {0} is marked cancelled, but there is no notice 04/SS-HĐĐT of it.", "", "seed 1.19",
     "gửi thông báo 04/SS-HĐĐT trước", "send the notice 04/SS-HĐĐT first"},
    {"summary.date"_reason, kWarning, "Bảng tổng hợp lập ngày {0}, trước khi hết kỳ {1}.",
     "The table is made on {0}, before period {1} ends.", "", "protocol §7.9", "kiểm tra NLap và KDLieu",
     "check NLap and KDLieu"},
    {"summary.row_repeated"_reason, kWarning, "Hóa đơn {0} xuất hiện nhiều lần trong bảng.",
     "Invoice {0} stands in the table more than once.", "", "seed 1.16", "mỗi hóa đơn mới ghi một dòng",
     "write one row for each new invoice"},
};

}  // namespace

std::span<const Rule> RulesOfItems() { return kRows; }

}  // namespace tvan
