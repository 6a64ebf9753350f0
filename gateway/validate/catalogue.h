#pragma once
// The message catalogue (protocol.md section 4) as one table: what a type is, which way it goes, whether this gateway
// relays it, where its items and signatures stand. Constant data.

#include <optional>
#include <string_view>

#include "gateway/core/envelope.h"

namespace tvan {

enum class Direction { kUp, kDown, kBoth };

// What DLieu of a relayed type holds.
enum class ItemKind {
  kUnknown,   // not checked deeper
  kInvoices,  // DLieu/HDon
  kNotice,    // DLieu/TBao with DLTBao
};

// Where the signature of a type stands (protocol.md section 10.1).
enum class SignaturePlace {
  kUnknown,
  kNone,
  kInvoice,           // HDon/DSCKS/NBan, each item its own
  kPackage,           // TDiep/CKSNNT, one over all items
  kNotice,            // TBao/DSCKS/NNT
  kAuthorityInvoice,  // HDon/DSCKS/CQT
  kAuthorityNotice,   // TBao/DSCKS/CQT
};

struct MessageType {
  int code;
  Direction direction;
  bool relayed;  // taken from solution providers in this version
  ItemKind items;
  SignaturePlace signature;
  std::string_view name_vi, name_en;
  std::optional<MessageClass> cls() const { return relayed ? ClassOfType(code) : std::nullopt; }
};

// nullptr: no such type in any public catalogue.
const MessageType* FindMessageType(int code);

}  // namespace tvan
