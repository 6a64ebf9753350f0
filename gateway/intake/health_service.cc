#include "gateway/intake/health_service.h"

#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "proto/asked.h"

namespace tvan {
namespace {

using Response = grpc::health::v1::HealthCheckResponse;
using Request = grpc::health::v1::HealthCheckRequest;

// One Watch call: the newest status is written, one write is outstanding. Kept alive by its registry and by gRPC.
class Watcher : public grpc::ServerWriteReactor<Response>, public std::enable_shared_from_this<Watcher> {
 public:
  // `known`: it watches the server; any other service is unknown, whatever becomes of the server.
  Watcher(Allowance& unread, const ProviderId& payer, bool known,
          std::function<void(const std::shared_ptr<Watcher>&)> on_done)
      : share_(unread, payer), known_(known), on_done_(std::move(on_done)) {}
  void Start(bool room) {
    self_ = shared_from_this();
    room ? share_.Set(kCallBytes) : share_.SetRefused();
  }
  void Tell(Response::ServingStatus status) {
    if (!known_) status = Response::SERVICE_UNKNOWN;
    std::unique_lock lock(mutex_);
    next_ = status == told_ ? std::nullopt : std::optional(status);
    GoOn(std::move(lock));
  }
  void End(const grpc::Status& status) {
    std::unique_lock lock(mutex_);
    if (!ending_) ending_ = status;
    GoOn(std::move(lock));
  }
  void OnWriteDone(bool ok) override {
    std::unique_lock lock(mutex_);
    writing_ = false;
    if (!ok && !ending_) ending_ = grpc::Status::CANCELLED;
    GoOn(std::move(lock));
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    const std::shared_ptr<Watcher> last = std::move(self_);
    on_done_(last);
  }

 private:
  // gRPC's calls are made outside of the lock.
  void GoOn(std::unique_lock<std::mutex> lock) {
    if (finished_ || writing_) return;
    if (ending_) {
      finished_ = true;
      lock.unlock();
      return Finish(*ending_);
    }
    if (!next_) return;
    told_ = *std::exchange(next_, std::nullopt);
    outgoing_.set_status(*told_);
    writing_ = true;
    lock.unlock();
    StartWrite(&outgoing_);
  }

  Allowance::Share share_;
  const bool known_;
  const std::function<void(const std::shared_ptr<Watcher>&)> on_done_;
  std::shared_ptr<Watcher> self_;  // gRPC's share, until OnDone
  std::mutex mutex_;
  Response outgoing_;
  std::optional<Response::ServingStatus> told_, next_;
  std::optional<grpc::Status> ending_;
  bool writing_ = false, finished_ = false;
};

class HealthServiceImpl final : public HealthService, public grpc::health::v1::Health::CallbackService {
 public:
  explicit HealthServiceImpl(Parts parts) : parts_(std::move(parts)) {}

  grpc::Service& service() override { return *this; }

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response) override {
    const ProviderId payer = PayerOf(*context);
    auto* const asked = new Asked(parts_.unread, payer);
    if (!parts_.unread.HasRoom(payer)) return asked->Answer(Unread()), asked;
    if (!request->service().empty())
      return asked->Answer(grpc::Status(grpc::StatusCode::NOT_FOUND, "service name unknown")), asked;
    response->set_status(status());
    return asked->Answer(grpc::Status::OK), asked;
  }

  grpc::ServerWriteReactor<Response>* Watch(grpc::CallbackServerContext* context, const Request* request) override {
    const ProviderId payer = PayerOf(*context);
    const bool room = parts_.unread.HasRoom(payer), known = request->service().empty();
    auto watcher = std::make_shared<Watcher>(parts_.unread, payer, known,
                                             [this](const std::shared_ptr<Watcher>& w) { Remove(w); });
    watcher->Start(room);
    if (!room) return watcher->End(Unread()), watcher.get();
    const std::lock_guard telling(telling_);
    Add(watcher) ? watcher->Tell(status()) : watcher->End(Stopping());
    return watcher.get();
  }

  void Set(bool serving) override {
    const std::lock_guard telling(telling_);
    std::unique_lock lock(mutex_);
    serving_ = serving;
    const auto watchers = watchers_;
    lock.unlock();
    for (const auto& watcher : watchers) watcher->Tell(status());
  }

  void Stop() override {
    std::set<std::shared_ptr<Watcher>> watchers;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      watchers = watchers_;
    }
    for (const auto& watcher : watchers) watcher->End(Stopping());
  }

 private:
  static grpc::Status Unread() {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED, "clients of this provider ask and do not read the answers"};
  }
  static grpc::Status Stopping() { return {grpc::StatusCode::UNAVAILABLE, "the gateway is shutting down"}; }
  ProviderId PayerOf(grpc::CallbackServerContext& context) const {
    ProviderId payer = parts_.payer(context);
    if (parts_.unread.IsOverrun(payer)) context.TryCancel();
    return payer;
  }
  Response::ServingStatus status() {
    const std::lock_guard lock(mutex_);
    return serving_ && !stopped_ ? Response::SERVING : Response::NOT_SERVING;
  }
  bool Add(const std::shared_ptr<Watcher>& watcher) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) watchers_.insert(watcher);
    return !stopped_;
  }
  void Remove(const std::shared_ptr<Watcher>& watcher) {
    const std::lock_guard lock(mutex_);
    watchers_.erase(watcher);
  }

  const Parts parts_;
  std::mutex telling_;  // so that the newest status is told last; never taken by gRPC's callbacks
  std::mutex mutex_;
  std::set<std::shared_ptr<Watcher>> watchers_;
  bool serving_ = true, stopped_ = false;
};

}  // namespace

std::unique_ptr<HealthService> HealthService::Make(Parts parts) {
  return std::make_unique<HealthServiceImpl>(std::move(parts));
}

}  // namespace tvan
