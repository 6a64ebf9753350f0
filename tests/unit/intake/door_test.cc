// The door of a listener: bounds, and a process that runs out of descriptors.
#include "gateway/intake/door.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <future>
#include <mutex>

namespace tvan {
namespace {

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  // The connection is broken off, and leaves nothing behind in the kernel.
  void BreakOff() const {
    const linger at_once{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  bool IsClosed() const {
    std::array<char, 1> byte;
    return recv(fd_, byte.data(), 1, 0) <= 0 && errno != EAGAIN;
  }

 private:
  const int fd_;
};

// Keeps what a door hands over.
class Hall {
 public:
  ~Hall() { Empty(); }
  void Take(int connection) {
    const std::lock_guard lock(mutex_);
    guests_.push_back(connection);
    came_.notify_all();
  }
  bool WaitFor(size_t guests) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, std::chrono::seconds(20), [&] { return guests_.size() >= guests; });
  }
  void Empty() {
    const std::lock_guard lock(mutex_);
    for (const int guest : guests_) close(guest);
    guests_.clear();
  }
  size_t size() {
    const std::lock_guard lock(mutex_);
    return guests_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<int> guests_;
};

class DoorTest : public testing::Test {
 protected:
  void Listen(const Connections::Limits& limits, uint32_t spare = 0) {
    auto door = Door::Listen({"127.0.0.1:0", "test", limits, spare}, *metrics_);
    ASSERT_TRUE(door.ok()) << door.status().ToString();
    door_ = *std::move(door);
  }
  void Open() {
    door_->Open([this](int connection) { hall_.Take(connection); });
  }
  std::string Refused(const std::string& why) const {
    return "tvan_connections_refused_total{listener=\"test\",why=\"" + why + "\"} ";
  }

  double Counted() const {
    const std::string text = metrics_->Render(), line = "\ntvan_connections{listener=\"test\"} ";
    const size_t at = text.find(line);
    return at == std::string::npos ? 0 : std::stod(text.substr(at + line.size()));
  }

  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  Hall hall_;
  std::unique_ptr<Door> door_;
};

TEST_F(DoorTest, LetsInAsManyAsAllowedAndTheirPlacesAreFreeOnceTheyAreClosed) {
  Listen({4, 100});
  Open();
  std::vector<std::unique_ptr<Socket>> guests;
  for (int i = 0; i < 4; ++i) guests.push_back(std::make_unique<Socket>(door_->port()));
  ASSERT_TRUE(hall_.WaitFor(4));
  EXPECT_TRUE(Socket(door_->port()).IsClosed()) << "one too many";
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr(Refused("connections") + "1"));
  hall_.Empty();
  Socket next(door_->port());
  EXPECT_TRUE(hall_.WaitFor(1));
}

// Before the door looks again there is always the next one; those that are gone must not count for ever.
TEST_F(DoorTest, CountsRightlyThoughItIsNeverQuiet) {
  Listen({200, 200});
  std::vector<int> guests;
  std::unique_ptr<Socket> next;
  std::promise<double> least;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool full = false, done = false;
  door_->Open([&](int connection) {  // one thread: all of this is its own
    guests.push_back(connection);
    full = full || Counted() >= 100;
    if (full) {
      for (const int guest : guests) close(guest);
      guests.clear();
    }
    if (next) next->BreakOff();
    next = std::make_unique<Socket>(door_->port());
    const bool swept = full && Counted() < 90;
    if (done || (!swept && std::chrono::steady_clock::now() < patience)) return;
    done = true;
    least.set_value(Counted());
  });
  next = std::make_unique<Socket>(door_->port());
  EXPECT_LT(least.get_future().get(), 90);
  door_->Close();
}

TEST_F(DoorTest, OneAddressDoesNotTakeTheWholeHouse) {
  Listen({100, 2});
  Open();
  const Socket first(door_->port()), second(door_->port());
  ASSERT_TRUE(hall_.WaitFor(2));
  EXPECT_TRUE(Socket(door_->port()).IsClosed());
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr(Refused("address") + "1"));
}

TEST_F(DoorTest, LeavesTheSpareDescriptorsAlone) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  Listen({100, 100}, static_cast<uint32_t>(limit.rlim_cur));  // all of them are spare
  Open();
  EXPECT_TRUE(Socket(door_->port()).IsClosed());
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr(Refused("descriptors") + "1"));
}

// gRPC 1.51's own listener never hears anything again after this.
TEST_F(DoorTest, HearsAgainOnceThereAreDescriptors) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  Listen({100, 100});
  const Socket waiting(door_->port());  // in the kernel's queue, before anybody accepts
  const int lowest = dup(0);            // the lowest free number: none below it is free
  close(lowest);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(lowest);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  Open();
  EXPECT_TRUE(waiting.IsClosed()) << "turned away with the spare descriptor";
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const Socket next(door_->port());
  EXPECT_TRUE(hall_.WaitFor(1));
}

TEST_F(DoorTest, LetsNobodyInOnceItIsClosed) {
  Listen({4, 4});
  Open();
  const Socket guest(door_->port());
  ASSERT_TRUE(hall_.WaitFor(1));
  door_->Close();
  door_->Close();
  EXPECT_EQ(hall_.size(), 1u);
}

TEST(DoorListen, RefusesWhatIsNoAddressOfOursOrTaken) {
  const auto metrics = Metrics::Make();
  const auto listen = [&](const std::string& where) { return Door::Listen({where, "test", {}, 0}, *metrics); };
  const auto first = listen("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  for (const std::string& where :
       {"127.0.0.1:" + std::to_string((*first)->port()), std::string("192.0.2.1:0"), std::string("nonsense")})
    EXPECT_EQ(listen(where).status().reason(), "intake.listen"_reason) << where;
  EXPECT_TRUE(listen("localhost:0").ok());
  EXPECT_TRUE(listen("0.0.0.0:0").ok());
}

}  // namespace
}  // namespace tvan
