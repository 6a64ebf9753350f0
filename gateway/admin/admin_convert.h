#pragma once
// Operators' records as messages of tvan.admin.v1, both ways. Pure. Internal to admin.

#include <google/protobuf/duration.pb.h>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/maintenance_budget.h"
#include "gateway/contract/contract_book.h"
#include "store/store.h"
#include "tvan/admin/v1/admin.pb.h"
#include "tvan/admin/v1/contracts.pb.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan {

// Errors: admin.bad_request (a malformed id, tax code, message class, kind, weekday or day).
Result<ProviderContract> FromProto(const admin::v1::ProviderContract& in);
Result<Mandate> FromProto(const admin::v1::Mandate& in);
Result<Window> FromProto(const admin::v1::Window& in);
void ToProto(const ProviderContract& contract, uint64_t version, admin::v1::ProviderContract& out);
void ToProto(const Mandate& mandate, uint64_t version, admin::v1::Mandate& out);
std::optional<ContractKind> FromProto(admin::v1::ContractKind kind);  // nullopt: unspecified or unknown
admin::v1::ContractKind ToProto(ContractKind kind);
Result<ContractItem> FromProto(const admin::v1::ContractItem& in);  // likewise; its version and author are left aside
void ToProto(const ContractItem& item, uint64_t version, admin::v1::ContractItem& out);
// Without what a version says of itself; with the state that it has at `now`.
void ToProto(const Window& window, Time now, admin::v1::Window& out);
void ToProto(const VersionedWindow& versioned, Time now, admin::v1::Window& out);
void ToProto(Span span, google::protobuf::Duration& out);
void ToProto(const MaintenanceBudget& budget, admin::v1::GetMaintenanceBudgetResponse& out);
void ToProto(const StoredAnswer& stored, admin::v1::ParkedAnswer& out);  // without the bytes

}  // namespace tvan
