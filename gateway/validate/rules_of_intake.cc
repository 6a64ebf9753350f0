#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of what intake itself decides.
constexpr Rule kRows[] = {
    {"intake.document_form"_reason, kError, "Tài liệu được gửi ở trường {0} nhưng phần tử gốc không phải {1}.",
     "The document came in field {0}, but its root is no {1}.", "", "protocol §13",
     "đặt tài liệu vào đúng trường tdiep hoặc hdon", "put the document into the right field"},
    {"intake.invoice_claimed"_reason, kError, "Hóa đơn {0} đã có trong một thông điệp khác đã được tiếp nhận{1}.",
     "Invoice {0} is filed by another accepted message already{1}.", "", "seed 1.16, 1.12",
     "không gửi lại hóa đơn; tra cứu trạng thái theo khóa hóa đơn",
     "do not file it again; ask for its state by invoice key"},
    {"intake.other_bytes"_reason, kError,
     "Mã thông điệp này đã được tiếp nhận với nội dung khác (đã nhận / vừa gửi: SHA-256 {0} / {1}). Thông điệp đã sửa "
     "cần một MTDiep mới.",
     "This id was accepted with other bytes before (accepted / submitted: SHA-256 {0} / {1}). A corrected document "
     "needs a new MTDiep (or client_reference).",
     "", "protocol §13", "tài liệu đã sửa cần MTDiep mới; gửi lại bản đầu với đúng nội dung cũ",
     "give a corrected document a new MTDiep; repeat the first with its own bytes"},
    {"intake.other_type"_reason, kError,
     "Hóa đơn này đã được tiếp nhận với cùng client_reference theo loại thông điệp khác (đã nhận / vừa gửi: {0} / "
     "{1}).",
     "This HDon was accepted under the same client_reference as another message type (accepted / submitted: {0} / "
     "{1}).",
     "", "protocol §13", "dùng client_reference mới, hoặc tra cứu bản đầu theo client_reference cũ",
     "give it a new client_reference, or ask for the first by its own"},
    {"intake.purged"_reason, kError,
     "Thông điệp này đã được tiếp nhận từ trước ({0}, {1}); chứng từ đã hết thời hạn lưu trữ.",
     "This message was accepted before ({0}, {1}); its receipt was removed after the retention time.", "",
     "protocol §13", "không gửi lại; chứng từ mới phải dùng mã mới",
     "do not submit it again; a new document needs a new id"},
    {"intake.voided"_reason, kError,
     "Mã này đã được chính bên gửi hủy lúc {0} khi chưa có thông điệp nào; sẽ không được tiếp nhận nữa.",
     "This id was voided by its provider at {0}, before any message came under it; nothing is accepted.", "",
     "protocol §13", "nếu vẫn muốn gửi qua đây, dùng MTDiep (hoặc client_reference) mới",
     "submit under a new MTDiep (or client_reference) if it is to be filed here after all"},
    {"intake.withdrawn"_reason, kError,
     "Thông điệp này đã được tiếp nhận rồi được bên gửi rút lại lúc {0}; không gửi cơ quan thuế.",
     "This message was accepted and then withdrawn by its provider at {0}; it is not sent.", "", "protocol §13",
     "nếu vẫn muốn gửi qua đây, dùng MTDiep (hoặc client_reference) mới",
     "submit under a new MTDiep (or client_reference) if it is to be filed here after all"},
};

}  // namespace

std::span<const Rule> RulesOfIntake() { return kRows; }

}  // namespace tvan
