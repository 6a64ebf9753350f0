#include "adapters/simulator/rotating_signer.h"

namespace tvan::sim {

Result<std::unique_ptr<XmlSigner>> MakeAuthoritySigner(const Options& options) {
  auto before = MakeXmlSigner(options.sign_key_file, options.sign_certificate_file);
  if (!before || !options.rotate_at) return before;
  auto after = MakeXmlSigner(options.rotate_key_file, options.rotate_certificate_file);
  if (!after) return after.status();
  return std::unique_ptr<XmlSigner>(
      std::make_unique<RotatingSigner>(std::move(*before), std::move(*after), *options.rotate_at));
}

}  // namespace tvan::sim
