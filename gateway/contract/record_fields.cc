#include "gateway/contract/record_fields.h"

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

bool IsStatus(uint64_t number) {
  return number >= static_cast<uint64_t>(ContractStatus::kDraft) &&
         number <= static_cast<uint64_t>(ContractStatus::kTerminated);
}

// `visit` takes the tag and the field.
template <class Visit>
bool ReadAll(std::string_view bytes, Visit visit) {
  return ReadTagged(bytes, [&visit](const TaggedField& field) { visit(field.tag, field); }).ok();
}

uint32_t Number32(const TaggedField& field) { return static_cast<uint32_t>(field.Unsigned()); }

}  // namespace

std::string Encode(const StatusSince& change) {
  TaggedWriter out;
  return out.Unsigned(1, static_cast<uint64_t>(change.status)).Signed(2, change.since.us).Take();
}

bool Read(std::string_view bytes, StatusSince& change) {
  bool known = false;
  const bool whole = ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1 && IsStatus(field.Unsigned())) {
      change.status = static_cast<ContractStatus>(field.Unsigned());
      known = true;
    }
    if (tag == 2) change.since.us = field.Signed();
  });
  return whole && known;
}

std::string Encode(const Dates& term) {
  TaggedWriter out;
  return out.Signed(1, term.from.us).Signed(2, term.to.us).Take();
}

bool Read(std::string_view bytes, Dates& term) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) term.from.us = field.Signed();
    if (tag == 2) term.to.us = field.Signed();
  });
}

std::string Encode(const BoundCertificate& certificate) {
  TaggedWriter out;
  out.Bytes(1, certificate.sha256).Signed(2, certificate.from.us).Signed(3, certificate.to.us);
  return out.Signed(4, certificate.revoked_at.us).Bytes(5, certificate.note).Take();
}

bool Read(std::string_view bytes, BoundCertificate& certificate) {
  const bool whole = ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) certificate.sha256 = field.String();
    if (tag == 2) certificate.from.us = field.Signed();
    if (tag == 3) certificate.to.us = field.Signed();
    if (tag == 4) certificate.revoked_at.us = field.Signed();
    if (tag == 5) certificate.note = field.String();
  });
  return whole && !certificate.sha256.empty();
}

std::string Encode(const Quotas& quotas) {
  TaggedWriter out;
  out.Unsigned(1, quotas.per_second).Unsigned(2, quotas.burst);
  return out.Unsigned(3, quotas.per_day).Unsigned(4, quotas.bytes_per_day).Take();
}

bool Read(std::string_view bytes, Quotas& quotas) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) quotas.per_second = Number32(field);
    if (tag == 2) quotas.burst = Number32(field);
    if (tag == 3) quotas.per_day = field.Unsigned();
    if (tag == 4) quotas.bytes_per_day = field.Unsigned();
  });
}

std::string Encode(const ContractContact& contact) {
  TaggedWriter out;
  return out.Bytes(1, contact.role).Bytes(2, contact.name).Bytes(3, contact.email).Bytes(4, contact.phone).Take();
}

bool Read(std::string_view bytes, ContractContact& contact) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) contact.role = field.String();
    if (tag == 2) contact.name = field.String();
    if (tag == 3) contact.email = field.String();
    if (tag == 4) contact.phone = field.String();
  });
}

std::string Encode(const TaxStatus& status) {
  TaggedWriter out;
  out.Bytes(1, status.code).Signed(2, status.since.us).Bytes(3, status.source);
  return out.Signed(4, status.known_at.us).Take();
}

bool Read(std::string_view bytes, TaxStatus& status) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) status.code = field.String();
    if (tag == 2) status.since.us = field.Signed();
    if (tag == 3) status.source = field.String();
    if (tag == 4) status.known_at.us = field.Signed();
  });
}

std::string Encode(const StopDecision& decision) {
  TaggedWriter out;
  out.Unsigned(1, decision.stop ? 1 : 0).Signed(2, decision.from.us).Bytes(3, decision.number);
  out.Bytes(4, decision.source).Signed(5, decision.known_at.us);
  if (decision.kind != StopKind::kUnsaid) out.Unsigned(6, static_cast<uint64_t>(decision.kind));
  if (decision.to != kForever) out.Signed(7, decision.to.us);
  if (!decision.answers.empty()) out.Bytes(8, decision.answers);
  return out.Take();
}

bool Read(std::string_view bytes, StopDecision& decision) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) decision.stop = field.Unsigned() != 0;
    if (tag == 2) decision.from.us = field.Signed();
    if (tag == 3) decision.number = field.String();
    if (tag == 4) decision.source = field.String();
    if (tag == 5) decision.known_at.us = field.Signed();
    if (tag == 6) decision.kind = static_cast<StopKind>(field.Unsigned());
    if (tag == 7) decision.to.us = field.Signed();
    if (tag == 8) decision.answers = field.String();
  });
}

std::string Encode(const Registration& registration) {
  TaggedWriter out;
  out.Unsigned(1, registration.accepted ? 1 : 0).Signed(2, registration.from.us);
  for (const MessageClass cls : registration.classes) out.Unsigned(3, static_cast<uint64_t>(cls));
  out.Bytes(4, registration.kinds).Bytes(5, registration.register_range).Bytes(6, registration.source);
  return out.Signed(7, registration.known_at.us).Take();
}

bool Read(std::string_view bytes, Registration& registration) {
  return ReadAll(bytes, [&](uint32_t tag, const TaggedField& field) {
    if (tag == 1) registration.accepted = field.Unsigned() != 0;
    if (tag == 2) registration.from.us = field.Signed();
    if (tag == 3) registration.classes.push_back(static_cast<MessageClass>(field.Unsigned()));
    if (tag == 4) registration.kinds = field.String();
    if (tag == 5) registration.register_range = field.String();
    if (tag == 6) registration.source = field.String();
    if (tag == 7) registration.known_at.us = field.Signed();
  });
}

}  // namespace tvan
