#pragma once
// The message catalogue (protocol.md section 4) as one table: what a type is, which way it goes, whether this gateway
// takes it from solution providers, where its items and signatures stand, to which class it belongs, what answers it
// and what it does as an answer. Every room reads this one; config/CATALOGUE.md is printed from it. Constant data.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/envelope.h"
#include "gateway/core/mark.h"

namespace tvan {

enum class Direction : uint8_t { kUp, kDown, kBoth };

// What DLieu holds: elements of this name, or the fields themselves.
enum class ItemKind : uint8_t {
  kUnknown,
  kInvoices,     // HDon
  kNotice,       // TBao
  kDeclaration,  // TKhai
  kRequest,      // DNghi
  kSummaries,    // BTHDLieu
  kFields,       // no items: the fields stand in DLieu itself
};

enum class ItemCount : uint8_t { kUnknown, kOne, kMany };

// Where the signature of a type stands (protocol.md section 10.1).
enum class SignaturePlace : uint8_t {
  kUnknown,  // any signature that is there is verified
  kNone,
  kInvoice,           // HDon/DSCKS/NBan, each item its own
  kPackage,           // TDiep/CKSNNT, one over all items
  kTaxpayer,          // DSCKS/NNT of each item: TBao, TKhai, DNghi, BTHDLieu
  kAuthorityInvoice,  // HDon/DSCKS/CQT
  kAuthorityNotice,   // TBao/DSCKS/CQT
};

// How far the tables reach.
enum class Depth : uint8_t {
  kHeader,  // the header and the signatures; what stands in DLieu is not checked deeper
  kItems,   // the items too; what else stands beside them in DLieu is not checked deeper
  kFull,    // DLieu holds the items and nothing else
};

enum class Whether : uint8_t { kNo, kYes, kByContent };

// What a type does as an answer (protocol.md section 5).
struct AsAnswer {
  Whether ends = Whether::kNo;     // final, where its content is understood
  Whether refuses = Whether::kNo;  // refuses the request, or items of it
  bool unasked = false;            // comes without a request: routed by MST
};

// The first profile that has the type, and how sure that is.
struct Since {
  std::string_view profile = "qd1450";
  Mark mark = Mark::kSure;
};

using Codes = std::array<short, 3>;  // of message types; 0 is none

struct MessageType {
  int code;
  Direction direction;
  bool relayed;  // taken from solution providers
  std::string_view name_vi, name_en;
  Mark mark;  // of the row
  ItemKind items;
  ItemCount count;  // of items; for a type of which only the header is checked it is not counted
  SignaturePlace signature;
  Depth depth;
  std::string_view object;          // of the field tables: of one item, or of DLieu; empty: none
  std::optional<MessageClass> cls;  // of what goes up from here
  Codes follow_ups;                 // upward: what answers it, beside -1; downward: what goes up in return
  AsAnswer answer;
  Since since;
  std::string_view source;  // sections of protocol.md
};

// When what belongs to a class is due: by the end (+07:00) of the day of acceptance, or so many days later. Calendar
// days where law counts working days: an earlier deadline than the law's is the safe error (duties.md section 6).
struct ClassRule {
  MessageClass cls;
  int due_days;
  int rank;  // of classes that are due on one day, the lower goes first
  enum class Answer : uint8_t { kNoTerm, kQuarterHour, kWorkingDay } answer;  // due by law (duties.md 1.2, section 6)
  std::string_view why;
};
std::span<const ClassRule> ClassRules();  // of every class that is queued, in order of number
// Summary tables of petrol are due the same day. `goods`: LHHoa of one of them.
bool IsDueSameDay(const MessageType& type, std::string_view goods);

// In order of code.
std::span<const MessageType> MessageTypes();
// nullptr: no such type in any public catalogue.
const MessageType* FindMessageType(int code);

// "HDon", "TBao" …; empty: unknown, or there are no items.
std::string_view ElementOf(ItemKind kind);
// A type that may have CKSNNT beside DLieu.
bool MayHavePackageSignature(const MessageType& type);
// Whether a verdict of type `answer` may be one on a request of type `request`: one of its follow-ups, or a technical
// one. Of types that are not read (Depth::kHeader) any may.
bool MayAnswer(int request, int answer);
// Types that come without a request.
bool IsUnasked(int code);
// Types that the authority signs for certain; of the others that nobody knows of, some may bear a signature.
bool IsSignedByAuthority(int code);
// 100, 101: what its taxpayer sends later must not overtake one.
bool IsRegistration(int code);

// The page config/CATALOGUE.md.
std::string CataloguePage();

}  // namespace tvan
