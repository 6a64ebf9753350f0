#pragma once
// The simulated authority without its network: takes operations, decides by checks, books, its plan and faults, keeps
// the answers, writes the transcript. Thread-safe: checks run in parallel, decisions under one lock. Keeps all in
// memory.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/simulator/ack_book.h"
#include "adapters/simulator/answer_list.h"
#include "adapters/simulator/capacity.h"
#include "adapters/simulator/keeper.h"
#include "adapters/simulator/step_one.h"
#include "adapters/simulator/timetable.h"
#include "adapters/simulator/transcript.h"
#include "adapters/simulator/wire_format.h"

namespace tvan::sim {

// Where and when an operation came in.
struct Arrival {
  int64_t connection = 0;
  Time at;  // of the first byte of the body
};

// How the server is to answer on the wire.
enum class Wire { kAnswer, kSlowAnswer, kCut, kReset, kHtml502, kHttp503, kClosedFault, kBusyFault, kHalfOpen };
struct Reply {
  Wire wire = Wire::kAnswer;
  std::string body;  // for kAnswer and kSlowAnswer
  Span delay{};      // for kSlowAnswer
};

class Authority {
 public:
  // Borrowed parts outlive it.
  struct Parts {
    Clock& clock;
    Transcript& transcript;
    const XmlParser& parser;  // for messages, 2 MB
    const SignatureVerifier& verifier;
    const XmlSigner& signer;
    const Digester& digester;
    Keeper* keeper = nullptr;  // null: what arrives is not kept
  };
  Authority(const Options& options, const Parts& parts);

  Reply Send(const Arrival& arrival, const std::vector<IncomingMessage>& messages);
  Reply Receive(const Arrival& arrival, const std::string& after, uint32_t limit);
  Reply Probe(const Arrival& arrival);
  Conditions ConditionsAt(Time t) const { return timetable_.At(t); }
  Time DateHeader() const { return timetable_.DateHeader(); }
  // Puts a plan in the place of the one in force; one that could not be read is written down, and changes nothing.
  void Follow(const Result<Plan>& plan);
  // One ack999 event with disposition missing for each answer that has no 999.
  void ReportMissingAcks();

 private:
  struct Known {  // of one MTDiep
    int64_t tries = 0;
    uint64_t turns = 0;                                        // how often it was answered; keeps ids of answers apart
    bool seen = false;                                         // a repetition is a duplicate
    std::vector<std::shared_ptr<const Answer>> first_answers;  // kept under repeat_first_answer only
  };
  struct Letter;  // one message on its way through Send

  Letter Open(const IncomingMessage& message, Time arrived) const;
  void Examine(Letter& letter, Time arrived) const;
  Wire WireOf(const Conditions& now, std::vector<Letter>& letters, Time arrived);
  void Handle(Letter& letter, Wire wire, const Conditions& now, Time arrived);
  bool IsTooMuch(Letter& letter, const Conditions& now, Time arrived);
  Reply Served(const Conditions& now, std::string body) const;
  std::string Judge(Letter& letter, Known& known, Time arrived);
  std::string Duplicate(Letter& letter, Known& known, Time arrived);
  std::string Process(Letter& letter, Known& known, Time arrived);
  bool Fault(Letter& letter, const std::string& name);
  void Refuse(Letter& letter, Known& known, const Refusal& refusal, Time arrived);
  void Queue(Letter& letter, Known& known, Answer answer, Time due);
  Time QueueBusiness(Letter& letter, Known& known, std::vector<Answer> answers, Time due);
  void QueueMore(Letter& letter, Known& known, const BusinessResult& result, Time due);
  std::vector<ItemError> Scripted(Letter& letter);  // what the script refuses of this message
  void ScriptItems(Letter& letter, std::vector<ItemError>& errors);
  size_t SomeItem(const Letter& letter, const char* what) const;
  void Put(const std::shared_ptr<const Answer>& answer, Time due, const std::vector<std::string>& faults, bool hidden);
  bool RepeatsAnswers() const { return options_.duplicate_policy == DuplicatePolicy::kRepeatFirstAnswer; }
  Time AckDue(const Letter& letter, Time arrived) const;
  Time AnswerDue(const Letter& letter, Time arrived) const;
  Span DecisionTime(const Letter& letter) const;
  struct Place {  // of a message in what came
    int64_t request = 0;
    size_t index = 0;
  };
  void WriteLetter(const Letter& letter, const Arrival& arrival, const Place& place, const Conditions& now);

  const Options options_;
  const Parts parts_;
  const Dice dice_;
  const Contracts contracts_;
  const RequestCheck check_;
  const AnswerWriter writer_;
  Timetable timetable_;

  std::mutex mutex_;
  int64_t requests_ = 0;
  Capacity capacity_;
  std::map<std::string, Known> known_;
  StepOne step_one_;
  AckBook acks_;
  AnswerList answers_;
};

}  // namespace tvan::sim
