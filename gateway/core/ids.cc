#include "gateway/core/ids.h"

#include <algorithm>
#include <charconv>

#include "gateway/core/hex.h"

namespace tvan {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsVisible(char c) { return c > 0x20 && c < 0x7F; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }
bool IsUpperHex(char c) { return IsDigit(c) || (c >= 'A' && c <= 'F'); }

bool IsTaxCode(std::string_view text) {
  if (text.size() == 10 || text.size() == 12) return AllDigits(text);
  return text.size() == 14 && text[10] == '-' && AllDigits(text.substr(0, 10)) && AllDigits(text.substr(11));
}

bool IsKeyField(std::string_view text, size_t limit) {
  return !text.empty() && text.size() <= limit && std::all_of(text.begin(), text.end(), IsVisible);
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

Result<MessageId> ParseMessageId(std::string_view text) {
  if (text.empty() || text.size() > 46 || !std::all_of(text.begin(), text.end(), IsVisible))
    return Status::Permanent("ids.message_id"_reason, "a message id has 1 to 46 printable ASCII characters, no space");
  return MessageId::Trusted(std::string(text));
}

Result<TaxCode> ParseTaxCode(std::string_view text) {
  if (!IsTaxCode(text))
    return Status::Permanent("ids.tax_code"_reason, "a tax code has 10 digits, 10 digits-3 digits, or 12 digits");
  return TaxCode::Trusted(std::string(text));
}

Result<ProviderId> ParseProviderId(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-'; };
  if (text.empty() || text.size() > 32 || !std::all_of(text.begin(), text.end(), fits))
    return Status::Permanent("ids.provider_id"_reason, "a provider id has 1 to 32 characters of a-z, 0-9 and '-'");
  return ProviderId::Trusted(std::string(text));
}

bool IsAuthorityHopMessageId(std::string_view text) {
  if (text.size() != 43 && text.size() != 46) return false;
  if (text.front() != 'V' && text.front() != 'K') return false;
  const std::string_view hex = text.substr(text.size() - 32);
  return AllDigits(text.substr(1, text.size() - 33)) && std::all_of(hex.begin(), hex.end(), IsUpperHex);
}

std::string WithoutDash(const TaxCode& mst) {
  std::string text = mst.value();
  std::erase(text, '-');
  return text;
}

std::string Sha256::Hex() const { return HexLower(bytes); }

Result<Sha256> ParseSha256Hex(std::string_view text) {
  Sha256 digest;
  if (!ParseHex(text, digest.bytes))
    return Status::Permanent("ids.sha256"_reason, "a SHA-256 digest is written as 64 hex digits");
  return digest;
}

std::string InvoiceKey::ToString() const {
  std::string text;
  text.reserve(mst.value().size() + khmshdon.size() + khhdon.size() + shdon.size() + 3);
  text.append(mst.value()).append(1, ';').append(khmshdon).append(1, ';').append(khhdon).append(1, ';').append(shdon);
  return text;
}

Result<InvoiceKey> ParseInvoiceKey(std::string_view text) {
  const auto refused = [] {
    return Status::Permanent("ids.invoice_key"_reason, "an invoice key is written as MST;KHMSHDon;KHHDon;SHDon");
  };
  std::string_view fields[4];
  for (int i = 0; i < 4; ++i) {
    const size_t end = i < 3 ? text.find(';') : text.size();
    if (end == std::string_view::npos) return refused();
    fields[i] = text.substr(0, end);
    text.remove_prefix(i < 3 ? end + 1 : end);
  }
  const auto [mst, khmshdon, khhdon, shdon] = fields;
  if (!IsTaxCode(mst) || !IsKeyField(khmshdon, 11) || !IsKeyField(khhdon, 8)) return refused();
  if (shdon.empty() || shdon.size() > 8 || !AllDigits(shdon)) return refused();
  return InvoiceKey{TaxCode::Trusted(std::string(mst)), std::string(khmshdon), std::string(khhdon),
                    std::string(WithoutLeadingZeros(shdon))};
}

}  // namespace tvan
