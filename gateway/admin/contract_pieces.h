#pragma once
// What the messages of contracts, mandates and taxpayers have in common, both ways. Pure. Internal to admin.

#include <algorithm>
#include <string>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/intake/convert.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

// An unknown number becomes a status that the book refuses.
ContractStatus StatusOf(int number);
inline Time TimeOr(Time none, bool there, const google::protobuf::Timestamp& time) {
  return there ? FromProto(time) : none;
}
// admin.bad_request, with the name of the field.
Result<std::vector<TaxCode>> TaxCodesOf(const google::protobuf::RepeatedPtrField<std::string>& texts,
                                        const std::string& field);
Result<std::vector<MessageClass>> ClassesOf(const google::protobuf::RepeatedField<int>& numbers,
                                            const std::string& field);
std::string LowerCase(std::string text);
BoundCertificate CertificateOf(const admin::v1::BoundCertificate& in);
void Fill(const BoundCertificate& in, admin::v1::BoundCertificate& out);

template <class Message>
Dates DatesOf(const Message& in) {
  return {TimeOr(Time{}, in.has_from(), in.from()), TimeOr(kForever, in.has_to(), in.to())};
}
template <class Message>
void SetDates(Time from, Time to, Message& out) {
  if (from.us != 0) ToProto(from, *out.mutable_from());
  if (to != kForever) ToProto(to, *out.mutable_to());
}
// Oldest first.
inline std::vector<Dates> TermsOf(const google::protobuf::RepeatedPtrField<admin::v1::ContractTerm>& in) {
  std::vector<Dates> terms;
  for (const admin::v1::ContractTerm& term : in) terms.push_back(DatesOf(term));
  std::stable_sort(terms.begin(), terms.end(), [](const Dates& a, const Dates& b) { return a.from < b.from; });
  return terms;
}

}  // namespace tvan
