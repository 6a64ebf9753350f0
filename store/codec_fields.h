#pragma once
// Helpers of the codecs: optional fields out, typed fields in. Private to the codec_*.cc files; pure functions.

#include <algorithm>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"
#include "gateway/core/tagged.h"
#include "gateway/core/time.h"

namespace tvan::codec {

inline Status Damaged(const char* what) {
  return Status::Permanent("store.damaged"_reason, std::string("a stored record cannot be read: ") + what);
}

// A field that is empty or zero is not written.
inline void Text(TaggedWriter& out, uint32_t tag, std::string_view value) {
  if (!value.empty()) out.Bytes(tag, value);
}
inline void Number(TaggedWriter& out, uint32_t tag, uint64_t value) {
  if (value != 0) out.Unsigned(tag, value);
}
inline void Instant(TaggedWriter& out, uint32_t tag, Time value) {
  if (value.us != 0) out.Signed(tag, value.us);
}

// True if this was the field, so that a record is read by one chain of ||.
inline bool Into(const TaggedField& f, uint32_t tag, std::string& out) {
  if (f.tag == tag) out = f.String();
  return f.tag == tag;
}
template <class Tag>
bool Into(const TaggedField& f, uint32_t tag, StrongString<Tag>& out) {
  if (f.tag == tag) out = StrongString<Tag>::Trusted(f.String());
  return f.tag == tag;
}
inline bool Into(const TaggedField& f, uint32_t tag, uint64_t& out) {
  if (f.tag == tag) out = f.Unsigned();
  return f.tag == tag;
}
inline bool Into(const TaggedField& f, uint32_t tag, uint32_t& out) {
  if (f.tag == tag) out = static_cast<uint32_t>(f.Unsigned());
  return f.tag == tag;
}
inline bool Into(const TaggedField& f, uint32_t tag, int& out) {
  if (f.tag == tag) out = static_cast<int>(f.Signed());
  return f.tag == tag;
}
inline bool Into(const TaggedField& f, uint32_t tag, Time& out) {
  if (f.tag == tag) out = Time{f.Signed()};
  return f.tag == tag;
}
template <class Enum>
requires std::is_enum_v<Enum>
bool Into(const TaggedField& f, uint32_t tag, Enum& out) {
  if (f.tag == tag) out = static_cast<Enum>(std::min<uint64_t>(f.Unsigned(), 0xff));
  return f.tag == tag;
}

}  // namespace tvan::codec
