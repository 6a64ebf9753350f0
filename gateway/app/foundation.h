#pragma once
// The lower half of the gateway: store, trust, contracts, calendar and line, opened in order. What it holds is
// destroyed in reverse order. Internal to app.

#include <memory>
#include <string>

#include "adapters/signature.h"
#include "adapters/soap/soap_channel.h"
#include "adapters/xml_document.h"
#include "gateway/app/gateway.h"
#include "gateway/app/record_follower.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/seal/seal.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/validator.h"
#include "store/shared.h"
#include "store/store.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

struct Foundation {
  std::unique_ptr<Metrics> metrics;
  std::string message_id_key;
  std::unique_ptr<Store> store;
  SharedStore* shared = nullptr;  // the same store, when several gateways share it
  Fence fence;                    // when they do not
  std::unique_ptr<RecordFollower> follower;
  std::unique_ptr<Digester> digester;
  // Of submissions, of messages as they will be sent, of answers.
  std::unique_ptr<XmlParser> parser, rendered_parser, answer_parser;
  std::unique_ptr<SignatureVerifier> sellers, authority;
  std::unique_ptr<Sealer> sealer;
  std::string key_set_json;
  std::unique_ptr<Validator> validator;
  std::unique_ptr<AnswerReader> reader;
  std::unique_ptr<ContractBook> contracts;
  std::unique_ptr<Calendar> calendar;
  std::unique_ptr<SoapChannel> channel;
};
// Errors: as Gateway::Start, and as OpenStore.
Result<Foundation> OpenFoundation(const config::v1::Config& config, Clock& clock, const Gateway::Around& around);

}  // namespace tvan
