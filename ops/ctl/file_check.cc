#include "ops/ctl/file_check.h"

#include <array>
#include <utility>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/header.h"
#include "gateway/validate/rule_table.h"
#include "gateway/validate/validator.h"
#include "gateway/validate/xml_refusals.h"
#include "ops/ctl/built_in_profiles.h"
#include "ops/ctl/document_signatures.h"

namespace tvan::ctl {
namespace {

// Stands for this T-VAN where a message does not say whom it addresses.
constexpr const char* kSomeTvan = "0100000000";

bool StartsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

// Stages in their order, by the rooms of their rules; what is of none of these is a rule beyond fields.
std::string StageOf(const std::vector<Finding>& findings) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kRooms = {{{"xml.", "parse"},
                                                                                    {"envelope.", "header"},
                                                                                    {"header.", "header"},
                                                                                    {"catalogue.", "header"},
                                                                                    {"field.", "fields"},
                                                                                    {"signature.", "signature"}}};
  constexpr std::array<std::string_view, 6> kStages = {"parse", "header", "fields", "rules", "signature", "-"};
  size_t first = kStages.size() - 1;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::kError) continue;
    std::string_view stage = "rules";
    for (const auto& [room, name] : kRooms)
      if (StartsWith(finding.rule.text(), room)) stage = name;
    size_t place = 0;
    while (kStages[place] != stage) ++place;
    first = std::min(first, place);
  }
  return std::string(kStages[first]);
}

FileVerdict VerdictOf(std::vector<Finding> findings) {
  FileVerdict verdict;
  verdict.accepted = !HasError(findings);
  verdict.stage = StageOf(findings);
  verdict.findings = std::move(findings);
  return verdict;
}

// The caller is who the message says, and we are whom it addresses.
CheckContext NobodyCalling(const Envelope& header, Time at) {
  CheckContext context;
  const auto sender = TaxCodeOfParty(header.mngui), receiver = TaxCodeOfParty(header.mnnhan);
  const bool to_authority = header.mnnhan == context.authority_code;
  context.our_mst = TaxCode::Trusted(kSomeTvan);
  if (receiver) context.our_mst = *receiver;
  if (to_authority && sender) context.our_mst = *sender;
  if (!to_authority && sender) context.provider_tax_codes = {*sender};
  context.accepted_at = at;
  context.gateway_id = MessageId::Trusted("V" + WithoutDash(context.our_mst) + std::string(32, '0'));
  return context;
}

class Checker final : public FileChecker {
 public:
  Checker(const FileCheckOptions& options, std::shared_ptr<const ProfileSet> profiles,
          std::unique_ptr<SignatureVerifier> verifier)
      : options_(options), verifier_(std::move(verifier)) {
    Validator::Options how;
    how.rendered = rendered_.get();
    how.profiles = std::move(profiles);
    validator_ = Validator::Make(how, *parser_, *verifier_, *digester_);
    reader_ = AnswerReader::Make(*parser_, *verifier_, how.profiles);
  }

  FileVerdict Check(const std::string& bytes) const override {
    auto parsed = parser_->Parse(bytes);
    if (!parsed.ok()) return VerdictOf({XmlRefusal(parsed.status())});
    switch (options_.as) {
      case CheckAs::kSubmit:
        return VerdictOf(Submitted((*parsed)->root(), bytes));
      case CheckAs::kAnswer:
        return VerdictOf(Answered(bytes));
      default:
        return VerdictOf(Signatures(**parsed));
    }
  }

 private:
  std::vector<Finding> Submitted(const XmlNode& root, const std::string& bytes) const {
    Submission submission{bytes, 0, {}};
    if (root.name() == "HDon") {
      submission.message_type = options_.type != 0 ? options_.type : TypeOfInvoice(root);
      submission.client_reference = "check";
    }
    ReadResult read = validator_->Read(std::move(submission));
    std::vector<Finding> findings = std::move(read.findings);
    if (!read.message) return findings;
    CheckedMessage checked = validator_->Check(*read.message, NobodyCalling(read.message->header, options_.at));
    std::move(checked.findings.begin(), checked.findings.end(), std::back_inserter(findings));
    return findings;
  }

  std::vector<Finding> Signatures(const XmlDocument& document) const {
    FindingList findings;
    findings.Say(verifier_->Verify(document, DemandsOfDocument(document.root()), options_.at).faults);
    return findings.Take();
  }

  // KHHDon starts with C where the authority's code is asked for.
  static int TypeOfInvoice(const XmlNode& hdon) {
    const XmlNode series = hdon.Descend({"DLHDon", "TTChung", "KHHDon"});
    return series && StartsWith(series.Text(), "C") ? 200 : 203;
  }

  std::vector<Finding> Answered(const std::string& bytes) const {
    ReadAnswer answer = reader_->Read(bytes, options_.at);
    std::vector<Finding> findings = std::move(answer.parsed.findings);
    const size_t open = answer.annotation.find('(');
    if (open == std::string::npos) return findings;
    if (const Rule* rule = FindRule(answer.annotation.substr(open + 1, answer.annotation.size() - open - 2))) {
      findings.push_back(FindingOf(rule->id, ""));
      findings.back().severity = Severity::kWarning;  // an answer is delivered whoever signed it
    }
    return findings;
  }

  const FileCheckOptions options_;
  const std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());
  const std::unique_ptr<XmlParser> rendered_ = MakeXmlParser(LimitsOfRendered(XmlLimits()));
  const std::unique_ptr<Digester> digester_ = MakeDigester();
  const std::unique_ptr<SignatureVerifier> verifier_;
  std::unique_ptr<Validator> validator_;
  std::unique_ptr<AnswerReader> reader_;
};

}  // namespace

Result<std::unique_ptr<FileChecker>> FileChecker::Make(const FileCheckOptions& options, const Clock& clock) {
  TrustOptions trust;
  trust.trust_files = options.trust_files;
  trust.trust_nobody = options.trust_files.empty();
  trust.allowed.legacy_sha1 = options.legacy_sha1;
  trust.check_signing_time = options.as != CheckAs::kDocument;
  auto verifier = MakeSignatureVerifier(trust, clock);
  if (!verifier.ok()) return verifier.status();
  auto profiles = ProfileSet::Make(SourcesOf(EmbeddedProfiles()), *MakeDigester(), options.profile);
  if (!profiles.ok()) return profiles.status();
  return std::unique_ptr<FileChecker>(std::make_unique<Checker>(options, *std::move(profiles), *std::move(verifier)));
}

}  // namespace tvan::ctl
