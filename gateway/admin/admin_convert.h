#pragma once
// Operators' records as messages of tvan.admin.v1, both ways. Pure. Internal to admin.

#include <google/protobuf/duration.pb.h>

#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "store/store.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan {

// Errors: admin.bad_request (a malformed id, tax code, message class, kind, weekday or day).
Result<ProviderContract> FromProto(const admin::v1::ProviderContract& in);
Result<Mandate> FromProto(const admin::v1::Mandate& in);
Result<Window> FromProto(const admin::v1::Window& in);
void ToProto(const ProviderContract& contract, uint64_t version, admin::v1::ProviderContract& out);
void ToProto(const Mandate& mandate, uint64_t version, admin::v1::Mandate& out);
// Without what a version says of itself; with the state that it has at `now`.
void ToProto(const Window& window, Time now, admin::v1::Window& out);
void ToProto(const VersionedWindow& versioned, Time now, admin::v1::Window& out);
void ToProto(Span span, google::protobuf::Duration& out);
void ToProto(const StoredAnswer& stored, admin::v1::ParkedAnswer& out);  // without the bytes

}  // namespace tvan
