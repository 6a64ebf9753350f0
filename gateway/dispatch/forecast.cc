#include "gateway/dispatch/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tvan {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLongest = 7 * 86'400;  // seconds
constexpr double kNothing = 1e-6;        // messages; below it is rounding
constexpr int kMostEvents = 512;         // each class opens, empties and stops a few times; a bound all the same

double SecondsUntil(Time at, Time now) {
  return at == kForever ? kNever : std::max(0.0, static_cast<double>((at - now).count()) / 1e6);
}

// When `waiting` + `gain`·t − `growth`·t²/2 comes down to zero.
double ZeroOf(double waiting, double gain, double growth) {
  if (growth <= 0) return gain < 0 ? waiting / -gain : kNever;
  const double root = std::sqrt(gain * gain + 2 * growth * waiting);
  return gain < 0 ? 2 * waiting / (root - gain) : (gain + root) / growth;
}

struct Lane {
  double waiting, arriving;
  double opens, stops;  // seconds from now
  bool sent;            // now
  bool stopped = false;
  double empty_at = kNever, short_by = 0;
};

class Pipe {
 public:
  Pipe(const std::vector<Flow>& flows, const Pace& pace, Time now)
      : pace_(pace), per_s_(std::min(pace.now_per_s, pace.max_per_s)) {
    for (const Flow& flow : flows)
      lanes_.push_back({std::max(0.0, flow.waiting), std::max(0.0, flow.arriving_per_s),
                        flow.opens ? SecondsUntil(*flow.opens, now) : kNever, SecondsUntil(flow.last_call, now),
                        !flow.opens});
  }

  void Run() {
    for (int i = 0; i < kMostEvents; ++i) {
      OpenAndStop();
      const Lane* served = Served();
      Note(served);
      const double step = NextEvent(served);
      if (at_ + step > kLongest) return;
      Go(step, served);
    }
  }

  const std::vector<Lane>& lanes() const { return lanes_; }
  double empty_at() const { return empty_at_; }

 private:
  double growth() const { return per_s_ < pace_.max_per_s ? pace_.growth_per_s : 0; }

  void OpenAndStop() {
    for (Lane& lane : lanes_) {
      if (!lane.sent && !lane.stopped && lane.opens <= at_) {
        lane.sent = true;
        per_s_ = std::min(pace_.start_per_s, pace_.max_per_s);
      }
      if (lane.stopped || lane.stops > at_) continue;
      lane.stopped = true;
      lane.sent = false;
      lane.short_by = lane.waiting;
    }
  }

  void Note(const Lane* served) {
    bool all = true, keeps_up = true;  // lanes before the served one
    for (Lane& lane : lanes_) {
      keeps_up = keeps_up && &lane != served;
      const bool empty = lane.waiting <= kNothing && (lane.arriving <= 0 || (lane.sent && keeps_up));
      if (empty) lane.empty_at = std::min(lane.empty_at, at_);
      all = all && empty;
    }
    if (all) empty_at_ = std::min(empty_at_, at_);
  }

  // The lane that takes all that is left; lanes before it stay empty, lanes behind it only fill. nullptr: all are
  // empty.
  const Lane* Served() {
    left_ = per_s_;
    for (const Lane& lane : lanes_) {
      if (!lane.sent) continue;
      if (lane.waiting > kNothing || lane.arriving > left_ + kNothing) return &lane;
      left_ = std::max(0.0, left_ - lane.arriving);
    }
    return nullptr;
  }

  double NextEvent(const Lane* served) const {
    double next = kNever;
    const auto at = [&](double when) { next = std::min(next, when - at_); };
    for (const Lane& lane : lanes_) {
      if (!lane.sent && !lane.stopped) at(lane.opens);
      if (!lane.stopped) at(lane.stops);
    }
    if (growth() > 0) next = std::min(next, (pace_.max_per_s - per_s_) / growth());
    if (served != nullptr) next = std::min(next, ZeroOf(served->waiting, served->arriving - left_, growth()));
    return next;
  }

  void Go(double step, const Lane* served) {
    const double rise = growth() * step;
    bool keeps_up = true;  // lanes before the served one
    for (Lane& lane : lanes_) {
      keeps_up = keeps_up && &lane != served;
      if (&lane == served)
        lane.waiting += (lane.arriving - left_ - rise / 2) * step;
      else if (!lane.sent || !keeps_up)
        lane.waiting += lane.arriving * step;
      if (lane.waiting < kNothing) lane.waiting = 0;
    }
    per_s_ += rise;
    if (pace_.max_per_s - per_s_ < kNothing) per_s_ = pace_.max_per_s;
    at_ += step;
  }

  const Pace pace_;
  double per_s_;
  double left_ = 0;  // of the pace for the lane that is served
  double at_ = 0;    // seconds from now
  double empty_at_ = kNever;
  std::vector<Lane> lanes_;
};

std::optional<Time> TimeOf(double seconds, Time now) {
  if (seconds == kNever) return std::nullopt;
  return now + Span(static_cast<int64_t>(seconds * 1e6));
}

}  // namespace

Outlook ForecastOf(const std::vector<Flow>& flows, const Pace& pace, Time now) {
  Pipe pipe(flows, pace, now);
  pipe.Run();
  Outlook outlook;
  outlook.empty_at = TimeOf(pipe.empty_at(), now);
  for (size_t i = 0; i < flows.size(); ++i) {
    const Lane& lane = pipe.lanes()[i];
    const auto short_by = static_cast<uint64_t>(std::llround(lane.short_by));
    outlook.classes.push_back({flows[i].cls, TimeOf(lane.empty_at, now), short_by});
    outlook.short_by += short_by;
  }
  return outlook;
}

std::vector<Flow> Paused(std::vector<Flow> flows, const std::set<MessageClass>& classes) {
  for (Flow& flow : flows)
    if (classes.count(flow.cls) > 0) flow.arriving_per_s = 0;
  return flows;
}

}  // namespace tvan
