#include "store/new_life.h"

#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {
namespace {

std::string Encode(const Recovery::Ancestor& ancestor) {
  TaggedWriter out;
  out.Bytes(1, ancestor.incarnation).Signed(2, ancestor.as_of.us);
  return out.Take();
}

bool DecodeAncestor(const TaggedField& f, uint32_t tag, Recovery& recovery, bool& good) {
  if (f.tag != tag) return false;
  Recovery::Ancestor ancestor;
  const Status read = ReadTagged(f.bytes, [&](const TaggedField& field) {
    (void)(codec::Into(field, 1, ancestor.incarnation) || codec::Into(field, 2, ancestor.as_of));
  });
  good = good && read.ok() && !ancestor.incarnation.empty();
  recovery.ancestors.push_back(std::move(ancestor));
  return true;
}

}  // namespace

std::string Encode(const Recovery& recovery) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(recovery.reason));
  for (const Recovery::Ancestor& ancestor : recovery.ancestors) out.Bytes(2, Encode(ancestor));
  codec::Number(out, 3, recovery.sequence);
  codec::Number(out, 4, recovery.acceptance);
  codec::Instant(out, 5, recovery.made_at);
  codec::Instant(out, 6, recovery.ended_at);
  return out.Take();
}

Result<Recovery> DecodeRecovery(std::string_view bytes) {
  Recovery r;
  bool good = true;
  const Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    (void)(codec::Into(f, 1, r.reason) || DecodeAncestor(f, 2, r, good) || codec::Into(f, 3, r.sequence) ||
           codec::Into(f, 4, r.acceptance) || codec::Into(f, 5, r.made_at) || codec::Into(f, 6, r.ended_at));
  });
  if (!read.ok() || !good || r.ancestors.empty()) return codec::Damaged("recovery");
  return r;
}

Status BeginNewLife(const NewLife& life, WriteSet& writes) {
  const std::string old = writes.Get(Family::kControl, keys::kIncarnation).value_or("");
  if (old.empty() || old == life.incarnation || life.incarnation.size() != old.size())
    return Status::Permanent("store.argument"_reason, "a copy needs an incarnation of its own");
  Recovery recovery;
  if (auto bytes = writes.Get(Family::kControl, keys::kRecovery)) {
    auto before = DecodeRecovery(*bytes);
    if (!before.ok()) return before.status();
    recovery.ancestors = std::move(before->ancestors);
  }
  recovery.reason = life.reason;
  recovery.ancestors.insert(recovery.ancestors.begin(), {old, life.as_of});
  if (recovery.ancestors.size() > Recovery::kMostAncestors) recovery.ancestors.resize(Recovery::kMostAncestors);
  recovery.sequence = writes.Number(Family::kControl, keys::kSequence);
  recovery.acceptance = writes.Number(Family::kControl, keys::kAcceptance);
  recovery.made_at = life.made_at;
  writes.Put(Family::kControl, keys::kRecovery, Encode(recovery));
  writes.Put(Family::kControl, keys::kIncarnation, life.incarnation);
  writes.Put(Family::kControl, keys::kSequence, U64(recovery.sequence + 1));
  return writes.status();
}

}  // namespace tvan
