#pragma once
// What the store's fault tests share: a temporary folder, the child process, and the full check of a store.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/faults/store_messages.h"

namespace tvan {

class StoreFaults : public testing::Test {
 protected:
  StoreFaults();
  ~StoreFaults() override;

  // Opens the store in this process.
  Result<std::unique_ptr<Store>> Open(const std::string& path, bool create = false);
  // Runs store_child to its end; its lines.
  std::vector<std::string> RunChild(const std::vector<std::string>& arguments);
  // Starts `store_child accept`, kills it with SIGKILL after `lines` acknowledgements; every number it acknowledged.
  std::vector<int> AcceptAndKill(const std::string& path, int first, int lines);
  // Every acknowledged message is there, whole; nothing else is there by half.
  void ExpectWhole(Store& store, const std::vector<int>& acknowledged);
  std::string NewestLog(const std::string& path);

  std::string root_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
};

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& bytes);

}  // namespace tvan
