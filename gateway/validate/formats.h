#pragma once
// The forms of single values (protocol.md section 6, duties.md 3.7 to 3.14): numbers "x,y", dates, tax codes, codes of
// the authority, patterns of field tables. Pure functions; nothing is changed, nothing allocated on the good path.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan {

// "x,y": at most x digits, of these at most y after the point. Point and minus are not counted; digits count as
// written (leading zeros too).
struct Digits {
  uint8_t total = 0, decimals = 0;
};

enum class NumberFault { kNone, kForm, kDigits };
// -?digits[.digits]: no plus, exponent, comma or space; digits on both sides of a point.
NumberFault CheckNumber(std::string_view text, Digits limit);
// Digits only, no sign; leading zeros allowed; at most `most_digits` of them (0: any number); min ≤ value ≤ max.
bool IsWhole(std::string_view text, uint64_t min, uint64_t max, size_t most_digits);
bool IsDay(std::string_view text);              // a real day, YYYY-MM-DD
bool IsDateTime(std::string_view text);         // YYYY-MM-DDThh:mm:ss, 00-23 h, no zone, no offset, no fraction
bool IsTaxCodeForm(std::string_view text);      // 10, 10-3 or 12 digits
bool IsMessageIdForm(std::string_view text);    // 1 to 46 printable ASCII characters without space
bool IsMessageTypeForm(std::string_view text);  // -?\d{1,3}
bool IsIdForm(std::string_view text);  // a usable value of an Id attribute: not empty, no white space, ≤ 256 bytes
// T MM/YYYY, Q q/YYYY or 0q/YYYY, N DD/MM/YYYY, all real; any other kind: false.
bool IsPeriod(std::string_view kind, std::string_view text);
bool IsRegisterCode(std::string_view text);  // M<1-9>-YY-<5 upper-case letters or digits>-<11 digits>

// Unicode characters after canonical composition (NFC) of the Vietnamese letters: ế written as e, ̂, ́ counts once.
size_t CountCharacters(std::string_view utf8);
// The same text after canonical composition, whatever the bytes.
bool SameText(std::string_view a, std::string_view b);
// Not the same text, but it would be with look-alikes taken for one: Đ (U+0110), Ð (U+00D0), Ɖ (U+0189).
bool LooksAlike(std::string_view a, std::string_view b);

struct PatternProgram;

// A pattern of a field table: literals, \d, classes [A-Z0-9], groups (a|b), alternatives, ?, {n}, {m,n}; the whole text
// must match. A literal . * + ^ $ ? | or bracket is written with a backslash. Immutable; copies share what was
// compiled; matching costs at most the length of the text times that of the pattern, and allocates nothing.
class Pattern {
 public:
  Pattern() = default;  // matches nothing
  // validate.pattern (permanent): anything beyond what is named above, or too long or too deep.
  static Result<Pattern> Compile(std::string_view text);
  bool Matches(std::string_view text) const;
  const std::string& text() const;  // as written; it is a valid XSD pattern too

 private:
  std::shared_ptr<const PatternProgram> program_;
};

}  // namespace tvan
