#pragma once
// Accepted messages without end, each another one: a signed sample in which ids, names, goods, sums, digests and
// signature values are made up anew. So they pack as real ones do, which many samples of one text would not. Their
// signatures verify no more; the store does not ask. The same number makes the same message. Thread-safe.

#include <string>
#include <vector>

#include "store/records.h"

namespace tvan::bench {

class MadeUpTraffic {
 public:
  enum class Kind { kInvoice, kPackage, kNotice };  // 203 of about 8 KiB, 206 of 12 invoices, 300 of 2
  explicit MadeUpTraffic(Kind kind);

  std::string Bytes(uint64_t number) const;
  // As intake hands it to the store; `number` decides id and invoice too.
  NewMessage Message(uint64_t number) const;

 private:
  enum class Hole { kNone, kHex, kBase64, kNumber, kWords, kSerial };
  struct Part {
    std::string fixed;
    Hole hole = Hole::kNone;
    size_t size = 0;  // of what stood there
  };
  static Hole HoleOf(const std::string& element);
  void Cut(const std::string& sample);

  const Kind kind_;
  std::vector<Part> parts_;
};

}  // namespace tvan::bench
