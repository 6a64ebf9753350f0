#pragma once
// Envelope: what TTChung of a TDiep says, and the class a message type belongs to. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"

namespace tvan {

// Header fields as they stand in the message, in the order of protocol.md section 3; empty = absent or empty element.
struct Envelope {
  std::string pban;
  std::string mngui;
  std::string mnnhan;
  int mltdiep = 0;  // may be negative (-1, -2)
  std::string mtdiep;
  std::string mtdtchieu;
  std::string mst;
  std::string sluong;
};

// Classes that differ in law, deadline and order (duties.md F4). The number is stored: never reuse one.
enum class MessageClass : uint8_t {
  kCoded = 1,         // needs a code
  kUncoded = 2,       //
  kCashRegister = 3,  //
  kErrorNotice = 4,   //
  kRegistration = 5,  //
  kSummary = 6,       //
  kTechnical = 7,     // our own 999 upward; no business count
};
std::string_view ToString(MessageClass cls);  // "coded", "uncoded", "cash_register" …
std::optional<MessageClass> ParseMessageClass(std::string_view text);
std::optional<MessageClass> ClassOfType(int mltdiep);  // by the catalogue; nullopt: not relayed

}  // namespace tvan
