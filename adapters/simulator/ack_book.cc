#include "adapters/simulator/ack_book.h"

#include <algorithm>

namespace tvan::sim {

void AckBook::Delivered(const std::string& answer_id, int type) {
  const MessageType* known = FindMessageType(type);
  const Codes in_return = known == nullptr ? Codes{} : known->follow_ups;
  delivered_[answer_id].wants_ack = std::count(in_return.begin(), in_return.end(), 999) > 0;
}

std::string AckBook::Take(const Request& ack, const std::string& sha256, Header header) {
  XmlNode notice = ack.dlieu ? ack.dlieu.Child("TBao") : XmlNode();
  std::string state = notice ? notice.Child("TTTNhan").Text() : "";
  if (header == Header::kWrong || !notice || (state != "0" && state != "1")) return "malformed";
  if (notice.Child("MTDiep").Text() != ack.header.mtdtchieu) return "malformed";
  auto found = delivered_.find(ack.header.mtdtchieu);
  if (found == delivered_.end()) return "unknown";
  Entry& entry = found->second;
  if (entry.ack_mtdiep.empty()) {
    entry.ack_mtdiep = ack.header.mtdiep;
    entry.ack_sha256 = sha256;
    return "ok";
  }
  return entry.ack_mtdiep == ack.header.mtdiep && entry.ack_sha256 == sha256 ? "repeated" : "double";
}

std::vector<std::string> AckBook::Missing() const {
  std::vector<std::string> missing;
  for (const auto& [id, entry] : delivered_)
    if (entry.wants_ack && entry.ack_mtdiep.empty()) missing.push_back(id);
  return missing;
}

}  // namespace tvan::sim
