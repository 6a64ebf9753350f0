#pragma once
// A seal for tests.

#include <string>

#include "gateway/core/json.h"
#include "gateway/seal/seal.h"

namespace tvan {

// "TYPE.payload": what is sealed can be read, and compared with a golden file.
class OpenSealer final : public Sealer {
 public:
  std::string Seal(std::string_view type, std::string_view payload) const override {
    return std::string(type) + "." + Base64UrlEncode(payload);
  }
  std::string kid() const override { return "open"; }
  std::string KeySetJson() const override { return "{\"keys\":[]}"; }
};

}  // namespace tvan
