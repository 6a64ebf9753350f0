#pragma once
// The authority's signer that changes its certificate at a moment: what is signed as of then or later bears the new
// one. Thread-safe, as its signers are.

#include <memory>

#include "adapters/signature.h"
#include "adapters/simulator/options.h"

namespace tvan::sim {

class RotatingSigner : public XmlSigner {
 public:
  // `after` from `at` on, by the signing time of each request.
  RotatingSigner(std::unique_ptr<XmlSigner> before, std::unique_ptr<XmlSigner> after, Time at)
      : before_(std::move(before)), after_(std::move(after)), at_(at) {}
  Result<std::string> Sign(std::string_view document, const SignRequest& request) const override {
    return (request.signing_time < at_ ? before_ : after_)->Sign(document, request);
  }

 private:
  const std::unique_ptr<XmlSigner> before_, after_;
  const Time at_;
};

// As --sign-key, --sign-cert and --rotate-… say. signature.key
Result<std::unique_ptr<XmlSigner>> MakeAuthoritySigner(const Options& options);

}  // namespace tvan::sim
