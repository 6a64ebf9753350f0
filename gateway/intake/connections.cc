#include "gateway/intake/connections.h"

#include <sys/stat.h>

namespace tvan {

Connections::Verdict Connections::Judge(const std::string& address) const {
  if (open_.size() >= limits_.all) return Verdict::kFull;
  const auto same = of_address_.find(address);
  return same != of_address_.end() && same->second >= limits_.per_address ? Verdict::kAddressFull : Verdict::kTaken;
}

Connections::Verdict Connections::Enter(int descriptor, const std::string& address) {
  // The number was free: whoever had it before is gone.
  if (const auto old = open_.find(descriptor); old != open_.end()) Forget(old);
  Verdict verdict = Judge(address);
  // A sweep looks at all; a flood that is being refused must not buy one with every connection.
  if (verdict != Verdict::kTaken && (refused_since_sweep_ == 0 || refused_since_sweep_ > open_.size() / 8)) {
    Sweep();
    verdict = Judge(address);
  }
  if (verdict != Verdict::kTaken) return ++refused_since_sweep_, verdict;
  struct stat file {};
  if (fstat(descriptor, &file) != 0) return Verdict::kTaken;  // closed already
  open_[descriptor] = {file.st_dev, file.st_ino, address};
  ++of_address_[address];
  return verdict;
}

void Connections::Sweep() {
  refused_since_sweep_ = 0;
  for (auto entry = open_.begin(); entry != open_.end();) {
    const auto here = entry++;
    struct stat file {};
    const bool same =
        fstat(here->first, &file) == 0 && file.st_dev == here->second.device && file.st_ino == here->second.inode;
    if (!same) Forget(here);
  }
}

void Connections::Forget(std::unordered_map<int, Entry>::iterator entry) {
  const auto same = of_address_.find(entry->second.address);
  if (--same->second == 0) of_address_.erase(same);
  open_.erase(entry);
}

}  // namespace tvan
