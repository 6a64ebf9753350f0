// The command line and the script file.
#include "adapters/simulator/options.h"

#include "tests/unit/simulator/sandbox.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> With(std::vector<std::string> more) {
  std::vector<std::string> all = {"--cert",      "a", "--key",      "b", "--client-ca", "c",
                                  "--sign-cert", "d", "--sign-key", "e", "--trust",     "f"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}
Status Parse(std::vector<std::string> more) { return sim::ParseOptions(With(std::move(more))).status(); }

TEST(Options, EveryNamedFileIsNeeded) {
  EXPECT_TRUE(sim::ParseOptions(With({})).ok());
  std::vector<std::string> all = With({});
  for (size_t i = 0; i < all.size(); i += 2) {
    std::vector<std::string> fewer = all;
    fewer.erase(fewer.begin() + std::ptrdiff_t(i), fewer.begin() + std::ptrdiff_t(i) + 2);
    EXPECT_EQ(sim::ParseOptions(fewer).status().reason().text(), "sim.usage") << all[i];
  }
}

TEST(Options, AreReadInBothForms) {
  auto o = sim::ParseOptions(With(
      {"--listen=127.0.0.1:99", "--seed", "7", "--duplicate-policy", "silent", "--answer-delay", "5..9", "--window",
       "2026-11-22T00:00:00/2026-11-22T03:45:00/html502", "--faults", "late=0.5,doubled,swallow@0101234501=0.25",
       "--contracts", "V0100000001:2026-01-01:2027-01-01,V0100000002", "--refuse-khhdon", "A,B"}));
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->listen_port, 99);
  EXPECT_EQ(o->seed, 7u);
  EXPECT_EQ(o->duplicate_policy, sim::DuplicatePolicy::kSilent);
  EXPECT_EQ(o->answer_delay_max, 9ms);
  EXPECT_EQ(o->windows.at(0).start, At("2026-11-22T00:00:00+07:00"));
  EXPECT_EQ(o->windows.at(0).mode, sim::LineMode::kHtml502);
  EXPECT_EQ(o->faults.at("late"), 0.5);
  EXPECT_EQ(o->faults.at("doubled"), 1);
  EXPECT_EQ(o->faults.at("swallow@0101234501"), 0.25);
  EXPECT_EQ(o->contracts.at(0).to, At("2027-01-01T00:00:00+07:00"));
  EXPECT_EQ(o->refused_khhdon.size(), 2u);
}

TEST(Options, TaxpayersCodesAndContractsAreRead) {
  auto o = sim::ParseOptions(With({"--taxpayer-status", "0101234501:03,0101234502:04", "--cash-codes",
                                   "0101234501:A1B2C,0101234567-001:ZZZZZ", "--package-delay", "0..900000",
                                   "--contracts", "V0100000001/2026-01-01/2026-11-21T22:05:00/suspended,V0100000002"}));
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->taxpayer_status.at("0101234502"), "04");
  EXPECT_EQ(o->cash_codes.at(1), std::pair(std::string("0101234567-001"), std::string("ZZZZZ")));
  EXPECT_EQ(o->package_delay->second, 15min);
  EXPECT_EQ(o->contracts.at(0).from, At("2026-01-01T00:00:00+07:00"));
  EXPECT_EQ(o->contracts.at(0).to, At("2026-11-21T22:05:00+07:00"));
  EXPECT_TRUE(o->contracts.at(0).suspended);
  EXPECT_EQ(o->contracts.at(1).to, kForever);
  EXPECT_FALSE(o->contracts.at(1).suspended);
  EXPECT_FALSE(sim::ParseOptions(With({}))->package_delay);
}

TEST(Options, AFaultMayNameAnItem) {
  auto o = sim::ParseOptions(With({"--faults", "refuse_item#3@0101234501=0.5,refuse_item=0.1"}));
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->faults.at("refuse_item#3@0101234501"), 0.5);
  for (const char* bad : {"refuse_item#0", "refuse_item#x", "refuse_item#", "refuse_some#1", "late#1"})
    EXPECT_EQ(Parse({"--faults", bad}).reason().text(), "sim.usage") << bad;
}

