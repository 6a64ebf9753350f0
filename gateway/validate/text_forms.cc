// Canonical composition (NFC) of the Vietnamese letters of TCVN 6909, as Unicode has it: decompose, order the marks of
// a letter by their class, compose. Letters of other languages stay as they are written.
#include <algorithm>
#include <array>
#include <span>

#include "gateway/core/utf8.h"
#include "gateway/validate/formats.h"

namespace tvan {
namespace {

constexpr char32_t kCircumflex = 0x302, kBreve = 0x306, kHorn = 0x31B;
constexpr std::array<char32_t, 6> kTones = {0, 0x300, 0x301, 0x303, 0x309, 0x323};  // none, grave … hook, dot below
constexpr size_t kDotBelow = 5;

// A vowel with and without tones, in the order of kTones; `shape` makes it of `plain`.
struct Vowel {
  char32_t plain, shape;
  std::u32string_view toned;
};
constexpr Vowel kVowels[] = {
    {U'A', 0, U"AÀÁÃẢẠ"}, {U'A', kBreve, U"ĂẰẮẴẲẶ"},      {U'A', kCircumflex, U"ÂẦẤẪẨẬ"},
    {U'E', 0, U"EÈÉẼẺẸ"}, {U'E', kCircumflex, U"ÊỀẾỄỂỆ"}, {U'I', 0, U"IÌÍĨỈỊ"},
    {U'O', 0, U"OÒÓÕỎỌ"}, {U'O', kCircumflex, U"ÔỒỐỖỔỘ"}, {U'O', kHorn, U"ƠỜỚỠỞỢ"},
    {U'U', 0, U"UÙÚŨỦỤ"}, {U'U', kHorn, U"ƯỪỨỮỬỰ"},       {U'Y', 0, U"YỲÝỸỶỴ"},
    {U'a', 0, U"aàáãảạ"}, {U'a', kBreve, U"ăằắẵẳặ"},      {U'a', kCircumflex, U"âầấẫẩậ"},
    {U'e', 0, U"eèéẽẻẹ"}, {U'e', kCircumflex, U"êềếễểệ"}, {U'i', 0, U"iìíĩỉị"},
    {U'o', 0, U"oòóõỏọ"}, {U'o', kCircumflex, U"ôồốỗổộ"}, {U'o', kHorn, U"ơờớỡởợ"},
    {U'u', 0, U"uùúũủụ"}, {U'u', kHorn, U"ưừứữửự"},       {U'y', 0, U"yỳýỹỷỵ"},
};

// A letter taken apart; no vowel: any other character.
struct Letter {
  const Vowel* vowel = nullptr;
  size_t tone = 0;
};

Letter FindLetter(char32_t code) {
  for (const Vowel& vowel : kVowels) {
    const size_t tone = vowel.toned.find(code);
    if (tone != std::u32string_view::npos) return {&vowel, tone};
  }
  return {};
}

const Vowel* FindVowel(char32_t plain, char32_t shape) {
  const auto fits = [&](const Vowel& vowel) { return vowel.plain == plain && vowel.shape == shape; };
  const auto* found = std::find_if(std::begin(kVowels), std::end(kVowels), fits);
  return found == std::end(kVowels) ? nullptr : found;
}

size_t ToneOf(char32_t mark) {
  const auto* found = std::find(kTones.begin() + 1, kTones.end(), mark);
  return found == kTones.end() ? 0 : static_cast<size_t>(found - kTones.begin());
}

// The canonical combining class of a mark of Vietnamese; 0: anything else, it stays where it is.
int ClassOf(char32_t code) {
  if (code == kHorn) return 216;
  if (code == kTones[kDotBelow]) return 220;
  return code == kCircumflex || code == kBreve || ToneOf(code) != 0 ? 230 : 0;
}

// Adds a mark to the letter where Unicode has such a letter.
bool Compose(Letter& letter, char32_t mark) {
  if (letter.vowel == nullptr) return false;
  if (const size_t tone = ToneOf(mark)) {
    if (letter.tone != 0) return false;
    letter.tone = tone;
    return true;
  }
  if (letter.vowel->shape != 0 || (letter.tone != 0 && letter.tone != kDotBelow)) return false;
  const Vowel* shaped = FindVowel(letter.vowel->plain, mark);
  if (shaped == nullptr) return false;
  letter.vowel = shaped;
  return true;
}

// The characters of a text, composed. Of a longer row of marks than any script writes the first kMarks are ordered.
class ComposedText {
 public:
  explicit ComposedText(std::string_view utf8) : rest_(utf8) {}

