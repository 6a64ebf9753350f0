// Voided keys.
#include "store/codec.h"
#include "store/codec_fields.h"

namespace tvan {
namespace {

// In front of a voided key's record; no MTDiep begins with it, so that one value under a key says which of the two it
// is.
constexpr char kVoidedMark = '\0';

}  // namespace

std::string Encode(const Voided& voided) {
  TaggedWriter out;
  codec::Instant(out, 1, voided.at);
  codec::Text(out, 2, voided.position.incarnation);
  codec::Number(out, 3, voided.position.sequence);
  codec::Text(out, 4, voided.proof);
  return kVoidedMark + out.Take();
}

bool IsVoided(std::string_view bytes) { return !bytes.empty() && bytes.front() == kVoidedMark; }

Result<Voided> DecodeVoided(std::string_view bytes) {
  using codec::Into;
  Voided voided;
  if (!IsVoided(bytes)) return codec::Damaged("voided key");
  Status read = ReadTagged(bytes.substr(1), [&](const TaggedField& f) {
    (void)(Into(f, 1, voided.at) || Into(f, 2, voided.position.incarnation) || Into(f, 3, voided.position.sequence) ||
           Into(f, 4, voided.proof));
  });
  if (!read.ok() || voided.proof.empty() || voided.position.sequence == 0) return codec::Damaged("voided key");
  return voided;
}

}  // namespace tvan
