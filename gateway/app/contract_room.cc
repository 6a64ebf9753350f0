#include "gateway/app/contract_room.h"

#include "config/loader.h"

namespace tvan {
namespace {

constexpr Span kEvery = std::chrono::minutes(1);

ContractChanges::Options WithOperators(ContractChanges::Options options, const config::v1::AdminApi& api) {
  for (const auto& entry : api.operators())
    if (const auto print = ParseSha256Hex(entry.certificate())) options.operators.insert(print->Hex());
  return options;
}

}  // namespace

ContractChanges::Options ChangeSettings(const config::v1::Contracts& contracts) {
  ContractChanges::Options options;
  for (const std::string& what : contracts.two_persons()) {
    options.two_to_end = options.two_to_end || what == "terminate";
    options.two_to_import = options.two_to_import || what == "import";
  }
  options.proposal_keep = SpanOf(contracts.proposal_keep());
  return options;
}

ContractRoom::ContractRoom(const config::v1::Config& config, Parts parts)
    : config_(config),
      parts_(std::move(parts)),
      changes_(parts_.store, parts_.contracts, parts_.clock,
               WithOperators(ChangeSettings(config.contracts()), config.admin_api())),
      desk_({parts_.store, parts_.contracts, changes_, parts_.calendar, LineId::Trusted(config.line().id()),
             parts_.clock, [this] { return Certificates(); }}),
      watch_({parts_.contracts, parts_.calendar, LineId::Trusted(config.line().id()), parts_.clock,
              [this] { return Certificates(); }},
             parts_.metrics),
      look_(parts_.clock) {}

std::vector<NightScreen::Ending> ContractRoom::Certificates() const {
  return CertificateEnds(config_, parts_.clock.Now(), parts_.in_force ? parts_.in_force() : AllInForce{});
}

// A full pool looks again next time.
void ContractRoom::Plan() {
  const auto again = [this] { look_.Start(kEvery, [this] { Plan(); }); };
  const bool taken = parts_.pool.TrySubmit([this, again] {
    watch_.Look();
    again();
  });
  if (!taken) again();
}

}  // namespace tvan
