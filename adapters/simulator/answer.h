#pragma once
// The authority's answers as protocol.md section 7 has them: 999, -1, and by the catalogue's follow-ups 202, 204, 301,
// 102, 103, 104, 205, 213, these signed (DSCKS/CQT). A 202 holds the invoice's bytes as sent; code and signature are
// spliced in. Stateless but for its borrowed parts.

#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/simulator/dice.h"
#include "adapters/simulator/request_check.h"
#include "adapters/simulator/verdict.h"

namespace tvan::sim {

struct Answer {
  std::string id;  // MTDiep, TCT + 32 hex
  int type = 0;
  std::string mtdtchieu, mst;
  std::string bytes, sha256;
  std::string mccqt;          // 202; of a 103 the five characters
  std::string result = "ok";  // ok | refused | partly
  std::string mloi;           // first code of a refusal
  int ltbao = 0;              // 204
};

class AnswerWriter {
 public:
  AnswerWriter(const XmlSigner& signer, const Digester& digester, const Dice& dice)
      : signer_(signer), digester_(digester), dice_(dice) {}

  // `turn` counts the times that the same MTDiep was answered: it keeps ids apart.
  Answer Technical(const Request& request, const Refusal& refusal, Time arrived, uint64_t turn) const;
  // -1. HSGoc is the original as text (its first 256 KB), or as base64 when it is no text.
  Answer Unreadable(const std::string& original, const std::string& mnnhan, uint64_t turn) const;
  // The answers to a message that was examined, in their order: 102 and 103 of a 100, one of most. The signer's error,
  // e.g. an item without Id.
  Result<std::vector<Answer>> Business(const Request& request, const BusinessResult& result, Time now,
                                       uint64_t turn) const;
  // A 204 of the same taxpayer for a message that nobody sent.
  Result<Answer> ForUnknownRequest(const Request& request, Time now, uint64_t turn) const;

 private:
  struct Head {  // TTChung
    std::string pban, mnnhan;
    int type = 0;
    std::string mtdtchieu, mst, sluong;
    std::string seed;             // what the id is made from
    std::string root_attributes;  // of TDiep
  };
  Answer Begin(const Head& head, uint64_t turn) const;
  Result<Answer> Sign(Answer answer, const SignRequest& sign) const;
  Result<Answer> OneOf(const Request& request, int type, const BusinessResult& result, Time now, uint64_t turn) const;
  Result<Answer> CodedInvoice(const Request& request, Time now, uint64_t turn) const;
  Answer BeginNotice(const Request& request, int type, const BusinessResult& result, uint64_t turn) const;
  Result<Answer> SignNotice(Answer answer, const std::string& data, const std::string& beside, Time now) const;
  Result<Answer> CheckResult(const Request& request, int type, const BusinessResult& result, Time now,
                             uint64_t turn) const;
  Result<Answer> FinishCheckResult(const Request& request, Answer answer, const BusinessResult& result, Time now) const;
  Result<Answer> ErrorNoticeResult(const Request& request, const BusinessResult& result, Time now, uint64_t turn) const;
  Result<Answer> Received(const Request& request, const BusinessResult& result, Time now, uint64_t turn) const;
  Result<Answer> Registered(const Request& request, const BusinessResult& result, Time now, uint64_t turn) const;
  Result<Answer> Delegated(const Request& request, const BusinessResult& result, Time now, uint64_t turn) const;
  Result<Answer> RequestResult(const Request& request, const BusinessResult& result, Time now, uint64_t turn) const;

  const XmlSigner& signer_;
  const Digester& digester_;
  const Dice& dice_;
};

}  // namespace tvan::sim
