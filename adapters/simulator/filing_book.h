#pragma once
// What the authority has on file: invoice keys and cash-register codes that took effect, and by which MTDiep.
// Not thread-safe: owned by StepOne.

#include <map>
#include <string>

#include "adapters/simulator/request.h"

namespace tvan::sim {

class FilingBook {
 public:
  // Filed by another message; the same MTDiep may file again.
  bool KeyTaken(const Item& item, const std::string& mtdiep) const { return Taken(keys_, item.key, mtdiep); }
  bool CodeTaken(const Item& item, const std::string& mtdiep) const { return Taken(codes_, item.code, mtdiep); }
  void Store(const Item& item, const std::string& mtdiep);

 private:
  using Book = std::map<std::string, std::string>;  // key or code → MTDiep
  static bool Taken(const Book& book, const std::string& key, const std::string& mtdiep);
  Book keys_, codes_;
};

}  // namespace tvan::sim
