#pragma once
// The configuration as the rooms' own Options. Pure.

#include "adapters/soap/soap_channel.h"
#include "gateway/admin/admin_server.h"
#include "gateway/app/retention.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/verdict.h"
#include "gateway/core/log.h"
#include "gateway/dispatch/dispatcher.h"
#include "gateway/feedback/receiver.h"
#include "gateway/intake/provider_server.h"
#include "store/rocksdb/rocks_store.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

Retention::Options RetentionSettings(const config::v1::Retention& retention);
RocksStoreOptions StoreSettings(const config::v1::Config& config);
SoapOptions LineSettings(const config::v1::Line& line);
Dispatcher::Options DispatchSettings(const config::v1::Config& config);
Receiver::Options FeedbackSettings(const config::v1::Config& config, const std::string& message_id_key);
PhaseRules CalendarSettings(const config::v1::Config& config);
ContractRules ContractSettings(const config::v1::Contracts& contracts);
// Without the credentials' texts.
ProviderServer::Options ProviderSettings(const config::v1::ProviderApi& api);
LogLevel LogSettings(const config::v1::Log& log);

}  // namespace tvan
