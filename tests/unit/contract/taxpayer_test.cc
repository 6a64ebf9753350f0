// What is known of a taxpayer: what it does to a verdict, and how it is learned.
#include <algorithm>
#include <random>

#include "gateway/contract/contract_records.h"
#include "gateway/contract/contract_rules.h"
#include "gateway/contract/taxpayer_rules.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = ContractVerdict::Kind;

Taxpayer Seller() {
  Taxpayer taxpayer;
  taxpayer.mst = kSeller;
  return taxpayer;
}

class Taxpayers : public BookWorld {
 protected:
  Taxpayers() { PutBoth(); }
  std::vector<std::string> Warnings(Time at, int type = 203, const std::string& kinds = "") {
    return RulesOf(Verdict(at, type, kSeller, kinds).warnings);
  }
  bool Learn(const Taxpayer& news, Time now = kNow) {
    const Status status = book_->Learn({news}, {"V123", "message 505", now});
    EXPECT_TRUE(status.ok()) << status.ToString();
    return status.ok();
  }
  uint64_t Version() { return book_->snapshot()->Get(ContractKind::kTaxpayer, kSeller.value())->version; }
};

TEST_F(Taxpayers, AStatusThatMayNotSendIsRefusedFromItsDayOn) {
  Taxpayer taxpayer = Seller();
  taxpayer.statuses = {{"00", Day("2020-01-01"), "op", kNow}, {"03", Day("2026-11-10"), "op", kNow}};
  Put(taxpayer);
  EXPECT_THAT(Decide(Day("2026-11-10") - kSecond), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-11-10")), ElementsAre("contract.tax_status"));
  EXPECT_EQ(Verdict(kNow).kind, Kind::kRefuse);
  EXPECT_THAT(Verdict(kNow).faults[0].values, ElementsAre("0101234567", "03", "2026-11-10"));
  EXPECT_THAT(Verdict(kNow).version, HasSubstr(",taxpayer/0101234567@1"));
  taxpayer.statuses[1].code = "04";
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), IsEmpty()) << "00, 02 and 04 may";
}

TEST_F(Taxpayers, AStatusKnownForLongOnlyWarns) {
  Taxpayer taxpayer = Seller();
  taxpayer.statuses = {{"03", Day("2026-03-01"), "op", kNow - rules_.tax_status_trusted}};
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.tax_status"));
  EXPECT_THAT(Decide(kNow + kSecond), IsEmpty());
  EXPECT_THAT(Warnings(kNow + kSecond), ElementsAre("contract.tax_status"));
}

TEST_F(Taxpayers, HowGraveAFactIsSaysTheConfiguration) {
  Taxpayer taxpayer = Seller();
  taxpayer.statuses = {{"03", Day("2026-03-01"), "op", kNow}};
  taxpayer.decisions = {{true, Day("2026-03-01"), "1", "op", kNow}};
  taxpayer.registrations = {{true, Day("2026-03-01"), {MessageClass::kCoded}, "2", "", "op", kNow}};
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.tax_status", "contract.stopped"));
  EXPECT_THAT(Warnings(kNow, 203, "12"), ElementsAre("contract.unregistered_class", "contract.unregistered_kind"));
  rules_.tax_status = rules_.stopped = Gravity::kWarning;
  rules_.unregistered = Gravity::kError;
  Reload();
  EXPECT_THAT(RulesOf(Verdict(kNow, 203, kSeller, "12").faults),
              ElementsAre("contract.unregistered_class", "contract.unregistered_kind"));
  EXPECT_THAT(Warnings(kNow), ElementsAre("contract.tax_status", "contract.stopped"));
  rules_.tax_status = rules_.stopped = rules_.unregistered = Gravity::kOff;
  Reload();
  EXPECT_THAT(Decide(kNow), IsEmpty());
  EXPECT_THAT(Warnings(kNow), IsEmpty());
}

