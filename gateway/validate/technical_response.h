#pragma once
// The technical response 999 (protocol.md section 7.3), as we make it for providers and for the authority. Pure.

#include <string>
#include <vector>

#include "gateway/core/finding.h"
#include "gateway/core/time.h"

namespace tvan {

struct TechnicalResponse {
  std::string pban;               // of the message that is answered, "2.1.0" when unreadable
  std::string mngui, mnnhan;      // sender and receiver of this 999
  std::string mtdiep;             // its own id
  std::string mtdtchieu;          // MTDiep of the message answered; empty when unreadable
  std::string original_mngui;     // TBao/MNGui
  Time received_at;               // TBao/NNhan, written as +07:00 local
  bool accepted = true;           // TTTNhan 0 (ok) or 1 (error)
  std::vector<Finding> findings;  // DSLDo/LDo of a refusal: errors only, MLoi = authority_code or "9999"
};
std::string Render999(const TechnicalResponse& response);

}  // namespace tvan
