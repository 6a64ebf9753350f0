#pragma once
// CalendarService on gRPC's callback API. What goes on now is answered from memory on gRPC's own thread, so that it is
// answered even when the store hangs; the rest runs on the read pool as other questions do. A new notice reaches open
// streams at once. Borrows its parts; they outlive the server.

#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/core/clock.h"
#include "gateway/intake/calendar_answers.h"
#include "gateway/intake/provider_calls.h"

namespace tvan {

class CalendarService {
 public:
  struct Options {
    ProviderCalls::Options calls;
    uint32_t max_streams_per_provider = 4;  // WatchNotices
  };
  struct Parts {
    CalendarAnswers& answers;
    NoticeReaders& readers;
    Clock& clock;
    ProviderCalls::Parts calls;
  };
  static std::unique_ptr<CalendarService> Make(const Options& options, Parts parts);
  virtual ~CalendarService() = default;

  virtual grpc::Service& service() = 0;
  virtual void OnNotice() = 0;  // there is a new one; short, from any thread
  virtual void Stop() = 0;  // ends open streams (intake.shutting_down) and refuses new ones; before the server stops
};

}  // namespace tvan
