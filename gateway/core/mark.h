#pragma once
// How certain a fact of the protocol is. What only weak facts ask for is a warning, never a refusal.

#include <cstdint>

namespace tvan {

// Sure: two independent sources, a real message, or the decision's prose. Likely: one good source. Weak: one weak
// source, or an inference.
enum class Mark : uint8_t { kWeak, kLikely, kSure };

}  // namespace tvan
