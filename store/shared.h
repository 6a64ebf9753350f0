#pragma once
// What a store gives that several gateways share, beside Store: news of what the others did, and which of them works
// the line. All of it is a hint about when to look: what counts is in the store, and the fence decides who may write.

#include <functional>
#include <string>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

struct SharedNews {
  bool queue = false;    // new queue entries
  bool records = false;  // operators' records
  bool missed = false;   // the link was cut: look at everything
  std::vector<ProviderId> mailboxes;
};

struct SharedMember {
  std::string gateway;
  bool owner = false;
  Span silent_for{};  // since its last beat
};

class SharedStore {
 public:
  struct Watch {
    std::function<void(const SharedNews&)> on_news;  // of acts of other gateways: whoever looks then sees them
    // This gateway works the line (dispatch and the reading of answers): a number that grows with every change of
    // hands; 0: it does not, or cannot say. Told once at the start, then at every change.
    std::function<void(uint64_t turn)> on_owner;
    // Once: the store lives another life now, close and open it anew; or, store.in_use (permanent), another process
    // is the gateway of this name.
    std::function<void(const Status&)> on_over;
  };
  virtual ~SharedStore() = default;
  // Once: from now on this gateway is a member and beats, until the store is closed, which gives the line up (0 is told
  // before anybody else has it); no callback comes behind that. They are short and do not close the store. on_owner
  // comes from a thread of its own, since it must come in time, the others from another one.
  virtual void Follow(Watch watch) = 0;
  // Those that beat within the last hour, by name. store.unreachable
  virtual Result<std::vector<SharedMember>> Members() const = 0;
};

}  // namespace tvan
