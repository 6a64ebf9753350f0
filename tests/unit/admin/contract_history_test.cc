// What changed in the contract book, version by version and between two times.
#include <random>

#include "gateway/admin/contract_history.h"
#include "gateway/admin/record_words.h"
#include "tests/support/watched_records.h"
#include "tests/unit/admin/contract_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;

TEST_F(ContractDeskTest, AHistoryTellsWhatEachVersionChanged) {
  ASSERT_TRUE(Create(ContractOf("acme", "name: 'Acme'")).ok());
  ASSERT_TRUE(
      Update(ContractOf("acme", "tax_codes: '0108888888' quotas { per_day: 5 }"), "tax_codes quotas.per_day").ok());
  ASSERT_TRUE(Update(ContractOf("acme", "quotas { per_day: 9 }"), "name quotas.per_day", kMinh).ok());
  ASSERT_TRUE(Remove(ContractOf("acme")).ok());
  auto request = Read<api::GetContractHistoryRequest>("kind: PROVIDER_CONTRACT id: 'acme' page_size: 2");
  api::GetContractHistoryResponse page;
  ASSERT_TRUE(desk_->History(request, page).ok());
  ASSERT_EQ(page.versions_size(), 2);
  EXPECT_TRUE(page.versions(0).item().deleted());
  EXPECT_THAT(page.versions(0).changes(), ElementsAre("deleted"));
  EXPECT_EQ(page.versions(1).item().author(), "Minh");
  EXPECT_THAT(page.versions(1).changes(), ElementsAre("name: Acme → -", "quotas.per_day: 5 → 9"));
  request.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_TRUE(desk_->History(request, page).ok());
  ASSERT_EQ(page.versions_size(), 2);
  EXPECT_THAT(page.versions(0).changes(), ElementsAre("tax_codes: - → 0108888888", "quotas.per_day: - → 5"));
  EXPECT_THAT(page.versions(1).changes(),
              ElementsAre("provider: - → acme", "name: - → Acme", "status: - → CONTRACT_STATUS_ACTIVE",
                          "tax_codes: - → 0109999999"));
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(ContractDeskTest, WhatNeverWasHasNoHistory) {
  api::GetContractHistoryResponse page;
  EXPECT_EQ(desk_->History(Read<api::GetContractHistoryRequest>("kind: MANDATE id: 'acme/0101234567'"), page).reason(),
            "admin.not_found"_reason);
  EXPECT_EQ(desk_->History(Read<api::GetContractHistoryRequest>("id: 'acme'"), page).reason(),
            "admin.bad_request"_reason);
}

TEST(RecordWords, ShowListsByWhatLeftAndWhatCame) {
  const auto contract = [](const std::string& text) { return Read<api::ProviderContract>(text); };
  EXPECT_THAT(ChangesBetween(contract("tax_codes: ['1', '2', '3']"), contract("tax_codes: ['2', '4']")),
              ElementsAre("tax_codes: 1, 3 → 4"));
  EXPECT_THAT(ChangesBetween(contract("tax_codes: ['1', '2']"), contract("tax_codes: ['2', '1']")),
              ElementsAre("tax_codes: 1, 2 → 2, 1"));
  EXPECT_THAT(ChangesBetween(contract("contacts { role: 'night' phone: '1' }"), contract("contacts { role: 'night' }")),
              ElementsAre("contacts: {role night, phone 1} → {role night}"));
  EXPECT_THAT(ChangesBetween(contract(On("to", "2026-12-01")), contract("direct_sender: true")),
              ElementsAre("to: 2026-12-01T00:00:00.000000+07:00 → -", "direct_sender: - → yes"));
  EXPECT_THAT(WordsOf(contract("provider: 'acme' message_types: [200, 203]")),
              ElementsAre("provider: acme", "message_types: 200, 203"));
}

TEST(RecordWords, AreBoundedWhateverTheyShow) {
  api::ProviderContract before, after;
  before.set_name(std::string(100'000, 'x'));
  after.set_name(std::string(100'000, 'x') + "y");
  for (int i = 0; i < 1000; ++i) after.add_message_types(i + 1);
  const auto changes = ChangesBetween(before, after);
  ASSERT_EQ(changes.size(), 2u) << "they differ behind what is shown";
  EXPECT_LT(changes[0].size(), 500u);
  EXPECT_LT(changes[1].size(), 500u);
  EXPECT_THAT(changes[1], testing::HasSubstr("and 980 more"));
}

TEST_F(ContractDeskTest, NoMoreVersionsAreReadThanTheAnswerWants) {
  WatchedRecords records(*store_);
  const auto book = *ContractBook::Load(records);
  Agreement agreement;
  const Time first = clock_->Now();
  for (int i = 1; i <= 300; ++i) {
    agreement.note = std::to_string(i);
    ASSERT_TRUE(book->Put(agreement, {"Lan", "", clock_->Now()}).ok());
    clock_->AdvanceBy(std::chrono::minutes(1));
  }
  const auto known = [&](Time at) {
    records.read = 0;
    const auto version = KnownAt(*book, ContractKind::kAgreement, kAgreementId, at);
    return version.ok() && *version ? (*version)->version : 0;
  };
  EXPECT_EQ(known(clock_->Now()), 300U);
  EXPECT_EQ(records.read, 1U);
  EXPECT_EQ(known(clock_->Now() - std::chrono::minutes(2)), 299U);
  EXPECT_LE(records.read, 3U);
  for (int i = 1; i <= 300; i += 13) EXPECT_EQ(known(first + std::chrono::minutes(i - 1)), static_cast<uint64_t>(i));
  EXPECT_EQ(known(first - Span(1)), 0U);
  EXPECT_EQ(records.read, 300U) << "each once";
  const auto diff = [&](Time from, Time to) {
    records.read = 0;
    api::DiffContractsResponse response;
    const auto request = Read<api::DiffContractsRequest>(At("from", from) + At("to", to));
    EXPECT_TRUE(DiffContracts(*book, records, clock_->Now(), request, response).ok());
    return response.differences_size() == 0 ? std::string() : response.differences(0).changes(0);
  };
  EXPECT_EQ(diff(clock_->Now() - std::chrono::minutes(2), clock_->Now()), "note: 299 → 300");
  EXPECT_EQ(records.read, 2U);
  EXPECT_EQ(diff(first, first + std::chrono::minutes(1)), "note: 1 → 2");
  EXPECT_EQ(diff(clock_->Now(), clock_->Now()), "");
  EXPECT_EQ(records.read, 0U);
}

// --- between two times

class ContractDiffs : public ContractDeskTest {
 protected:
  std::map<std::string, api::DiffContractsResponse::Difference> Diff(Time from, Time to, int size,
                                                                     const std::string& more = "") {
    auto request = Read<api::DiffContractsRequest>(At("from", from) + At("to", to) + more);
    request.set_page_size(size);
    std::map<std::string, api::DiffContractsResponse::Difference> found;
    for (;;) {
      api::DiffContractsResponse page;
      EXPECT_TRUE(desk_->Diff(request, page).ok());
      EXPECT_LE(page.differences_size(), size);
      for (const auto& one : page.differences())
        EXPECT_TRUE(found.emplace(std::to_string(one.kind()) + one.id(), one).second) << "twice: " << one.id();
      if (page.next_page_token().empty()) return found;
      request.set_page_token(page.next_page_token());
    }
  }
  // What the histories say: the newest version of each time.
  struct Known {
    uint64_t version = 0;
    bool there = false;
  };
  Known KnownThen(api::ContractKind kind, const std::string& id, Time at) {
    api::GetContractHistoryRequest request;
    request.set_kind(kind);
    request.set_id(id);
    request.set_page_size(1000);
    api::GetContractHistoryResponse history;
    if (!desk_->History(request, history).ok()) return {};
    for (const auto& version : history.versions())
      if (FromProto(version.item().changed_at()) <= at) return {version.item().version(), !version.item().deleted()};
    return {};
  }
  void ChangeSomething(std::mt19937& random) {
    const std::string provider = random() % 2 == 0 ? "acme" : "beta";
    const std::string mst = std::to_string(1000000000 + random() % 4);
    const std::string day = std::to_string(2027 + random() % 5) + "-01-01";
    const std::string mandate = MandateOf(provider, mst, On("to", day));
    if (!Create(mandate).ok() && random() % 3 == 0) {
      EXPECT_TRUE(Remove(mandate).ok());
    } else {
      static_cast<void>(Update(mandate, "to"));
    }
    if (random() % 3 != 0) return;
    EXPECT_TRUE(Update(ContractOf(provider, "name: '" + day + "'"), "name").ok());
  }
};

TEST_F(ContractDiffs, SayWhatTheHistoriesSayAtAnyTwoTimes) {
  std::mt19937 random(7);
  std::vector<Time> moments = {clock_->Now() - Span(1), clock_->Now()};
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Create(ContractOf("beta")).ok());
  for (int step = 0; step < 60; ++step) {
    if (random() % 4 != 0) clock_->AdvanceBy(std::chrono::minutes(1));
    ChangeSomething(random);
    moments.push_back(clock_->Now());
  }
  std::vector<std::pair<api::ContractKind, std::string>> ids = {{api::PROVIDER_CONTRACT, "acme"},
                                                                {api::PROVIDER_CONTRACT, "beta"}};
  for (const char* provider : {"acme", "beta"})
    for (int i = 0; i < 4; ++i) ids.emplace_back(api::MANDATE, provider + ("/" + std::to_string(1000000000 + i)));
  size_t differences = 0;
  for (int pair = 0; pair < 40; ++pair) {
    Time from = moments[random() % moments.size()], to = moments[random() % moments.size()];
    if (to < from) std::swap(from, to);
    auto found = Diff(from, to, static_cast<int>(1 + random() % 4));
    for (const auto& [kind, id] : ids) {
      const Known before = KnownThen(kind, id, from), after = KnownThen(kind, id, to);
      const bool differs = before.version != after.version && (before.there || after.there);
      const auto said = found.extract(std::to_string(kind) + id);
      ASSERT_EQ(!said.empty(), differs) << id;
      if (!differs) continue;
      ++differences;
      EXPECT_EQ(said.mapped().version_before(), before.there ? before.version : 0) << id;
      EXPECT_EQ(said.mapped().version_after(), after.version) << id;
      EXPECT_EQ(said.mapped().deleted(), !after.there) << id;
    }
    EXPECT_TRUE(found.empty());
  }
  EXPECT_GT(differences, 50u) << "else nothing was tried";
}

TEST_F(ContractDiffs, NameFieldsAuthorAndReasonOfTheLastChange) {
  ASSERT_TRUE(Create(ContractOf("acme", "name: 'one'")).ok());
  const Time then = clock_->Now();
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(Update(ContractOf("acme", "name: 'two'"), "name").ok());
  ASSERT_TRUE(Update(ContractOf("acme", "name: 'three'"), "name", kMinh).ok());
  auto found = Diff(then, clock_->Now(), 10, " kind: PROVIDER_CONTRACT id: 'acme'");
  ASSERT_EQ(found.size(), 1u);
  const auto& one = found.begin()->second;
  EXPECT_THAT(one.changes(), ElementsAre("name: one → three"));
  EXPECT_EQ(one.author(), "Minh");
  EXPECT_EQ(one.reason(), "changed");
  EXPECT_TRUE(Diff(then, clock_->Now(), 10, " kind: MANDATE").empty());
}

TEST_F(ContractDiffs, WantTwoTimesInOrderAndAKindForAnId) {
  api::DiffContractsResponse page;
  for (const std::string& question :
       {std::string(), On("from", "2026-02-01") + On("to", "2026-01-01"), On("from", "2026-01-01") + " id: 'acme'",
        On("from", "2026-01-01") + " page_token: '9'", On("from", "2026-01-01") + " page_size: 1001"})
    EXPECT_EQ(desk_->Diff(Read<api::DiffContractsRequest>(question), page).reason(), "admin.bad_request"_reason)
        << question;
}

}  // namespace
}  // namespace tvan
