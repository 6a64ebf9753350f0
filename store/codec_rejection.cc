// Records of rejections.
#include "store/codec.h"
#include "store/codec_fields.h"

namespace tvan {

std::string Encode(const Rejection& r) {
  TaggedWriter out;
  out.Bytes(1, r.provider.value());
  codec::Instant(out, 2, r.at);
  out.Bytes(3, r.digest.view());
  codec::Text(out, 4, r.provider_id);
  if (r.mltdiep != 0) out.Signed(5, r.mltdiep);
  for (const std::string& finding : r.findings) out.Bytes(6, finding);
  out.Unsigned(7, r.number);
  return out.Take();
}

Result<Rejection> DecodeRejection(std::string_view bytes) {
  using codec::Into;
  Rejection r;
  bool good = true;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 3) {
      good = f.bytes.size() == r.digest.bytes.size();
      if (good) std::copy(f.bytes.begin(), f.bytes.end(), reinterpret_cast<char*>(r.digest.bytes.data()));
    }
    if (f.tag == 6) r.findings.push_back(f.String());
    (void)(Into(f, 1, r.provider) || Into(f, 2, r.at) || Into(f, 4, r.provider_id) || Into(f, 5, r.mltdiep) ||
           Into(f, 7, r.number));
  });
  if (!read.ok() || !good || r.provider.empty() || r.number == 0) return codec::Damaged("rejection");
  return r;
}

}  // namespace tvan
