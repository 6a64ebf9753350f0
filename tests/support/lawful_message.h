#pragma once
// Random messages that the field table of a profile allows, and the same with one single fault. Made from the compiled
// rows by code of its own (conditions, counts and forms are understood here anew), so that it can judge the walk and
// the schema. The same seed makes the same messages. What lies beyond fields (sums, codes, signatures) is not lawful.

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/core/catalogue.h"
#include "tests/support/lawful_tree.h"

namespace tvan {

enum class FaultKind { kDropped, kDoubled, kTooLong, kBadForm, kForbidden };
inline constexpr FaultKind kFaultKinds[] = {FaultKind::kDropped, FaultKind::kDoubled, FaultKind::kTooLong,
                                            FaultKind::kBadForm, FaultKind::kForbidden};

struct LawfulMessage {
  const MessageType* type = nullptr;
  std::string form;     // KHMSHDon of every invoice
  LawfulElement tdiep;  // in documented order
  std::string Xml() const { return XmlOf(tdiep); }
};

// What must be said of the fault, and nothing else.
struct ExpectedFinding {
  std::string rule, path;
  bool is_error = false;
  std::string what;  // for people: "kDropped of qd1450/fields.tsv:42"
};

class LawfulMessageMaker {
 public:
  LawfulMessageMaker(const Profile& profile, uint32_t seed) : profile_(profile), dice_(seed) {}

  LawfulMessage Make();
  void Shuffle(LawfulMessage& message);  // every element's children into any order
  // Puts one fault into an item of the message; nullopt: it has no field that can have it.
  std::optional<ExpectedFinding> Spoil(LawfulMessage& message, FaultKind kind);

 private:
  const Profile& profile_;
  Dice dice_;
};

}  // namespace tvan
