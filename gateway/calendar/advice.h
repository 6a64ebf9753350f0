#pragma once
// What a provider should do and tell its customers, by class and phase: the law differs by class (duties F4, section
// 7), so one sentence for all would be wrong for most. Pure; RECORDS.md names no field of it, nothing here is stored.

#include <string>
#include <vector>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/words.h"

namespace tvan {

// Classes that providers submit; our own technical answers are not among them.
inline constexpr MessageClass kProviderClasses[] = {MessageClass::kCoded,        MessageClass::kUncoded,
                                                    MessageClass::kCashRegister, MessageClass::kErrorNotice,
                                                    MessageClass::kRegistration, MessageClass::kSummary};

// How the line stands, what becomes of a new message, and what that means for this class.
Words AdviceFor(MessageClass cls, Phase phase, IntakeMode mode = IntakeMode::kHold);
// What the law makes of a stop for this class, for the customers of providers: no word of the gateway.
Words AdviceToUsers(MessageClass cls);

// What holds for a class until an operator says otherwise, and which rule says so.
struct DefaultMode {
  MessageClass cls;
  IntakeMode mode;
  std::string source;  // the law, for people
};
const std::vector<DefaultMode>& DefaultModes();

}  // namespace tvan
