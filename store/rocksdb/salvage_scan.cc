#include "store/rocksdb/salvage_scan.h"

#include <optional>

namespace tvan {
namespace {

// Longer keys than this differ early enough.
constexpr size_t kLongest = 96;
constexpr size_t kExtension = 64;  // beyond what the keys of one family share
constexpr int kSmallSteps = 24;

bool CanSeek(rocksdb::Iterator& it, const std::string& key) {
  it.Seek(key);
  return it.status().ok();
}

// The smallest byte above `from` with which `key` leads out of the damage; 256: none. There may be more damage farther
// on, so it is looked for in small steps first and in growing ones later.
int SmallestByte(rocksdb::Iterator& it, const std::string& key, int from) {
  int low = from, high = from;  // low does not lead out
  for (int step = 1; high < 255; step = high - from < kSmallSteps ? 1 : 2 * step) {
    low = high;
    high = std::min(high + step, 255);
    if (CanSeek(it, key + static_cast<char>(high))) break;
    if (high == 255) return 256;
  }
  if (high == from) return 256;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (CanSeek(it, key + static_cast<char>(middle)) ? high : low) = middle;
  }
  return high;
}

// The shortest step that leaves the damage: the first position, from the last byte forward, at which a larger byte
// leads to something readable. Nothing: the damage goes on to the end.
std::optional<std::string> StepOut(rocksdb::Iterator& it, const std::string& after) {
  for (size_t length = std::min(after.size(), kLongest) + 1; length-- > 0;) {
    const std::string key = after.substr(0, length);
    const int byte = SmallestByte(it, key, length < after.size() ? static_cast<uint8_t>(after[length]) : -1);
    if (byte < 256) return key + static_cast<char>(byte);
  }
  return std::nullopt;
}

// Between the key that leads out and the one before it there may be more that is readable: halved, byte by byte.
std::string First(rocksdb::Iterator& it, std::string out, const std::string& after) {
  std::string low = out;
  if (static_cast<uint8_t>(low.back()) == 0) return out;
  low.back() = static_cast<char>(static_cast<uint8_t>(low.back()) - 1);
  if (low < after) low = after;
  for (size_t i = 0; i < kExtension; ++i) {
    const int byte = SmallestByte(it, low, -1);
    if (byte < 256) out = low + static_cast<char>(byte);
    if (byte == 0) break;
    low.push_back(static_cast<char>(byte - 1));
  }
  return out;
}

}  // namespace

void ScanAround(const RocksDatabase& database, Family family, const KvView::Visit& visit, const OnHole& on_hole) {
  rocksdb::ReadOptions read;
  std::unique_ptr<rocksdb::Iterator> it(database.db->NewIterator(read, database.families[static_cast<size_t>(family)]));
  std::string last, tried;
  it->SeekToFirst();
  while (true) {
    for (; it->Valid(); it->Next()) {
      last.assign(it->key().data(), it->key().size());
      if (!visit(last, {it->value().data(), it->value().size()})) return;
    }
    if (it->status().ok()) return;
    on_hole(last, it->status().ToString());
    // One that failed stays so: another begins behind the damage.
    it.reset(database.db->NewIterator(read, database.families[static_cast<size_t>(family)]));
    last = std::max(last, tried);  // every step goes on, whatever is met right behind it
    const auto out = StepOut(*it, last);
    if (!out) return;
    tried = First(*it, *out, last);
    it->Seek(tried);
    while (it->Valid() && it->key().compare(last) <= 0) it->Next();
  }
}

}  // namespace tvan
