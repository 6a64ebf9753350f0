#pragma once
// A store in memory with messages of every state, a seal that anybody can read, and a folder. One thread.

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "adapters/signature.h"
#include "gateway/core/log.h"
#include "gateway/reconcile/columns.h"
#include "gateway/reconcile/csv.h"
#include "gateway/reconcile/snapshot.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"
#include "tests/support/message_maker.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/reconcile/open_sealer.h"

namespace tvan {

class ReconcileWorld : public testing::Test {
 protected:
  using Row = std::vector<std::string>;

  ReconcileWorld() : store(MakeMemoryStore({.manual_flush = true}, *clock)) {
    SetLogLevel(LogLevel::kError);
    fence_ = store->TakeOwnership();
  }

  SnapshotParts Parts() {
    return {*store, sealer, *parser, *digester, *clock, [this] {
              return providers; }};
  }
  Result<std::vector<ProviderId>> providers = std::vector{ProviderId::Trusted("acme"), ProviderId::Trusted("beta")};
  SnapshotOrder Order(Time stop_at) { return {folder.File(""), "main", "w1", stop_at, false, 0}; }

  // A message with the given document as its payload, accepted now.
  MessageId Accept(FakeMessage spec, const std::string& document) {
    NewMessage message = MakeFakeMessage(spec, *digester, clock->Now());
    message.payload = std::make_shared<const std::string>(document);
    message.digest = digester->Sha256Of(document);
    message.receipt = "receipt-of-" + message.gateway_id.value();
    const MessageId id = message.gateway_id;
    store->Accept(std::move(message), [](const Result<AcceptAnswer>& answer) {
      TVAN_CHECK(answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted);
    });
    store->Flush();
    return id;
  }
  // A 203 with `invoices` of them.
  MessageId Accept(const std::string& id, int invoices = 1, const std::string& provider = "acme") {
    MessageSpec spec = Spec203(invoices, ++number_ * 1000);
    return Accept({.provider = provider, .id = id, .cls = MessageClass::kUncoded, .type = 203},
                  MakeTDiep(spec, nullptr));
  }
  void Attempt(const MessageId& id) {
    ASSERT_TRUE(store->RecordAttempts(fence_, {{id, clock->Now(), kForever, LineId::Trusted("main"), ""}}).ok());
  }
  void Send(const MessageId& id, Settlement::Outcome outcome = Settlement::Outcome::kSent) {
    Attempt(id);
    ASSERT_TRUE(store->Settle(fence_, {{id, 1, outcome, clock->Now(), "", ""}}).ok());
  }
  void Answer(const MessageId& id, Stage stage, const std::string& detail = {}) {
    IncomingAnswer answer;
    answer.answer_id = "answer-" + std::to_string(++answers_);
    answer.line = LineId::Trusted("main");
    answer.position = std::to_string(answers_);
    answer.bytes = std::make_shared<const std::string>("x");
    answer.received_at = clock->Now();
    AnswerEffect effect;
    effect.gateway_id = id;
    effect.event = stage == Stage::kAcknowledged ? EventKind::kAcknowledged : EventKind::kAnswer;
    effect.stage = stage;
    effect.detail = detail;
    answer.effects.push_back(effect);
    ASSERT_TRUE(store->ReceiveAnswers(fence_, answer.line, {answer}, answer.position).ok());
  }
  void Move(const MessageId& id, EventKind event, Stage to, const std::string& reason) {
    ASSERT_TRUE(store->Change(fence_, {{id, event, std::nullopt, to, clock->Now(), reason, ""}}).ok());
  }

  std::string Contents(const std::string& name) const {
    std::ifstream file(folder.File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // The records behind the header.
  std::vector<Row> Rows(const std::string& name) const {
    std::ifstream file(folder.File(name + ".csv"), std::ios::binary);
    CsvReader reader(file);
    std::vector<Row> rows;
    for (Row row; reader.Next(row).value();) rows.push_back(row);
    EXPECT_EQ(rows.at(0), Row(kColumnNames.begin(), kColumnNames.end()));
    rows.erase(rows.begin());
    return rows;
  }
  static const std::string& At(const Row& row, Column column) { return row.at(static_cast<size_t>(column)); }
  // "gateway id → bin/state", one per row.
  std::vector<std::string> Bins(const std::string& name) const {
    std::vector<std::string> bins;
    for (const Row& row : Rows(name)) bins.push_back(At(row, Column::kBin) + "/" + At(row, Column::kState));
    return bins;
  }
  std::string Manifest(const std::string& name) const { return Contents(name + ".json"); }

  std::unique_ptr<TestClock> clock = MakeTestClock();
  std::unique_ptr<MemoryStore> store;
  std::unique_ptr<Digester> digester = MakeDigester();
  std::unique_ptr<XmlParser> parser = MakeXmlParser(XmlLimits());
  OpenSealer sealer;
  TempFolder folder;
  Fence fence_;

 private:
  int number_ = 0, answers_ = 0;
};

}  // namespace tvan
