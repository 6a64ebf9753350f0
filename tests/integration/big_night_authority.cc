// The authority of the big night: takes its time, answers with a 999 and a verdict, keeps its stop, flaps when told to.
#include <condition_variable>

#include "tests/integration/big_night.h"

namespace tvan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Span kTakes = milliseconds(400);  // for a request
constexpr int64_t kPerSecond = 400;

thread_local Time arrived;  // the request that this thread brings

bool IsOwn999(const std::string& bytes) { return bytes.find("<MLTDiep>999<") != std::string::npos; }

int FinalType(int type) { return type == 300 ? 301 : type == 100 ? 103 : 204; }

Status Refused() { return Status::Transient("line.connect"_reason, "refused"); }

}  // namespace

void BigNight::WireAuthority() {
  authority_.on_request = [this](const auto& messages) { return OnRequest(messages); };
  authority_.on_send = [this](const OutboundMessage& message) { return OnSend(message); };
  const auto answers = [this](const std::string& kind) {
    const bool away = IsClosed(clock_->Now()) || down_;
    evidence_.Line(clock_->Now(), kind, away ? "down" : "ok");
    return away ? Refused() : Status();
  };
  authority_.on_probe = [answers] { return answers("probe"); };
  authority_.on_receive = [answers] { return answers("receive"); };
}

bool BigNight::IsClosed(Time now) const { return stop_ <= now && now < end_; }

// Up and down by turns of two to ten seconds; the driver calls it between two steps.
void BigNight::Flap() {
  if (clock_->Now() < turn_ends_) return;
  down_ = !down_;
  turn_ends_ = clock_->Now() + seconds(2 + Draw(9));
}

uint64_t BigNight::Draw(uint64_t below) {
  const std::lock_guard lock(mutex_);
  return random_() % below;
}

// A request takes virtual time: whoever brings it is no work until the timer has made it one again.
void BigNight::TakeTime() {
  std::mutex mutex;
  std::condition_variable cv;
  bool over = false;
  clock_->RunAt(clock_->SteadyNow() + kTakes, [&] {
    clock_->WorkBegins();
    const std::lock_guard lock(mutex);
    over = true;
    cv.notify_all();
  });
  clock_->WorkEnds();
  std::unique_lock lock(mutex);
  cv.wait(lock, [&over] { return over; });
}

// While it is down three in ten are read and then reset, so that nobody knows; the others find no connection.
Status BigNight::OnRequest(const std::vector<OutboundMessage>& messages) {
  arrived = clock_->Now();
  const bool away = IsClosed(arrived) || down_;
  if (IsOwn999(*messages.front().bytes)) {
    evidence_.Line(arrived, "ack999", away ? "not_processed" : "ok");
    return away ? Refused() : Status();
  }
  if (!away) return TakeTime(), Status();
  const bool is_read = IsClosed(arrived) || Draw(10) < 3;
  if (!is_read) return Refused();
  for (const OutboundMessage& message : messages)
    WriteSend(*message.bytes, IsClosed(arrived) ? "closed" : "not_processed", "reset");
  return Status::InDoubt("line.cut"_reason, "reset");
}

FakeAuthority::Delivery BigNight::OnSend(const OutboundMessage& message) {
  if (IsOwn999(*message.bytes)) return {};
  const std::string& id = message.mtdiep.value();
  int type = 0;
  bool again = false;
  {
    const std::lock_guard lock(mutex_);
    type = accepted_.at(id).type;
    again = !processed_.insert(id).second;
  }
  const bool cut = flapping_ && Draw(50) == 0;
  WriteSend(*message.bytes, again ? "duplicate_rejected" : "processed", cut ? "cut" : "accepted");
  if (again) AnswerLater(id, 999, "1002", seconds(1));
  if (!again) AnswerLater(id, 999, "", seconds(1 + Draw(2)));
  if (!again) AnswerLater(id, FinalType(type), "", seconds(2 + Draw(4)));
  return {cut ? Status::InDoubt("line.cut"_reason, "cut") : Status(), true};
}

void BigNight::AnswerLater(const std::string& id, int type, const std::string& code, Span after) {
  const Time now = clock_->Now();
  const std::lock_guard lock(mutex_);
  FakeAnswer answer;
  answer.type = type;
  answer.mtdiep = "TCT" + std::to_string(++answers_);
  answer.mtdtchieu = id;
  answer.verdict = type != 999    ? AnswerVerdict::kAccepted
                   : code.empty() ? AnswerVerdict::kReceived
                                  : AnswerVerdict::kRefused;
  if (!code.empty()) answer.codes = {code};
  const std::string bytes = answer.Bytes();
  evidence_.Answered(now, type, id, code, digester_.Sha256Of(bytes).Hex());
  due_.emplace(now + after, bytes);
}

void BigNight::WriteSend(const std::string& bytes, const std::string& disposition, const std::string& response) {
  BigNightEvidence::Send send;
  send.arrived = arrived;
  send.mtdiep = Between(bytes, "<MTDiep>", "</MTDiep>");
  send.bytes = bytes;
  send.disposition = disposition;
  send.response = response;
  send.capacity = kPerSecond;
  const std::lock_guard lock(mutex_);
  const Known& known = accepted_.at(send.mtdiep);
  send.type = known.type;
  send.mst = known.mst;
  send.invoices = known.invoices;
  evidence_.Sent(send, digester_);
}

}  // namespace tvan
