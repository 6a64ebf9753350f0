#pragma once
// Runs work that must neither open a file nor make a socket nor start a program, and notes what it tried. The work runs
// in a child process, in a thread of its own, under a seccomp filter that turns such calls into EACCES; what the parent
// made before is there as it is in a gateway that has just started. Linux on x86-64 and arm64.

#include <functional>
#include <string>
#include <vector>

namespace tvan {

// What the work says of itself; lives in memory that both processes see.
struct WorkTally {
  int accepted = 0, refused = 0;
};

struct Watched {
  bool possible = false;  // false: this machine has no seccomp filters
  bool finished = false;  // the work came to its end
  WorkTally tally;
  size_t attempts = 0;
  std::vector<std::string> tried;  // the first of them: "openat /etc/hosts"
};
Watched WatchCalls(const std::function<void(WorkTally*)>& work);

}  // namespace tvan
