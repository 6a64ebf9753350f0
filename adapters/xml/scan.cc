#include "adapters/xml/scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

// Eight bytes of ASCII without NUL.
bool IsPlainWord(const char* p) {
  uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  constexpr uint64_t kHigh = 0x8080808080808080ULL;
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  return (word & kHigh) == 0 && ((word - kOnes) & ~word & kHigh) == 0;
}

constexpr std::string_view kSpace = " \t\r\n";

// White space and what else ends a name, by byte.
constexpr std::array<bool, 256> EndsOfNames() {
  std::array<bool, 256> ends{};
  for (const char c : std::string_view(" \t\r\n=/><\"'?")) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
constexpr std::array<bool, 256> kEndsName = EndsOfNames();

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  }
  return true;
}

class Scanner {
 public:
  Scanner(std::string_view bytes, const XmlLimits& limits) : in_(bytes), limits_(limits) {}

  Status Run() {
    if (Status s = Declaration(); !s.ok()) return s;
    while (at_ < in_.size()) {
      Status s = in_[at_] == '<' ? Markup() : Text();
      if (!s.ok()) return s;
      if (nodes_ > limits_.max_nodes) {
        return Status::Permanent("xml.too_many_nodes"_reason,
                                 "more than " + std::to_string(limits_.max_nodes) + " nodes");
      }
    }
    if (!open_.empty() || spans_.empty()) return Broken("the document ends inside an element, or has none");
    return {};
  }
  std::vector<ElementSpan> TakeSpans() { return std::move(spans_); }

 private:
  struct Open {
    uint32_t index;       // into spans_
    int namespaces_here;  // declarations in scope inside this element
  };

  bool Looking(std::string_view text) const { return in_.substr(at_, text.size()) == text; }
  void SkipSpace() {
    const size_t next = in_.find_first_not_of(kSpace, at_);
    at_ = next == std::string_view::npos ? in_.size() : next;
  }
  Status Broken(std::string_view what) const {
    return Status::Permanent("xml.not_well_formed"_reason, std::string(what) + " (byte " + std::to_string(at_) + ")");
  }

  Status Declaration() {
    if (!Looking("<?xml") || in_.size() < 6 || !IsSpace(in_[5])) return {};
    at_ += 5;
    for (;;) {
      SkipSpace();
      if (Looking("?>")) break;
      std::string_view name, value;
      if (Status s = Pair(&name, &value); !s.ok()) return s;
      if (name == "version" && value != "1.0") return Broken("only XML 1.0 is read");
      if (name == "encoding" && !EqualsIgnoringCase(value, "UTF-8")) {
        return Status::Permanent("xml.encoding"_reason, "the declared encoding is not UTF-8");
      }
    }
    at_ += 2;
    return {};
  }

  Status Text() {
    const size_t next = in_.find('<', at_);
    at_ = next == std::string_view::npos ? in_.size() : next;
    ++nodes_;
    return {};
  }

  Status Markup() {
    const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
    if (next == '/') return EndTag();
    if (next == '?') {
      return Status::Permanent("xml.processing_instruction"_reason, "processing instructions are not taken");
    }
    if (next == '!') return Bang();
    return StartTag();
  }

  Status Bang() {
    ++nodes_;
    if (Looking("<!--")) return SkipPast("<!--", "-->");
    if (Looking("<![CDATA[")) return SkipPast("<![CDATA[", "]]>");
    if (Looking("<!DOCTYPE")) {
      return Status::Permanent("xml.doctype"_reason, "a document type declaration is not taken");
    }
    return Broken("unknown markup");
  }

  Status SkipPast(std::string_view begin, std::string_view end) {
    const size_t found = in_.find(end, at_ + begin.size());
    if (found == std::string_view::npos) return Broken("a comment or CDATA section does not end");
    at_ = found + end.size();
    return {};
  }

