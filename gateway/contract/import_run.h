#pragma once
// An import that is in the journal and counts, and whose rows are being stored act by act. Who changes one of its
// records first has the act of that row stored, so that each builds on the other. The caller's lock keeps it to one
// thread at a time. Internal to the room.

#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/contract/contract_import.h"

namespace tvan {

class ImportRun {
 public:
  ImportRun(RecordStore& store, const std::vector<Entry>& entries, ContractBook::By by);

  Status WriteParts();                      // needs no lock: nothing is begun by it
  Status Begin();                           // from here on all rows count
  Status StoreNext();                       // an act of rows, or behind the last one the end of the journal
  Status StoreRow(const std::string& key);  // the act of this row, if it is one and not stored
  bool over() const { return over_; }

 private:
  struct Act {
    size_t begin = 0, end = 0;
    bool stored = false;
  };
  Status Store(Act& act);

  RecordStore& store_;
  const ContractBook::By by_;
  ImportRows rows_;
  std::vector<uint64_t> parts_;
  uint64_t journal_ = 0;  // the version of its record
  std::vector<Act> acts_;
  std::unordered_map<std::string, size_t> act_of_;  // by key
  size_t next_ = 0;
  bool over_ = false;
};

}  // namespace tvan
