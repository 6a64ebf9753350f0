#include "gateway/admin/contract_pieces.h"

#include <cctype>

namespace tvan {

ContractStatus StatusOf(int number) {
  return number > admin::v1::CONTRACT_STATUS_UNSPECIFIED && number <= admin::v1::CONTRACT_STATUS_TERMINATED
             ? static_cast<ContractStatus>(number)
             : ContractStatus{};
}

Result<std::vector<TaxCode>> TaxCodesOf(const google::protobuf::RepeatedPtrField<std::string>& texts,
                                        const std::string& field) {
  std::vector<TaxCode> codes;
  for (const std::string& text : texts) {
    const auto code = ParseTaxCode(text);
    if (!code) return Status::Permanent("admin.bad_request"_reason, field + ": " + code.status().message());
    codes.push_back(*code);
  }
  return codes;
}

Result<std::vector<MessageClass>> ClassesOf(const google::protobuf::RepeatedField<int>& numbers,
                                            const std::string& field) {
  std::vector<MessageClass> classes;
  for (const int number : numbers) {
    const auto cls = FromProto(static_cast<v1::MessageClass>(number));
    if (!cls) return Status::Permanent("admin.bad_request"_reason, field + ": unknown class " + std::to_string(number));
    classes.push_back(*cls);
  }
  return classes;
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

BoundCertificate CertificateOf(const admin::v1::BoundCertificate& in) {
  BoundCertificate out(LowerCase(in.sha256()));
  out.from = TimeOr(Time{}, in.has_from(), in.from());
  out.to = TimeOr(kForever, in.has_to(), in.to());
  out.revoked_at = TimeOr(kForever, in.has_revoked_at(), in.revoked_at());
  out.note = in.note();
  return out;
}
void Fill(const BoundCertificate& in, admin::v1::BoundCertificate& out) {
  out.set_sha256(in.sha256);
  SetDates(in.from, in.to, out);
  if (in.revoked_at != kForever) ToProto(in.revoked_at, *out.mutable_revoked_at());
  out.set_note(in.note);
}

}  // namespace tvan
