#include <algorithm>

#include "gateway/core/utf8.h"
#include "gateway/validate/pattern_program.h"

namespace tvan {
namespace {

constexpr size_t kMostDepth = 8, kMostText = 512;

// A piece of the pattern: where it may begin and end.
struct Part {
  Positions first, last;
  bool nullable = false;
};

void Append(Positions& to, const Positions& more) { to.insert(to.end(), more.begin(), more.end()); }
bool IsAscii(char c) { return c >= 0x20 && c < 0x7F; }

class Compiler {
 public:
  Compiler(std::string_view text, PatternProgram& program) : text_(text), program_(program) {}

  // Empty: done.
  std::string Run() {
    if (text_.empty() || text_.size() > kMostText) return "it has not 1 to " + std::to_string(kMostText) + " bytes";
    const Part whole = TakeAlternatives(0);
    if (fault_ == nullptr && at_ < text_.size()) Fail("a closing bracket without its opening one");
    if (fault_ != nullptr) return std::string(fault_) + " at byte " + std::to_string(at_);
    program_.positions[0].next = whole.first;
    program_.positions[0].last = whole.nullable;
    for (const uint16_t position : whole.last) program_.positions[position].last = true;
    return {};
  }

 private:
  bool AtEnd() const { return fault_ != nullptr || at_ == text_.size(); }
  bool Skip(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    return ++at_, true;
  }
  void Fail(const char* fault) {
    if (fault_ == nullptr) fault_ = fault;
  }

  Part TakeAlternatives(size_t depth) {
    if (depth > kMostDepth) Fail("too many brackets in one another");
    Part all = TakeSequence(depth);
    while (Skip('|')) {
      const Part other = TakeSequence(depth);
      Append(all.first, other.first);
      Append(all.last, other.last);
      all.nullable = all.nullable || other.nullable;
    }
    return all;
  }

  Part TakeSequence(size_t depth) {
    if (AtEnd() || text_[at_] == '|' || text_[at_] == ')') Fail("an empty alternative");
    Part all;
    all.nullable = true;
    while (!AtEnd() && text_[at_] != '|' && text_[at_] != ')') {
      Part next = TakeRepeated(depth);
      Connect(all.last, next.first);
      if (all.nullable) Append(all.first, next.first);
      if (next.nullable) Append(next.last, all.last);
      all.last = std::move(next.last);
      all.nullable = all.nullable && next.nullable;
    }
    return all;
  }

  // Every copy leads to the one behind it only, so that \d{1,8} stays at one position a digit. Where the part itself
  // may be empty, fewer copies say the same as empty ones.
  Part TakeRepeated(size_t depth) {
    const size_t begin = at_;
    Part all = TakeAtom(depth);
    size_t least = 1, most = 1;
    TakeCount(least, most);
    const size_t end = at_;
    if (all.nullable) least = 0;
    all.nullable = least == 0;
    Positions last = all.last;
    for (size_t copy = 2; copy <= most && fault_ == nullptr; ++copy) {
      at_ = begin;
      const Part next = TakeAtom(depth);
      Connect(last, next.first);
      last = next.last;
      if (copy <= least) all.last.clear();
      Append(all.last, last);
    }
    if (fault_ == nullptr) at_ = end;
    return all;
  }

  void TakeCount(size_t& least, size_t& most) {
    if (Skip('?')) {
      least = 0;
    } else if (Skip('{')) {
      least = most = TakeNumber();
      if (Skip(',')) most = TakeNumber();
      if (!Skip('}') || most == 0 || least > most) Fail("a count is {n} or {m,n}");
    }
    if (!AtEnd() && (text_[at_] == '?' || text_[at_] == '{')) Fail("a count of a count");
  }

  size_t TakeNumber() {
    size_t value = 0;
    const size_t begin = at_;
    for (; !AtEnd() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 3; ++at_)
      value = value * 10 + static_cast<size_t>(text_[at_] - '0');
    if (at_ == begin) Fail("a count is {n} or {m,n}");
    return value;
  }

  Part TakeAtom(size_t depth) {
    if (Skip('(')) {
      Part group = TakeAlternatives(depth + 1);
      if (!Skip(')')) Fail("a bracket that is not closed");
      return group;
    }
    if (Skip('[')) return TakeClass();
    if (Skip('\\')) return One(TakeEscaped());
    if (AtEnd() || std::string_view(".*+^$?{}])").find(text_[at_]) != std::string_view::npos)
      return Fail("a sign that has no meaning here; a literal one is written with a backslash"), Part{};
    return TakeLiteral();
  }

  // A character of several bytes is several positions.
  Part TakeLiteral() {
    const size_t size = FirstUtf8Char(text_.substr(at_)).size;
    if (size == 0) return Fail("no UTF-8"), Part{};
    Part all = One(ByteSet().set(static_cast<uint8_t>(text_[at_++])));
    for (size_t i = 1; i < size; ++i) {
      Part next = One(ByteSet().set(static_cast<uint8_t>(text_[at_++])));
      Connect(all.last, next.first);
      all.last = next.last;
    }
    return all;
  }

  ByteSet TakeEscaped() {
    constexpr std::string_view kSigns = "\\|.-?*+{}()[]^$";
    if (Skip('d')) return Range('0', '9');
    if (AtEnd() || kSigns.find(text_[at_]) == std::string_view::npos) return Fail("an unknown escape"), ByteSet();
    return ByteSet().set(static_cast<uint8_t>(text_[at_++]));
  }

  Part TakeClass() {
    ByteSet all;
    while (!AtEnd() && text_[at_] != ']') all |= TakeRange();
    if (!Skip(']')) Fail("a class that is not closed");
    if (all.none()) Fail("a class of nothing");
    return One(all);
  }

  ByteSet TakeRange() {
    if (Skip('\\')) return TakeEscaped();
    const char from = text_[at_++];
    if (!IsAscii(from) || from == '^' || from == '[' || from == '-') return Fail("not a sign of a class"), ByteSet();
    if (!Skip('-')) return ByteSet().set(static_cast<uint8_t>(from));
    const char to = AtEnd() ? '\0' : text_[at_++];
    if (!IsAscii(to) || to < from || to == '\\') return Fail("no range"), ByteSet();
    return Range(from, to);
  }

  static ByteSet Range(char from, char to) {
    ByteSet all;
    for (int c = from; c <= to; ++c) all.set(static_cast<size_t>(c));
    return all;
  }

  Part One(const ByteSet& bytes) {
    if (program_.positions.size() > kMostPatternPositions) Fail("too long once its counts are written out");
    if (fault_ != nullptr) return {};
    auto& sets = program_.sets;
    const auto known = std::find(sets.begin(), sets.end(), bytes);
    const auto set = static_cast<uint16_t>(known - sets.begin());
    if (known == sets.end()) sets.push_back(bytes);
    const auto position = static_cast<uint16_t>(program_.positions.size());
    program_.positions.push_back({set, false, {}});
    return {{position}, {position}, false};
  }

  void Connect(const Positions& from, const Positions& to) {
    for (const uint16_t position : from) Append(program_.positions[position].next, to);
  }

  std::string_view text_;
  PatternProgram& program_;
  size_t at_ = 0;
  const char* fault_ = nullptr;
};

}  // namespace

std::string CompilePattern(std::string_view text, PatternProgram& program) { return Compiler(text, program).Run(); }

}  // namespace tvan
