#include "gateway/admin/page_token.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "gateway/core/hex.h"

namespace tvan {
namespace {

constexpr size_t kLongestPlace = 120;
constexpr uint64_t kFnvBasis = 0xcbf29ce484222325, kFnvPrime = 0x100000001b3;

bool IsOfPlace(char c) { return c > ' ' && c < '\x7f'; }

}  // namespace

// FNV-1a: against mistakes, not against anybody; who may ask one question may ask the other.
std::string MarkOf(const google::protobuf::Message& question) {
  uint64_t hash = kFnvBasis;
  for (const char c : question.GetTypeName() + "\n" + question.SerializeAsString())
    hash = (hash ^ static_cast<uint8_t>(c)) * kFnvPrime;
  std::array<uint8_t, 8> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(hash >> (8 * i));
  return HexLower(bytes);
}

std::string MakePageToken(const std::string& mark, const std::string& place) { return mark + ":" + place; }

Result<std::string> PlaceOf(const std::string& mark, const std::string& token) {
  if (token.empty()) return std::string();
  const std::string begin = mark + ":";
  const bool ours = token.size() > begin.size() && token.size() <= begin.size() + kLongestPlace &&
                    token.compare(0, begin.size(), begin) == 0 && std::all_of(token.begin(), token.end(), IsOfPlace);
  if (!ours)
    return Status::Permanent("admin.bad_request"_reason, "page_token: none that this question was answered with");
  return token.substr(begin.size());
}

}  // namespace tvan
