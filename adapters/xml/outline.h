#pragma once
// The text of a document without what stands inside some children of its root: tags stay, and line breaks, so that an
// error is found in its line. Pure, any thread.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/xml/scan.h"

namespace tvan {

struct Outline {
  std::string text;
  std::vector<ElementSpan> spans;  // of the elements that are left; offsets into the whole document
};

// `spans`: ScanXml's, at least the root. `hollow`: "TDiep/DLieu", names as they are written.
Outline OutlineOf(std::string_view bytes, const std::vector<ElementSpan>& spans,
                  std::initializer_list<std::string_view> hollow);

}  // namespace tvan
