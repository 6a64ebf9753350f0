#pragma once
// When the certificates end that this gateway uses, read from their files anew. Blocking; any thread.

#include <vector>

#include "gateway/admin/night_screen.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// Of our listeners and our line, whatever their dates; of the trust lists those that are good at `now`, since an old
// one there is no fault. A file or a certificate that cannot be read is named as such: a start with it would be
// refused.
std::vector<NightScreen::Ending> CertificateEnds(const config::v1::Config& config, Time now);

}  // namespace tvan
