#pragma once
// When the certificates end that this gateway uses. Blocking; any thread.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/admin/night_screen.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// What a listener or the line shows and whom it trusts, in PEM; and why its files, which say something else by now,
// were not taken: empty, when they were.
struct CredentialsInForce {
  std::string certificate_pem, ca_pem, refused;
};
struct AllInForce {  // nullopt: what its files say
  std::optional<CredentialsInForce> provider_api, admin_api, line;
  std::map<std::string, std::string> trust_refused{};  // trust lists whose files were not taken, and why
};

// Of our listeners and our line, whatever their dates; of the trust lists those that are good at `now`, since an old
// one there is no fault. Files are read anew, except of what is known to be in force; of trust lists it is the files
// always. A file or a certificate that cannot be read, or was not taken, is named as such: a start with it would be
// refused.
std::vector<NightScreen::Ending> CertificateEnds(const config::v1::Config& config, Time now,
                                                 const AllInForce& in_force = {});

}  // namespace tvan
