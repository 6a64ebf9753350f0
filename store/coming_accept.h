#pragma once
// Says on the stack around it that an Accept is about to come, in a millisecond or so, with more behind it: a flush
// that would carry only few accepts waits for it, because together they cost less. A hint, nothing more: whoever waits
// for another write, or a store that closes, is not kept waiting. Not for long work.

#include "store/store.h"

namespace tvan {

class ComingAccept {
 public:
  explicit ComingAccept(Store& store) : store_(store) { store_.Coming(1); }
  ~ComingAccept() { store_.Coming(-1); }
  ComingAccept(const ComingAccept&) = delete;
  ComingAccept& operator=(const ComingAccept&) = delete;

 private:
  Store& store_;
};

}  // namespace tvan
