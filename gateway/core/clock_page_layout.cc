#include "gateway/core/clock_page_layout.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <sstream>
#include <utility>

namespace tvan {
namespace {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status Failed(const std::string& path, const std::string& what) {
  return Status::Permanent("clock.page"_reason, path + ": " + what);
}

// A process maps a page once, however many clocks it opens: sanitizers follow addresses, not what lies behind them.
std::shared_ptr<ClockPage> Share(const struct stat& file, std::shared_ptr<ClockPage> page) {
  static std::mutex mutex;
  static std::map<std::pair<dev_t, ino_t>, std::weak_ptr<ClockPage>> mapped;
  const std::lock_guard lock(mutex);
  auto& known = mapped[{file.st_dev, file.st_ino}];
  if (auto earlier = known.lock()) return earlier;
  known = page;
  return page;
}

Result<std::shared_ptr<ClockPage>> Map(const std::string& path, int fd) {
  struct stat file {};
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size != sizeof(ClockPage))
    return Failed(path, "is not a clock page");
  void* const at = mmap(nullptr, sizeof(ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return Failed(path, std::string("cannot be mapped: ") + std::strerror(errno));
  std::shared_ptr<ClockPage> page(static_cast<ClockPage*>(at), [](ClockPage* p) { munmap(p, sizeof(ClockPage)); });
  return Share(file, std::move(page));
}

long Futex(std::atomic<uint32_t>& word, int operation, uint32_t value, const timespec* limit) {
  // Not the _PRIVATE operations: the word is shared between processes.
  return syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), operation, value, limit, nullptr, 0);
}

}  // namespace

Result<std::shared_ptr<ClockPage>> MapClockPage(const std::string& path) {
  const Fd fd(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (fd.get() < 0) return Failed(path, std::string("cannot be opened: ") + std::strerror(errno));
  auto page = Map(path, fd.get());
  if (!page.ok()) return page;
  if ((*page)->magic != kClockPageMagic) return Failed(path, "is not a clock page");
  if ((*page)->version != kClockPageVersion || (*page)->slots_count != kClockSlots)
    return Failed(path, "is a clock page of another version");
  return page;
}

Result<std::shared_ptr<ClockPage>> CreateClockPage(const std::string& path, Time start) {
  // Written beside and renamed: whoever opens `path` sees a whole page.
  std::string temporary = path + ".XXXXXX";
  const Fd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return Failed(path, std::string("cannot be created: ") + std::strerror(errno));
  Status failed;
  if (ftruncate(fd.get(), sizeof(ClockPage)) != 0) failed = Failed(path, std::strerror(errno));
  auto page = failed.ok() ? Map(path, fd.get()) : Result<std::shared_ptr<ClockPage>>(failed);
  if (page.ok()) {
    auto* const fresh = new (page->get()) ClockPage{};  // atomics begin their life in the mapping
    fresh->version = kClockPageVersion;
    fresh->slots_count = kClockSlots;
    fresh->now_us = start.us;
    fresh->steady_us = 3'600'000'000;  // not near zero: a span may be taken off it
    fresh->bell = 1;
    for (ClockSlot& slot : fresh->slots) slot.next_timer = kSteadyForever.us;
    fresh->magic = kClockPageMagic;
    if (rename(temporary.c_str(), path.c_str()) == 0) return page;
    page = Failed(path, std::string("cannot be replaced: ") + std::strerror(errno));
  }
  unlink(temporary.c_str());
  return page;
}

void RingBell(ClockPage& page) {
  page.bell.fetch_add(1);
  Futex(page.bell, FUTEX_WAKE, INT32_MAX, nullptr);
}

void WaitForBell(ClockPage& page, uint32_t seen, std::chrono::microseconds limit) {
  const timespec span{static_cast<time_t>(limit.count() / 1'000'000),
                      static_cast<long>(limit.count() % 1'000'000 * 1000)};
  Futex(page.bell, FUTEX_WAIT, seen, &span);
}

uint64_t OwnerWord(int pid) {
  if (pid <= 0) return 0;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text, '\0') || text.empty()) return 0;
  // "pid (name, which may hold anything) state ppid …": the state is field 3, the start time field 22.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state, skipped;
  uint64_t start = 0;
  fields >> state;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  fields >> start;
  if (!fields || state == "Z" || state == "X") return 0;
  return static_cast<uint64_t>(pid) << 32 | (start & 0xFFFFFFFF);
}

void FreeSlot(ClockSlot& slot) {
  slot.next_timer = kSteadyForever.us;
  slot.busy = 0;
  slot.loose = ((slot.loose >> 32) + 1) << 32;  // a new generation: what threads of the old one still give back is void
  slot.activity.fetch_add(1);
  slot.owner = 0;
}

}  // namespace tvan
