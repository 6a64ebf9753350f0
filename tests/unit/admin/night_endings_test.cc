// Which contracts end before the night is over. Without a stop that is a day from now, 2026-11-21T10:00+07:00.
#include "gateway/admin/night_screen.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

class NightEndings : public DeskTest {};

TEST_F(NightEndings, AContractEndsWithTheLastTermThatFollowsAtOnce) {
  char certificate = 'a';
  const auto contract = [&](const char* provider, std::vector<Dates> earlier, Dates dates) {
    ProviderContract record;
    record.provider = ProviderId::Trusted(provider);
    record.tax_codes = {TaxCode::Trusted("0109999999")};
    record.certificates = {std::string(64, certificate++)};
    record.earlier = std::move(earlier);
    record.dates = dates;
    ASSERT_TRUE(contracts_->Put(record, {"Lan", "signed", clock_->Now()}).ok());
  };
  const auto day = [](const char* text) { return *ParseDate(text); };
  const Dates until_midnight{day("2026-01-01"), day("2026-11-22")};
  contract("follows", {until_midnight}, {day("2026-11-22"), kForever});
  contract("gap", {until_midnight}, {day("2026-12-01"), kForever});
  contract("later", {{day("2026-01-01"), day("2026-02-01")}}, {day("2026-12-01"), kForever});
  contract("over", {}, {day("2026-01-01"), day("2026-11-01")});
  contract("two", {{day("2025-01-01"), day("2026-01-01")}}, until_midnight);
  NightScreen::Parts parts{*store_, *calendar_, *contracts_, dispatcher_, LineId::Trusted("main"), *clock_};
  parts.certificates = [] { return std::vector<NightScreen::Ending>(); };
  NightScreen screen(std::move(parts));
  const admin::v1::Night night = screen.Get();
  std::vector<std::string> endings;
  for (const auto& row : night.endings().rows())
    endings.push_back(row.name() + " " + FormatLocal(FromProto(row.at())).substr(0, 10));
  EXPECT_THAT(endings, testing::UnorderedElementsAre("gap 2026-11-22", "over 2026-11-01", "two 2026-11-22"));
}

}  // namespace
}  // namespace tvan
