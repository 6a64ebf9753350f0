#pragma once
// Records of the rooms as messages of tvan.v1. Pure; shared by intake's services and the admin service.

#include <optional>
#include <string>
#include <vector>

#include "gateway/core/finding.h"
#include "gateway/core/time.h"
#include "gateway/intake/submit.h"
#include "store/store.h"
#include "tvan/v1/relay.pb.h"
#include "tvan/v1/types.pb.h"

namespace tvan {

void ToProto(Time time, google::protobuf::Timestamp& out);
Time FromProto(const google::protobuf::Timestamp& time);
inline v1::MessageState ToProto(Stage stage) { return static_cast<v1::MessageState>(stage); }
inline v1::MessageClass ToProto(MessageClass cls) { return static_cast<v1::MessageClass>(cls); }
std::optional<Stage> FromProto(v1::MessageState state);       // nullopt: unspecified or unknown
std::optional<MessageClass> FromProto(v1::MessageClass cls);  // likewise
void ToProto(const InvoiceKey& key, v1::InvoiceKey& out);
v1::Severity ToProto(Severity severity);
void ToProto(const std::vector<Finding>& findings, google::protobuf::RepeatedPtrField<v1::Finding>& out);
void ToProto(const ReceiptView& receipt, v1::Receipt& out);
void ToProto(const Voided& proof, v1::Proof& out);        // of a withdrawal too
void ToProto(const MessageMeta& meta, v1::Message& out);  // without events and receipt
// With both. A provider reads why in `reason`; the details of our own events name hosts, certificates and persons and
// are for operators: a provider gets those of the authority's answers only.
enum class Reader { kProvider, kOperator };
void ToProto(const MessageView& view, Reader reader, v1::Message& out);

// intake.bad_request: no document, or message_type and client_reference beside a TDiep.
Result<SubmitInput> FromProto(v1::Document document, std::string certificate);
// Receipt or rejection; a failure is left to the caller.
void ToProto(SubmitOutcome outcome, v1::SubmitMessageResponse& out);

}  // namespace tvan
