#include "gateway/core/catalogue.h"

#include <algorithm>
#include <iterator>

namespace tvan {
namespace {

constexpr auto kUp = Direction::kUp, kDown = Direction::kDown, kBoth = Direction::kBoth;
constexpr auto kHDon = ItemKind::kInvoices, kTBao = ItemKind::kNotice, kTKhai = ItemKind::kDeclaration;
constexpr auto kDNghi = ItemKind::kRequest, kBTHDLieu = ItemKind::kSummaries, kFields = ItemKind::kFields;
constexpr auto kAny = ItemKind::kUnknown;
constexpr auto kOne = ItemCount::kOne, kMany = ItemCount::kMany, kSome = ItemCount::kUnknown;
constexpr auto kByInvoice = SignaturePlace::kInvoice, kByPackage = SignaturePlace::kPackage;
constexpr auto kByNNT = SignaturePlace::kTaxpayer, kByCQT = SignaturePlace::kAuthorityNotice;
constexpr auto kCodedByCQT = SignaturePlace::kAuthorityInvoice, kUnsigned = SignaturePlace::kNone;
constexpr auto kAnywhere = SignaturePlace::kUnknown;
constexpr auto kFull = Depth::kFull, kItems = Depth::kItems, kHeader = Depth::kHeader;
constexpr auto kSure = Mark::kSure, kLikely = Mark::kLikely, kWeak = Mark::kWeak;
constexpr auto kCoded = MessageClass::kCoded, kUncoded = MessageClass::kUncoded;
constexpr auto kRegister = MessageClass::kCashRegister, kErrors = MessageClass::kErrorNotice;
constexpr auto kRegistration = MessageClass::kRegistration, kSummary = MessageClass::kSummary;
constexpr auto kTechnical = MessageClass::kTechnical;
constexpr auto kNever = Whether::kNo, kAlways = Whether::kYes, kMaybe = Whether::kByContent;
constexpr std::nullopt_t kNoClass = std::nullopt;
constexpr bool kRelayed = true, kNotRelayed = false;
constexpr Codes kNothing = {}, kOur999 = {999};
constexpr AsAnswer kNoAnswer{}, kInformation{}, kUnasked{kNever, kNever, true}, kVerdict{kMaybe, kMaybe};
constexpr AsAnswer kGood{kMaybe, kNever}, kBad{kAlways, kAlways}, kEnds{kAlways, kMaybe};
constexpr Since kFirst{"qd1450", kSure}, kPos{"qd1510", kSure}, kFeeds{"qd1510", kLikely}, kNew{"qd1271", kLikely};

constexpr Codes By(short first, short second, short third = 0) { return {first, second, third}; }

// A type of which nothing but its name is known, and which is not relayed.
constexpr MessageType Unread(int code, Direction direction, std::string_view name_vi, std::string_view name_en,
                             Mark mark, Codes follow_ups, AsAnswer answer, Since since) {
  return {code,      direction, kNotRelayed, name_vi,  name_en,    mark,   kAny,  kSome,
          kAnywhere, kHeader,   "",          kNoClass, follow_ups, answer, since, "4"};
}

// The classes of 209 to 212 and 216 are nobody's word: law on them is not known, so each takes, of the classes that its
// name allows, the one that is due first (duties.md section 6). 211 and 212 are documents, no invoices.
constexpr MessageType kTypes[] = {
    {-2, kDown, kNotRelayed, "Dữ liệu đề nghị ký số bị lỗi", "bad signing request", kLikely, kTBao, kOne, kUnsigned,
     kHeader, "answer-2", kNoClass, kNothing, kInformation, kFirst, "4"},
    {-1, kDown, kNotRelayed, "Thông điệp sai định dạng, không đọc được", "message could not be read", kSure, kFields,
     kOne, kUnsigned, kFull, "answer-1", kNoClass, kNothing, kBad, kFirst, "4, 7.4"},
    {100, kUp, kRelayed, "Tờ khai đăng ký/thay đổi thông tin sử dụng HĐĐT", "register or change e-invoice use", kSure,
     kTKhai, kOne, kByNNT, kFull, "tkhai100", kRegistration, By(999, 102, 103), kNoAnswer, kFirst, "4, 5, 10"},
    {101, kUp, kRelayed, "Tờ khai đăng ký ủy nhiệm/nhận ủy nhiệm lập hóa đơn", "register delegated issuing", kSure,
     kTKhai, kOne, kByNNT, kFull, "tkhai101", kRegistration, By(999, 102, 104), kNoAnswer, kFirst, "4, 5, 10"},
    {102, kDown, kNotRelayed, "Tiếp nhận/không tiếp nhận tờ khai", "declaration received or not", kSure, kTBao, kOne,
     kByCQT, kFull, "answer102", kNoClass, kOur999, kVerdict, kFirst, "4, 5, 7.10"},
    {103, kDown, kNotRelayed, "Chấp nhận/không chấp nhận đăng ký", "registration accepted or refused", kSure, kTBao,
     kOne, kByCQT, kFull, "answer103", kNoClass, kOur999, kEnds, kFirst, "4, 5, 7.10"},
    {104, kDown, kNotRelayed, "Chấp nhận/không chấp nhận ủy nhiệm", "delegation accepted or refused", kSure, kTBao,
     kMany, kByCQT, kFull, "answer104", kNoClass, kOur999, kEnds, kFirst, "4, 5"},
    {105, kDown, kNotRelayed, "Hết thời gian sử dụng/không còn thuộc trường hợp không mã", "end of use notice", kSure,
     kTBao, kOne, kByCQT, kFull, "answer105", kNoClass, kOur999, kUnasked, kFirst, "4, 5"},
    {106, kUp, kRelayed, "Đề nghị cấp hóa đơn có mã theo từng lần phát sinh", "request for per-occurrence codes", kSure,
     kDNghi, kOne, kByNNT, kFull, "denghi106", kRegistration, By(999, 205), kNoAnswer, kFirst, "4, 10"},
    {107, kDown, kNotRelayed, "Yêu cầu NNT rủi ro cao giải trình", "high-risk taxpayer must explain", kLikely, kTBao,
     kOne, kByCQT, kHeader, "", kNoClass, kOur999, kUnasked, kNew, "4, 5"},
    {108, kDown, kNotRelayed, "Ngừng sử dụng hóa đơn điện tử", "stop using e-invoices", kSure, kTBao, kOne, kByCQT,
     kHeader, "", kNoClass, kOur999, kUnasked, kNew, "4, 5"},
    Unread(109, kUp, "Đăng ký/thay đổi sử dụng chứng từ điện tử", "register e-document use", kLikely, By(110, 111),
           kNoAnswer, kNew),
    Unread(110, kDown, "Tiếp nhận tờ khai chứng từ điện tử", "e-document declaration received", kWeak, kOur999,
           kInformation, kNew),
    Unread(111, kDown, "Chấp nhận tờ khai chứng từ điện tử", "e-document declaration accepted", kWeak, kOur999,
           kInformation, kNew),
    Unread(112, kDown, "NNT hủy tờ khai/thông báo/đề nghị", "declaration cancelled by taxpayer", kWeak, kOur999,
           kInformation, kNew),
    Unread(113, kDown, "Giải trình, chuyển theo từng lần", "explain, move to per-occurrence", kWeak, kOur999,
           kInformation, kNew),
    Unread(114, kDown, "Tiếp tục sử dụng", "continue use", kWeak, kOur999, kInformation, kNew),
    Unread(150, kUp, "Khai báo tài khoản khai thác", "portal account declaration", kWeak, kNothing, kNoAnswer, kNew),
    {200, kUp, kRelayed, "Hóa đơn gửi cấp mã", "invoice asking for a code", kSure, kHDon, kOne, kByInvoice, kFull,
     "hdon", kCoded, By(999, 202, 204), kNoAnswer, kFirst, "4, 7.1"},
    {201, kUp, kRelayed, "Hóa đơn gửi cấp mã theo từng lần phát sinh", "invoice asking for a code, per occurrence",
     kLikely, kHDon, kOne, kByInvoice, kFull, "hdon", kCoded, By(999, 202, 204), kNoAnswer, kFirst, "4, 7.1"},
    {202, kDown, kNotRelayed, "Kết quả cấp mã", "coded invoice", kSure, kHDon, kOne, kCodedByCQT, kFull, "hdon",
     kNoClass, kOur999, kGood, kFirst, "4, 7.5"},
    {203, kUp, kRelayed, "Chuyển dữ liệu hóa đơn không mã", "invoices without code", kSure, kHDon, kMany, kByInvoice,
     kFull, "hdon", kUncoded, By(999, 204), kNoAnswer, kFirst, "4, 7.1"},
    {204, kDown, kNotRelayed, "Kết quả kiểm tra dữ liệu", "check result", kSure, kTBao, kMany, kByCQT, kFull,
     "answer204", kNoClass, kOur999, kVerdict, kFirst, "4, 5, 7.6"},
    {205, kDown, kNotRelayed, "Phản hồi đề nghị cấp mã từng lần", "reply to a 106", kLikely, kTBao, kOne, kByCQT, kFull,
     "answer205", kNoClass, kOur999, kEnds, kFirst, "4, 5"},
    {206, kUp, kRelayed, "Hóa đơn có mã từ máy tính tiền", "cash-register invoices", kSure, kHDon, kMany, kByPackage,
     kFull, "hdon", kRegister, By(999, 204), kNoAnswer, kPos, "4, 7.2"},
    {207, kUp, kRelayed, "Hóa đơn kèm phiếu tổng hợp doanh thu casino", "invoice with casino revenue summary", kLikely,
     kHDon, kOne, kByInvoice, kItems, "dlieu207", kCoded, By(999, 202, 204), kNoAnswer, kNew, "4, 7.1"},
    {208, kUp, kRelayed, "Hóa đơn có mã thay thế/điều chỉnh nhiều hóa đơn", "coded, adjusting or replacing many",
     kLikely, kHDon, kOne, kByInvoice, kItems, "dlieu208", kCoded, By(999, 202, 204), kNoAnswer, kNew, "4, 7.1"},
    {209, kUp, kRelayed, "Hóa đơn kèm biên lai phí, không mã", "invoice and fee receipt, uncoded", kLikely, kHDon,
     kSome, kAnywhere, kHeader, "dlieu209", kUncoded, By(999, 204), kNoAnswer, kNew, "4"},
    {210, kUp, kRelayed, "Hóa đơn không mã thay thế/điều chỉnh nhiều hóa đơn", "uncoded, adjusting or replacing many",
     kWeak, kHDon, kSome, kAnywhere, kHeader, "dlieu210", kUncoded, By(999, 204), kNoAnswer, kNew, "4"},
    {211, kUp, kRelayed, "Chứng từ khấu trừ thuế TNCN", "personal income tax certificate", kWeak, kAny, kSome,
     kAnywhere, kHeader, "dlieu211", kUncoded, By(999, 213), kNoAnswer, kNew, "4"},
    {212, kUp, kRelayed, "Báo cáo tình hình sử dụng biên lai", "receipt use report", kWeak, kAny, kSome, kAnywhere,
     kHeader, "dlieu212", kSummary, By(999, 213), kNoAnswer, kNew, "4"},
    Unread(213, kDown, "Kết quả kiểm tra dữ liệu chứng từ điện tử", "check result for e-documents", kWeak, kOur999,
           kEnds, kNew),
    {216, kUp, kRelayed, "Hóa đơn từ máy tính tiền không mã", "cash-register invoices without code", kWeak, kHDon,
     kMany, kAnywhere, kHeader, "dlieu216", kRegister, By(999, 204), kNoAnswer, kNew, "4"},
    {300, kUp, kRelayed, "Thông báo HĐĐT có sai sót", "invoice error notice", kSure, kTBao, kOne, kByNNT, kFull,
     "notice300", kErrors, By(999, 301, 204), kNoAnswer, kFirst, "4, 5, 7.8"},
    {301, kDown, kNotRelayed, "Tiếp nhận và kết quả xử lý sai sót", "answer to an error notice", kSure, kTBao, kMany,
     kByCQT, kFull, "answer301", kNoClass, kOur999, kVerdict, kFirst, "4, 5, 7.7"},
    {302, kDown, kNotRelayed, "Hóa đơn cần rà soát", "review request", kSure, kTBao, kMany, kByCQT, kFull, "answer302",
     kNoClass, By(999, 300), kUnasked, kFirst, "4, 5"},
    {303, kUp, kRelayed, "Thông báo hóa đơn máy tính tiền có sai sót", "cash-register error notice", kSure, kTBao, kOne,
     kByNNT, kFull, "notice300", kErrors, By(999, 301, 204), kNoAnswer, kPos, "4, 5, 7.8"},
    {304, kUp, kRelayed, "Thông báo chứng từ điện tử lập sai", "e-document error notice", kLikely, kTBao, kOne,
     kAnywhere, kHeader, "dlieu304", kErrors, By(999, 301), kNoAnswer, kNew, "4"},
    {400, kUp, kRelayed, "Bảng tổng hợp dữ liệu hóa đơn điện tử", "summary table", kSure, kBTHDLieu, kMany, kByNNT,
     kFull, "bthdl400", kSummary, By(999, 204), kNoAnswer, kFirst, "4, 7.9"},
    {401, kUp, kRelayed, "Bảng tổng hợp kèm bảng kê điều chỉnh/thay thế", "summary table with list", kLikely, kBTHDLieu,
     kOne, kByNNT, kItems, "dlieu401", kSummary, By(999, 204), kNoAnswer, kNew, "4, 7.9"},
    Unread(500, kUp, "Dữ liệu hóa đơn do tổ chức được ủy quyền cấp mã", "coded data of an authorised issuer", kLikely,
           kNothing, kNoAnswer, kFirst),
    Unread(501, kUp, "Đối soát", "reconciliation", kLikely, kNothing, kNoAnswer, kFirst),
    Unread(503, kUp, "Dữ liệu hóa đơn không đủ điều kiện cấp mã", "ineligible data of an authorised issuer", kLikely,
           kNothing, kNoAnswer, kFirst),
    Unread(504, kUp, "01/TB-KTDL của tổ chức ủy quyền", "check results of an authorised issuer", kLikely, kNothing,
           kNoAnswer, kFirst),
    {505, kDown, kNotRelayed, "MST thay đổi thông tin trong ngày", "tax-code status changes of the day", kLikely,
     kFields, kOne, kAnywhere, kFull, "answer505", kNoClass, kOur999, kUnasked, kFeeds, "4, 5"},
    {506, kDown, kNotRelayed, "Quyết định ngừng/tiếp tục sử dụng", "stop and continue decisions", kLikely, kFields,
     kOne, kAnywhere, kFull, "answer506", kNoClass, kOur999, kUnasked, kFeeds, "4, 5"},
    {507, kDown, kNotRelayed, "Thông tin đăng ký sử dụng HĐĐT", "registration data", kLikely, kFields, kOne, kAnywhere,
     kFull, "answer507", kNoClass, kOur999, kUnasked, kFeeds, "4, 5"},
    Unread(600, kUp, "Đề nghị ký số hóa đơn cấp mã", "signing request, invoices", kLikely, By(601, -2), kNoAnswer,
           kFirst),
    Unread(601, kDown, "Ký số hóa đơn thành công", "signing reply, invoices", kLikely, kOur999, kInformation, kFirst),
    Unread(602, kUp, "Đề nghị ký số thông báo", "signing request, notices", kLikely, By(603, -2), kNoAnswer, kFirst),
    Unread(603, kDown, "Ký số thông báo thành công", "signing reply, notices", kLikely, kOur999, kInformation, kFirst),
    Unread(901, kBoth, "Đối soát hằng ngày với T-VAN", "daily reconciliation with a T-VAN", kSure, kOur999,
           kInformation, kFirst),
    Unread(902, kBoth, "Đối soát hằng ngày với tổ chức cấp mã", "daily reconciliation, authorised issuers", kLikely,
           kOur999, kInformation, kFirst),
    {999, kBoth, kNotRelayed, "Phản hồi kỹ thuật", "technical response", kSure, kTBao, kOne, kUnsigned, kFull,
     "answer999", kTechnical, kNothing, kVerdict, kFirst, "4, 5, 7.3"},
};

constexpr bool InOrder() {
  for (size_t i = 1; i < std::size(kTypes); ++i)
    if (kTypes[i - 1].code >= kTypes[i].code) return false;
  return true;
}
static_assert(InOrder(), "FindMessageType searches by halves");

using Answer = ClassRule::Answer;
// That of coded is likely: a code is given as automatically as a cash-register package is compared.
constexpr ClassRule kRules[] = {
    {kCoded, 1, 1, Answer::kQuarterHour, "the buyer waits for the code"},
    {kUncoded, 2, 4, Answer::kNoTerm, "two working days after a stop, not counted as late"},
    {kRegister, 0, 0, Answer::kQuarterHour, "data due the same day"},
    {kErrors, 1, 2, Answer::kWorkingDay, "answered within a working day; corrections hang on it"},
    {kRegistration, 1, 3, Answer::kWorkingDay, "answered within a working day"},
    {kSummary, 3, 5, Answer::kNoTerm, "with the VAT return; petrol (LHHoa 1) the same day"},
};

}  // namespace

std::span<const MessageType> MessageTypes() { return kTypes; }

std::span<const ClassRule> ClassRules() { return kRules; }

bool IsDueSameDay(const MessageType& type, std::string_view goods) {
  return type.items == ItemKind::kSummaries && goods == "1";
}

const MessageType* FindMessageType(int code) {
  const auto* found = std::lower_bound(std::begin(kTypes), std::end(kTypes), code,
                                       [](const MessageType& type, int wanted) { return type.code < wanted; });
  return found != std::end(kTypes) && found->code == code ? found : nullptr;
}

std::string_view ElementOf(ItemKind kind) {
  switch (kind) {
    case ItemKind::kInvoices:
      return "HDon";
    case ItemKind::kNotice:
      return "TBao";
    case ItemKind::kDeclaration:
      return "TKhai";
    case ItemKind::kRequest:
      return "DNghi";
    case ItemKind::kSummaries:
      return "BTHDLieu";
    case ItemKind::kUnknown:
    case ItemKind::kFields:
      break;
  }
  return {};
}

bool MayHavePackageSignature(const MessageType& type) {
  return type.signature == SignaturePlace::kPackage || type.signature == SignaturePlace::kUnknown;
}

bool IsRegistration(int code) {
  const MessageType* type = FindMessageType(code);
  return type != nullptr && type->items == ItemKind::kDeclaration;
}

bool MayAnswer(int request, int answer) {
  const MessageType* type = FindMessageType(request);
  if (type == nullptr || type->depth == Depth::kHeader || answer == 999 || answer == -1) return true;
  return std::find(type->follow_ups.begin(), type->follow_ups.end(), answer) != type->follow_ups.end();
}

bool IsUnasked(int code) {
  const MessageType* type = FindMessageType(code);
  return type != nullptr && type->answer.unasked;
}

bool IsSignedByAuthority(int code) {
  const MessageType* type = FindMessageType(code);
  return type != nullptr &&
         (type->signature == SignaturePlace::kAuthorityInvoice || type->signature == SignaturePlace::kAuthorityNotice);
}

}  // namespace tvan
