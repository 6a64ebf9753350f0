#include "tests/integration/big_night.h"

namespace tvan {
namespace {

constexpr size_t kSellers = 40, kNewcomers = 5000;  // taxpayers of a provider; those that only register
constexpr size_t kKept = 20'000;                    // invoices that a notice may name

struct Kind {
  size_t percent;
  MessageClass cls;
  int type;
};
constexpr Kind kKinds[] = {{36, MessageClass::kCoded, 200},        {25, MessageClass::kUncoded, 203},
                           {22, MessageClass::kCashRegister, 206}, {3, MessageClass::kErrorNotice, 300},
                           {2, MessageClass::kRegistration, 100},  {12, MessageClass::kSummary, 400}};

std::string Padded(uint64_t number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

BigNightTraffic::BigNightTraffic(uint64_t seed, size_t providers) : random_(seed), filed_(providers) {
  for (size_t i = 0; i < providers; ++i) shares_.push_back(1.0 / static_cast<double>(i + 4));
}

std::vector<ProviderId> BigNightTraffic::providers() const {
  std::vector<ProviderId> all;
  for (size_t i = 0; i < shares_.size(); ++i) all.push_back(ProviderId::Trusted("p" + Padded(i, 2)));
  return all;
}

// A notice names an invoice of its provider; while there is none it is an invoice itself.
void BigNightTraffic::Refer(FakeMessage& message, size_t provider) {
  const auto& filed = filed_[provider];
  if (filed.empty()) {
    message.cls = MessageClass::kCoded;
    message.type = 200;
    return;
  }
  const Invoice& named = filed[Draw(filed.size())];
  message.mst = named.mst;
  message.refers = {named.number};
}

FakeMessage BigNightTraffic::Next() {
  std::discrete_distribution<size_t> who(shares_.begin(), shares_.end());
  const size_t provider = who(random_);
  FakeMessage message;
  message.provider = "p" + Padded(provider, 2);
  message.id = std::to_string(++number_);
  message.mst = "01" + Padded(provider, 2) + Padded(Draw(kSellers), 6);
  size_t dice = Draw(100);
  for (const Kind& kind : kKinds) {
    message.cls = kind.cls;
    message.type = kind.type;
    if (dice < kind.percent) break;
    dice -= kind.percent;
  }
  if (message.cls == MessageClass::kErrorNotice) Refer(message, provider);
  // One registration in a hundred is of a seller, whose messages wait for its answer.
  if (message.cls == MessageClass::kRegistration && Draw(100) > 0)
    message.mst = "09" + Padded(provider, 2) + Padded(Draw(kNewcomers), 6);
  if (message.cls == MessageClass::kCoded || message.cls == MessageClass::kUncoded) {
    message.claims = {message.id};
    filed_[provider].push_back({message.mst, message.id});
    if (filed_[provider].size() > kKept) filed_[provider].pop_front();
  }
  return message;
}

}  // namespace tvan
