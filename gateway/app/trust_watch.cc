#include "gateway/app/trust_watch.h"

#include <limits>
#include <utility>

#include "gateway/core/log.h"

namespace tvan {

TrustWatch::TrustWatch(Span every, const std::vector<List>& lists, Clock& clock, Metrics& metrics)
    : every_(every), clock_(clock), thread_(Executor::Make({"trust", 1, 4}, clock, metrics)), next_(clock) {
  for (const List& list : lists) {
    const Labels labels = {{"list", list.name}};
    lists_.push_back(
        {list.name, list.verifier, list.changed,
         metrics.GetCounter("tvan_trust_loads_total", "Times that trust files came into force", labels),
         metrics.GetCounter("tvan_trust_load_failures_total", "Looks at trust files that failed", labels),
         metrics.GetGauge("tvan_trust_roots", "Roots in force", labels),
         metrics.GetGauge("tvan_trust_crl_next_update_seconds",
                          "The earliest next update of the revocation lists in force, Unix time; +Inf: there is none",
                          labels)});
  }
}

TrustWatch::~TrustWatch() { Stop(); }

void TrustWatch::Start() {
  for (Watched& list : lists_) {
    list.loads.Add();
    Show(list);
    WarnOfExpired(list);
  }
  Arm();
}

void TrustWatch::Stop() {
  next_.Stop();
  thread_->Drain();
}

void TrustWatch::Arm() {
  next_.Start(every_, [this] {
    if (!thread_->TrySubmit([this] { LookAtAll(); })) Arm();
  });
}

void TrustWatch::LookAtAll() {
  Arm();  // first, whatever comes of this look
  for (Watched& list : lists_) LookAt(list);
  if (also_) also_();
}

void TrustWatch::LookAt(Watched& list) {
  const auto changed = list.verifier.Reload();
  WarnOfExpired(list);
  if (!changed.ok()) return Failed(list, changed.status());
  Note(list.name, "");
  if (*changed) {
    list.loads.Add();
    Show(list);
    if (list.changed) list.changed();
  }
}

// Said once for each failure, not at every look.
void TrustWatch::Failed(Watched& list, const Status& status) {
  list.failures.Add();
  const std::string text = status.ToString();
  if (Note(list.name, text) == text) return;
  Log(LogLevel::kError, "app.trust_not_reloaded",
      {{"list", list.name}, {"status", text}, {"what", "what was loaded before stays in force"}});
}

std::string TrustWatch::Note(const std::string& list, const std::string& failure) {
  const std::lock_guard lock(mutex_);
  std::string before = std::exchange(refused_[list], failure);
  if (failure.empty()) refused_.erase(list);
  return before;
}

std::map<std::string, std::string> TrustWatch::Refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void TrustWatch::Show(const Watched& list) {
  const TrustFacts facts = list.verifier.Loaded();
  list.roots.Set(static_cast<double>(facts.roots));
  list.next_update.Set(facts.crl_next_update == kForever ? std::numeric_limits<double>::infinity()
                                                         : static_cast<double>(facts.crl_next_update.us) / 1e6);
  Log(facts.unverified_crls == 0 ? LogLevel::kInfo : LogLevel::kWarning, "app.trust_loaded",
      {{"list", list.name},
       {"roots", std::to_string(facts.roots)},
       {"intermediates", std::to_string(facts.intermediates)},
       {"crls", std::to_string(facts.crls)},
       {"crls_unverified", std::to_string(facts.unverified_crls)},
       {"sha256", facts.sha256.substr(0, 12)}});
}

void TrustWatch::WarnOfExpired(Watched& list) {
  const Time due = list.verifier.Loaded().crl_next_update;
  if (due > clock_.Now() || std::exchange(list.expired, due) == due) return;
  Log(LogLevel::kWarning, "app.crl_expired",
      {{"list", list.name},
       {"next_update", FormatTime(due)},
       {"what", "a revocation list is older than its issuer promised: fetch the new one"}});
}

}  // namespace tvan
