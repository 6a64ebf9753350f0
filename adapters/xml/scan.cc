#include "adapters/xml/scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

// How many of the eight bytes at `p` are ASCII, up to the first that is not.
size_t AsciiOfEight(const char* p) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  const uint64_t high = word & 0x8080808080808080ULL;
  return static_cast<size_t>(std::countr_zero(high)) / 8;
}

constexpr std::string_view kSpace = " \t\r\n";

// White space and what else ends a name, by byte.
constexpr std::array<bool, 256> EndsOfNames() {
  std::array<bool, 256> ends{};
  for (const char c : std::string_view(" \t\r\n=/><\"'?")) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
constexpr std::array<bool, 256> kEndsName = EndsOfNames();
bool EndsName(char c) { return kEndsName[static_cast<unsigned char>(c)]; }

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  }
  return true;
}

// Every step is true, or keeps why the document is refused.
class Scanner {
 public:
  Scanner(std::string_view bytes, const XmlLimits& limits) : in_(bytes), limits_(limits) {
    spans_.reserve(std::min(bytes.size() / 16, kSpansAtFirst));
  }

  bool Run() {
    if (!Declaration()) return false;
    while (at_ < in_.size()) {
      if (!(in_[at_] == '<' ? Markup() : Text())) return false;
      if (nodes_ > limits_.max_nodes)
        return Refuse("xml.too_many_nodes"_reason, "more than " + std::to_string(limits_.max_nodes) + " nodes");
    }
    return (open_.empty() && !spans_.empty()) || Broken("the document ends inside an element, or has none");
  }
  const Status& refusal() const { return refusal_; }
  std::vector<ElementSpan> TakeSpans() { return std::move(spans_); }

 private:
  static constexpr size_t kSpansAtFirst = 512;

  struct Open {
    uint32_t index;       // into spans_
    int namespaces_here;  // declarations in scope inside this element
  };

  bool Looking(std::string_view text) const { return in_.substr(at_, text.size()) == text; }
  bool NextIs(char c) const { return at_ < in_.size() && in_[at_] == c; }
  void SkipSpace() {
    while (at_ < in_.size() && IsSpace(in_[at_])) ++at_;
  }
  bool Refuse(Reason reason, std::string why) {
    refusal_ = Status::Permanent(reason, std::move(why));
    return false;
  }
  bool Broken(std::string_view what) {
    return Refuse("xml.not_well_formed"_reason, std::string(what) + " (byte " + std::to_string(at_) + ")");
  }

  bool Declaration() {
    if (!Looking("<?xml") || in_.size() < 6 || !IsSpace(in_[5])) return true;
    at_ += 5;
    for (;;) {
      SkipSpace();
      if (Looking("?>")) break;
      std::string_view name, value;
      if (!Pair(&name, &value)) return false;
      if (name == "version" && value != "1.0") return Broken("only XML 1.0 is read");
      if (name == "encoding" && !EqualsIgnoringCase(value, "UTF-8"))
        return Refuse("xml.encoding"_reason, "the declared encoding is not UTF-8");
    }
    at_ += 2;
    return true;
  }

  bool Text() {
    const size_t next = in_.find('<', at_);
    at_ = next == std::string_view::npos ? in_.size() : next;
    ++nodes_;
    return true;
  }

  bool Markup() {
    const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
    if (next == '/') return EndTag();
    if (next == '?') return Refuse("xml.processing_instruction"_reason, "processing instructions are not taken");
    if (next == '!') return Bang();
    return StartTag();
  }

  bool Bang() {
    ++nodes_;
    if (Looking("<!--")) return SkipPast("<!--", "-->");
    if (Looking("<![CDATA[")) return SkipPast("<![CDATA[", "]]>");
    if (Looking("<!DOCTYPE")) return Refuse("xml.doctype"_reason, "a document type declaration is not taken");
    return Broken("unknown markup");
  }

  bool SkipPast(std::string_view begin, std::string_view end) {
    const size_t found = in_.find(end, at_ + begin.size());
    if (found == std::string_view::npos) return Broken("a comment or CDATA section does not end");
    at_ = found + end.size();
    return true;
  }

  // A name, up to white space or one of the delimiters; at_ stands behind it.
  bool Name(std::string_view* name) {
    const std::string_view longest = in_.substr(at_, limits_.max_name + 1);
    size_t size = 0;
    while (size < longest.size() && !EndsName(longest[size])) ++size;
    *name = longest.substr(0, size);
    at_ += size;
    if (size > limits_.max_name)
      return Refuse("xml.name_too_long"_reason, "a name has more than " + std::to_string(limits_.max_name) + " bytes");
    return size > 0 || Broken("a name is missing");
  }

