#include "gateway/validate/xml_refusals.h"

#include <array>

#include "gateway/validate/finding_list.h"

namespace tvan {
namespace {

struct Refusal {
  std::string_view reason, vi;
};

// The reasons of adapters/xml_document.h.
constexpr std::array<Refusal, 13> kRefusals = {{
    {"xml.empty", "Thông điệp rỗng"},
    {"xml.too_large", "Thông điệp vượt quá dung lượng cho phép (2 MB)"},
    {"xml.encoding", "Thông điệp phải mã hóa UTF-8"},
    {"xml.doctype", "Không được dùng DOCTYPE"},
    {"xml.processing_instruction", "Không được dùng chỉ thị xử lý (processing instruction)"},
    {"xml.xinclude", "Không được dùng XInclude"},
    {"xml.not_well_formed", "XML không đúng cú pháp"},
    {"xml.namespace", "Khai báo namespace không hợp lệ"},
    {"xml.too_deep", "Các phần tử lồng nhau quá sâu"},
    {"xml.too_many_attributes", "Một phần tử có quá nhiều thuộc tính"},
    {"xml.name_too_long", "Tên phần tử hoặc thuộc tính quá dài"},
    {"xml.value_too_long", "Giá trị thuộc tính quá dài"},
    {"xml.too_many_nodes", "Tài liệu có quá nhiều phần tử"},
}};

}  // namespace

Finding XmlRefusal(const Status& refused) {
  Finding finding;
  finding.rule = refused.reason();
  finding.text_vi = "Không đọc được thông điệp XML";
  for (const Refusal& known : kRefusals)
    if (known.reason == refused.reason().text()) finding.text_vi = known.vi;
  finding.text_vi += ".";
  finding.text_en = FirstCharacters(refused.message(), 300);
  finding.authority_code = "1000";
  return finding;
}

}  // namespace tvan
