#include "adapters/signature/texts.h"

namespace tvan {
namespace {

struct Row {
  Reason rule;
  const char* vi;
  const char* en;
};

constexpr Row kRows[] = {
    {"signature.missing"_reason, "Thiếu chữ ký số", "The signature is missing"},
    {"signature.format"_reason, "Cấu trúc Signature không đúng chuẩn XML Signature",
     "The Signature element is not built as XML Signature says"},
    {"signature.not_single"_reason, "SignedInfo, SignatureValue và KeyInfo phải có đúng một lần",
     "SignedInfo, SignatureValue and KeyInfo must each stand exactly once"},
    {"signature.canonicalization"_reason, "Thuật toán chuẩn hóa (C14N) không được chấp nhận",
     "The canonicalisation algorithm is not accepted"},
    {"signature.method"_reason, "Thuật toán ký không được chấp nhận", "The signature algorithm is not accepted"},
    {"signature.sha1"_reason, "SHA-1 không còn được chấp nhận", "SHA-1 is not accepted any more"},
    {"signature.digest_method"_reason, "Thuật toán băm không được chấp nhận", "The digest algorithm is not accepted"},
    {"signature.transform"_reason, "Phép biến đổi (Transform) không được chấp nhận", "A transform is not accepted"},
    {"signature.too_many_transforms"_reason, "Reference có quá hai Transform",
     "A Reference has more than two transforms"},
    {"signature.too_many_references"_reason, "Chữ ký có quá bốn Reference",
     "The signature has more than four References"},
    {"signature.reference_uri"_reason, "URI của Reference chỉ được là '' hoặc '#id' trong cùng tài liệu",
     "A Reference's URI must be '' or a plain '#id' of the same document"},
    {"signature.whole_document_transform"_reason, "Reference URI='' phải kèm transform enveloped-signature",
     "A Reference with URI='' needs the enveloped-signature transform"},
    {"signature.id_unknown"_reason, "Không tìm thấy phần tử mà Reference trỏ tới",
     "No element has the id that a Reference names"},
    {"signature.id_not_unique"_reason, "Id bị trùng trong tài liệu", "An id stands twice in the document"},
    {"signature.id_reused_across_items"_reason, "Id bị dùng lại giữa các hóa đơn trong cùng gói",
     "An id is used again in another item of the package"},
    {"signature.not_covered"_reason, "Chữ ký không bao phủ dữ liệu phải ký",
     "The signature does not cover the data that must be signed"},
    {"signature.inside_signature"_reason, "Reference trỏ vào trong chính chữ ký mà không phải là thuộc tính ký",
     "A Reference points into the signature itself at something other than signed properties"},
    {"signature.enveloped_on_object"_reason, "Reference tới Object không được có transform enveloped-signature",
     "The Reference to the Object must not have the enveloped-signature transform"},
    {"signature.signing_time_missing"_reason, "Thiếu SigningTime trong chữ ký", "The signature has no SigningTime"},
    {"signature.signing_time_unsigned"_reason, "SigningTime không nằm trong phần được ký",
     "A SigningTime is not covered by the signature"},
    {"signature.signing_time_ambiguous"_reason, "Chữ ký có nhiều hơn một SigningTime",
     "The signature has more than one SigningTime"},
    {"signature.signing_time_format"_reason, "SigningTime phải có dạng YYYY-MM-DDThh:mm:ss",
     "SigningTime must read YYYY-MM-DDThh:mm:ss"},
    {"signature.target_missing"_reason, "SignatureProperty thiếu thuộc tính Target",
     "SignatureProperty lacks the Target attribute"},
    {"signature.key_info"_reason, "KeyInfo chỉ được chứa X509Data", "KeyInfo may hold X509Data only"},
    {"signature.certificate"_reason, "Thiếu chứng thư số trong X509Data hoặc chứng thư số bị hỏng",
     "X509Data lacks the certificate, or the certificate is damaged"},
    {"signature.key_value"_reason, "KeyValue khác với khóa của chứng thư số",
     "KeyValue is another key than the certificate's"},
    {"signature.key_size"_reason, "Loại khóa hoặc độ dài khóa không được chấp nhận",
     "The kind or size of the key is not accepted"},
    {"signature.key_usage"_reason, "Chứng thư số không dùng để ký", "The certificate is not meant for signing"},
    {"signature.algorithm_key"_reason, "Thuật toán ký không khớp với loại khóa của chứng thư số",
     "The signature algorithm does not fit the certificate's key"},
    {"signature.digest"_reason, "Dữ liệu đã bị thay đổi sau khi ký", "The data were changed after signing"},
    {"signature.value"_reason, "Giá trị chữ ký không đúng", "The signature value is wrong"},
    {"signature.engine"_reason, "Không kiểm tra được chữ ký", "The signature cannot be processed"},
    {"signature.too_much_work"_reason, "Các chữ ký bao phủ tài liệu quá nhiều lần",
     "The signatures of the document together cover it too many times"},
    {"signature.untrusted"_reason, "Chứng thư số không do tổ chức được tin cậy cấp",
     "The certificate does not lead to a trusted issuer"},
    {"signature.expired"_reason, "Chứng thư số không có hiệu lực tại thời điểm ký",
     "The certificate was not valid at the time of signing"},
    {"signature.revoked"_reason, "Chứng thư số đã bị thu hồi", "The certificate was revoked"},
    {"signature.time"_reason, "SigningTime nằm ngoài khoảng cho phép", "SigningTime is outside of the accepted bounds"},
    {"signature.breaks_on_forward"_reason, "Chữ ký trên toàn tài liệu (URI='') sẽ hỏng khi T-VAN chuyển tiếp",
     "A signature over the whole document (URI='') breaks when the message is forwarded"},
};

constexpr const char* kBadSignature = "2011";

}  // namespace

Finding SignatureFinding(Reason rule, std::string path, const std::string& detail) {
  Finding finding;
  finding.rule = rule;
  finding.path = std::move(path);
  finding.authority_code = kBadSignature;
  for (const Row& row : kRows) {
    if (!(row.rule == rule)) continue;
    finding.text_vi = row.vi;
    finding.text_en = row.en;
  }
  TVAN_CHECK(!finding.text_en.empty());
  if (!detail.empty()) {
    finding.text_vi += ": " + detail;
    finding.text_en += ": " + detail;
  }
  return finding;
}

}  // namespace tvan