  // name = "value", as attributes and the parts of the XML declaration are written.
  bool Pair(std::string_view* name, std::string_view* value) {
    if (!Name(name)) return false;
    SkipSpace();
    if (!NextIs('=')) return Broken("an attribute without a value");
    ++at_;
    SkipSpace();
    if (!NextIs('"') && !NextIs('\'')) return Broken("an attribute value without quotes");
    const size_t close = in_.find(in_[at_], at_ + 1);
    if (close == std::string_view::npos) return Broken("an attribute value does not end");
    *value = in_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    if (value->size() <= limits_.max_attribute_value) return true;
    return Refuse("xml.value_too_long"_reason,
                  "an attribute value has more than " + std::to_string(limits_.max_attribute_value) + " bytes");
  }

  bool StartTag() {
    if (open_.size() >= static_cast<size_t>(limits_.max_depth))
      return Refuse("xml.too_deep"_reason, "elements nest deeper than " + std::to_string(limits_.max_depth));
    if (open_.empty() && !spans_.empty()) return Broken("a second root element");
    ++nodes_;
    const size_t start = at_++;
    std::string_view name;
    if (!Name(&name)) return false;
    int namespaces = open_.empty() ? 0 : open_.back().namespaces_here;
    if (!NextIs('>') && !Attributes(&namespaces)) return false;
    const bool closed = in_[at_] == '/';
    at_ += closed ? 2 : 1;
    const auto end = static_cast<uint32_t>(at_);
    spans_.push_back({static_cast<uint32_t>(start), end, closed ? end : 0, static_cast<uint32_t>(name.size())});
    if (!closed) open_.push_back({static_cast<uint32_t>(spans_.size() - 1), namespaces});
    return true;
  }

  // Stops in front of '>' or '/>'.
  bool Attributes(int* namespaces) {
    for (int count = 0;; ++count) {
      SkipSpace();
      if (NextIs('>') || Looking("/>")) return true;
      std::string_view name, value;
      if (!Pair(&name, &value)) return false;
      if (name == "xmlns" || name.substr(0, 6) == "xmlns:") ++*namespaces;
      if (count >= limits_.max_attributes || *namespaces > limits_.max_attributes)
        return Refuse("xml.too_many_attributes"_reason, "an element has more than " +
                                                            std::to_string(limits_.max_attributes) +
                                                            " attributes or namespaces in scope");
    }
  }

  bool EndTag() {
    if (open_.empty()) return Broken("an end tag without a start tag");
    at_ += 2;
    ElementSpan& span = spans_[open_.back().index];
    if (!SkipName(in_.substr(span.start + 1, span.name_size))) return false;
    SkipSpace();
    if (!NextIs('>')) return Broken("an end tag does not end");
    ++at_;
    span.end = static_cast<uint32_t>(at_);
    open_.pop_back();
    return true;
  }

  // Any name, `likely` at once. That it is this one libxml2 says.
  bool SkipName(std::string_view likely) {
    const size_t behind = at_ + likely.size();
    std::string_view name;
    if (!Looking(likely) || behind >= in_.size() || !EndsName(in_[behind])) return Name(&name);
    at_ = behind;
    return true;
  }

  const std::string_view in_;
  const XmlLimits& limits_;
  size_t at_ = 0;
  size_t nodes_ = 0;
  std::vector<ElementSpan> spans_;
  std::vector<Open> open_;
  Status refusal_;
};

}  // namespace

bool IsUtf8Text(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos) return false;
  while (!bytes.empty()) {
    if (bytes.size() >= 8) {
      const size_t ascii = AsciiOfEight(bytes.data());
      bytes.remove_prefix(ascii);
      if (ascii == 8) continue;
    }
    const Utf8Char c = FirstUtf8Char(bytes);
    if (c.size == 0) return false;
    bytes.remove_prefix(c.size);
  }
  return true;
}

Result<std::vector<ElementSpan>> ScanXml(std::string_view bytes, const XmlLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Status::Permanent("xml.too_large"_reason, "the document has " + std::to_string(bytes.size()) +
                                                         " bytes; at most " + std::to_string(limits.max_bytes));
  }
  if (bytes.find_first_not_of(kSpace) == std::string_view::npos) {
    return Status::Permanent("xml.empty"_reason, "the document is empty");
  }
  if (!IsUtf8Text(bytes)) {
    return Status::Permanent("xml.encoding"_reason, "the document is not UTF-8 text");
  }
  Scanner scanner(bytes, limits);
  if (!scanner.Run()) return scanner.refusal();
  return scanner.TakeSpans();
}

}  // namespace tvan