  // 0: the end.
  char32_t Next() {
    if (given_ < size_) return codes_[given_++];
    if (rest_.empty()) return 0;
    given_ = 1;
    size_ = 1;
    codes_[0] = Take();
    if (ClassOf(Peek()) != 0) TakeMarks();
    return codes_[0];
  }

 private:
  static constexpr size_t kMarks = 16;

  Utf8Char First() const {
    Utf8Char next = FirstUtf8Char(rest_);
    if (next.size == 0 && !rest_.empty()) next = {0xFFFD, 1};
    if (next.code == 0x340 || next.code == 0x341) next.code -= 0x40;  // other codes of the same grave and acute
    return next;
  }
  char32_t Peek() const { return First().code; }
  char32_t Take() {
    const Utf8Char next = First();
    rest_.remove_prefix(next.size);
    return next.code;
  }

  // A letter and the marks behind it become the fewest characters that say the same, in codes_.
  void TakeMarks() {
    std::array<char32_t, kMarks + 2> marks{};
    size_t count = 0;
    Letter letter = FindLetter(codes_[0]);
    if (letter.vowel != nullptr) {
      if (letter.vowel->shape != 0) marks[count++] = letter.vowel->shape;
      if (letter.tone != 0) marks[count++] = kTones[letter.tone];
      letter = {FindVowel(letter.vowel->plain, 0), 0};
    }
    for (size_t i = 0; i < kMarks && ClassOf(Peek()) != 0; ++i) marks[count++] = Take();
    const std::span<char32_t> all(marks.data(), count);
    SortByClass(all);
    for (const char32_t mark : all) {
      const bool blocked = size_ > 1 && ClassOf(codes_[size_ - 1]) == ClassOf(mark);
      if (blocked || !Compose(letter, mark)) codes_[size_++] = mark;
    }
    if (letter.vowel != nullptr) codes_[0] = letter.vowel->toned[letter.tone];
  }

  // In place and stable: std::stable_sort may ask for memory.
  static void SortByClass(std::span<char32_t> marks) {
    for (size_t i = 1; i < marks.size(); ++i)
      for (size_t j = i; j > 0 && ClassOf(marks[j]) < ClassOf(marks[j - 1]); --j) std::swap(marks[j], marks[j - 1]);
  }

  std::string_view rest_;
  std::array<char32_t, kMarks + 3> codes_{};
  size_t size_ = 0, given_ = 0;
};

// U+0300 to U+037F begin with these bytes, and nothing else has them.
bool HasMarks(std::string_view utf8) {
  return utf8.find('\xCC') != std::string_view::npos || utf8.find('\xCD') != std::string_view::npos;
}

char32_t Unfold(char32_t code) { return code; }
char32_t FoldLookAlike(char32_t code) { return code == 0xD0 || code == 0x189 ? 0x110 : code; }

bool SameAfter(std::string_view a, std::string_view b, char32_t (*fold)(char32_t)) {
  ComposedText left(a), right(b);
  for (;;) {
    const char32_t code = left.Next();
    if (fold(code) != fold(right.Next())) return false;
    if (code == 0) return true;
  }
}

}  // namespace

size_t CountCharacters(std::string_view utf8) {
  size_t count = 0;
  if (!HasMarks(utf8)) {
    for (const char byte : utf8) count += (static_cast<uint8_t>(byte) & 0xC0) != 0x80;
    return count;
  }
  for (ComposedText text(utf8); text.Next() != 0;) ++count;
  return count;
}

bool SameText(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return (HasMarks(a) || HasMarks(b)) && SameAfter(a, b, Unfold);
}

bool LooksAlike(std::string_view a, std::string_view b) { return !SameText(a, b) && SameAfter(a, b, FoldLookAlike); }

}  // namespace tvan
