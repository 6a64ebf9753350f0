#include "gateway/intake/account.h"

#include <algorithm>

#include "gateway/core/local_day.h"
#include "gateway/intake/convert.h"
#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

constexpr Span kDay = std::chrono::hours(24);
constexpr int kSoonDays[] = {1, 7, 30};

// An instant that says something: "since ever" and "open" are left out.
template <class Message>
void SetFrom(Time from, Message& out) {
  if (from.us != 0) ToProto(from, *out.mutable_from());
}
template <class Message>
void SetTo(Time to, Message& out) {
  if (to != kForever) ToProto(to, *out.mutable_to());
}

void FillTerms(const ProviderContract& contract, v1::GetAccountResponse& out) {
  std::vector<Dates> terms = contract.earlier;
  terms.push_back(contract.dates);
  for (const Dates& term : terms) {
    v1::GetAccountResponse::Term& one = *out.add_terms();
    SetFrom(term.from, one);
    SetTo(term.to, one);
  }
}

void FillCertificates(const ProviderContract& contract, const Accounts::Caller& caller, Time now,
                      v1::GetAccountResponse& out) {
  for (const BoundCertificate& bound : contract.certificates) {
    v1::GetAccountResponse::Certificate& one = *out.add_certificates();
    one.set_sha256(bound.sha256);
    SetFrom(bound.from, one);
    SetTo(std::min(bound.to, bound.revoked_at), one);
    one.set_revoked(bound.revoked_at <= now);
    one.set_this_call(bound.sha256 == caller.certificate);
    if (one.this_call() && caller.ends) ToProto(*caller.ends, *one.mutable_expires_at());
  }
}

// Says once, with the smallest threshold, that something ends within 30, 7 or 1 days.
void NoteEnd(Reason rule, const std::string& what, Time ends, Time now, std::vector<Finding>& notes) {
  if (ends <= now) return;
  for (const int days : kSoonDays) {
    if (ends - now > days * kDay) continue;
    notes.push_back(FindingOf(Fault{rule, {}, {what, FormatTime(ends), std::to_string(days)}}));
    return;
  }
}

void FillNotes(const ProviderContract& contract, const Accounts::Caller& caller, Time now,
               v1::GetAccountResponse& out) {
  std::vector<Finding> notes;
  NoteEnd("contract.ends_soon"_reason, contract.provider.value(), EndOfTerms(contract, now), now, notes);
  for (const BoundCertificate& bound : contract.certificates) {
    Time ends = std::min(bound.to, bound.revoked_at);
    if (bound.sha256 == caller.certificate && caller.ends) ends = std::min(ends, *caller.ends);
    NoteEnd("contract.certificate_ends_soon"_reason, bound.sha256, ends, now, notes);
  }
  ToProto(notes, *out.mutable_notes());
}

}  // namespace

Status Accounts::FillQuota(const ProviderContract& contract, Time now, v1::GetAccountResponse::Quota& quota) const {
  const int32_t today = LocalDay(now);
  const auto used = store_.AcceptedOn(contract.provider, today);
  if (!used.ok()) return used.status();
  const Quotas& limits = contract.quotas;
  const auto left = [](uint64_t limit, uint64_t taken) { return limit > taken ? limit - taken : 0; };
  quota.set_per_second(limits.per_second);
  quota.set_burst(limits.burst != 0 ? limits.burst : limits.per_second);
  quota.set_per_day(limits.per_day);
  quota.set_bytes_per_day(limits.bytes_per_day);
  quota.set_used_today(used->messages);
  quota.set_bytes_used_today(used->bytes);
  quota.set_left_today(left(limits.per_day, used->messages));
  quota.set_bytes_left_today(left(limits.bytes_per_day, used->bytes));
  ToProto(BeginOfDay(today + 1), *quota.mutable_renews_at());
  quota.set_max_in_flight(contract.max_in_flight != 0 ? contract.max_in_flight : options_.max_in_flight_per_provider);
  return {};
}

Result<v1::GetAccountResponse> Accounts::Of(const ProviderId& provider, const Caller& caller) const {
  const Time now = clock_.Now();
  const auto book = book_.snapshot();
  const ProviderContract* contract = book->Find(provider);
  if (contract == nullptr)
    return Status::Permanent("intake.unknown_certificate"_reason, "there is no contract with this provider any more");
  const ContractVerdict verdict = book->DecideProvider(provider, now);
  v1::GetAccountResponse out;
  out.set_provider(provider.value());
  out.set_name(contract->name);
  out.set_status(ToString(contract->status));
  FillTerms(*contract, out);
  out.set_in_force(verdict.kind == ContractVerdict::Kind::kAllow);
  for (const TaxCode& code : contract->tax_codes) out.add_tax_codes(code.value());
  for (const int type : contract->message_types) out.add_message_types(type);
  for (const MessageClass cls : contract->classes) out.add_message_classes(ToProto(cls));
  if (Status status = FillQuota(*contract, now, *out.mutable_quota()); !status.ok()) return status;
  FillCertificates(*contract, caller, now, out);
  out.set_mandates(book->CountMandates(provider));
  out.set_contract_version(verdict.version);
  FillNotes(*contract, caller, now, out);
  ToProto(now, *out.mutable_as_of());
  return out;
}

}  // namespace tvan
