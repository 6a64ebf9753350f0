// What the authority does with one message, and the answers that come of it.
#include <algorithm>

#include "adapters/simulator/letter.h"
#include "gateway/core/log.h"

namespace tvan::sim {

std::string ResponseWord(Wire wire, const std::string& status) {
  switch (wire) {
    case Wire::kCut:
      return "cut";
    case Wire::kReset:
      return "reset";
    case Wire::kHtml502:
      return "html502";
    case Wire::kHttp503:
      return "http503";
    case Wire::kClosedFault:
      return "fault:Closed";
    case Wire::kBusyFault:
      return "fault:Busy";
    case Wire::kHalfOpen:
      return "none";
    case Wire::kAnswer:
    case Wire::kSlowAnswer:
      break;
  }
  return status == "ACCEPTED" ? "accepted" : "status:" + status;
}

// The order: faults that need no look at the message, readability, duplicates, then all checks.
std::string Authority::Judge(Letter& letter, Known& known, Time arrived) {
  bool first = letter.tries == 1;
  if (first && Fault(letter, "swallow")) return "swallowed";
  for (const auto& [name, mloi] : {std::pair{"system_2006", "2006"}, std::pair{"system_2003", "2003"}}) {
    if (!first || !letter.request.readable() || !Fault(letter, name)) continue;
    Refuse(letter, known, {mloi, "Hệ thống tạm thời không phục vụ", true}, arrived);
    return std::string("refused:") + mloi;
  }
  if (known.seen) return Duplicate(letter, known, arrived);
  if (!letter.request.readable() || (first && Fault(letter, "unreadable"))) {
    known.seen = true;
    std::string sender = letter.request.header.mngui;
    if (sender.empty() && letter.transport_mtdiep.size() > 32)
      sender = letter.transport_mtdiep.substr(0, letter.transport_mtdiep.size() - 32);
    Queue(letter, known, writer_.Unreadable(*letter.bytes, sender, known.turns), AckDue(letter, arrived));
    return "unreadable";
  }
  return Process(letter, known, arrived);
}

void Authority::Refuse(Letter& letter, Known& known, const Refusal& refusal, Time arrived) {
  known.seen = known.seen || !refusal.is_system;
  Answer answer = writer_.Technical(letter.request, refusal, arrived, known.turns);
  ++known.turns;
  Queue(letter, known, std::move(answer), AckDue(letter, arrived));
}

std::string Authority::Duplicate(Letter& letter, Known& known, Time arrived) {
  switch (options_.duplicate_policy) {
    case DuplicatePolicy::kSilent:
      return "duplicate_silent";
    case DuplicatePolicy::kProcessAgain:
      return letter.request.readable() ? Process(letter, known, arrived) : "duplicate_silent";
    case DuplicatePolicy::kRepeatFirstAnswer: {
      Time due = AckDue(letter, arrived);
      for (const auto& answer : known.first_answers) Put(answer, due, {}, false);
      return "duplicate_repeated";
    }
    case DuplicatePolicy::kReject1002:
      break;
  }
  Refuse(letter, known, {"1002", "Thông điệp đã tồn tại"}, arrived);
  return "duplicate_rejected";
}

std::string Authority::Process(Letter& letter, Known& known, Time arrived) {
  bool again = known.seen;
  if (!letter.refusal.mloi.empty()) {
    Refuse(letter, known, letter.refusal, arrived);
    return "refused:" + letter.refusal.mloi;
  }
  Time business_due = AnswerDue(letter, arrived);
  BusinessResult result = step_one_.Judge(letter.request, letter.examined, business_due, Scripted(letter));
  auto business = writer_.Business(letter.request, result, arrived, known.turns);
  if (!business) {
    Log(LogLevel::kError, "sim.sign", {{"status", business.status().ToString()}});
    Refuse(letter, known, {"-1", "Lỗi dịch vụ", true}, arrived);
    return "refused:-1";
  }
  known.seen = true;
  bool swapped = Fault(letter, "out_of_order");
  if (swapped) business_due = AckDue(letter, arrived);
  Time ack_due = swapped ? business_due + std::chrono::seconds(1) : AckDue(letter, arrived);
  Answer ack = writer_.Technical(letter.request, {}, arrived, known.turns);
  if (!Fault(letter, "no_999")) Queue(letter, known, std::move(ack), ack_due);
  business_due = QueueBusiness(letter, known, std::move(*business), business_due);
  QueueMore(letter, known, result, business_due);
  ++known.turns;
  return again ? "processed_again" : "processed";
}

Time Authority::AckDue(const Letter& letter, Time arrived) const { return arrived + options_.ack_delay + letter.lag; }

// A cash-register package has its result within 15 minutes of its arrival, whatever the delays; but for a lag.
Time Authority::AnswerDue(const Letter& letter, Time arrived) const {
  const bool package = letter.request.is_package();
  const std::pair<Span, Span> all{options_.answer_delay_min, options_.answer_delay_max};
  const auto [low, high] = package ? options_.package_delay.value_or(all) : all;
  const Time due =
      parts_.clock.Now() + std::max(options_.ack_delay, dice_.Between("answer delay", letter.mtdiep(), low, high));
  return (package ? std::min(due, arrived + kPackageLimit) : due) + letter.lag;
}

// From the first answer (102) to the second (103, 104).
Span Authority::DecisionTime(const Letter& letter) const {
  return dice_.Between("decision delay", letter.mtdiep(), options_.answer_delay_min, options_.answer_delay_max);
}

void Authority::Queue(Letter&, Known& known, Answer answer, Time due) {
  auto shared = std::make_shared<const Answer>(std::move(answer));
  if (known.seen && RepeatsAnswers()) known.first_answers.push_back(shared);
  Put(shared, due, {}, false);
}

// All business answers of a message share its faults. Answers when the last of them is due.
Time Authority::QueueBusiness(Letter& letter, Known& known, std::vector<Answer> answers, Time due) {
  const bool withheld = Fault(letter, "withhold");
  const bool hidden = !withheld && Fault(letter, "answer_missing_first_read");
  const bool doubled = !withheld && Fault(letter, "doubled");
  if (!withheld && Fault(letter, "late")) due = due + options_.late_delay;
  std::vector<std::string> faults;
  for (const char* name : {"withhold", "answer_missing_first_read", "doubled", "late", "out_of_order"})
    if (std::count(letter.faults.begin(), letter.faults.end(), name) > 0) faults.emplace_back(name);
  for (size_t i = 0; i < answers.size(); ++i) {
    if (i > 0) due = due + DecisionTime(letter);
    auto shared = std::make_shared<const Answer>(std::move(answers[i]));
    if (!withheld && RepeatsAnswers()) known.first_answers.push_back(shared);
    for (int copy = 0; copy < (doubled ? 2 : 1); ++copy)
      Put(shared, withheld ? Time{} : due, faults, hidden && copy == 0);
  }
  return due;
}

void Authority::Put(const std::shared_ptr<const Answer>& answer, Time due, const std::vector<std::string>& faults,
                    bool hidden) {
  bool withheld = due.us == 0;
  if (!withheld) answers_.Add(answer, due, hidden);
  parts_.transcript.Write(Event("answer")
                              .Text("answer_id", answer->id)
                              .Number("mltdiep", answer->type)
                              .Text("mtdtchieu", answer->mtdtchieu)
                              .Text("mst", answer->mst)
                              .Text("answer_sha256", answer->sha256)
                              .Text("mccqt", answer->mccqt)
                              .Text("result", answer->result)
                              .Text("mloi", answer->mloi)
                              .Number("ltbao", answer->ltbao)
                              .At("due", due)
                              .List("faults", faults)
                              .Text("disposition", withheld ? "withheld" : "queued"));
}

}  // namespace tvan::sim
