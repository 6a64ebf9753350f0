#include "gateway/calendar/phase_record.h"

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kAt = 1, kClassPhase = 2 };
enum PhaseTag : uint32_t { kClass = 1, kPhase = 2, kSince = 3, kWindow = 4, kEvidence = 5, kSendingSince = 6 };
enum OrderTag : uint32_t { kOrderAt = 1, kAuthor = 2, kReason = 3, kInForce = 4 };
enum ModeTag : uint32_t { kMode = 1 };

Status Damaged(const OperatorRecord& record, const std::string& why) {
  return Status::Permanent("calendar.damaged"_reason, record.kind + " '" + record.id + "': " + why);
}

std::string EncodeClassPhase(MessageClass cls, const ClassPhase& phase) {
  TaggedWriter out;
  out.Unsigned(kClass, static_cast<uint64_t>(cls)).Unsigned(kPhase, static_cast<uint64_t>(phase.phase));
  out.Signed(kSince, phase.since.us).Bytes(kWindow, phase.window).Bytes(kEvidence, phase.evidence);
  out.Signed(kSendingSince, phase.sending_since.us);
  return out.Take();
}

// False: it does not read, or says what this program does not know.
bool ReadClassPhase(std::string_view bytes, PhaseRecord& phases) {
  uint64_t cls = 99, number = 99;
  ClassPhase phase;
  const Status read = ReadTagged(bytes, [&](const TaggedField& field) {
    if (field.tag == kClass) cls = field.Unsigned();
    if (field.tag == kPhase) number = field.Unsigned();
    if (field.tag == kSince) phase.since.us = field.Signed();
    if (field.tag == kWindow) phase.window = field.String();
    if (field.tag == kEvidence) phase.evidence = field.String();
    if (field.tag == kSendingSince) phase.sending_since.us = field.Signed();
  });
  if (!read.ok() || cls < 1 || cls > static_cast<uint64_t>(MessageClass::kTechnical) ||
      number > static_cast<uint64_t>(Phase::kVerifying))
    return false;
  phase.phase = static_cast<Phase>(number);
  phases.classes[static_cast<MessageClass>(cls)] = std::move(phase);
  return true;
}

}  // namespace

std::string EncodePhases(const PhaseRecord& phases) {
  TaggedWriter out;
  out.Signed(kAt, phases.at.us);
  for (const auto& [cls, phase] : phases.classes) out.Bytes(kClassPhase, EncodeClassPhase(cls, phase));
  return out.Take();
}

Result<PhaseRecord> DecodePhases(const OperatorRecord& record) {
  PhaseRecord phases;
  phases.epoch = record.version;
  bool good = true;
  const Status read = ReadTagged(record.body, [&](const TaggedField& field) {
    if (field.tag == kAt) phases.at.us = field.Signed();
    if (field.tag == kClassPhase) good = ReadClassPhase(field.bytes, phases) && good;
  });
  if (!read.ok()) return Damaged(record, read.message());
  if (!good) return Damaged(record, "the phase of a class cannot be read");
  return phases;
}

std::string EncodeOrder(const LineOrder& order) {
  TaggedWriter out;
  out.Signed(kOrderAt, order.order.at.us).Bytes(kAuthor, order.order.author).Bytes(kReason, order.order.reason);
  out.Unsigned(kInForce, order.in_force ? 1 : 0);
  return out.Take();
}

Result<LineOrder> DecodeOrder(const OperatorRecord& record) {
  LineOrder order;
  const Status read = ReadTagged(record.body, [&order](const TaggedField& field) {
    if (field.tag == kOrderAt) order.order.at.us = field.Signed();
    if (field.tag == kAuthor) order.order.author = field.String();
    if (field.tag == kReason) order.order.reason = field.String();
    if (field.tag == kInForce) order.in_force = field.Unsigned() != 0;
  });
  if (!read.ok()) return Damaged(record, read.message());
  return order;
}

std::string EncodeMode(IntakeMode mode) {
  TaggedWriter out;
  out.Unsigned(kMode, static_cast<uint64_t>(mode));
  return out.Take();
}

Result<IntakeMode> DecodeMode(const OperatorRecord& record) {
  uint64_t number = 99;
  const Status read = ReadTagged(record.body, [&number](const TaggedField& field) {
    if (field.tag == kMode) number = field.Unsigned();
  });
  if (!read.ok() || number > 1) return Damaged(record, "no mode of intake");
  return static_cast<IntakeMode>(number);
}

}  // namespace tvan
