#include "gateway/app/trust_settings.h"

#include <gmock/gmock.h>

#include "tests/unit/config/config_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class TrustSettingsTest : public testing::Test {
 protected:
  // `more`: into the section, "key: value, …".
  ConfigReport Parse(const std::string& more) {
    const std::string section = "trust: {sellers: [ca.pem], authority: [ca.pem]";
    return world_.Parse(ConfigWorld::Replaced(ConfigWorld::Good(), section, section + more));
  }
  config::v1::Trust Trust(const std::string& more) {
    const ConfigReport report = Parse(more);
    EXPECT_TRUE(report.ok()) << report.Text();
    return report.config.trust();
  }
  ConfigWorld world_;
};

TEST_F(TrustSettingsTest, AllowNobodyAnythingAndNameNoSourceUnlessTold) {
  const auto trust = Trust("");
  const TrustOptions options = TrustSettings(trust, trust.sellers());
  EXPECT_FALSE(options.allowed.legacy_sha1);
  EXPECT_FALSE(options.allowed.enveloped_on_object);
  EXPECT_THAT(options.tax_code_from, IsEmpty()) << "the verifier's own";
  EXPECT_THAT(SigningTimeSettings(trust), IsEmpty());
  EXPECT_EQ(SpanOf(trust.reload_every()), Span(std::chrono::minutes(1)));
}

TEST_F(TrustSettingsTest, AnUnknownSignerIsRefusedInProduction) {
  EXPECT_EQ(UnknownSignerSetting(world_.Parse(ConfigWorld::Good()).config), Leniency::kWarn);
  const ConfigReport production =
      world_.Parse(ConfigWorld::Replaced(ConfigWorld::Good(), "environment: sandbox", "environment: production"));
  ASSERT_TRUE(production.ok()) << production.Text();
  EXPECT_EQ(UnknownSignerSetting(production.config), Leniency::kRefuse);
}

TEST_F(TrustSettingsTest, ClassesHaveBoundsOfTheirOwn) {
  const auto bounds =
      SigningTimeSettings(Trust(", signing_time_behind_by_class: {cash_register: 48h, summary: 40d, coded: 0s}"));
  EXPECT_THAT(bounds, ElementsAre(Pair(MessageClass::kCashRegister, Span(hours(48))),
                                  Pair(MessageClass::kSummary, Span(hours(40 * 24)))));
  const auto all = SigningTimeSettings(Trust(
      ", signing_time_behind_by_class: {coded: 1h, uncoded: 2h, cash_register: 3h, error_notice: 4h, registration: 5h, "
      "summary: 6h}"));
  EXPECT_THAT(
      all,
      ElementsAre(Pair(MessageClass::kCoded, Span(hours(1))), Pair(MessageClass::kUncoded, Span(hours(2))),
                  Pair(MessageClass::kCashRegister, Span(hours(3))), Pair(MessageClass::kErrorNotice, Span(hours(4))),
                  Pair(MessageClass::kRegistration, Span(hours(5))), Pair(MessageClass::kSummary, Span(hours(6)))));
}

TEST_F(TrustSettingsTest, AClassThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_EQ(Parse(", signing_time_behind_by_class: {invoices: 48h}").Text(),
            "gateway.yaml:13:80: trust.signing_time_behind_by_class.invoices: unknown key\n");
}

TEST_F(TrustSettingsTest, TheSwitchThatHeldForEverybodyIsGone) {
  EXPECT_EQ(Parse(", allow_sha1: true").Text(), "gateway.yaml:13:49: trust.allow_sha1: unknown key\n");
}

TEST_F(TrustSettingsTest, SourcesOfTaxCodesAreTakenAsTheyStand) {
  const auto trust = Trust(R"(, tax_code_from: ["UID=MST:", "serialNumber=", "CN~", "2.5.4.97=VATVN-"])");
  EXPECT_THAT(TrustSettings(trust, trust.authority()).tax_code_from,
              ElementsAre("UID=MST:", "serialNumber=", "CN~", "2.5.4.97=VATVN-"));
}

TEST_F(TrustSettingsTest, ASourceThatIsNoneIsRefusedWithItsPlace) {
  const auto refused = [&](const std::string& source, const std::string& why) {
    EXPECT_EQ(Parse(", tax_code_from: [\"UID=\", \"" + source + "\"]").Text(),
              "gateway.yaml:13:73: trust.tax_code_from[1]: " + why + "\n");
  };
  refused("UID", "not ATTRIBUTE=PREFIX, ATTRIBUTE= or ATTRIBUTE~");
  refused("=MST:", "not ATTRIBUTE=PREFIX, ATTRIBUTE= or ATTRIBUTE~");
  refused("", "not ATTRIBUTE=PREFIX, ATTRIBUTE= or ATTRIBUTE~");
  refused("CN~MST", "nothing may follow ~");
  for (const char* attribute : {"uid", "L", "2", "2..5", ".2.5", "2.5."})
    refused(std::string(attribute) + "=", "\"" + std::string(attribute) +
                                              "\" is none of UID|serialNumber|organizationIdentifier|CN|O|OU and no "
                                              "dotted OID");
}

TEST_F(TrustSettingsTest, LooksAreNeitherTooOftenNorTooSeldom) {
  for (const char* good : {"5s", "24h"}) EXPECT_TRUE(Parse(", reload_every: " + std::string(good)).ok()) << good;
  for (const char* bad : {"4s", "25h"})
    EXPECT_EQ(Parse(", reload_every: " + std::string(bad)).Text(),
              "gateway.yaml:13:63: trust.reload_every: " + std::string(bad) + " is out of bounds: 5s..24h\n");
}

}  // namespace
}  // namespace tvan