TEST_F(Taxpayers, AStopHoldsUntilADecisionLetsTheTaxpayerGoOn) {
  Taxpayer taxpayer = Seller();
  taxpayer.decisions = {{true, Day("2026-11-10"), "12/QĐ", "op", kNow},
                        {false, Day("2026-11-15"), "13/QĐ", "op", kNow}};
  Put(taxpayer);
  EXPECT_THAT(Decide(Day("2026-11-10") - kSecond), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-11-10")), ElementsAre("contract.stopped"));
  EXPECT_THAT(Decide(Day("2026-11-15")), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-11-12"), 300), IsEmpty()) << "who must not issue may still give notice";
  EXPECT_THAT(Decide(Day("2026-11-12"), 100), IsEmpty()) << "and register";
  EXPECT_THAT(Decide(Day("2026-11-12"), 206), ElementsAre("contract.stopped"));
}

TEST_F(Taxpayers, AStopWithEffectBeforeAcceptanceHoldsAtRelease) {
  const auto release = [&](Time accepted) {
    return book_->snapshot()->DecideRelease({Provider("acme"), kSeller, 203, "", accepted}, kNow);
  };
  EXPECT_TRUE(release(Day("2026-11-12")).allowed());
  Taxpayer news = Seller();
  news.decisions = {{true, Day("2026-11-10"), "12/QĐ", "V1", kNow}};
  Learn(news);
  EXPECT_EQ(release(Day("2026-11-12")).kind, Kind::kHold) << "learned afterwards, with effect before";
  EXPECT_TRUE(release(Day("2026-11-09")).allowed());
}

TEST_F(Taxpayers, WhatARegistrationLeavesOpenMayBeAnything) {
  rules_.unregistered = Gravity::kError;
  Reload();
  Taxpayer taxpayer = Seller();
  taxpayer.registrations = {{true, Day("2026-01-01"), {MessageClass::kCoded}, "1", "", "op", kNow}};
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.unregistered_class"));
  EXPECT_THAT(Decide(Day("2026-02-01")), ElementsAre("contract.unregistered_class"));
  EXPECT_THAT(RulesOf(Verdict(kNow, 200, kSeller, "14").faults), ElementsAre("contract.unregistered_kind"));
  EXPECT_THAT(RulesOf(Verdict(kNow, 200, kSeller, "1").faults), IsEmpty());
  taxpayer.registrations.push_back({false, Day("2026-03-01"), {}, "", "", "op", kNow});
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.unregistered_class")) << "a refused one changes nothing";
  taxpayer.registrations.push_back({true, Day("2026-03-01"), {MessageClass::kUncoded}, "", "", "op", kNow});
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow), IsEmpty()) << "any accepted one counts";
  EXPECT_THAT(Decide(Day("2026-02-01")), ElementsAre("contract.unregistered_class")) << "from its day on";
  EXPECT_THAT(RulesOf(Verdict(kNow, 200, kSeller, "4").faults), IsEmpty()) << "its kinds are not known";
}

TEST_F(Taxpayers, BadFactsAreRefusedOneChangeFromGoodOnes) {
  Taxpayer good = Seller();
  good.statuses.assign(64, {"00", Day("2026-01-01"), "V1", kNow});
  good.decisions = {{true, Day("2026-01-01"), "12/QĐ", "V1", kNow, StopKind::kUse, Day("2026-02-01")}};
  good.registrations = {{true, Day("2026-01-01"), {MessageClass::kCashRegister}, "12", "A1B2C", "V1", kNow}};
  EXPECT_EQ(Refused(good), "accepted");
  const auto with = [&](auto change) {
    Taxpayer bad = good;
    change(bad);
    EXPECT_FALSE(book_->Learn({bad}, {"V1", "", kNow}).ok()) << "nor learned";
    return Refused(bad);
  };
  EXPECT_EQ(with([](auto& t) { t.mst = Mst("12"); }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.statuses.push_back(t.statuses[0]); }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.statuses[0].code = "0"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.statuses[0].code = "0a"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.statuses[0].source = std::string(101, 'x'); }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.decisions[0].number = "1\n2"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.decisions[0].answers = "11/QĐ"; }), "contract.invalid") << "a stop answers none";
  EXPECT_EQ(with([](auto& t) { t.decisions[0].to = t.decisions[0].from; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.decisions[0].stop = false; }), "contract.invalid") << "with an end";
  EXPECT_EQ(with([](auto& t) { t.decisions[0].kind = static_cast<StopKind>(3); }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.registrations[0].classes = {MessageClass::kSummary}; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.registrations[0].kinds = "1x"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.registrations[0].register_range = "A1B2"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& t) { t.signers = {std::string("abc")}; }), "contract.invalid");
}

