#include "store/pack.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <new>
#include <vector>

#include "store/dictionaries.h"

namespace tvan {
namespace {

// Invoices of 8 KiB on one core: level -1 takes 7 us and leaves a third, level 1 takes 12 us and leaves 28 %.
constexpr int kLevel = -1;
// With the dictionary, of invoices whose goods are all different: level 1 takes 26 us and leaves 32 % (46 % as above
// without it). Higher levels leave little less for much more time (store/dictionary/README.md).
constexpr int kDictionaryLevel = 1;
constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

// Made ready once, for all threads.
struct Dictionary {
  explicit Dictionary(std::string_view bytes)
      : packs(ZSTD_createCDict(bytes.data(), bytes.size(), kDictionaryLevel)),
        unpacks(ZSTD_createDDict(bytes.data(), bytes.size())) {
    if (packs == nullptr || unpacks == nullptr) throw std::bad_alloc();
  }
  std::unique_ptr<ZSTD_CDict, Free> packs;
  std::unique_ptr<ZSTD_DDict, Free> unpacks;
};

std::vector<Dictionary> AllDictionaries() {
  std::vector<Dictionary> all;
  for (uint32_t version = 1; !DictionaryBytes(version).empty(); ++version) all.emplace_back(DictionaryBytes(version));
  return all;
}

// nullptr: there is no such version.
const Dictionary* Find(uint32_t version) {
  static const std::vector<Dictionary> all = AllDictionaries();
  return version >= 1 && version <= all.size() ? &all[version - 1] : nullptr;
}

// One of each a thread: making one costs more than packing an invoice. Want of memory is no damage: it ends as a
// string's would.
ZSTD_CCtx& Packer() {
  thread_local std::unique_ptr<ZSTD_CCtx, Free> context;
  if (context != nullptr) return *context;
  context.reset(ZSTD_createCCtx());
  if (context == nullptr) throw std::bad_alloc();
  TVAN_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel)) == 0);
  TVAN_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1)) == 0);
  return *context;
}
ZSTD_DCtx& Unpacker() {
  thread_local std::unique_ptr<ZSTD_DCtx, Free> context;
  if (context == nullptr) context.reset(ZSTD_createDCtx());
  if (context == nullptr) throw std::bad_alloc();
  return *context;
}

Status Damaged(const std::string& what) {
  return Status::Permanent("store.damaged"_reason, "a packed record cannot be read: " + what);
}

// What unpacks a frame; nullptr: it needs none.
Result<const ZSTD_DDict*> DictionaryOf(std::string_view frame) {
  const uint32_t id = ZSTD_getDictID_fromFrame(frame.data(), frame.size());
  if (id == 0) return nullptr;
  const Dictionary* known = id < kFirstDictionaryId ? nullptr : Find(id - kFirstDictionaryId);
  if (known != nullptr) return known->unpacks.get();
  return Damaged("it was packed with dictionary " + std::to_string(id) + ", which this program does not have");
}

}  // namespace

bool IsPacked(std::string_view record) { return record.substr(0, kMagic.size()) == kMagic; }

std::string Pack(std::string record, uint32_t dictionary) {
  TVAN_CHECK(!IsPacked(record));
  const Dictionary* with = dictionary == kNoDictionary ? nullptr : Find(dictionary);
  TVAN_CHECK(with != nullptr || dictionary == kNoDictionary);
  if (record.size() > kMostUnpacked) return record;
  TVAN_CHECK(ZSTD_isError(ZSTD_CCtx_refCDict(&Packer(), with == nullptr ? nullptr : with->packs.get())) == 0);
  std::string packed(ZSTD_compressBound(record.size()), '\0');
  const size_t size = ZSTD_compress2(&Packer(), packed.data(), packed.size(), record.data(), record.size());
  if (ZSTD_isError(size) != 0 || size >= record.size()) return record;
  packed.resize(size);
  packed.shrink_to_fit();
  return packed;
}

Result<std::string> Unpack(std::string_view record) {
  const unsigned long long size = ZSTD_getFrameContentSize(record.data(), record.size());  // errors are above the limit
  if (size > kMostUnpacked) return Damaged("no frame, or larger than any record");
  const auto dictionary = DictionaryOf(record);
  if (!dictionary.ok()) return dictionary.status();
  std::string unpacked(size, '\0');
  const size_t got = ZSTD_decompress_usingDDict(&Unpacker(), unpacked.data(), unpacked.size(), record.data(),
                                                record.size(), *dictionary);
  if (ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation) throw std::bad_alloc();
  if (got != size) return Damaged(ZSTD_getErrorName(got));
  return unpacked;
}

}  // namespace tvan