TEST(Options, ARotationIsATimeAKeyAndACertificateAllOrNone) {
  auto o =
      sim::ParseOptions(With({"--rotate-at", "2026-11-22T02:00:00", "--rotate-key", "k", "--rotate-certificate", "c"}));
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->rotate_at, At("2026-11-22T02:00:00+07:00"));
  EXPECT_EQ(o->rotate_key_file, "k");
  EXPECT_EQ(o->rotate_certificate_file, "c");
  EXPECT_FALSE(sim::ParseOptions(With({}))->rotate_at);
  for (const std::vector<std::string>& some : std::vector<std::vector<std::string>>{
           {"--rotate-at", "2026-11-22T02:00:00", "--rotate-key", "k"},
           {"--rotate-at", "2026-11-22T02:00:00", "--rotate-certificate", "c"},
           {"--rotate-key", "k", "--rotate-certificate", "c"},
           {"--rotate-key", "k"},
           {"--rotate-at", "tonight", "--rotate-key", "k", "--rotate-certificate", "c"}})
    EXPECT_EQ(Parse(some).reason().text(), "sim.usage") << some[0];
}

TEST(Options, WhatIsWrongIsSaid) {
  for (std::vector<std::string> bad :
       std::vector<std::vector<std::string>>{{"--nonsense", "1"},
                                             {"--seed", "x"},
                                             {"--seed"},
                                             {"seed"},
                                             {"--listen", "99"},
                                             {"--duplicate-policy", "no"},
                                             {"--window", "2026-11-22T03:45:00/2026-11-22T00:00:00"},
                                             {"--window", "2026-11-22T00:00:00/2026-11-22T03:45:00/soft"},
                                             {"--faults", "late=2"},
                                             {"--faults", "lates=1"},
                                             {"--faults", "late@=1"},
                                             {"--answer-delay", "9..5"},
                                             {"--package-delay", "1..900001"},
                                             {"--taxpayer-status", "0101234501"},
                                             {"--taxpayer-status", "0101234501:3"},
                                             {"--cash-codes", "0101234501:A1B2c"},
                                             {"--cash-codes", ":A1B2C"},
                                             {"--contracts", "V1/2026-01-01/2026-01-02/ended"},
                                             {"--contracts", "V1:2026"}})
    EXPECT_EQ(Parse(bad).reason().text(), "sim.usage") << bad[0];
}

TEST(Options, AScriptFileIsAppliedInItsPlace) {
  TempFolder folder;
  std::ofstream(folder.File("script")) << "# a night\nseed=3\nfaults=late=0.5\n\nack-delay=7\n";
  auto o = sim::ParseOptions(With({"--seed", "1", "--script", folder.File("script"), "--ack-delay", "8"}));
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->seed, 3u);
  EXPECT_EQ(o->faults.at("late"), 0.5);
  EXPECT_EQ(o->ack_delay, 8ms);
  std::ofstream(folder.File("script")) << "seed=3\nbad\n";
  EXPECT_NE(Parse({"--script", folder.File("script")}).message().find("script:2:"), std::string::npos);
  EXPECT_FALSE(Parse({"--script", folder.File("none")}).ok());
}

TEST(Options, HelpNamesEveryModeOfTheLine) {
  for (const char* text : {"reset",
                           "refuse",
                           "html502",
                           "closed_fault",
                           "half_open",
                           "flap:SPAN",
                           "slow:SPAN",
                           "lag:SPAN",
                           "not_found",
                           "late=",
                           "early=",
                           "daily=",
                           "verify=",
                           "--lie-not-found",
                           "--capacity",
                           "--overload",
                           "fault | http503 | busy | 2006",
                           "--date-skew",
                           "--control",
                           "SIGHUP"})
    EXPECT_NE(sim::HelpText().find(text), std::string::npos) << text;
}

TEST(Options, HelpNamesEveryFault) {
  for (const std::string& name : sim::FaultNames()) EXPECT_NE(sim::HelpText().find(name), std::string::npos) << name;
  EXPECT_TRUE(sim::ParseOptions({"--help"})->help);
}

}  // namespace
}  // namespace tvan::test
