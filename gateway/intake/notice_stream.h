#pragma once
// One WatchNotices call: the notices after a number, then each new one as it is made. Notices are read from memory, so
// that nothing here blocks; who reads slowly has one notice waiting, on its provider's account. Kept alive by its
// registry and by gRPC until OnDone. Internal to intake.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/core/clock.h"
#include "gateway/intake/calendar_answers.h"

namespace tvan {

class NoticeStream : public grpc::ServerWriteReactor<v1::WatchNoticesResponse>,
                     public std::enable_shared_from_this<NoticeStream> {
 public:
  struct Parts {
    const CalendarAnswers& answers;
    Clock& clock;
    Allowance& unread;
    Span retry_delay{};
    std::function<Result<ProviderId>()> caller;  // asked again for every notice
    std::function<void(const ProviderId&, uint64_t)> on_delivered;
    std::function<void(NoticeStream&)> on_done;  // gRPC is done with it
    // Of a failure of ours, in gRPC's terms.
    std::function<grpc::Status(const Status&)> to_grpc;
  };
  NoticeStream(ProviderId provider, Parts parts);
  void Start(uint64_t after);            // once, when a shared_ptr owns it
  void Wake();                           // a new notice; from any thread
  void End(const grpc::Status& status);  // from any thread
  const ProviderId& provider() const { return provider_; }

  void OnWriteDone(bool ok) override;
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override;

 private:
  struct Step {
    bool write = false, rest = false, finish = false;
  };
  Step Next();  // mutex_ held
  void Take(v1::Notice notice, Step& step);
  void Do(const Step& step);
  void Rested();

  const ProviderId provider_;
  const Parts parts_;
  v1::WatchNoticesResponse outgoing_;

  std::mutex mutex_;
  std::shared_ptr<NoticeStream> self_;  // gRPC's share, until OnDone
  Allowance::Share unread_;
  std::optional<grpc::Status> ending_;
  uint64_t sent_through_ = 0;
  bool started_ = false, writing_ = false, finished_ = false;
  bool resting_ = false;  // the allowance was full; a timer tries again
};

}  // namespace tvan
