#include "gateway/core/status.h"

#include <cstdio>

namespace tvan {
namespace {

std::string_view Name(Disposition disposition) {
  switch (disposition) {
    case Disposition::kPermanent:
      return "permanent";
    case Disposition::kTransient:
      return "transient";
    case Disposition::kInDoubt:
      return "in doubt";
  }
  return "unknown";
}

}  // namespace

std::string Status::ToString() const {
  if (ok()) return "ok";
  std::string text(reason_.text());
  text.append(" (").append(Name(disposition_)).append("): ").append(message_);
  return text;
}

void CheckFailed(const char* file, int line, const char* what) {
  // No logger here: it may be what is broken.
  std::fprintf(stderr, "tvan: broken invariant at %s:%d: %s\n", file, line, what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace tvan