TEST_F(Taxpayers, TheSameNewsTwiceChangeNothing) {
  Taxpayer news = Seller();
  news.statuses = {{"03", Day("2026-11-01"), "V1", Day("2026-11-02")}};
  news.decisions = {{true, Day("2026-11-01"), "12/QĐ", "V1", Day("2026-11-02")}};
  Learn(news);
  EXPECT_EQ(Version(), 1u);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.tax_status", "contract.stopped"));
  Learn(news);
  EXPECT_EQ(Version(), 1u);
  news.statuses[0].known_at = kNow;
  Learn(news);
  EXPECT_EQ(Version(), 1u) << "the same source, read again";
  news.statuses[0].source = "V2";
  Learn(news);
  EXPECT_EQ(Version(), 2u) << "said again later by somebody else: fresher";
  EXPECT_EQ(book_->snapshot()->FindTaxpayer(kSeller)->statuses.size(), 1u);
  const auto history = book_->History(ContractKind::kTaxpayer, kSeller.value(), 0, 10).value();
  EXPECT_EQ(history[0].author, "V123");
  EXPECT_EQ(history[0].reason, "message 505") << "the message is the reason";
}

TEST_F(Taxpayers, WhatOneSourceSaysWithoutADateIsSaidOnce) {
  Taxpayer news = Seller();
  news.statuses = {{"03", Day("2026-11-02"), "V1", Day("2026-11-02")}};
  news.decisions = {{true, Day("2026-11-02"), "12/QĐ", "V1", Day("2026-11-02")}};
  news.registrations = {{true, Day("2026-11-02"), {}, "1", "", "V1", Day("2026-11-02")}};
  Learn(news);
  news.statuses[0].since = news.statuses[0].known_at = kNow;
  news.decisions[0].from = news.decisions[0].known_at = kNow;
  news.registrations[0].from = news.registrations[0].known_at = kNow;
  Learn(news);
  EXPECT_EQ(Version(), 1u) << "read again, its day is that of the reading";
  news.statuses[0].source = "V2";
  Learn(news);
  EXPECT_EQ(book_->snapshot()->FindTaxpayer(kSeller)->statuses.size(), 2u) << "another source";
}

TEST_F(Taxpayers, OneSourceMayTellAWholeHistory) {
  Taxpayer news = Seller();
  news.statuses = {{"00", Day("2026-10-01"), "V1", kNow}, {"03", Day("2026-10-10"), "V1", kNow}};
  Learn(news);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.tax_status"));
  news.statuses.push_back({"00", Day("2026-10-20"), "V1", kNow});
  Learn(news);
  EXPECT_THAT(Decide(kNow), IsEmpty()) << "active once more";
}

TEST_F(Taxpayers, AnImportAddsToWhatIsKnown) {
  Taxpayer news = Seller();
  news.statuses = {{"03", Day("2026-11-01"), "V1", kNow}};
  Learn(news);
  Taxpayer row = Seller();
  row.statuses = {{"00", Day("2020-01-01"), "Lan", kNow}};
  const auto entered = book_->Import({row}, {"Lan", "the list of June", kNow}, false);
  ASSERT_TRUE(entered.ok());
  EXPECT_EQ(entered->updated, 1u);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.tax_status")) << "an answer had come since the file was written";
  EXPECT_EQ(book_->Import({row}, {"Lan", "again", kNow}, false)->unchanged, 1u);
}

