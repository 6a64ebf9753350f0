#include "gateway/core/failpoint.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace tvan {
namespace failpoint_internal {

std::atomic<FailpointPage*> page{nullptr};

namespace {

[[noreturn]] void Die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

// True for the pass that counts the slot down from 1.
bool CountsDown(std::atomic<uint64_t>& armed) {
  uint64_t left = armed.load();
  while (left != 0)
    if (armed.compare_exchange_weak(left, left - 1)) return left == 1;
  return false;
}

}  // namespace

void Count(FailpointPage& page, Failpoint at) {
  FailpointPage::Slot& slot = page.slot[at.index];
  slot.passes.fetch_add(1, std::memory_order_relaxed);
  if (!CountsDown(slot.armed)) return;
  slot.kills.fetch_add(1);
  Die();
}

}  // namespace failpoint_internal

namespace {

constexpr std::string_view kMagic = "TVANFP01";

void FillIn(FailpointPage& page) {
  std::memcpy(page.magic, kMagic.data(), kMagic.size());
  page.slots = kFailpointNames.size();
  for (size_t i = 0; i < kFailpointNames.size(); ++i)
    std::memcpy(page.slot[i].name, kFailpointNames[i].data(), kFailpointNames[i].size());
}

bool IsOurs(const FailpointPage& page) {
  bool ours = std::string_view(page.magic, kMagic.size()) == kMagic && page.slots == kFailpointNames.size();
  for (size_t i = 0; ours && i < kFailpointNames.size(); ++i) ours = kFailpointNames[i] == page.slot[i].name;
  return ours;
}

Status BadPage(const std::string& text) { return Status::Permanent("failpoint.page"_reason, text); }
Status BadSpec(const std::string& text) { return Status::Permanent("failpoint.spec"_reason, text); }

// A new file gets its size; one of another size is not ours, and stays as it is.
void* Map(int fd) {
  struct stat found {};
  if (::fstat(fd, &found) != 0) return MAP_FAILED;
  if (found.st_size == 0 && ::ftruncate(fd, sizeof(FailpointPage)) != 0) return MAP_FAILED;
  if (found.st_size != 0 && found.st_size != sizeof(FailpointPage)) return errno = EINVAL, MAP_FAILED;
  return ::mmap(nullptr, sizeof(FailpointPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

Result<FailpointPage*> OpenPage(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return BadPage(file + ": " + std::strerror(errno));
  void* const memory = Map(fd);
  const std::string why = std::strerror(errno);
  ::close(fd);
  if (memory == MAP_FAILED) return BadPage(file + ": " + why);
  auto* const page = static_cast<FailpointPage*>(memory);
  if (page->magic[0] == '\0') FillIn(*page);
  if (IsOurs(*page)) return page;
  ::munmap(memory, sizeof(FailpointPage));
  return BadPage(file + " is no page of this program's failpoints");
}

Status Arm(FailpointPage& page, std::string_view spec) {
  const size_t colon = spec.find(':');
  const std::string_view name = spec.substr(0, colon);
  const std::string_view digits = colon == std::string_view::npos ? std::string_view() : spec.substr(colon + 1);
  uint64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  const bool number = error == std::errc() && end == digits.data() + digits.size() && count > 0;
  if (!number) return BadSpec("NAME:COUNT is wanted, with a count of at least 1, not " + std::string(spec));
  for (size_t i = 0; i < kFailpointNames.size(); ++i) {
    if (kFailpointNames[i] != name) continue;
    page.slot[i].armed = count;
    return {};
  }
  return BadSpec("there is no failpoint " + std::string(name));
}

}  // namespace

Status TurnOnFailpoints(const std::string& page_file, std::string_view armed) {
  static FailpointPage own{};
  FailpointPage* page = &own;
  if (page_file.empty()) {
    FillIn(own);
  } else {
    const Result<FailpointPage*> shared = OpenPage(page_file);
    if (!shared.ok()) return shared.status();
    page = *shared;
  }
  if (!armed.empty())
    if (Status status = Arm(*page, armed); !status.ok()) return status;
  failpoint_internal::page = page;
  return {};
}

}  // namespace tvan
