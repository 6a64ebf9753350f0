#pragma once
// Writes the evidence of a night that is played in one process, in the formats of a night of real processes
// (tests/acceptance/EVIDENCE.md, adapters/simulator/TRANSCRIPT.md), so that the same audit judges it. Digests are those
// of the toy digester. Thread-safe.

#include <fstream>
#include <map>
#include <mutex>
#include <string>

#include "gateway/calendar/calendar.h"
#include "gateway/validate/answer.h"
#include "store/store.h"

namespace tvan {

class BigNightEvidence {
 public:
  explicit BigNightEvidence(const std::string& folder);

  struct Send {
    Time arrived;
    std::string mtdiep, bytes, disposition, response;
    MessageClass cls = MessageClass::kUncoded;
    int type = 0;
    std::string mst;
    std::vector<InvoiceKey> invoices;
    int64_t capacity = 0;
  };
  void Sent(const Send& send, const Digester& digester);
  void Answered(Time now, int type, const std::string& mtdtchieu, const std::string& code, const std::string& digest);
  void Line(Time now, const std::string& kind, const std::string& disposition);  // probe, receive, ack999
  void AuthorityWindow(const std::string& kind, Time now, Time start, Time end);

  void Submitted(const NewMessage& message, const Digester& digester);
  void Delivered(const ProviderId& provider, const MailboxItem& item, const std::string& answer,
                 const Digester& digester);
  void Acknowledged(const ProviderId& provider, uint64_t sequence);

  void Exported(const MessageView& message);
  void Exported(const Window& window, uint64_t version, Time changed_at);
  void Exported(const PhaseRecord& phases);
  void Settings(const std::string& json);

 private:
  void Write(const std::string& file, const std::string& line);

  const std::string folder_;
  std::mutex mutex_;
  std::map<std::string, std::ofstream> files_;  // guarded by mutex_
};

// What stands between <tag> and </tag>, first occurrence; empty: nothing.
std::string Between(const std::string& bytes, const std::string& begin, const std::string& end);

}  // namespace tvan
