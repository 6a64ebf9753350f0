#include "gateway/validate/catalogue.h"

#include <algorithm>
#include <iterator>

namespace tvan {
namespace {

constexpr auto kUp = Direction::kUp, kDown = Direction::kDown, kBoth = Direction::kBoth;
constexpr auto kInvoices = ItemKind::kInvoices;
constexpr auto kNoticeItem = ItemKind::kNotice;
constexpr auto kOpen = ItemKind::kUnknown;
constexpr auto kByInvoice = SignaturePlace::kInvoice, kByPackage = SignaturePlace::kPackage;
constexpr auto kByNotice = SignaturePlace::kNotice, kUnsigned = SignaturePlace::kNone;
constexpr auto kByAuthority = SignaturePlace::kAuthorityNotice, kCoded = SignaturePlace::kAuthorityInvoice;
constexpr auto kAny = SignaturePlace::kUnknown;

// In order of code, for the search below.
constexpr MessageType kTypes[] = {
    {-2, kDown, false, kOpen, kUnsigned, "Yêu cầu ký sai", "bad signing request"},
    {-1, kDown, false, kOpen, kUnsigned, "Thông điệp không đọc được", "message could not be read"},
    {100, kUp, false, kOpen, kAny, "Đăng ký/thay đổi sử dụng HĐĐT", "registration of e-invoice use"},
    {101, kUp, false, kOpen, kAny, "Đăng ký ủy nhiệm lập hóa đơn", "registration of delegated issuing"},
    {102, kDown, false, kOpen, kByAuthority, "Tiếp nhận tờ khai", "declaration received or not"},
    {103, kDown, false, kOpen, kByAuthority, "Chấp nhận/không chấp nhận đăng ký", "registration accepted or refused"},
    {104, kDown, false, kOpen, kByAuthority, "Chấp nhận/không chấp nhận ủy nhiệm", "delegation accepted or refused"},
    {105, kDown, false, kOpen, kByAuthority, "Thông báo hết thời gian sử dụng", "end-of-use notice"},
    {106, kUp, false, kOpen, kAny, "Đề nghị cấp mã từng lần phát sinh", "request for a per-occurrence code"},
    {107, kDown, false, kOpen, kByAuthority, "Yêu cầu giải trình rủi ro", "high-risk taxpayer must explain"},
    {108, kDown, false, kOpen, kByAuthority, "Ngừng sử dụng HĐĐT", "stop using e-invoices"},
    {109, kUp, false, kOpen, kAny, "Đăng ký sử dụng chứng từ điện tử", "registration of e-document use"},
    {110, kDown, false, kOpen, kAny, "Tiếp nhận tờ khai chứng từ", "e-document declaration received"},
    {111, kDown, false, kOpen, kAny, "Chấp nhận tờ khai chứng từ", "e-document declaration accepted"},
    {112, kDown, false, kOpen, kAny, "Hủy tờ khai", "declaration cancelled"},
    {113, kDown, false, kOpen, kAny, "Giải trình, chuyển theo từng lần", "explain, move to per-occurrence"},
    {114, kDown, false, kOpen, kAny, "Tiếp tục sử dụng HĐĐT", "continue using e-invoices"},
    {150, kUp, false, kOpen, kAny, "Khai báo tài khoản cổng", "portal account declaration"},
    {200, kUp, true, kInvoices, kByInvoice, "Hóa đơn đề nghị cấp mã", "invoice asking for a code"},
    {201, kUp, false, kInvoices, kByInvoice, "Hóa đơn cấp mã từng lần", "invoice asking for a code, per occurrence"},
    {202, kDown, false, kInvoices, kCoded, "Hóa đơn đã cấp mã", "coded invoice"},
    {203, kUp, true, kInvoices, kByInvoice, "Hóa đơn không mã", "invoices without code"},
    {204, kDown, false, kNoticeItem, kByAuthority, "Kết quả kiểm tra dữ liệu 01/TB-KTDL", "check result 01/TB-KTDL"},
    {205, kDown, false, kOpen, kByAuthority, "Phản hồi đề nghị cấp mã từng lần", "reply to a per-occurrence request"},
    {206, kUp, true, kInvoices, kByPackage, "Hóa đơn từ máy tính tiền", "cash-register invoices"},
    {207, kUp, false, kOpen, kAny, "Hóa đơn tổng hợp casino", "casino summary invoice"},
    {208, kUp, false, kOpen, kAny, "Hóa đơn có mã điều chỉnh/thay thế nhiều", "coded, adjusting or replacing many"},
    {209, kUp, false, kOpen, kAny, "Hóa đơn kèm biên lai, không mã", "invoice with fee receipt, no code"},
    {210, kUp, false, kOpen, kAny, "Hóa đơn không mã điều chỉnh/thay thế nhiều",
     "uncoded, adjusting or replacing many"},
    {211, kUp, false, kOpen, kAny, "Chứng từ khấu trừ thuế TNCN", "income tax certificate"},
    {212, kUp, false, kOpen, kAny, "Báo cáo sử dụng biên lai", "receipt use report"},
    {213, kDown, false, kOpen, kAny, "Kết quả kiểm tra chứng từ", "check result for e-documents"},
    {216, kUp, false, kOpen, kAny, "Hóa đơn máy tính tiền không mã", "cash-register invoices without code"},
    {300, kUp, true, kNoticeItem, kByNotice, "Thông báo sai sót 04/SS-HĐĐT", "invoice error notice 04/SS-HĐĐT"},
    {301, kDown, false, kNoticeItem, kByAuthority, "Phản hồi thông báo sai sót", "answer to an error notice"},
    {302, kDown, false, kOpen, kByAuthority, "Yêu cầu rà soát hóa đơn", "review request"},
    {303, kUp, false, kNoticeItem, kByNotice, "Thông báo sai sót HĐ máy tính tiền", "cash-register error notice"},
    {304, kUp, false, kOpen, kAny, "Thông báo sai sót chứng từ", "e-document error notice"},
    {400, kUp, false, kOpen, kAny, "Bảng tổng hợp 01/TH-HĐĐT", "summary table 01/TH-HĐĐT"},
    {401, kUp, false, kOpen, kAny, "Bảng tổng hợp kèm danh sách", "summary table with list"},
    {500, kUp, false, kOpen, kAny, "Dữ liệu hóa đơn đã cấp mã", "coded data of an issuer of codes"},
    {501, kUp, false, kOpen, kAny, "Đối soát", "reconciliation"},
    {503, kUp, false, kOpen, kAny, "Dữ liệu không đủ điều kiện", "ineligible data of an issuer of codes"},
    {504, kUp, false, kOpen, kAny, "01/TB-KTDL của tổ chức cấp mã", "check results of an issuer of codes"},
    {505, kDown, false, kOpen, kAny, "Thay đổi trạng thái MST trong ngày", "tax-code status changes"},
    {506, kDown, false, kOpen, kAny, "Quyết định ngừng/tiếp tục", "stop and continue decisions"},
    {507, kDown, false, kOpen, kAny, "Dữ liệu đăng ký", "registration data"},
    {600, kUp, false, kOpen, kAny, "Đề nghị ký số", "signing request"},
    {601, kDown, false, kOpen, kAny, "Kết quả ký số", "signing reply"},
    {602, kUp, false, kOpen, kAny, "Đề nghị ký số", "signing request"},
    {603, kDown, false, kOpen, kAny, "Kết quả ký số", "signing reply"},
    {901, kBoth, false, kOpen, kAny, "Đối soát hằng ngày với T-VAN", "daily reconciliation with a T-VAN"},
    {902, kBoth, false, kOpen, kAny, "Đối soát hằng ngày với tổ chức cấp mã", "daily reconciliation, issuers of codes"},
    {999, kBoth, false, kNoticeItem, kUnsigned, "Phản hồi kỹ thuật", "technical response"},
};

constexpr bool InOrder() {
  for (size_t i = 1; i < std::size(kTypes); ++i)
    if (kTypes[i - 1].code >= kTypes[i].code) return false;
  return true;
}
static_assert(InOrder(), "FindMessageType searches by halves");

}  // namespace

const MessageType* FindMessageType(int code) {
  const auto* found = std::lower_bound(std::begin(kTypes), std::end(kTypes), code,
                                       [](const MessageType& type, int wanted) { return type.code < wanted; });
  return found != std::end(kTypes) && found->code == code ? found : nullptr;
}

}  // namespace tvan