TEST_F(Taxpayers, WhoHasNoMandateIsToldNothingOfTheTaxpayer) {
  Taxpayer taxpayer = Seller();
  taxpayer.mst = Mst("0302222222");
  taxpayer.statuses = {{"03", Day("2020-01-01"), "op", kNow}};
  Put(taxpayer);
  EXPECT_THAT(Decide(kNow, 203, taxpayer.mst), ElementsAre("contract.no_mandate"));
  EXPECT_EQ(Verdict(kNow, 203, taxpayer.mst).version, "provider_contract/acme@1");
  Put(MandateOf("acme", taxpayer.mst));
  EXPECT_THAT(Decide(kNow, 203, taxpayer.mst), ElementsAre("contract.tax_status"));
}

// Whatever order the answers are read in, and however often, what is known in the end is the same.
TEST_F(Taxpayers, WhatIsKnownDoesNotDependOnTheOrderOfNews) {
  std::mt19937 random(11);
  for (int round = 0; round < 40; ++round) {
    std::vector<Taxpayer> news;
    for (int i = 0; i < 150; ++i) {
      Taxpayer one = Seller();
      const Time begins = Day("2026-01-01") + std::chrono::hours(24 * (random() % 90));
      const std::string source = "V" + std::to_string(i);
      const Time known = begins + std::chrono::hours(i);
      if (i % 3 == 0) one.statuses = {{i % 2 ? "00" : "03", begins, source, known}};
      if (i % 3 == 1) one.decisions = {{i % 2 == 0, begins, std::to_string(random() % 3), source, known}};
      if (i % 3 == 2) one.registrations = {{true, begins, {MessageClass::kCoded}, "1", "", source, known}};
      if (i % 10 == 0) {
        one.signers = {std::string(64, "0123456789abcdef"[random() % 16])};
        one.signers[0].revoked_at = known;
      }
      news.push_back(one);
    }
    Taxpayer forward = Seller(), shuffled = Seller();
    for (const Taxpayer& one : news) forward = Merge(forward, one);
    std::shuffle(news.begin(), news.end(), random);
    for (const Taxpayer& one : news) shuffled = Merge(Merge(shuffled, one), one);
    ASSERT_EQ(EncodeTaxpayer(forward), EncodeTaxpayer(shuffled));
  }
}

TEST_F(Taxpayers, OfAFloodOfNewsTheNewestStay) {
  Taxpayer known = Seller();
  for (int i = 0; i < 200; ++i) {
    Taxpayer news = Seller();
    news.statuses = {{"00", Day("2026-01-01") + std::chrono::hours(i), "V" + std::to_string(i), kNow}};
    news.signers = {Sha256{{static_cast<uint8_t>(i)}}.Hex()};
    known = Merge(known, news);
  }
  Taxpayer older = Seller();
  older.statuses = {{"00", Day("2020-01-01"), "old", kNow}};
  known = Merge(known, older);
  ASSERT_EQ(known.statuses.size(), kMostFacts) << "what is older than all of them falls out";
  EXPECT_EQ(known.statuses.back().source, "V199");
  EXPECT_EQ(known.statuses.front().source, "V136");
  EXPECT_EQ(known.signers.size(), kMostFacts);
}

TEST_F(Taxpayers, WhatIsLearnedIsAddedToWhatAnOperatorEntered) {
  Taxpayer entered = Seller();
  entered.statuses = {{"00", Day("2020-01-01"), "Lan", kNow}};
  Put(entered);
  Taxpayer news = Seller();
  news.statuses = {{"03", Day("2026-11-01"), "V1", kNow}};
  news.signers = {std::string(64, 'E')};
  Learn(news);
  Reload();
  const auto known = book_->snapshot()->FindTaxpayer(kSeller);
  ASSERT_EQ(known->statuses.size(), 2u);
  EXPECT_EQ(known->statuses[1].code, "03");
  EXPECT_THAT(known->signers, ElementsAre(BoundCertificate(std::string(64, 'e'))));
  EXPECT_EQ(book_->snapshot()->List(ContractKind::kTaxpayer, "", 10).size(), 1u);
}

}  // namespace
}  // namespace tvan
