#include "ops/ctl/receipt_facts.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <string_view>

#include "adapters/signature.h"

namespace tvan::ctl {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view WithoutMark(std::string_view document) {
  if (document.substr(0, kByteOrderMark.size()) == kByteOrderMark) document.remove_prefix(kByteOrderMark.size());
  return document;
}

}  // namespace

bool SpeaksOf(const std::string& facts, const std::string& document) {
  google::protobuf::Struct object;
  if (!google::protobuf::util::JsonStringToMessage(facts, &object).ok()) return false;
  const auto member = object.fields().find("sha256");
  if (member == object.fields().end()) return false;
  return member->second.string_value() == MakeDigester()->Sha256Of(WithoutMark(document)).Hex();
}

}  // namespace tvan::ctl
