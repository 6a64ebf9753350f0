#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of related invoices: what our own history contradicts.
constexpr Rule kRows[] = {
    {"guard.adjusted_cancelled"_reason, kError, "Hóa đơn {0} đã bị hủy{1}, không thể điều chỉnh.",
     "Invoice {0} is cancelled{1} and cannot be adjusted.", "", "seed 1.18",
     "kiểm tra hóa đơn gốc; lập hóa đơn mới hoặc xử lý theo quy định",
     "look at the original; issue a new invoice or do as the law says"},
    {"guard.adjusted_replaced"_reason, kError, "Hóa đơn {0} đã được thay thế{1}, không thể điều chỉnh.",
     "Invoice {0} is replaced{1} and cannot be adjusted.", "", "seed 1.18", "điều chỉnh hóa đơn thay thế theo quy định",
     "see to the replacement instead"},
    {"guard.adjusts_adjustment"_reason, kError, "Hóa đơn {0} là hóa đơn điều chỉnh{1}, không thể điều chỉnh.",
     "Invoice {0} is an adjustment{1} and cannot be adjusted.", "", "seed 1.18", "điều chỉnh hóa đơn gốc",
     "adjust the original invoice"},
    {"guard.adjusts_replacement"_reason, kError, "Hóa đơn {0} là hóa đơn thay thế{1}, không thể điều chỉnh.",
     "Invoice {0} is a replacement{1} and cannot be adjusted.", "", "seed 1.18", "thay thế hóa đơn này theo quy định",
     "replace it, as the law says"},
    {"guard.original_refused"_reason, kWarning,
     "Hóa đơn {0} đã bị cơ quan thuế từ chối{1}; nếu chưa gửi lại thì hóa đơn này không tồn tại ở đó.",
     "Invoice {0} was refused by the authority{1}; unless it was sent again, it does not exist there.", "",
     "seed 1.12, 1.17", "gửi lại hóa đơn gốc đã sửa với cùng số",
     "send the original again, corrected, under the same number"},
    {"guard.replaced_adjusted"_reason, kError, "Hóa đơn {0} đã được điều chỉnh{1}, không thể thay thế.",
     "Invoice {0} is adjusted{1} and cannot be replaced.", "", "seed 1.17", "điều chỉnh tiếp thay vì thay thế",
     "adjust it again instead"},
    {"guard.replaced_cancelled"_reason, kError, "Hóa đơn {0} đã bị hủy{1}, không thể thay thế.",
     "Invoice {0} is cancelled{1} and cannot be replaced.", "", "seed 1.17",
     "kiểm tra hóa đơn gốc; lập hóa đơn mới hoặc xử lý theo quy định",
     "look at the original; issue a new invoice or do as the law says"},
    {"guard.replaced_twice"_reason, kError, "Hóa đơn {0} đã được thay thế{1}.", "Invoice {0} is replaced already{1}.",
     "", "seed 1.17", "thay thế hóa đơn thay thế gần nhất", "replace the last replacement"},
    {"guard.replaces_adjustment"_reason, kError, "Hóa đơn {0} là hóa đơn điều chỉnh{1}, không thể thay thế.",
     "Invoice {0} is an adjustment{1} and cannot be replaced.", "", "seed 1.17", "điều chỉnh hóa đơn gốc",
     "adjust the original invoice"},
    {"history.conflict"_reason, kError,
     "Có xung đột về hóa đơn {0} với dữ liệu đã được tiếp nhận; hãy hỏi T-VAN của bạn.",
     "A conflict exists about invoice {0} with what was accepted before; ask your T-VAN.", "", "seed 1.9, 1.16",
     "hỏi T-VAN của bạn", "ask your T-VAN"},
    {"history.unknown"_reason, kInfo, "Không có lịch sử của {0} tại đây; không kiểm tra được quy tắc {1}.",
     "No history of {0} is held here; rule {1} was not asked.", "", "seed 1.17, 1.18, 1.19",
     "không cần làm gì; tự kiểm tra", "nothing; check it yourself"},
};

}  // namespace

std::span<const Rule> RulesOfGuards() { return kRows; }

}  // namespace tvan
