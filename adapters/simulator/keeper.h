#pragma once
// Keeps what arrived, byte for byte, in a folder: DIR/<MTDiep>.xml; other bytes under the same MTDiep as
// DIR/<MTDiep>.<try>.xml, the same bytes once. A reader never sees half a file. Bounded by number and bytes, files of
// earlier runs included. What could not be kept is said in the log and in the transcript (`not_kept`), and is not
// forgotten: the program ends with an error. Not thread-safe: owned by Authority, under its lock.

#include <memory>
#include <string>

#include "adapters/simulator/transcript.h"

namespace tvan::sim {

class Keeper {
 public:
  struct Options {
    std::string folder;  // made if missing
    uint64_t max_files = 100'000, max_bytes = uint64_t{4} << 30;
  };
  // sim.keep: the folder cannot be made or read.
  static Result<std::unique_ptr<Keeper>> Open(const Options& options, Transcript& transcript);

  void Keep(const std::string& mtdiep, const std::string& sha256, int64_t turn, const std::string& bytes);
  uint64_t missed() const { return missed_; }  // messages that were not kept

 private:
  Keeper(const Options& options, Transcript& transcript) : options_(options), transcript_(transcript) {}
  std::string TryKeep(const std::string& name, int64_t turn, const std::string& bytes);
  std::string Write(const std::string& file, const std::string& bytes);

  const Options options_;
  Transcript& transcript_;
  uint64_t files_ = 0, bytes_ = 0, missed_ = 0;
};

}  // namespace tvan::sim
