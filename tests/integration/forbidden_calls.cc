#include "tests/integration/forbidden_calls.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>
#include <thread>

namespace tvan {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
#error "the calls of this machine are not known"
#endif

struct Call {
  int number;
  const char* name;
  int path;  // which argument is a path; -1: none
};
constexpr Call kForbidden[] = {
#ifdef SYS_open
    {SYS_open, "open", 0},
    {SYS_creat, "creat", 0},
#endif
    {SYS_openat, "openat", 1},
    {SYS_openat2, "openat2", 1},
    {SYS_open_by_handle_at, "open_by_handle_at", -1},
    {SYS_socket, "socket", -1},
    {SYS_socketpair, "socketpair", -1},
    {SYS_connect, "connect", -1},
    {SYS_bind, "bind", -1},
    {SYS_sendto, "sendto", -1},
    {SYS_sendmsg, "sendmsg", -1},
    {SYS_io_uring_setup, "io_uring_setup", -1},
    {SYS_execve, "execve", 0},
    {SYS_execveat, "execveat", 1},
};
constexpr size_t kCalls = sizeof kForbidden / sizeof kForbidden[0];
constexpr size_t kKept = 32, kText = 200;

struct Notes {
  std::atomic<size_t> attempts{0};
  char tried[kKept][kText];
  bool possible = false, finished = false;
  WorkTally tally;
};
Notes* notes = nullptr;

uint64_t ArgumentOf(const ucontext_t& context, int which) {
#if defined(__x86_64__)
  return static_cast<uint64_t>(context.uc_mcontext.gregs[which == 0 ? REG_RDI : REG_RSI]);
#else
  return context.uc_mcontext.regs[which];
#endif
}

void Answer(ucontext_t* context, int error) {
#if defined(__x86_64__)
  context->uc_mcontext.gregs[REG_RAX] = -error;
#else
  context->uc_mcontext.regs[0] = static_cast<uint64_t>(-error);
#endif
}

void OnForbidden(int, siginfo_t* info, void* raw) {
  auto* context = static_cast<ucontext_t*>(raw);
  const size_t place = notes->attempts.fetch_add(1);
  for (const Call& call : kForbidden) {
    if (call.number != info->si_syscall || place >= kKept) continue;
    char* text = notes->tried[place];
    std::strncpy(text, call.name, kText - 1);
    if (call.path < 0) continue;
    std::strncat(text, " ", kText - 1 - std::strlen(text));
    std::strncat(text, reinterpret_cast<const char*>(ArgumentOf(*context, call.path)), kText - 1 - std::strlen(text));
  }
  Answer(context, EACCES);
}

bool Forbid() {
  struct sigaction action = {};
  action.sa_sigaction = OnForbidden;
  action.sa_flags = SA_SIGINFO;
  if (sigaction(SIGSYS, &action, nullptr) != 0) return false;
  std::vector<sock_filter> filter = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
                                     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
                                     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                                     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (size_t i = 0; i < kCalls; ++i) {
    const auto to_trap = static_cast<uint8_t>(kCalls - i);  // over what is left of this list, and the ALLOW
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(kForbidden[i].number), to_trap, 0));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
  sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

Watched WatchCalls(const std::function<void(WorkTally*)>& work) {
  void* const shared = mmap(nullptr, sizeof(Notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return {};
  notes = new (shared) Notes();
  const pid_t child = fork();
  if (child == 0) {
    mallopt(M_TRIM_THRESHOLD, -1);  // giving memory back, glibc reads /proc/sys/vm/overcommit_memory: not the work's doing
    notes->possible = Forbid();
    if (notes->possible) std::thread([&] { work(&notes->tally); }).join();
    notes->finished = notes->possible;
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Watched watched{notes->possible, notes->finished, notes->tally, notes->attempts, {}};
  for (size_t i = 0; i < watched.attempts && i < kKept; ++i) watched.tried.emplace_back(notes->tried[i]);
  munmap(shared, sizeof(Notes));
  return watched;
}

}  // namespace tvan
