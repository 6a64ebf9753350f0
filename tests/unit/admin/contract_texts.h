#pragma once
// Items of the contract book, and times in them, written as text of their messages. For tests.

#include <google/protobuf/text_format.h>

#include <string>

#include "gateway/intake/convert.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

template <class Message>
Message Read(const std::string& text) {
  Message message;
  TVAN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

// A time as a field of such a text: " from { seconds: 1767200400 }".
inline std::string At(const std::string& field, Time time) {
  google::protobuf::Timestamp stamp;
  ToProto(time, stamp);
  return " " + field + " { " + stamp.ShortDebugString() + " }";
}
inline std::string On(const std::string& field, const std::string& day) { return At(field, *ParseDate(day)); }

inline const std::string kActive = " status: CONTRACT_STATUS_ACTIVE ";
inline std::string ContractOf(const std::string& provider, const std::string& more = "") {
  return "provider_contract { provider: '" + provider + "' tax_codes: '0109999999'" + kActive + more + "}";
}
inline std::string MandateOf(const std::string& provider, const std::string& mst, const std::string& more = "") {
  return "mandate { provider: '" + provider + "' mst: '" + mst + "'" + kActive + more + "}";
}

}  // namespace tvan
