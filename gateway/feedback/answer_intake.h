#pragma once
// From bytes of the line to one durable act: read, correlate, decide, wrap again for the provider, make our own 999.
// Used by the receiver's thread and by searches at the same time; it keeps nothing of its own but how signatures turn
// out. Dedup is the store's.

#include <optional>
#include <vector>

#include "gateway/feedback/correlate.h"
#include "gateway/feedback/effects.h"
#include "gateway/feedback/receiver.h"
#include "gateway/feedback/signature_watch.h"

namespace tvan {

struct AnswerIntakeParts {
  Receiver::Options options;
  Store& store;
  ContractBook& contracts;
  const LineId line;
  const AnswerReader& reader;
  const Digester& digester;
  Clock& clock;
  Metrics& metrics;
  Receiver::Hooks hooks;
};

class AnswerIntake {
 public:
  explicit AnswerIntake(AnswerIntakeParts parts)
      : parts_(std::move(parts)), signatures_(std::make_unique<SignatureWatch>(parts_.line, parts_.metrics)) {}

  const SignatureWatch& signatures() const { return *signatures_; }

  // Stores them all, with the line's new position (empty: the position stays). After OK the hooks have been called.
  // When one of them cannot be correlated for an error of the store, nothing is stored: the line is read again from
  // there.
  Result<ReceiveReport> Take(const Fence& fence, std::vector<InboundMessage> messages,
                             const std::string& new_position) const;

 private:
  struct Built {
    IncomingAnswer answer;
    MessageView message;            // empty ids: no single request
    bool known = false;             // stored before
    bool news = true;               // to be reported: it is new, or decides what was undecided
    std::string system_code;        // not empty: the line must go down
    std::vector<Taxpayer> news_of;  // of taxpayers, to be learned before the durable act
    bool alarm = false;
  };

  Result<Built> Build(InboundMessage message, const ContractSnapshot& book) const;
  Result<std::optional<StoredAnswer>> Known(const std::string& answer_id) const;  // nullopt: new
  std::optional<ReadAnswer> ReadingOf(const IncomingAnswer& stored) const;
  Result<EffectRules> RulesFor(const ParsedAnswer& answer) const;
  Result<Effect> EffectFor(const ReadAnswer& read, const MessageView& message) const;
  bool IsHeldBack(const ReadAnswer& read) const;
  Status Decide(ReadAnswer& read, const ContractSnapshot& book, Time owned_at, Built& built) const;
  void DeliverTo(const ProviderId& provider, const ReadAnswer& read, const ContractSnapshot& book, Built& built) const;
  void TakeNews(const ReadAnswer& read, const ContractSnapshot& book, Time first_received, Built& built) const;
  Status Learn(const std::vector<Built>& built) const;
  void AddOwn999(const ReadAnswer& read, Built& built) const;
  void Report(const Built& built, Time stored_at) const;
  void CountAnswer(const IncomingAnswer& answer, std::string_view outcome) const;

  const AnswerIntakeParts parts_;
  const std::unique_ptr<SignatureWatch> signatures_;
};

}  // namespace tvan
