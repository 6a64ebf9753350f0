#pragma once
// Verifiers that trust as HostileKeys has it, with parts of them chosen. Single thread.

#include <memory>
#include <vector>

#include "adapters/signature/verifier.h"
#include "tests/support/hostile_keys.h"

namespace tvan {

// All switches on but `off`.
inline std::unique_ptr<SignatureVerifier> VerifierOf(EngineChoice engine, const std::vector<PolicySwitch>& off = {},
                                                     const SignatureAllowances& allowed = {}) {
  static const auto clock = MakeSystemClock();
  VerifierParts parts;
  parts.engine = engine;
  for (const PolicySwitch s : off) parts.switches.TurnOff(s);
  TrustOptions options = HostileKeys::Get().trust();
  options.allowed = allowed;
  auto verifier = MakeVerifierOf(parts, options, *clock);
  TVAN_CHECK(verifier.ok());
  return std::move(*verifier);
}

}  // namespace tvan
