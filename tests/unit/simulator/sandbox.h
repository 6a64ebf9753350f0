#pragma once
// What the tests of the line and the simulator share: a temporary folder, a sandbox PKI in it, and a clock that stands
// still until it is moved. Made at run time; the folder goes with the object.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

#include "adapters/signature/pki.h"
#include "gateway/core/clock.h"

namespace tvan::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tvan-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string ReadAll(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline Time At(const std::string& text) { return ParseTime(text).value(); }

// NAME.pem and NAME.key in the folder, from one CA (CA.pem).
class Pki {
 public:
  explicit Pki(const TempFolder& folder, const std::string& ca_name = "ca") : folder_(folder) {
    ca_ = SandboxCa::Create("Test " + ca_name, PkiKey::kEcP256, kLong).value();
    EXPECT_TRUE(WritePem(Certificate(ca_name), ca_->pem().certificate_pem, PemKind::kPublic));
  }
  void Issue(const std::string& name, PkiUse use, const std::string& tax_code = "", PkiKey key = PkiKey::kEcP256,
             PkiValidity validity = kLong) {
    CertificateSpec spec;
    spec.common_name = "Test " + name;
    spec.tax_code = tax_code;
    spec.use = use;
    spec.key = key;
    spec.validity = validity;
    spec.dns_names = {"localhost"};
    spec.addresses = {"127.0.0.1"};
    Write(name, spec);
  }
  // A server's certificate for other names.
  void IssueFor(const std::string& name, std::vector<std::string> dns_names, std::vector<std::string> addresses) {
    CertificateSpec spec;
    spec.common_name = "Test " + name;
    spec.use = PkiUse::kServer;
    spec.validity = kLong;
    spec.dns_names = std::move(dns_names);
    spec.addresses = std::move(addresses);
    Write(name, spec);
  }
  std::string Certificate(const std::string& name) const { return folder_.File(name + ".pem"); }
  std::string Key(const std::string& name) const { return folder_.File(name + ".key"); }

  inline static const PkiValidity kLong{At("2020-01-01T00:00:00+00:00"), At("2049-01-01T00:00:00+00:00")};

 private:
  void Write(const std::string& name, const CertificateSpec& spec) {
    KeyAndCertificate made = ca_->Issue(spec).value();
    EXPECT_TRUE(WritePem(Certificate(name), made.certificate_pem, PemKind::kPublic));
    EXPECT_TRUE(WritePem(Key(name), made.key_pem, PemKind::kSecret));
  }

  const TempFolder& folder_;
  std::unique_ptr<SandboxCa> ca_;
};

// Time moves only by MoveTo; timers run inside of it.
class StillClock final : public Clock {
 public:
  explicit StillClock(Time now) : now_(now) {}
  Time Now() const override {
    std::lock_guard lock(mutex_);
    return now_;
  }
  Steady SteadyNow() const override { return {Now().us}; }
  TimerId RunAt(Steady at, std::function<void()> callback) override {
    std::lock_guard lock(mutex_);
    timers_[{at.us, ++last_}] = std::move(callback);
    return last_;
  }
  bool Cancel(TimerId id) override {
    std::lock_guard lock(mutex_);
    return std::erase_if(timers_, [id](const auto& timer) { return timer.first.second == id; }) > 0;
  }
  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady,
                 const std::function<bool()>& ready) override {
    cv.wait(lock, ready);
    return true;
  }
  void WorkBegins() override { ++work_begun; }
  void WorkEnds() override { ++work_ended; }
  void MoveTo(Time to) {
    for (;;) {
      std::unique_lock lock(mutex_);
      if (timers_.empty() || timers_.begin()->first.first > to.us) {
        now_ = to;
        return;
      }
      auto timer = timers_.extract(timers_.begin());
      now_ = {timer.key().first};
      lock.unlock();
      timer.mapped()();
    }
  }
  std::atomic<int> work_begun{0}, work_ended{0};

 private:
  mutable std::mutex mutex_;
  Time now_;
  TimerId last_ = 0;
  std::map<std::pair<int64_t, TimerId>, std::function<void()>> timers_;
};

}  // namespace tvan::test
