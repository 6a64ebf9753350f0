#pragma once
// Which connections a door has handed over and still lives with, by descriptor and by address. Whoever owns a
// connection closes it without a word, so the table looks for itself: a descriptor that is another file now, or none,
// was closed. Of one thread.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace tvan {

class Connections {
 public:
  struct Limits {
    uint32_t all = 12000;
    uint32_t per_address = 1000;  // of one IPv4 address or one IPv6 /64 network
  };
  enum class Verdict { kTaken, kFull, kAddressFull };

  explicit Connections(const Limits& limits) : limits_(limits) {}
  // An open descriptor that was accepted just now from `address`.
  Verdict Enter(int descriptor, const std::string& address);
  // Forgets what was closed meanwhile.
  void Sweep();
  size_t size() const { return open_.size(); }

 private:
  struct Entry {
    dev_t device = 0;
    ino_t inode = 0;
    std::string address;
  };
  Verdict Judge(const std::string& address) const;
  void Forget(std::unordered_map<int, Entry>::iterator entry);

  const Limits limits_;
  std::unordered_map<int, Entry> open_;
  std::map<std::string, uint32_t> of_address_;
  size_t refused_since_sweep_ = 0;
};

}  // namespace tvan
