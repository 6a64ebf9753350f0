// What ends soon, as operators ask for it and as the log says it.
#include "gateway/admin/contract_expiry.h"
#include "tests/unit/admin/contract_stop.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kA(64, 'a');

class ContractForecast : public ContractStopTest {
 protected:
  std::vector<std::string> Forecast(int days = 0) {
    api::ForecastExpiryRequest request;
    request.set_days(days);
    forecast_.Clear();
    EXPECT_TRUE(desk_->Forecast(request, forecast_).ok());
    std::vector<std::string> said;
    for (const auto& ending : forecast_.endings())
      said.push_back(api::Expiry::What_Name(ending.what()) + " " + ending.id() + ending.name().substr(0, 20) + " " +
                     std::to_string(ending.days()) + (ending.window().empty() ? "" : " in " + ending.window()));
    return said;
  }
  api::ForecastExpiryResponse forecast_;
};

TEST_F(ContractForecast, NamesWhatEndsByTimeWithItsThreshold) {
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("to", "2026-11-22") + "} }").ok());
  ASSERT_TRUE(Create(ContractOf("acme", On("to", "2026-12-20") + "bound_certificates { sha256: '" + kA + "'" +
                                            On("to", "2026-11-28") + "}"))
                  .ok());
  ASSERT_TRUE(Create(ContractOf("beta", On("to", "2027-06-01"))).ok());
  files_ = {{"certificate", "line", *ParseDate("2026-11-23")},
            {"trust", "line", *ParseDate("2030-01-01")},
            {"certificate", "admin_api", *ParseDate("2020-01-01")},
            {"trust", "bad.pem", Time{}, "no certificate"}};
  EXPECT_THAT(Forecast(),
              ElementsAre("SERVER_CERTIFICATE certificate admin_ap 1", "TERM authority 1",
                          "SERVER_CERTIFICATE certificate line 7", "CERTIFICATE acme" + kA.substr(0, 20) + " 7",
                          "TERM acme 30", "SERVER_CERTIFICATE trust bad.pem: no ce 0"));
  EXPECT_EQ(Forecast(365).size(), 7u);
}

TEST_F(ContractForecast, AnEndThatATermFollowsAtOnceIsNone) {
  ASSERT_TRUE(
      Create(ContractOf("acme", On("from", "2026-12-01") + "earlier_terms {" + On("to", "2026-12-01") + "}")).ok());
  ASSERT_TRUE(
      Create(ContractOf("beta", On("from", "2026-12-02") + "earlier_terms {" + On("to", "2026-12-01") + "}")).ok());
  EXPECT_THAT(Forecast(), ElementsAre("TERM beta 30"));
}

TEST_F(ContractForecast, WhatIsNotInForceEndsNoMore) {
  char print = 'a';
  for (const char* status : {"DRAFT", "SUSPENDED", "TERMINATED"}) {
    const std::string certificate = "bound_certificates { sha256: '" + std::string(64, print) + "'" +
                                    On("to", "2026-12-01") + "} status: CONTRACT_STATUS_" + status;
    ASSERT_TRUE(Create("provider_contract { provider: '" + std::string(1, print++) + "' tax_codes: '0109999999' " +
                       certificate + On("to", "2026-12-01") + "}")
                    .ok());
  }
  ASSERT_TRUE(Create(ContractOf("past", On("to", "2026-11-01"))).ok());
  ASSERT_TRUE(Create(ContractOf("coming", On("from", "2026-11-30") + On("to", "2026-12-01"))).ok());
  EXPECT_THAT(Forecast(), IsEmpty());
}

TEST_F(ContractForecast, AnEndInsideAStopNamesIt) {
  PutStop();
  ASSERT_TRUE(Create(ContractOf("at-start", On("to", "2026-11-25"))).ok());
  ASSERT_TRUE(Create(ContractOf("before", On("to", "2026-11-24"))).ok());
  ASSERT_TRUE(Create(ContractOf("after", On("to", "2026-11-26"))).ok());
  const Time in_check = *ParseDate("2026-11-25") + std::chrono::hours(5);
  ASSERT_TRUE(Create(ContractOf("cert", "bound_certificates { sha256: '" + kA + "'" + At("to", in_check) + "}")).ok());
  EXPECT_THAT(Forecast(), ElementsAre("TERM before 7", "TERM at-start 7 in night",
                                      "CERTIFICATE cert" + kA.substr(0, 20) + " 7 in night", "TERM after 7"));
}

TEST_F(ContractForecast, MandatesAreCountedAndTheFirstNamed) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  std::vector<std::string> rows;
  for (int i = 0; i < 1200; ++i)
    rows.push_back(MandateOf("acme", std::to_string(1000000000 + i), On("to", "2026-12-01")));
  rows.push_back(MandateOf("acme", "0101234567"));
  ASSERT_TRUE(Import(rows).ok());
  ASSERT_TRUE(Create("delegation { mst: '0101234567' delegate: '0107777777'" + kActive + "terms {" +
                     On("to", "2026-12-01") + "} }")
                  .ok());
  EXPECT_EQ(Forecast().size(), 1000u);
  EXPECT_EQ(forecast_.mandates(), 1200u);
  EXPECT_EQ(forecast_.endings(0).kind(), api::DELEGATION);
}

