#include "adapters/signature/splice.h"

#include <charconv>
#include <vector>

namespace tvan {
namespace {

struct Step {
  std::string name;
  size_t index = 0;  // 0: not said, means the first
};

Status BadPath(std::string_view path) {
  return Status::Permanent("signature.parent"_reason, "the path " + std::string(path) + " leads to no element");
}

Result<std::vector<Step>> ParsePath(std::string_view path) {
  std::vector<Step> steps;
  std::string_view left = path;
  while (!left.empty()) {
    if (left.front() != '/') return BadPath(path);
    left.remove_prefix(1);
    std::string_view part = left.substr(0, left.find('/'));
    left.remove_prefix(part.size());
    Step step;
    if (const size_t bracket = part.find('['); bracket != std::string_view::npos) {
      const char* end = part.data() + part.size() - 1;
      const auto number = std::from_chars(part.data() + bracket + 1, end, step.index);
      if (part.back() != ']' || number.ec != std::errc() || number.ptr != end || step.index == 0) return BadPath(path);
      part = part.substr(0, bracket);
    }
    step.name = part;
    if (part.empty() || part.find_first_of(" \t\r\n<>&'\"=") != std::string_view::npos) return BadPath(path);
    steps.push_back(std::move(step));
  }
  if (steps.empty()) return BadPath(path);
  return steps;
}

bool Fits(const XmlNode& node, const Step& step) { return node.name() == step.name; }

XmlNode ChildAt(const XmlNode& parent, const Step& step) {
  size_t left = step.index == 0 ? 1 : step.index;
  for (XmlNode c = parent.first_child(); c; c = c.next_sibling()) {
    if (Fits(c, step) && --left == 0) return c;
  }
  return {};
}

// `content` before the end tag of `node`; an empty-element tag is opened.
std::string InsertInto(const XmlNode& node, std::string_view bytes, std::string_view content) {
  const ByteRange whole = node.range();
  const ByteRange tag = node.start_tag();
  const std::string_view tag_text = tag.In(bytes);
  const bool self_closing = tag_text.size() >= 2 && tag_text.substr(tag_text.size() - 2) == "/>";
  std::string out;
  out.reserve(bytes.size() + content.size() + 64);
  if (self_closing) {
    const std::string_view name = tag_text.substr(1, tag_text.find_first_of(" \t\r\n/>") - 1);
    out.append(bytes.substr(0, tag.offset + tag.size - 2)).append(">").append(content);
    out.append("</").append(name).append(">").append(bytes.substr(whole.offset + whole.size));
    return out;
  }
  const std::string_view element = whole.In(bytes);
  const size_t end_tag = whole.offset + element.rfind("</");
  out.append(bytes.substr(0, end_tag)).append(content).append(bytes.substr(end_tag));
  return out;
}

// Walks as far as elements exist; `found` is the number of steps that do (0: not even the root).
XmlNode Walk(const XmlDocument& document, const std::vector<Step>& steps, size_t* found) {
  XmlNode node = document.root();
  *found = 0;
  if (!Fits(node, steps.front()) || steps.front().index > 1) return {};
  for (*found = 1; *found < steps.size(); ++*found) {
    const XmlNode child = ChildAt(node, steps[*found]);
    if (!child) break;
    node = child;
  }
  return node;
}

}  // namespace

Result<std::string> InsertAtEndOf(const XmlDocument& document, std::string_view path, std::string_view text) {
  auto steps = ParsePath(path);
  if (!steps.ok()) return steps.status();
  size_t found = 0;
  const XmlNode node = Walk(document, *steps, &found);
  if (!node) return BadPath(path);
  std::string before, after;
  for (size_t i = found; i < steps->size(); ++i) {
    if ((*steps)[i].index > 1) return BadPath(path);
    before += "<" + (*steps)[i].name + ">";
    after = "</" + (*steps)[i].name + ">" + after;
  }
  return InsertInto(node, document.bytes(), before + std::string(text) + after);
}

XmlNode DeepestAlong(const XmlDocument& document, std::string_view path) {
  auto steps = ParsePath(path);
  if (!steps.ok()) return {};
  size_t found = 0;
  return Walk(document, *steps, &found);
}

}  // namespace tvan
