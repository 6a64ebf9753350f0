#include "ops/ctl/contract_terms.h"

#include <map>

#include "adapters/signature/pki.h"
#include "ops/ctl/files.h"
#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

const std::map<std::string, admin::ContractStatus> kStatuses = {{"draft", admin::CONTRACT_STATUS_DRAFT},
                                                                {"active", admin::CONTRACT_STATUS_ACTIVE},
                                                                {"suspended", admin::CONTRACT_STATUS_SUSPENDED},
                                                                {"terminated", admin::CONTRACT_STATUS_TERMINATED}};

// A date (midnight +07:00), or a time.
Result<Time> DayOrTime(const std::string& text) { return text.size() == 10 ? ParseDate(text) : ParseTime(text); }

// Writes status, dates and types; the two records have the same fields.
template <class Record>
Status Set(const Term& term, Record* record) {
  record->set_provider(term.provider);
  record->set_status(kStatuses.at(term.status));
  for (const int type : term.types) record->add_message_types(type);
  const auto from = DayOrTime(term.from);
  if (!from.ok()) return from.status();
  SetTimestamp(*from, record->mutable_from());
  if (term.to.empty()) return {};
  const auto to = DayOrTime(term.to);
  if (!to.ok()) return to.status();
  SetTimestamp(*to, record->mutable_to());
  return {};
}

}  // namespace

Status SetTerm(const Term& term, admin::ProviderContract* record) { return Set(term, record); }
Status SetTerm(const Term& term, admin::Mandate* record) { return Set(term, record); }

void AddTermFlags(CLI::App* command, Term& term) {
  command->add_option("PROVIDER", term.provider, "its id, [a-z0-9-]{1,32}")->required();
  command->add_option("--from", term.from, "first day, YYYY-MM-DD")->required();
  command->add_option("--to", term.to, "the day after the last one; default: open");
  command->add_option("--status", term.status, "draft, active, suspended, terminated")
      ->capture_default_str()
      ->check(CLI::IsMember({"draft", "active", "suspended", "terminated"}));
  command->add_option("--types", term.types, "message types (config/CATALOGUE.md); default: all that are relayed")
      ->delimiter(',');
  command->add_option("--reason", term.reason, "why; kept with the change");
}

Result<std::string> Fingerprint(const std::string& text) {
  if (text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos) return text;
  const auto pem = ReadFile(text);
  if (!pem.ok()) return pem.status();
  return CertificateSha256(*pem);
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + text;
  return out;
}
std::string Joined(const google::protobuf::RepeatedField<int>& numbers) {
  std::string out;
  for (const int number : numbers) out += (out.empty() ? "" : ",") + std::to_string(number);
  return out.empty() ? "all" : out;
}

std::string StatusText(admin::ContractStatus status) {
  for (const auto& [name, value] : kStatuses)
    if (value == status) return name;
  return "?";
}

}  // namespace tvan::ctl