TEST_F(ContractForecast, OfManyTheSoonestAreListedAndTheOthersCounted) {
  ASSERT_TRUE(Create(ContractOf("acme", On("to", "2026-12-20"))).ok());
  std::vector<std::string> rows;  // the later the id, the sooner the end
  for (int i = 0; i < 1200; ++i)
    rows.push_back(MandateOf("acme", std::to_string(1000000000 + i), On("to", i < 1190 ? "2026-12-19" : "2026-11-24")));
  ASSERT_TRUE(Import(rows).ok());
  ASSERT_EQ(Forecast().size(), 1000u);
  EXPECT_EQ(forecast_.mandates(), 1200u);
  EXPECT_EQ(forecast_.more(), 201u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(forecast_.endings(i).id(), "acme/" + std::to_string(1000001190 + i));
  EXPECT_EQ(forecast_.endings(10).id(), "acme/1000000000");
  EXPECT_EQ(forecast_.endings(999).kind(), api::PROVIDER_CONTRACT) << "which no number of mandates pushes out";
  Forecast(3);
  EXPECT_EQ(forecast_.endings_size(), 10);
  EXPECT_EQ(forecast_.more(), 0u);
}

TEST_F(ContractForecast, TellsHowManyMessagesWait) {
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("to", "2026-12-01") + "} }").ok());
  ASSERT_TRUE(Create(ContractOf("acme", On("to", "2026-12-02"))).ok());
  ASSERT_TRUE(Create(ContractOf("beta", On("to", "2026-12-03"))).ok());
  Accept("1", "0101234567");
  Accept("2", "0101234567");
  Forecast();
  ASSERT_EQ(forecast_.endings_size(), 3);
  EXPECT_EQ(forecast_.endings(0).buffered(), "2");
  EXPECT_EQ(forecast_.endings(1).buffered(), "2");
  EXPECT_EQ(forecast_.endings(2).buffered(), "0");
}

TEST_F(ContractForecast, DaysAreBounded) {
  for (const int days : {-1, 3661}) {
    api::ForecastExpiryRequest request;
    request.set_days(days);
    EXPECT_EQ(desk_->Forecast(request, forecast_).reason(), "admin.bad_request"_reason);
  }
}

// --- the watch

class ExpiryWatched : public ContractForecast {
 protected:
  // What a look said, as "what id days window".
  std::vector<std::string> Look() {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    watch_.Look();
    const std::string text = testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
    std::vector<std::string> said;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      if (line.find("admin.ends_soon") != std::string::npos) said.push_back(line);
    return said;
  }
  bool Shows(const std::string& line) { return metrics_->Render().find(line) != std::string::npos; }
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  ExpiryWatch watch_{{*contracts_, *calendar_, LineId::Trusted("main"), *clock_, [this] { return files_; }}, *metrics_};
};

TEST_F(ExpiryWatched, SaysAnEndOncePerThreshold) {
  ASSERT_TRUE(Create(ContractOf("acme", On("to", "2026-12-25"))).ok());  // in 33.6 days
  EXPECT_EQ(Look().size(), 0u);
  clock_->AdvanceTo(*ParseDate("2026-11-26"));
  ASSERT_EQ(Look().size(), 1u);
  EXPECT_EQ(Look().size(), 0u) << "once";
  clock_->AdvanceTo(*ParseDate("2026-12-18"));
  EXPECT_EQ(Look().size(), 1u);
  clock_->AdvanceTo(*ParseDate("2026-12-24"));
  const auto last = Look();
  ASSERT_EQ(last.size(), 1u);
  EXPECT_THAT(last[0], HasSubstr("acme"));
  EXPECT_EQ(Look().size(), 0u);
  clock_->AdvanceTo(*ParseDate("2026-12-25"));
  EXPECT_EQ(Look().size(), 0u) << "it ended";
}

TEST_F(ExpiryWatched, SaysAgainWhenAStopComesToLieAroundTheEnd) {
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("to", "2026-11-25") + "} }").ok());
  EXPECT_EQ(Look().size(), 1u);
  PutStop();
  const auto said = Look();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_THAT(said[0], HasSubstr("night"));
  EXPECT_EQ(Look().size(), 0u);
}

TEST_F(ExpiryWatched, CountsWhatEndsWithin) {
  ASSERT_TRUE(Create(ContractOf("acme", On("to", "2026-11-22"))).ok());
  ASSERT_TRUE(Create(ContractOf("beta", On("to", "2026-12-01"))).ok());
  ASSERT_TRUE(Create(MandateOf("beta", "0101234567", On("to", "2026-12-01"))).ok());
  files_ = {{"certificate", "line", *ParseDate("2026-11-24")}};
  EXPECT_EQ(Look().size(), 3u) << "mandates are named nowhere";
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"1\",what=\"provider_contract\"} 1")) << metrics_->Render();
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"7\",what=\"provider_contract\"} 1"));
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"30\",what=\"provider_contract\"} 2"));
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"7\",what=\"server_certificate\"} 1"));
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"30\",what=\"mandate\"} 1"));
  EXPECT_TRUE(Shows("tvan_ends_soon{days=\"30\",what=\"authority_agreement\"} 0"));
}

}  // namespace
}  // namespace tvan
