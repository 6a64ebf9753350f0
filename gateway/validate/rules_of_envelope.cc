#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of the envelope, the message type and the list of findings itself.
constexpr Rule kRows[] = {
    {"catalogue.not_checked_deeper"_reason, kInfo,
     "Loại thông điệp {0} chưa có bảng trường; nội dung không được kiểm tra sâu.",
     "Message type {0} has no field table; its content is not checked deeper.", "", "seed 1.4; protocol §15",
     "không cần làm gì; tự kiểm tra nội dung trước khi gửi", "nothing; check the content yourself before sending"},
    {"catalogue.type_not_in_profile"_reason, kError, "Loại thông điệp {0} không có trong định dạng {1}.",
     "Message type {0} does not exist in format version {1}.", "1001", "protocol §2, §4",
     "dùng PBan mới hơn hoặc sửa MLTDiep", "use a newer PBan, or correct MLTDiep"},
    {"catalogue.type_not_relayed"_reason, kError, "Loại thông điệp {0} chưa được tiếp nhận tại đây.",
     "Message type {0} is not taken here.", "1001", "protocol §4",
     "gửi loại thông điệp được tiếp nhận, hoặc liên hệ T-VAN", "send a type that is relayed, or ask the T-VAN"},
    {"catalogue.unknown_type"_reason, kError, "Loại thông điệp {0} không tồn tại.", "There is no message type {0}.",
     "1001", "seed 1.4; protocol §4", "sửa MLTDiep", "correct MLTDiep"},
    {"envelope.authority_header"_reason, kError, "Trường {0} gửi cơ quan thuế sẽ là {1}, không đúng quy định.",
     "Field {0} would go to the authority as {1}, which it does not take.", "1000", "protocol §3",
     "ghi trường được nêu đúng quy định; nếu là MNGui, MNNhan hoặc MTDiep, liên hệ T-VAN",
     "write the named field as the protocol has it; if it is MNGui, MNNhan or MTDiep, call the T-VAN"},
    {"envelope.bare_type"_reason, kError, "Hóa đơn gửi riêng (HDon) chỉ dùng cho loại 200, 201, 203, không phải {0}.",
     "A bare HDon goes with message_type 200, 201 or 203, not {0}.", "1001", "protocol §7.1",
     "đặt message_type, hoặc gửi TDiep", "set message_type, or send a TDiep"},
    {"envelope.cksnnt_not_allowed"_reason, kError, "Loại thông điệp {0} không có phần CKSNNT.",
     "Message type {0} has no CKSNNT.", "1000", "protocol §3, §10.1", "bỏ CKSNNT hoặc sửa MLTDiep",
     "leave it out, or correct MLTDiep"},
    {"envelope.client_reference"_reason, kError,
     "Hóa đơn gửi riêng cần client_reference từ 1 đến 64 ký tự ASCII in được.",
     "A bare HDon needs a client_reference of 1 to 64 printable ASCII characters.", "", "protocol §13",
     "gửi 1 đến 64 ký tự ASCII, mỗi chứng từ một giá trị",
     "send 1 to 64 printable ASCII characters, new for each document"},
    {"envelope.duplicate_element"_reason, kError, "Phần tử {0} xuất hiện {1} lần trong TDiep.",
     "Element {0} stands {1} times in TDiep.", "1000", "protocol §3", "mỗi phần tử chỉ gửi một lần", "send each once"},
    {"envelope.missing_element"_reason, kError, "Thiếu phần tử {0} trong TDiep.", "Element {0} is missing in TDiep.",
     "1000", "protocol §3", "gửi đủ TTChung và DLieu", "send both"},
    {"envelope.namespace"_reason, kError, "Phần tử {0} không được thuộc namespace {1}.",
     "Element {0} must be in no namespace; it is in {1}.", "1000", "protocol §3",
     "không dùng namespace cho phần tử của giao thức", "send protocol elements in no namespace"},
    {"envelope.reference_ignored"_reason, kWarning,
     "message_type và client_reference chỉ dùng cho HDon; với TDiep, MTDiep là khóa chống gửi trùng.",
     "message_type and client_reference go with a bare HDon; a TDiep is known by its MTDiep.", "", "protocol §13",
     "bỏ đi; MTDiep là khóa", "leave them out; MTDiep is the key"},
    {"envelope.root"_reason, kError, "Phần tử gốc phải là TDiep (hoặc HDon), không phải {0}.",
     "The root must be TDiep (or HDon), not {0}.", "1000", "protocol §3", "gửi TDiep hoặc HDon",
     "send a TDiep, or a bare HDon"},
    {"envelope.text"_reason, kError, "Có văn bản nằm ngoài các trường trong {0}.",
     "There is text beside the fields of {0}.", "1000", "seed 1.4; protocol §7",
     "bỏ phần văn bản nằm giữa các phần tử rồi ký lại", "remove the text between the elements and sign again"},
    {"envelope.unknown_element"_reason, kError, "Phần tử {0} không thuộc {1}.", "Element {0} is no part of {1}.",
     "1000", "protocol §3, §7", "bỏ phần tử này", "leave it out"},
    {"envelope.wrapped_refused"_reason, kError, "Thông điệp không thể đóng gói lại để chuyển tiếp: {0}.",
     "The message cannot be wrapped for forwarding: {0}.", "", "protocol §3.1, §12",
     "chia nhỏ thông điệp; nếu thông điệp nhỏ, liên hệ T-VAN",
     "send less in one message; if it is small, call the T-VAN"},
    {"findings.truncated"_reason, kWarning, "Còn ít nhất {0} kết quả kiểm tra khác không được liệt kê.",
     "At least {0} more findings are not listed.", "", "bound of this gateway", "sửa các lỗi đã nêu rồi kiểm tra lại",
     "correct the listed ones and check again"},
};

}  // namespace

std::span<const Rule> RulesOfEnvelope() { return kRows; }

}  // namespace tvan
