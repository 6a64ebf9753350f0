// No switch of the policy is there for show: with any one off, some attack gets through or further.
#include <gtest/gtest.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include <algorithm>
#include <iostream>
#include <optional>

#include "tests/unit/signature/hostile_judge.h"
#include "tests/unit/signature/hostile_verifiers.h"

namespace tvan {
namespace {

// The parser allows no more declarations at an element than the policy does; here it allows more, so that the policy
// is asked.
XmlLimits Wide() {
  XmlLimits limits;
  limits.max_attributes = 256;
  return limits;
}

struct Attack {
  const SignedMessage* message;
  HostileVariant variant;
  Rules rules;  // with all switches on
};

bool IsAmong(const Rules& some, const Rules& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// With a switch off xmlsec1 meets what it never meets otherwise, and leaks 24 bytes when its C14N transform fails. With
// all switches on nothing leaks: that the other tests show.
#if defined(__SANITIZE_ADDRESS__)
using Unwatched = __lsan::ScopedDisabler;
#else
struct Unwatched {};
#endif

struct Move {
  std::string name;
  Rules with, without;
};

class SwitchMatrix : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto verifier = VerifierOf(EngineChoice::kBoth);
    for (const SignedMessage& message : messages_) {
      if (message.name != "200" && message.name != "203" && message.name != "204") continue;
      for (HostileVariant& v : HostileVariants(message)) {
        Rules rules = SignatureRules(message, v.bytes, *verifier, Wide());
        if (!rules.empty()) attacks_.push_back({&message, std::move(v), std::move(rules)});
      }
    }
  }

  // The attack that is let in without this switch; else the first that is refused for a reason that was not there.
  std::optional<Move> MovedWithout(PolicySwitch off) const {
    const auto verifier = VerifierOf(EngineChoice::kBoth, {off});
    std::optional<Move> moved;
    for (const Attack& attack : attacks_) {
      [[maybe_unused]] const Unwatched unwatched;
      Rules rules = SignatureRules(*attack.message, attack.variant.bytes, *verifier, Wide());
      if ((moved && !rules.empty()) || (!rules.empty() && IsAmong(rules, attack.rules))) continue;
      moved = {attack.variant.name, attack.rules, std::move(rules)};
      if (moved->without.empty()) break;
    }
    return moved;
  }

  const std::vector<SignedMessage> messages_ = SignedMessages();
  std::vector<Attack> attacks_;
};

TEST_F(SwitchMatrix, EachOneHoldsSomethingBack) {
  ASSERT_GT(attacks_.size(), 100u);
  size_t let_in = 0;
  for (size_t i = 0; i < static_cast<size_t>(PolicySwitch::kCount); ++i) {
    const auto off = static_cast<PolicySwitch>(i);
    const auto moved = MovedWithout(off);
    if (!moved) {
      ADD_FAILURE() << NameOf(off) << " moves nothing";
      continue;
    }
    std::cout << NameOf(off) << " -> " << moved->name << ": " << Joined(moved->with) << " -> " << Joined(moved->without)
              << "\n";
    let_in += moved->without.empty();
  }
  EXPECT_GE(let_in, 20u) << "most are the only ones to refuse something";
}

TEST(SwitchNames, EachHasANameOfItsOwn) {
  Rules names;
  for (size_t i = 0; i < static_cast<size_t>(PolicySwitch::kCount); ++i)
    names.emplace(NameOf(static_cast<PolicySwitch>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(PolicySwitch::kCount));
}

}  // namespace
}  // namespace tvan
