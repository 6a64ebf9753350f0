#include "gateway/app/settings.h"

#include <iterator>
#include <random>
#include <sstream>

#include "config/loader.h"

namespace tvan {
namespace {

ClassPolicy PolicyOf(const config::v1::ClassPolicy& in) {
  ClassPolicy policy;
  policy.t1_silent = SpanOf(in.t1_silent());
  policy.t2_resend = SpanOf(in.t2_resend());
  policy.t_999_only = SpanOf(in.t_999_only());
  policy.max_resends = in.max_resends();
  policy.resend = in.resend() == "off"   ? ResendMode::kOff
                  : in.resend() == "ask" ? ResendMode::kAsk
                                         : ResendMode::kAutomatic;
  return policy;
}

Deadlines DeadlinesOf(const config::v1::Classes& classes) {
  std::map<MessageClass, int> due_days;
  const auto add = [&due_days](MessageClass cls, const config::v1::ClassPolicy& policy) {
    if (policy.due_days() >= 0) due_days[cls] = policy.due_days();
  };
  add(MessageClass::kCoded, classes.coded());
  add(MessageClass::kUncoded, classes.uncoded());
  add(MessageClass::kCashRegister, classes.cash_register());
  add(MessageClass::kErrorNotice, classes.error_notice());
  add(MessageClass::kRegistration, classes.registration());
  add(MessageClass::kSummary, classes.summary());
  return Deadlines(std::move(due_days));
}

std::set<std::string> SetOf(const google::protobuf::RepeatedPtrField<std::string>& list) {
  return {list.begin(), list.end()};
}

Gravity GravityOf(const std::string& word) {
  if (word == "off") return Gravity::kOff;
  return word == "error" ? Gravity::kError : Gravity::kWarning;
}

}  // namespace

ContractRules ContractSettings(const config::v1::Contracts& contracts) {
  ContractRules rules;
  std::istringstream words(contracts.passing_tax_status());
  rules.passing_tax_status.assign(std::istream_iterator<std::string>(words), {});
  rules.tax_status_trusted = SpanOf(contracts.tax_status_trusted());
  rules.tax_status = GravityOf(contracts.tax_status());
  rules.stopped = GravityOf(contracts.stopped());
  rules.unregistered = GravityOf(contracts.unregistered());
  return rules;
}

Retention::Options RetentionSettings(const config::v1::Retention& retention) {
  return {SpanOf(retention.keep()), SpanOf(retention.every()), SpanOf(retention.pause()), retention.chunk()};
}

RocksStoreOptions StoreSettings(const config::v1::Config& config) {
  const auto& store = config.store();
  RocksStoreOptions options;
  options.path = store.path();
  options.create_if_missing = true;
  options.sync = store.durability() != "memory_only";
  options.random_bytes = [](size_t size) { return RandomBytes(size); };
  options.max_batch = store.batch_max();
  options.max_batch_bytes = store.batch_max_bytes();
  options.queue_limit = store.waiting_max();
  options.waiting_limit_bytes = store.waiting_max_bytes();
  options.buffer_limit_bytes = store.buffer_max_bytes();
  options.memtable_bytes = store.memtable_bytes();
  options.cache_bytes = store.cache_bytes();
  return options;
}

SoapOptions LineSettings(const config::v1::Line& line) {
  SoapOptions options;
  options.line = LineId::Trusted(line.id());
  options.host = line.host();
  options.port = static_cast<uint16_t>(line.port());
  options.path = line.path();
  options.ca_file = line.ca();
  options.certificate_file = line.certificate();
  options.key_file = line.key();
  options.connect_timeout = SpanOf(line.connect_timeout());
  options.handshake_timeout = SpanOf(line.handshake_timeout());
  options.write_timeout = SpanOf(line.write_timeout());
  options.read_timeout = SpanOf(line.read_timeout());
  options.max_batch_bytes = line.max_batch_bytes();
  options.max_response_bytes = line.max_response_bytes();
  options.connections = line.connections();
  options.idle_limit = SpanOf(line.idle_limit());
  return options;
}

Dispatcher::Options DispatchSettings(const config::v1::Config& config) {
  const auto& dispatch = config.dispatch();
  Dispatcher::Options options;
  options.our_mst = TaxCode::Trusted(config.gateway().mst());
  options.line = LineId::Trusted(config.line().id());
  options.authority_code = dispatch.authority_code();
  options.batch = dispatch.batch();
  options.sends_in_flight = dispatch.sends_in_flight();
  options.send_timeout = SpanOf(dispatch.send_timeout());
  options.in_doubt_settle = SpanOf(dispatch.in_doubt_settle());
  options.backoff_min = SpanOf(dispatch.backoff_min());
  options.backoff_max = SpanOf(dispatch.backoff_max());
  options.ramp_start_per_s = dispatch.ramp_start_per_s();
  options.ramp_growth_per_s = dispatch.ramp_growth_per_s();
  options.max_per_s = dispatch.max_per_s();
  options.max_parent_wait = SpanOf(dispatch.max_parent_wait());
  options.acknowledged_ends_wait = dispatch.acknowledged_ends_wait();
  options.max_system_codes = dispatch.max_system_codes();
  options.restore_margin = SpanOf(dispatch.restore_margin());
  options.seed = std::random_device{}();
  options.classes = {{MessageClass::kCoded, PolicyOf(dispatch.classes().coded())},
                     {MessageClass::kUncoded, PolicyOf(dispatch.classes().uncoded())},
                     {MessageClass::kCashRegister, PolicyOf(dispatch.classes().cash_register())},
                     {MessageClass::kErrorNotice, PolicyOf(dispatch.classes().error_notice())},
                     {MessageClass::kRegistration, PolicyOf(dispatch.classes().registration())},
                     {MessageClass::kSummary, PolicyOf(dispatch.classes().summary())}};
  options.deadlines = DeadlinesOf(dispatch.classes());
  options.hold_alarm = SpanOf(config.contracts().hold_alarm());
  for (const std::string& name : config.calendar().canary_classes())
    if (const auto cls = ParseMessageClass(name)) options.canary_classes.insert(*cls);  // the loader knows the names
  options.probe_every = SpanOf(config.calendar().probe_every());
  return options;
}

Receiver::Options FeedbackSettings(const config::v1::Config& config, const std::string& message_id_key) {
  const auto& feedback = config.feedback();
  Receiver::Options options;
  options.our_mst = TaxCode::Trusted(config.gateway().mst());
  options.message_id_key = message_id_key;
  options.poll = SpanOf(feedback.poll());
  options.batch = feedback.batch();
  options.duplicate_codes = SetOf(feedback.duplicate_codes());
  options.system_codes = SetOf(feedback.system_codes());
  options.refusal_codes = SetOf(feedback.refusal_codes());
  const auto& contracts = config.contracts();
  options.news.stop = {contracts.stop_notices().begin(), contracts.stop_notices().end()};
  options.news.go_on = {contracts.continue_notices().begin(), contracts.continue_notices().end()};
  options.no_own_999 = {feedback.no_own_999().begin(), feedback.no_own_999().end()};
  options.strict_signatures = feedback.strict_signatures();
  return options;
}

PhaseRules CalendarSettings(const config::v1::Config& config) {
  const auto& calendar = config.calendar();
  PhaseRules rules;
  rules.drain_before = SpanOf(calendar.drain_before());
  rules.stop_margin = SpanOf(calendar.stop_margin());
  if (calendar.open_policy() == "not_before_verify_until") rules.open_policy = OpenPolicy::kNotBeforeVerifyUntil;
  rules.offset_alarm = SpanOf(calendar.offset_alarm());
  rules.offset_close = SpanOf(calendar.offset_close());
  rules.rehearsals = config.environment() != "production";
  rules.break_glass_persons = static_cast<int>(calendar.break_glass_persons());
  return rules;
}

ProviderServer::Options ProviderSettings(const config::v1::ProviderApi& api) {
  ProviderServer::Options options;
  options.listen = api.listen();
  options.max_request_bytes = static_cast<int>(api.max_request_bytes());
  options.max_streams_per_connection = static_cast<int>(api.max_streams_per_connection());
  options.max_metadata_bytes = static_cast<int>(api.max_metadata_bytes());
  options.connections = {api.max_connections(), api.max_connections_per_address()};
  options.handshake_timeout = SpanOf(api.handshake_timeout());
  options.max_idle = SpanOf(api.max_connection_idle());
  options.memory_quota = api.memory_quota();
  options.keepalive_time = SpanOf(api.keepalive_time());
  options.keepalive_timeout = SpanOf(api.keepalive_timeout());
  return options;
}

LogLevel LogSettings(const config::v1::Log& log) {
  if (log.level() == "debug") return LogLevel::kDebug;
  if (log.level() == "warning") return LogLevel::kWarning;
  return log.level() == "error" ? LogLevel::kError : LogLevel::kInfo;
}

}  // namespace tvan
