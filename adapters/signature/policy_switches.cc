#include <algorithm>
#include <array>

#include "adapters/signature/policy.h"

namespace tvan {

void AddMark(SignatureShape* shape, std::string_view mark) {
  if (std::find(shape->marks.begin(), shape->marks.end(), mark) == shape->marks.end()) shape->marks.emplace_back(mark);
}

std::string_view NameOf(PolicySwitch s) {
  constexpr std::array<std::string_view, static_cast<size_t>(PolicySwitch::kCount)> kNames = {"id_unique",
                                                                                              "single_part",
                                                                                              "foreign_attribute",
                                                                                              "canonicalization",
                                                                                              "method",
                                                                                              "digest",
                                                                                              "sha1",
                                                                                              "transform",
                                                                                              "transform_count",
                                                                                              "reference_count",
                                                                                              "reference_uri",
                                                                                              "whole_document",
                                                                                              "whole_transform",
                                                                                              "inside_signature",
                                                                                              "enveloped_on_object",
                                                                                              "coverage",
                                                                                              "signing_time",
                                                                                              "one_signing_time",
                                                                                              "target",
                                                                                              "key_info",
                                                                                              "certificates",
                                                                                              "key_value",
                                                                                              "key_size",
                                                                                              "algorithm_key",
                                                                                              "key_usage",
                                                                                              "work",
                                                                                              "namespaces",
                                                                                              "signing_time_bounds",
                                                                                              "trust",
                                                                                              "chain_depth",
                                                                                              "validity",
                                                                                              "revocation"};
  static_assert(!kNames.back().empty());
  return kNames[static_cast<size_t>(s)];
}

}  // namespace tvan
