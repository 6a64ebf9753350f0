#include "gateway/feedback/signature_watch.h"

#include "gateway/core/log.h"
#include "gateway/core/status.h"
#include "gateway/feedback/effects.h"

namespace tvan {
namespace {

constexpr const char* kName = "tvan_feedback_signatures_total";
constexpr const char* kHelp = "New answers that bear a signature or should, by what it is worth";

// "signature.untrusted" of "UNVERIFIED(signature.untrusted)".
std::string_view FaultOf(std::string_view annotation) {
  const size_t open = annotation.find('(');
  if (open == std::string_view::npos || annotation.back() != ')') return annotation;
  return annotation.substr(open + 1, annotation.size() - open - 2);
}

}  // namespace

SignatureWatch::SignatureWatch(const LineId& line, Metrics& metrics)
    : line_(line),
      verified_(metrics.GetCounter(kName, kHelp, {{"verdict", "verified"}})),
      unverified_(metrics.GetCounter(kName, kHelp, {{"verdict", "unverified"}})),
      gauge_(metrics.GetGauge("tvan_feedback_unverified_alarm",
                              "1: the share of answers whose signature does not verify went up by a step",
                              {{"line", line.value()}})) {}

void SignatureWatch::Note(int mltdiep, std::string_view annotation) {
  const SignatureVerdict verdict = SignatureOf(mltdiep, annotation);
  if (verdict == SignatureVerdict::kNone) return;
  const bool verified = verdict == SignatureVerdict::kVerified;
  (verified ? verified_ : unverified_).Add();
  const std::lock_guard lock(mutex_);
  const VerifyRate::Step step = rate_.Note(verified ? "" : FaultOf(annotation));
  if (step == VerifyRate::Step::kNone) return;
  const bool up = step == VerifyRate::Step::kUp;
  gauge_.Set(up ? 1 : 0);
  Log(up ? LogLevel::kError : LogLevel::kInfo,
      up ? "feedback.unverified_rate"_reason.text() : "feedback.unverified_rate_over",
      {{"line", line_.value()}, {"counts", rate_.ToString()}});
}

std::string SignatureWatch::alarm_text() const {
  const std::lock_guard lock(mutex_);
  return rate_.up() ? rate_.ToString() : "";
}

}  // namespace tvan
