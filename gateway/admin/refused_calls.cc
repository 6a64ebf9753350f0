#include "gateway/admin/refused_calls.h"

#include "gateway/admin/operator_act.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;
constexpr char kOthers[] = "others";

bool IsPowerOfTen(uint64_t number) {
  while (number % 10 == 0) number /= 10;
  return number == 1;
}

}  // namespace

uint64_t RefusedCalls::Next(const std::string& certificate, Time now, std::string& counted_as) {
  const std::lock_guard lock(mutex_);
  if (const int64_t hour = now.us / kHourUs; hour != hour_) {
    hour_ = hour;
    calls_.clear();
  }
  const bool own = calls_.count(certificate) != 0 || calls_.size() < kMostCertificates;
  counted_as = own ? certificate : kOthers;
  return ++calls_[counted_as];
}

void RefusedCalls::Count(const std::string& certificate, const std::string& author, const std::string& method,
                         const Status& why) {
  const Time now = clock_.Now();
  std::string counted_as;
  const uint64_t number = Next(certificate, now, counted_as);
  if (!IsPowerOfTen(number)) return;
  const std::string whose = author.empty() ? counted_as : author;
  Log(LogLevel::kWarning, "admin.refused",
      {{"author", whose},
       {"method", method},
       {"reason", std::string(why.reason().text())},
       {"in_this_hour", std::to_string(number)}});
  NoteAct(store_,
          {"refused_call", counted_as,
           method + ": " + std::string(why.reason().text()) + "; call " + std::to_string(number) + " in this hour",
           whose, why.message(), now});
}

}  // namespace tvan
