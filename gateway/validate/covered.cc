#include "gateway/validate/covered.h"

#include <algorithm>

#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

bool IsWithin(const ByteRange& inner, const ByteRange& outer) {
  return inner.offset >= outer.offset && inner.offset + inner.size <= outer.offset + outer.size;
}

}  // namespace

void CheckCovered(const std::vector<SignatureDemand>& demands, const std::vector<SignatureReport>& reports,
                  FindingList& findings) {
  for (size_t i = 0; i < demands.size() && i < reports.size(); ++i) {
    if (!reports[i].valid) continue;
    for (const XmlNode& node : demands[i].must_cover) {
      const auto covers = [&](const ByteRange& range) { return node && IsWithin(node.range(), range); };
      if (std::none_of(reports[i].covered.begin(), reports[i].covered.end(), covers))
        SayAt(node ? node : demands[i].signature, "signature.not_covered"_reason, Severity::kError, findings);
    }
  }
}

}  // namespace tvan
