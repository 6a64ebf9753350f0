#pragma once
// The 999 that we (the T-VAN) owe the authority for each answer taken: exactly one, if the catalogue lists it as the
// answer's follow-up. Not thread-safe: owned by Authority, under its lock.

#include <map>
#include <string>
#include <vector>

#include "adapters/simulator/request.h"

namespace tvan::sim {

class AckBook {
 public:
  void Delivered(const std::string& answer_id, int type);
  // ok, repeated, double, unknown or malformed (TRANSCRIPT.md, ack999). `header_ok`: RequestCheck had nothing to say.
  enum class Header { kRight, kWrong };
  std::string Take(const Request& ack, const std::string& sha256, Header header);
  // Answers handed out that ask for a 999 and have none.
  std::vector<std::string> Missing() const;

 private:
  struct Entry {
    bool wants_ack = false;
    std::string ack_mtdiep, ack_sha256;
  };
  std::map<std::string, Entry> delivered_;
};

}  // namespace tvan::sim
