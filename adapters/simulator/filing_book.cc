#include "adapters/simulator/filing_book.h"

namespace tvan::sim {

bool FilingBook::Taken(const Book& book, const std::string& key, const std::string& mtdiep) {
  const auto found = book.find(key);
  return found != book.end() && found->second != mtdiep;
}

void FilingBook::Store(const Item& item, const std::string& mtdiep) {
  keys_[item.key] = mtdiep;
  if (!item.code.empty()) codes_[item.code] = mtdiep;
}

}  // namespace tvan::sim
