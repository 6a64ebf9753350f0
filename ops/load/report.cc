#include "ops/load/report.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace tvan::load {
namespace {

using Json = nlohmann::ordered_json;

double Rounded(double value) { return std::round(value * 1000) / 1000; }
double Ms(uint64_t us) { return static_cast<double>(us) / 1000; }
double Per(uint64_t sum, uint64_t count) {
  return count == 0 ? 0 : Rounded(static_cast<double>(sum) / static_cast<double>(count));
}

Json SettingsOf(const RunOptions& options) {
  Json out;
  out["mode"] = options.mode == RunOptions::Mode::kStream ? "stream" : "unary";
  out["loop"] = options.schedule.rate_per_s > 0 ? "open" : "closed";
  if (options.schedule.rate_per_s > 0) {
    out["rate_per_s"] = options.schedule.rate_per_s;
    out["arrivals"] = options.schedule.arrivals == Arrivals::kEven ? "even" : "poisson";
  }
  out["connections"] = options.connections;
  out["in_flight_per_connection"] = options.in_flight;
  out["threads"] = options.threads;
  out["warmup_messages"] = options.warmup;
  return out;
}

void AddCounts(const RunReport& report, Json& out) {
  const Counts& c = report.tally.counts;
  out["sent"] = c.offered;
  out["accepted"] = c.accepted;
  out["already_accepted"] = c.already_accepted;
  out["distinct_gateway_ids"] = report.tally.DistinctGatewayIds();
  out["wrong_receipts"] = c.wrong_receipts;
  out["rejected"] = c.rejected;
  out["failed"] = c.failed;
  out["stray"] = c.stray;
  out["missing"] = c.missing();
  out["backpressure"] = c.backpressure;
}

void AddLatency(const LatencyHistogram& latency, Json& out) {
  out["latency_samples"] = latency.count();
  out["mean_ms"] = Rounded(latency.mean() / 1000);
  out["p50_ms"] = Ms(latency.Quantile(0.5));
  out["p90_ms"] = Ms(latency.Quantile(0.9));
  out["p99_ms"] = Ms(latency.Quantile(0.99));
  out["p999_ms"] = Ms(latency.Quantile(0.999));
  out["max_ms"] = Ms(latency.max());
}

void AddUsage(const RunReport& report, Json& out) {
  double all = 0;
  for (const auto& [name, watched] : report.watched) {
    const auto us = static_cast<uint64_t>(std::max<int64_t>(0, watched.cpu.count()));
    all += static_cast<double>(us);
    out["processes"][name] = {{"cpu_us_per_message", Per(us, report.tally.receipts_in_window())},
                              {"rss_kb_begin", watched.rss_kb},
                              {"rss_kb_end", watched.rss_kb_end}};
  }
  if (report.watched.empty() || report.tally.receipts_in_window() == 0) return;
  out["cpu_us_per_message"] = Rounded(all / static_cast<double>(report.tally.receipts_in_window()));
}

Json AnswersOf(const RunReport& report) {
  const AnswerCounts& a = report.answers;
  const Span took = a.finals < 2 ? Span(0) : a.last_final - report.began;
  Json out{{"items", a.items},
           {"finals", a.finals},
           {"repeated", a.repeated},
           {"foreign", a.foreign},
           {"gaps", a.gaps},
           {"acknowledged_items", a.acknowledged},
           {"seconds", Rounded(static_cast<double>(took.count()) / 1e6)}};
  if (!a.error.empty()) out["error"] = a.error;
  return out;
}

double AnsweredPerS(const RunReport& report) {
  const Span took = report.answers.last_final - report.began;
  if (report.answers.finals == 0 || took.count() <= 0) return 0;
  return Rounded(static_cast<double>(report.answers.finals) * 1e6 / static_cast<double>(took.count()));
}

}  // namespace

std::string ReportJson(const RunOptions& options, const RunReport& report) {
  Json out;
  out["accepted_per_s"] = Rounded(report.tally.receipts_per_s());
  AddLatency(report.tally.latency(), out);
  out["window_s"] = Rounded(static_cast<double>(report.tally.window().count()) / 1e6);
  out["window_messages"] = report.tally.receipts_in_window();
  AddCounts(report, out);
  AddUsage(report, out);
  if (options.feedback == RunOptions::Feedback::kRead) {
    out["answered_per_s"] = AnsweredPerS(report);
    out["answers"] = AnswersOf(report);
  }
  if (options.schedule.rate_per_s > 0) out["generator_late_max_ms"] = Ms(report.latest_departure.count());
  out["corpus_exhausted"] = report.corpus_exhausted;
  out["request_bytes_mean"] = Per(report.request_bytes, report.tally.counts.offered);
  out["answer_bytes_mean"] =
      Per(report.tally.counts.answer_bytes, report.tally.counts.accepted + report.tally.counts.rejected);
  out["settings"] = SettingsOf(options);
  out["complaints"] = report.tally.complaints();
  const auto problems = report.Problems(options);
  out["problems"] = problems;
  out["ok"] = problems.empty();
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> RunReport::Problems(const RunOptions& options) const {
  std::vector<std::string> problems;
  const Counts& counts = tally.counts;
  const auto none = [&](uint64_t number, const char* what) {
    if (number != 0) problems.push_back(std::to_string(number) + " " + what);
  };
  none(counts.rejected, "rejected");
  none(counts.failed, "failed");
  none(counts.missing(), "without an answer");
  none(counts.stray, "answers to nothing");
  none(counts.wrong_receipts, "wrong receipts");
  none(counts.already_accepted, "accepted by an earlier run: the store is not fresh");
  const bool gateway = options.peer == RunOptions::Peer::kGateway;
  if (gateway && tally.DistinctGatewayIds() != counts.accepted) problems.emplace_back("two receipts name one MTDiep");
  if (counts.offered == 0) problems.emplace_back("nothing was sent");
  if (options.feedback == RunOptions::Feedback::kIgnore) return problems;
  none(counts.accepted - std::min(counts.accepted, answers.finals), "without a result of the authority");
  none(answers.repeated, "results came twice");
  none(answers.gaps, "gaps in the sequence of the feedback");
  if (!answers.error.empty()) problems.push_back("feedback: " + answers.error);
  if (answers.acknowledged != answers.items) problems.emplace_back("not all feedback is acknowledged");
  return problems;
}

}  // namespace tvan::load
