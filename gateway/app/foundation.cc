#include "gateway/app/foundation.h"

#include "adapters/soap/soap_channel.h"
#include "config/loader.h"
#include "config/profiles/profiles.h"
#include "config/profiles_folder.h"
#include "gateway/app/open_store.h"
#include "gateway/app/rule_settings.h"
#include "gateway/app/settings.h"
#include "gateway/app/start_checks.h"
#include "gateway/app/trust_settings.h"

namespace tvan {
namespace {

// Puts a value where it belongs, or hands the reason on.
template <class T>
Status Into(Result<T> result, T& place) {
  if (!result) return result.status();
  place = *std::move(result);
  return {};
}

Status TakeStore(Result<ProvenStore> opened, Foundation& base) {
  if (!opened) return opened.status();
  base.store = std::move(opened->store);
  base.shared = opened->shared;
  base.fence = opened->fence;
  base.follower = std::make_unique<RecordFollower>(*base.store, *base.metrics);
  return base.follower->Begin();  // before anything is loaded
}

// An answer may hold a whole message of ours beside its own: a 202 the invoice with code and signature, a -1 what it
// could not read (HSGoc, escaped).
constexpr size_t kMaxAnswerBytes = 8 * 1024 * 1024;

void MakeParsers(Foundation& base) {
  base.parser = MakeXmlParser(XmlLimits());
  base.rendered_parser = MakeXmlParser(LimitsOfRendered(XmlLimits()));
  XmlLimits answers;
  answers.max_bytes = kMaxAnswerBytes;
  base.answer_parser = MakeXmlParser(answers);
}

// The field tables of the configured folder, or those that are built in.
Result<std::shared_ptr<const ProfileSet>> OpenProfiles(const std::string& folder, const Digester& digester) {
  if (folder.empty()) return ProfileSet::Make(SourcesOf(EmbeddedProfiles()), digester);
  auto files = ReadProfilesFolder(folder);
  if (!files) return files.status();
  return ProfileSet::Make(SourcesOf(*files), digester);
}

Status OpenTrust(const config::v1::Config& config, Clock& clock, Foundation& base) {
  const auto& trust = config.trust();
  base.digester = MakeDigester();
  MakeParsers(base);
  Status status = Into(MakeSignatureVerifier(TrustSettings(trust, trust.sellers()), clock), base.sellers);
  if (status.ok()) status = Into(MakeSignatureVerifier(TrustSettings(trust, trust.authority()), clock), base.authority);
  if (status.ok()) status = Into(Sealer::Load(config.seal().key_file()), base.sealer);
  if (!status.ok()) return status;
  const auto& old = config.seal().old_key_sets();
  status = Into(MergeKeySets(base.sealer->KeySetJson(), {old.begin(), old.end()}), base.key_set_json);
  Validator::Options options;
  status = Into(OpenProfiles(config.validate().profiles_dir(), *base.digester), options.profiles);
  if (!status.ok()) return status;
  options.rendered = base.rendered_parser.get();
  options.rules = RuleSettings(config.validate().rules());
  base.validator = Validator::Make(options, *base.parser, *base.sellers, *base.digester);
  base.reader = AnswerReader::Make(*base.answer_parser, *base.authority, options.profiles);
  return status;
}

}  // namespace

Result<Foundation> OpenFoundation(const config::v1::Config& config, Clock& clock, const Gateway::Around& around) {
  Foundation base;
  base.metrics = Metrics::Make();
  Status status = Into(ReadMessageIdKey(config.message_id().key_file()), base.message_id_key);
  if (status.ok()) status = TakeStore(OpenStore(config, clock, *base.metrics, around), base);
  if (status.ok()) status = OpenTrust(config, clock, base);
  if (status.ok()) status = Into(ContractBook::Load(*base.store, ContractSettings(config.contracts())), base.contracts);
  if (status.ok()) status = Into(Calendar::Load(*base.store, CalendarSettings(config)), base.calendar);
  if (status.ok()) status = Into(MakeSoapChannel(LineSettings(config.line()), clock, *base.metrics), base.channel);
  if (!status.ok()) return status;
  return base;
}

}  // namespace tvan
