#pragma once
// What the authority has on file: invoice keys and cash-register codes that took effect, and by which MTDiep.
// Decides the business result of a technically right request. Not thread-safe: owned by Authority, under its lock.

#include <map>
#include <string>
#include <vector>

#include "adapters/simulator/options.h"
#include "adapters/simulator/request.h"

namespace tvan::sim {

struct ItemError {
  size_t item = 0;  // index into Request::items
  std::string mloi, text, advice;
};
struct BusinessResult {
  std::vector<ItemError> errors;
  bool whole_package = false;  // refused as a whole (LTBao 9), `errors` holds one entry that speaks for all
  // How many items are good; a 200 or 206 is good or bad as a whole.
  size_t good = 0;
};

class FilingBook {
 public:
  FilingBook(std::vector<std::string> refused_khhdon, std::vector<std::string> stopped_mst)
      : refused_khhdon_(std::move(refused_khhdon)), stopped_mst_(std::move(stopped_mst)) {}

  // Decides and, for what is good, files it. The same MTDiep may file its keys again.
  BusinessResult File(const Request& request);

 private:
  void CheckItem(const Request& request, size_t index, std::vector<ItemError>& errors) const;
  bool IsTaken(const std::map<std::string, std::string>& book, const std::string& key, const std::string& mtdiep) const;

  const std::vector<std::string> refused_khhdon_, stopped_mst_;
  std::map<std::string, std::string> keys_;   // invoice key → MTDiep that filed it
  std::map<std::string, std::string> codes_;  // cash-register code → MTDiep
};

}  // namespace tvan::sim
