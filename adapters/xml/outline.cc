#include "adapters/xml/outline.h"

#include <algorithm>

namespace tvan {
namespace {

std::string_view NameOf(const ElementSpan& span, std::string_view bytes) {
  return bytes.substr(span.start + 1, span.name_size);
}

bool IsPath(std::string_view path, std::string_view root, std::string_view child) {
  return path.size() == root.size() + 1 + child.size() && path.substr(0, root.size()) == root &&
         path[root.size()] == '/' && path.substr(root.size() + 1) == child;
}

}  // namespace

Outline OutlineOf(std::string_view bytes, const std::vector<ElementSpan>& spans,
                  std::initializer_list<std::string_view> hollow) {
  Outline outline;
  const std::string_view root = NameOf(spans.front(), bytes);
  outline.spans.push_back(spans.front());
  size_t copied = 0;
  for (size_t i = 1; i < spans.size();) {
    const ElementSpan& child = spans[i];
    const size_t first = i;
    while (i < spans.size() && spans[i].start < child.end) ++i;
    const auto is_child = [&](std::string_view path) { return IsPath(path, root, NameOf(child, bytes)); };
    if (child.end == child.tag_end || std::none_of(hollow.begin(), hollow.end(), is_child)) {
      outline.spans.insert(outline.spans.end(), spans.begin() + first, spans.begin() + i);
      continue;
    }
    outline.spans.push_back(child);
    const size_t end_tag = bytes.rfind('<', child.end - 1);
    const std::string_view inside = bytes.substr(child.tag_end, end_tag - child.tag_end);
    outline.text.append(bytes.substr(copied, child.tag_end - copied));
    outline.text.append(std::count(inside.begin(), inside.end(), '\n'), '\n');
    copied = end_tag;
  }
  outline.text.append(bytes.substr(copied));
  return outline;
}

}  // namespace tvan
