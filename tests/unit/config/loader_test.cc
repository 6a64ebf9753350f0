#include "config/loader.h"

#include <gmock/gmock.h>

#include "tests/unit/config/config_world.h"

namespace tvan {
namespace {

using testing::HasSubstr;

class Loader : public testing::Test {
 protected:
  ConfigReport Changed(const std::string& what, const std::string& by) {
    return world_.Parse(ConfigWorld::Replaced(ConfigWorld::Good(), what, by));
  }
  // One problem, at this place.
  void ExpectRefused(const ConfigReport& report, const std::string& start, const std::string& text) {
    ASSERT_EQ(report.errors.size(), 1u) << report.Text();
    EXPECT_EQ(report.Text().rfind("gateway.yaml:" + start + ": ", 0), 0u) << report.Text();
    EXPECT_THAT(report.Text(), HasSubstr(text));
  }
  ConfigWorld world_;
};

TEST_F(Loader, TakesACompleteFileAndFillsInTheDefaults) {
  const ConfigReport report = world_.Parse(ConfigWorld::Good());
  ASSERT_TRUE(report.ok()) << report.Text();
  EXPECT_TRUE(report.warnings.empty()) << report.Text();
  EXPECT_EQ(report.config.dispatch().batch(), 16u);
  EXPECT_EQ(SpanOf(report.config.dispatch().backoff_min()), std::chrono::milliseconds(250));
  EXPECT_EQ(SpanOf(report.config.dispatch().backoff_max()), std::chrono::minutes(2));
  EXPECT_EQ(SpanOf(report.config.dispatch().classes().coded().t_999_only()), std::chrono::hours(24));
  EXPECT_EQ(report.config.provider_api().max_request_bytes(), 4u << 20);
  EXPECT_EQ(report.config.clock(), "system");
  EXPECT_TRUE(report.config.trust().check_signing_time());
  EXPECT_THAT(report.config.feedback().no_own_999(), testing::ElementsAre(999, -1, -2));
  EXPECT_EQ(report.config.feedback().system_codes(0), "-1");
}

TEST_F(Loader, MakesPathsAbsoluteFromTheFilesFolder) {
  const ConfigReport report = world_.Parse(ConfigWorld::Good());
  EXPECT_EQ(report.config.provider_api().certificate(), world_.File("server.pem"));
  EXPECT_EQ(report.config.store().path(), world_.File("data"));
  const ConfigReport absolute = Changed("path: data", "path: /var/lib/tvan");
  EXPECT_EQ(absolute.config.store().path(), "/var/lib/tvan");
}

TEST_F(Loader, RefusesAnUnknownKeyWithItsPlace) {
  ExpectRefused(Changed("  path: data\n", "  path: data\n  pathh: data\n"), "5:3", "store.pathh: unknown key");
}

TEST_F(Loader, RefusesAKeyThatStandsTwice) {
  ExpectRefused(Changed("  path: data\n", "  path: data\n  path: other\n"), "5:3", "twice");
}

TEST_F(Loader, RefusesAMissingRequiredField) {
  ExpectRefused(Changed("  certificate: server.pem\n", ""), "6:3", "provider_api.certificate: is required");
}

TEST_F(Loader, RefusesAWrongType) {
  ExpectRefused(Changed("batch: 16", "batch: many"), "16:10", "dispatch.batch: \"many\" is not a whole number");
  ExpectRefused(Changed("batch: 16", "batch: [16]"), "16:10", "one value is wanted");
  ExpectRefused(Changed("path: data", "path: data\n  batch_max_bytes: lots"), "5:20", "is not a size");
  ExpectRefused(Changed("[ca.pem], authority", "ca.pem, authority"), "13:18", "a list is wanted");
  ExpectRefused(Changed("seal: {key_file: seal.key}", "seal: seal.key"), "11:7", "a section with keys is wanted");
}

TEST_F(Loader, HoldsBoundsAtBothEnds) {
  EXPECT_TRUE(Changed("batch: 16", "batch: 1").ok());
  EXPECT_TRUE(Changed("batch: 16", "batch: 1000").ok());
  ExpectRefused(Changed("batch: 16", "batch: 0"), "16:10", "out of bounds: 1..1000");
  ExpectRefused(Changed("batch: 16", "batch: 1001"), "16:10", "out of bounds: 1..1000");
  ExpectRefused(Changed("batch: 16", "batch: -1"), "16:10", "out of bounds");
}

TEST_F(Loader, ReadsDurationsWithTheirUnitOnly) {
  EXPECT_TRUE(Changed("250ms", "10ms").ok());
  EXPECT_TRUE(Changed("250ms", "1m").ok());
  ExpectRefused(Changed("250ms", "250"), "17:16", "is not a duration");
  ExpectRefused(Changed("250ms", "250 ms"), "17:16", "is not a duration");
  ExpectRefused(Changed("250ms", "99999999999999999999h"), "17:16", "is not a duration");
  ExpectRefused(Changed("250ms", "9999999999999999h"), "17:16", "is not a duration");
  ExpectRefused(Changed("250ms", "9ms"), "17:16", "out of bounds");
}

TEST_F(Loader, RefusesChoicesPortsAndTaxCodesThatAreNone) {
  ExpectRefused(Changed("environment: sandbox", "environment: playground"), "1:14", "sandbox|production");
  ExpectRefused(Changed("127.0.0.1:0", "127.0.0.1"), "6:11", "not HOST:PORT");
  ExpectRefused(Changed("127.0.0.1:0", "127.0.0.1:65536"), "6:11", "0 to 65535");
  ExpectRefused(Changed("\"0109999999\"", "\"01099\""), "2:16", "no tax code");
}

TEST_F(Loader, RefusesAFileThatIsNotThere) {
  ExpectRefused(Changed("certificate: server.pem\n", "certificate: gone.pem\n"), "7:16", "No such file");
  ExpectRefused(Changed("certificate: server.pem\n", "certificate: .\n"), "7:16", "is no file");
}

TEST_F(Loader, WarnsOfASecretThatOthersMayRead) {
  std::filesystem::permissions(world_.File("seal.key"), std::filesystem::perms(0644));
  const ConfigReport report = world_.Parse(ConfigWorld::Good());
  EXPECT_TRUE(report.ok());
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_EQ(report.warnings[0].path, "seal.key_file");
}

TEST_F(Loader, ReportsAllErrorsAtOnceInOrder) {
  std::string yaml = ConfigWorld::Replaced(ConfigWorld::Good(), "batch: 16", "batch: none\n  bogus: 1");
  yaml = ConfigWorld::Replaced(yaml, "environment: sandbox", "environment: x");
  yaml = ConfigWorld::Replaced(yaml, "  key: server.key\n", "");
  yaml = ConfigWorld::Replaced(yaml, "ca: ca.pem, certificate", "ca: none.pem, certificate");
  const ConfigReport report = world_.Parse(yaml);
  std::vector<int> lines;
  for (const ConfigProblem& problem : report.errors) lines.push_back(problem.line);
  EXPECT_THAT(lines, testing::ElementsAre(1, 6, 13, 15, 16)) << report.Text();
}

TEST_F(Loader, ReadsAListOfSections) {
  const std::string digest(64, 'a'), other(64, 'B'), api = "admin_api: {";
  const ConfigReport none = world_.Parse(ConfigWorld::Good());
  EXPECT_EQ(none.config.admin_api().operators_size(), 0);
  const ConfigReport two =
      Changed(api, api + "operators: [{certificate: " + digest + "}, {certificate: " + other + ", role: approver}], ");
  ASSERT_TRUE(two.ok()) << two.Text();
  ASSERT_EQ(two.config.admin_api().operators_size(), 2);
  EXPECT_EQ(two.config.admin_api().operators(0).role(), "viewer") << "the default";
  EXPECT_EQ(two.config.admin_api().operators(1).role(), "approver");
  ExpectRefused(Changed(api, api + "operators: " + digest + ", "), "10:24", "a list of sections is wanted here");
  ExpectRefused(Changed(api, api + "operators: [" + digest + "], "), "10:25",
                "admin_api.operators[0]: a section with keys is wanted here");
  ExpectRefused(Changed(api, api + "operators: [{role: viewer}], "), "10:25",
                "admin_api.operators[0].certificate: is required");
  ExpectRefused(Changed(api, api + "operators: [{certificate: " + digest + ", rolle: viewer}], "), "10:105",
                "admin_api.operators[0].rolle: unknown key");
  ExpectRefused(
      Changed(api, api + "operators: [{certificate: " + std::string(64, 'b') + "}, {certificate: " + other + "}], "),
      "10:120", "admin_api.operators[1].certificate: is admin_api.operators[0] too");
}

TEST_F(Loader, RefusesWhatOnlyTogetherIsWrong) {
  EXPECT_TRUE(Changed("backoff_min: 250ms", "backoff_min: 2m").ok());
  ExpectRefused(Changed("backoff_min: 250ms", "backoff_min: 3m"), "16:3", "dispatch.backoff_max: is below backoff_min");
  EXPECT_TRUE(Changed("  batch: 16", "  classes: {coded: {t1_silent: 1h}}").ok());
  ExpectRefused(Changed("  batch: 16", "  classes: {coded: {t1_silent: 2h}}"), "16:20",
                "t2_resend: is below t1_silent");
}

TEST_F(Loader, ProductionHasNeitherClockPageNorMemoryOnly) {
  const std::string production = ConfigWorld::Replaced(ConfigWorld::Good(), "sandbox", "production");
  EXPECT_TRUE(world_.Parse(production).ok());
  ExpectRefused(world_.Parse("clock: file:page\n" + production), "1:8", "system clock only");
  EXPECT_TRUE(world_.Parse("clock: file:page\n" + ConfigWorld::Good()).ok());
  ExpectRefused(world_.Parse(ConfigWorld::Replaced(production, "path: data", "path: data\n  durability: memory_only")),
                "5:15", "without durability");
}

TEST_F(Loader, EveryEngineOfTheStoreHasWhatItNeeds) {
  const auto store = [&](const std::string& text) { return Changed("  path: data\n", text); };
  const std::string redis = "  engine: redis\n  durability: flushed_replicated\n";
  EXPECT_TRUE(store(redis + "  redis: {server: \"unix:/run/redis.sock\", gateway: g1}\n").ok());
  EXPECT_TRUE(store(redis + "  redis: {sentinels: [\"10.0.0.1:26379\", \"10.0.0.2:26379\"], gateway: g1}\n").ok());
  ExpectRefused(store("  engine: rocksdb\n"), "4:3", "store.path: is needed");
  ExpectRefused(store("  path: data\n  durability: flushed_replicated\n"), "5:15", "needs the engine redis");
  ExpectRefused(store(redis + "  redis: {gateway: g1}\n"), "6:10", "either server or sentinels");
  ExpectRefused(store(redis + "  redis: {server: \"h:1\", sentinels: [\"h:2\"], gateway: g1}\n"), "6:10",
                "either server");
  ExpectRefused(store(redis + "  redis: {server: \"h:1\"}\n"), "6:10", "store.redis.gateway: is needed");
  const std::string shared = redis + "  redis: {server: \"h:1\", gateway: g1}\n";
  EXPECT_TRUE(world_
                  .Parse(ConfigWorld::Replaced(ConfigWorld::Good(), "  path: data\n", shared) +
                         "  send_timeout: 10s\n  in_doubt_settle: 10s\n")
                  .ok());
  const auto hasty = world_.Parse(ConfigWorld::Replaced(ConfigWorld::Good(), "  path: data\n", shared) +
                                  "  send_timeout: 10s\n  in_doubt_settle: 9s\n");
  EXPECT_THAT(hasty.Text(), HasSubstr("dispatch.in_doubt_settle: is below send_timeout"));
  for (const char* address : {"unix:/", "unix:x", "host", "host:x", ":1"})
    ExpectRefused(store(redis + "  redis: {gateway: g1, server: \"" + address + "\"}\n"), "6:32", "unix:");
}

TEST_F(Loader, OurTaxCodeHasTheFormOfTheAuthorityHop) {
  EXPECT_TRUE(Changed("\"0109999999\"", "\"0109999999-001\"").ok());
  ExpectRefused(Changed("\"0109999999\"", "\"010999999912\""), "2:16", "no tax code of ours");
}

TEST_F(Loader, RefusesACodeThatSaysTwoThings) {
  const std::string good = ConfigWorld::Good() + "feedback: {refusal_codes: [\"1000\"]}\n";
  EXPECT_TRUE(world_.Parse(good).ok()) << world_.Parse(good).Text();
  for (const char* code : {"1002", "-1"})
    ExpectRefused(world_.Parse(ConfigWorld::Replaced(good, "1000", code)), "18:27",
                  std::string("feedback.refusal_codes: code ") + code + " is in ");
  ExpectRefused(world_.Parse(ConfigWorld::Good() + "feedback: {duplicate_codes: [\"2003\"]}\n"), "18:11",
                "feedback.system_codes: code 2003 is in duplicate_codes");
}

TEST_F(Loader, ProductionRefusesASecretThatOthersMayRead) {
  const std::string production = ConfigWorld::Replaced(ConfigWorld::Good(), "sandbox", "production");
  EXPECT_TRUE(world_.Parse(production).ok());
  std::filesystem::permissions(world_.File("seal.key"), std::filesystem::perms(0640));
  ExpectRefused(world_.Parse(production), "11:18", "its mode should be 0600");
}

TEST_F(Loader, AnswersTextThatIsNoYamlByItsPlace) {
  const ConfigReport report = world_.Parse("a: [1\nb: {");
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_GT(report.errors[0].line, 0);
  EXPECT_THAT(report.Text(), HasSubstr("not YAML"));
  EXPECT_FALSE(world_.Parse("").ok());
  EXPECT_FALSE(world_.Parse("- a\n- b\n").ok());
  EXPECT_FALSE(world_.Parse("? {a: b}\n: c\n").ok());
}

TEST_F(Loader, AnswersAFileThatCannotBeRead) {
  const ConfigReport report = LoadConfig(world_.File("none.yaml"));
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_THAT(report.Text(), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace tvan
