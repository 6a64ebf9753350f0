#include "gateway/dispatch/fault_classifier.h"

#include <algorithm>
#include <array>

namespace tvan {
namespace {

constexpr size_t kLongestText = 300;
constexpr size_t kFewestOfOne = 2;  // failures before a provider is named

std::string_view RoomOf(const Status& status) {
  const std::string_view reason = status.reason().text();
  return reason.substr(0, reason.find('.'));
}

}  // namespace

const char* ToString(FaultClass fault) {
  switch (fault) {
    case FaultClass::kNone:
      return "none";
    case FaultClass::kAuthority:
      return "authority";
    case FaultClass::kLine:
      return "line";
    case FaultClass::kOwn:
      return "own";
    case FaultClass::kOneProvider:
      return "one_provider";
  }
  return "unknown";
}

FaultClass FaultOf(const Status& status) {
  const Reason reason = status.reason();
  if (status.ok() || reason == "line.not_after"_reason || reason == "dispatch.closed"_reason) return FaultClass::kNone;
  if (status.disposition() == Disposition::kPermanent || RoomOf(status) == "store" ||
      reason == "line.credentials"_reason)
    return FaultClass::kOwn;
  if (reason == "line.connect"_reason || reason == "line.tls"_reason || reason == "line.cut"_reason)
    return FaultClass::kLine;
  return FaultClass::kAuthority;
}

void FaultClassifier::Add(FaultEvidence evidence) {
  if (evidence.text.size() > kLongestText) evidence.text.resize(kLongestText);
  evidence_.push_back(std::move(evidence));
  if (evidence_.size() > kMost) evidence_.pop_front();
}

void FaultClassifier::Failed(Time at, const Status& status, std::optional<ProviderId> provider) {
  const FaultClass fault = FaultOf(status);
  if (fault != FaultClass::kNone) Add({at, fault, status.ToString(), std::move(provider)});
}

void FaultClassifier::SystemCode(Time at, const std::string& detail, std::optional<ProviderId> provider) {
  Add({at, FaultClass::kAuthority, "feedback.system_code: " + detail, std::move(provider)});
}

// By itself it says nothing against the line, which took others.
void FaultClassifier::MessageRefused(Time at, const ProviderId& provider, const Status& status) {
  Add({at, FaultClass::kNone, status.ToString(), provider});
}

void FaultClassifier::Taken(Time at, const ProviderId& provider) {
  if (provider != last_.provider) last_of_another_ = last_;
  last_ = {at, provider};
}

Time FaultClassifier::TakenOfOthers(const ProviderId& provider) const {
  return last_.provider != provider ? last_.at : last_of_another_.at;
}

bool FaultClassifier::IsOneProviders(const std::vector<const FaultEvidence*>& fresh) const {
  const std::optional<ProviderId>& provider = fresh.back()->provider;
  if (!provider || fresh.size() < kFewestOfOne) return false;
  const bool only =
      std::all_of(fresh.begin(), fresh.end(), [&provider](const FaultEvidence* e) { return e->provider == provider; });
  return only && TakenOfOthers(*provider) > fresh.front()->at;
}

FaultClass FaultClassifier::Decide(Time now) const {
  std::vector<const FaultEvidence*> fresh;
  for (const FaultEvidence& e : evidence_)
    if (e.at > well_at_ && now - e.at < kFresh) fresh.push_back(&e);
  if (fresh.empty()) return FaultClass::kNone;
  if (IsOneProviders(fresh)) return FaultClass::kOneProvider;
  std::array<size_t, 5> votes{};
  FaultClass most = FaultClass::kNone;
  for (const FaultEvidence* e : fresh) {  // newer ones win a tie
    if (e->at <= last_.at || e->points_to == FaultClass::kNone) continue;
    const size_t count = ++votes[static_cast<size_t>(e->points_to)];
    if (count >= votes[static_cast<size_t>(most)]) most = e->points_to;
  }
  return most;
}

}  // namespace tvan
