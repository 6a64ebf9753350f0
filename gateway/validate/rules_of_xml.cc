#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of documents that cannot be read; {0} is what the parser said.
constexpr Rule kRows[] = {
    {"xml.doctype"_reason, kError, "Không được dùng DOCTYPE: {0}.", "The document cannot be read: {0}.", "1000",
     "protocol §3; limits of this gateway", "bỏ khai báo DOCTYPE", "remove the DOCTYPE"},
    {"xml.empty"_reason, kError, "Thông điệp rỗng: {0}.", "The document cannot be read: {0}.", "1000", "protocol §3",
     "gửi nội dung XML", "send the XML document"},
    {"xml.encoding"_reason, kError, "Thông điệp phải mã hóa UTF-8: {0}.", "The document cannot be read: {0}.", "1000",
     "protocol §6", "ghi tài liệu bằng UTF-8 và khai báo UTF-8 hoặc không khai báo",
     "write the document in UTF-8 and declare UTF-8 or nothing"},
    {"xml.name_too_long"_reason, kError, "Tên phần tử hoặc thuộc tính quá dài: {0}.",
     "The document cannot be read: {0}.", "1000", "limits of this gateway", "sửa phần mềm tạo XML",
     "mend the generator"},
    {"xml.namespace"_reason, kError, "Khai báo namespace không hợp lệ: {0}.", "The document cannot be read: {0}.",
     "1000", "protocol §3", "khai báo mọi tiền tố namespace được dùng", "declare every prefix that is used"},
    {"xml.not_well_formed"_reason, kError, "XML không đúng cú pháp: {0}.", "The document cannot be read: {0}.", "1000",
     "protocol §4 (-1)", "sửa tài liệu tại dòng được nêu rồi ký lại",
     "mend the document at the named line and sign it again"},
    {"xml.processing_instruction"_reason, kError, "Không được dùng chỉ thị xử lý (processing instruction): {0}.",
     "The document cannot be read: {0}.", "1000", "limits of this gateway", "bỏ chỉ thị xử lý, kể cả xml-stylesheet",
     "remove it, xml-stylesheet included"},
    {"xml.too_deep"_reason, kError, "Các phần tử lồng nhau quá sâu: {0}.", "The document cannot be read: {0}.", "1000",
     "limits of this gateway", "thông điệp hợp lệ không lồng sâu như vậy; sửa phần mềm tạo XML",
     "no lawful message does; mend the generator"},
    {"xml.too_large"_reason, kError, "Thông điệp vượt quá dung lượng cho phép (2 MB): {0}.",
     "The document cannot be read: {0}.", "1000", "protocol §12 (QĐ 1271)", "chia gói thành các thông điệp nhỏ hơn",
     "split the package into smaller messages"},
    {"xml.too_many_attributes"_reason, kError, "Một phần tử có quá nhiều thuộc tính: {0}.",
     "The document cannot be read: {0}.", "1000", "limits of this gateway", "sửa phần mềm tạo XML",
     "mend the generator"},
    {"xml.too_many_nodes"_reason, kError, "Tài liệu có quá nhiều phần tử: {0}.", "The document cannot be read: {0}.",
     "1000", "limits of this gateway", "chia gói thành các thông điệp nhỏ hơn",
     "split the package into smaller messages"},
    {"xml.value_too_long"_reason, kError, "Giá trị thuộc tính quá dài: {0}.", "The document cannot be read: {0}.",
     "1000", "limits of this gateway", "sửa phần mềm tạo XML", "mend the generator"},
    {"xml.xinclude"_reason, kError, "Không được dùng XInclude: {0}.", "The document cannot be read: {0}.", "1000",
     "limits of this gateway", "bỏ XInclude", "remove it; a message stands for itself"},
};

}  // namespace

std::span<const Rule> RulesOfXml() { return kRows; }

}  // namespace tvan
