#pragma once
// The port by which dispatch asks for an answer it may have missed. Implemented by feedback, wired by app: the two
// rooms do not know each other.

#include <string>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"

namespace tvan {

// Finds an answer to a message among what the line already has: reads the line again from a position and stores what
// it finds, through feedback. Implemented by feedback; called on dispatch's pool.
class AnswerSearch {
 public:
  virtual ~AnswerSearch() = default;
  // True when an answer or 999 for it is in the store afterwards; a system code speaks of the service and is none.
  // line.* when the line could not be read.
  virtual Result<bool> Search(const LineId& line, const std::string& from_position, const MessageId& gateway_id) = 0;
  // Reads the line again from a position to the end of what it has, and stores everything. Errors as above.
  virtual Status ReadThrough(const LineId& line, const std::string& from_position) = 0;
};

}  // namespace tvan