  // A name, up to white space or one of the delimiters; at_ stands behind it.
  Status Name(std::string_view* name) {
    const size_t begin = at_;
    const size_t most = std::min(in_.size(), begin + limits_.max_name + 1);
    while (at_ < most && !kEndsName[static_cast<unsigned char>(in_[at_])]) ++at_;
    *name = in_.substr(begin, at_ - begin);
    if (name->size() > limits_.max_name) {
      return Status::Permanent("xml.name_too_long"_reason,
                               "a name has more than " + std::to_string(limits_.max_name) + " bytes");
    }
    return name->empty() ? Broken("a name is missing") : Status();
  }

  // name = "value", as attributes and the parts of the XML declaration are written.
  Status Pair(std::string_view* name, std::string_view* value) {
    if (Status s = Name(name); !s.ok()) return s;
    SkipSpace();
    if (!Looking("=")) return Broken("an attribute without a value");
    ++at_;
    SkipSpace();
    if (!Looking("\"") && !Looking("'")) return Broken("an attribute value without quotes");
    const size_t close = in_.find(in_[at_], at_ + 1);
    if (close == std::string_view::npos) return Broken("an attribute value does not end");
    *value = in_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    if (value->size() <= limits_.max_attribute_value) return {};
    return Status::Permanent("xml.value_too_long"_reason, "an attribute value has more than " +
                                                              std::to_string(limits_.max_attribute_value) + " bytes");
  }

  Status StartTag() {
    if (open_.size() >= static_cast<size_t>(limits_.max_depth)) {
      return Status::Permanent("xml.too_deep"_reason, "elements nest deeper than " + std::to_string(limits_.max_depth));
    }
    if (open_.empty() && !spans_.empty()) return Broken("a second root element");
    ++nodes_;
    const size_t start = at_++;
    std::string_view name;
    if (Status s = Name(&name); !s.ok()) return s;
    int namespaces = open_.empty() ? 0 : open_.back().namespaces_here;
    if (Status s = Attributes(&namespaces); !s.ok()) return s;
    const bool closed = in_[at_] == '/';
    at_ += closed ? 2 : 1;
    const auto end = static_cast<uint32_t>(at_);
    spans_.push_back({static_cast<uint32_t>(start), end, closed ? end : 0, static_cast<uint32_t>(name.size())});
    if (!closed) open_.push_back({static_cast<uint32_t>(spans_.size() - 1), namespaces});
    return {};
  }

  // Stops in front of '>' or '/>'.
  Status Attributes(int* namespaces) {
    for (int count = 0;; ++count) {
      SkipSpace();
      if (Looking(">") || Looking("/>")) return {};
      std::string_view name, value;
      if (Status s = Pair(&name, &value); !s.ok()) return s;
      if (name == "xmlns" || name.substr(0, 6) == "xmlns:") ++*namespaces;
      if (count >= limits_.max_attributes || *namespaces > limits_.max_attributes) {
        return Status::Permanent("xml.too_many_attributes"_reason, "an element has more than " +
                                                                       std::to_string(limits_.max_attributes) +
                                                                       " attributes or namespaces in scope");
      }
    }
  }

  Status EndTag() {
    if (open_.empty()) return Broken("an end tag without a start tag");
    at_ += 2;
    std::string_view name;
    if (Status s = Name(&name); !s.ok()) return s;
    SkipSpace();
    if (!Looking(">")) return Broken("an end tag does not end");
    ++at_;
    spans_[open_.back().index].end = static_cast<uint32_t>(at_);
    open_.pop_back();
    return {};
  }

  std::string_view in_;
  const XmlLimits& limits_;
  size_t at_ = 0;
  size_t nodes_ = 0;
  std::vector<ElementSpan> spans_;
  std::vector<Open> open_;
};

}  // namespace

bool IsUtf8Text(std::string_view bytes) {
  while (!bytes.empty()) {
    if (bytes.size() >= 8 && IsPlainWord(bytes.data())) {
      bytes.remove_prefix(8);
      continue;
    }
    const Utf8Char c = FirstUtf8Char(bytes);
    if (c.size == 0 || c.code == 0) return false;
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
  if (Status s = scanner.Run(); !s.ok()) return s;
  return scanner.TakeSpans();
}

}  // namespace tvan
