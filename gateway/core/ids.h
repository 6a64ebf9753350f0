#pragma once
// Strong ids: at the edge a string becomes one of these or is refused; inside nobody mixes them up.
// Values, compared and hashed by content.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/core/status.h"

namespace tvan {

template <class Tag>
class StrongString {
 public:
  StrongString() = default;
  // For values that were checked before they were stored; edges use Parse functions below.
  static StrongString Trusted(std::string value) {
    StrongString s;
    s.value_ = std::move(value);
    return s;
  }
  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend auto operator<=>(const StrongString&, const StrongString&) = default;

 private:
  std::string value_;
};

// A message's MTDiep on either hop: 1..46 printable ASCII characters without space (protocol.md section 3).
using MessageId = StrongString<struct MessageIdTag>;
// A tax code (MST): 10 digits, 10-3 with a dash, or 12 digits (protocol.md section 3).
using TaxCode = StrongString<struct TaxCodeTag>;
// A solution provider's id in the contract book: [a-z0-9-]{1,32}, chosen by the operator.
using ProviderId = StrongString<struct ProviderIdTag>;
// A line to the authority, e.g. "main".
using LineId = StrongString<struct LineIdTag>;

// Errors: ids.message_id, ids.tax_code, ids.provider_id (permanent).
Result<MessageId> ParseMessageId(std::string_view text);
Result<TaxCode> ParseTaxCode(std::string_view text);
Result<ProviderId> ParseProviderId(std::string_view text);
// The strict form of the authority hop: [VK] + 10 or 13 digits + 32 upper-case hex (protocol.md section 3).
bool IsAuthorityHopMessageId(std::string_view text);
// The tax code as it stands in MNGui/MNNhan and MTDiep: without the dash of a branch suffix.
std::string WithoutDash(const TaxCode& mst);

// A SHA-256 digest.
struct Sha256 {
  std::array<uint8_t, 32> bytes{};
  std::string Hex() const;  // 64 lower-case hex digits
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  friend auto operator<=>(const Sha256&, const Sha256&) = default;
};
Result<Sha256> ParseSha256Hex(std::string_view text);  // ids.sha256

// What names one invoice at the authority: MST + KHMSHDon + KHHDon + SHDon (duties.md 1.16).
// SHDon is kept in its numeric form, without leading zeros.
struct InvoiceKey {
  TaxCode mst;
  std::string khmshdon;
  std::string khhdon;
  std::string shdon;
  std::string ToString() const;  // "0101234567;1;C26TAA;17"
  friend auto operator<=>(const InvoiceKey&, const InvoiceKey&) = default;
};
Result<InvoiceKey> ParseInvoiceKey(std::string_view text);  // the form of ToString; ids.invoice_key

// What makes a repeated submit the same submit: (provider, kind of id, the provider's id).
enum class SubmitIdKind : uint8_t { kMTDiep = 1, kClientReference = 2 };
struct IdempotencyKey {
  ProviderId provider;
  SubmitIdKind kind = SubmitIdKind::kMTDiep;
  std::string value;  // MTDiep, or client_reference: 1..64 printable ASCII characters
  friend auto operator<=>(const IdempotencyKey&, const IdempotencyKey&) = default;
};

}  // namespace tvan

template <class Tag>
struct std::hash<tvan::StrongString<Tag>> {
  size_t operator()(const tvan::StrongString<Tag>& id) const noexcept { return std::hash<std::string>()(id.value()); }
};
