// When the certificates of a configuration end, and that none is left out because it cannot be read.
#include "gateway/app/certificate_ends.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "adapters/signature/pki.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const Time kNow = *ParseTime("2026-11-22T00:00:00+07:00");
const Time kBefore = *ParseTime("2025-11-22T00:00:00+07:00");
const Time kOver = *ParseTime("2026-11-21T00:00:00+07:00"), kNext = *ParseTime("2027-11-22T00:00:00+07:00");

class CertificateEndsTest : public testing::Test {
 protected:
  CertificateEndsTest() {
    for (const auto& [name, path] : {std::pair{"provider.pem", config_.mutable_provider_api()->mutable_certificate()},
                                     std::pair{"admin.pem", config_.mutable_admin_api()->mutable_certificate()},
                                     std::pair{"line.pem", config_.mutable_line()->mutable_certificate()},
                                     std::pair{"line-ca.pem", config_.mutable_line()->mutable_ca()},
                                     std::pair{"provider-ca.pem", config_.mutable_provider_api()->mutable_client_ca()},
                                     std::pair{"admin-ca.pem", config_.mutable_admin_api()->mutable_client_ca()},
                                     std::pair{"sellers.pem", config_.mutable_trust()->add_sellers()},
                                     std::pair{"authority.pem", config_.mutable_trust()->add_authority()}}) {
      *path = folder_.File(name);
      Write(name, Until(kNext));
    }
  }
  static std::string Until(Time end) {
    return SandboxCa::Create("CA", PkiKey::kEcP256, {kBefore, end}).value()->pem().certificate_pem;
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name), std::ios::binary) << text;
  }
  // "what name end", or "what name UNREADABLE", sorted; those that end at kNext are left out.
  std::vector<std::string> Others(const AllInForce& in_force = {}) const {
    std::vector<std::string> others;
    for (const auto& ending : CertificateEnds(config_, kNow, in_force)) {
      if (ending.at == kNext) continue;
      const std::string when = ending.unreadable.empty() ? FormatLocal(ending.at) : "UNREADABLE";
      others.push_back(ending.what + " " + ending.name + " " + when);
    }
    std::sort(others.begin(), others.end());
    return others;
  }
  TempFolder folder_;
  config::v1::Config config_;
};

TEST_F(CertificateEndsTest, NamesEveryFileOfTheConfiguration) {
  std::vector<std::string> names;
  for (const auto& ending : CertificateEnds(config_, kNow)) names.push_back(ending.what + " " + ending.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("certificate provider_api", "certificate admin_api",
                                                   "certificate line", "trust line", "trust provider_api",
                                                   "trust admin_api", "trust sellers.pem", "trust authority.pem"));
  EXPECT_THAT(Others(), IsEmpty());
}

TEST_F(CertificateEndsTest, ShowsOurOwnThatEndedAndOfTheTrustListsOnlyWhatIsGood) {
  for (const char* file : {"provider.pem", "admin.pem", "line.pem", "line-ca.pem", "provider-ca.pem", "admin-ca.pem",
                           "sellers.pem", "authority.pem"})
    Write(file, Until(kOver));
  EXPECT_THAT(Others(),
              testing::ElementsAre("certificate admin_api 2026-11-21T00:00:00", "certificate line 2026-11-21T00:00:00",
                                   "certificate provider_api 2026-11-21T00:00:00"));
}

TEST_F(CertificateEndsTest, LooksAtEveryCertificateOfAFile) {
  Write("sellers.pem", Until(kOver) + Until(kNext) + Until(kNow + std::chrono::hours(1)));
  EXPECT_THAT(Others(), testing::ElementsAre("trust sellers.pem 2026-11-22T01:00:00"));
}

TEST_F(CertificateEndsTest, NamesAFileThatCannotBeReadAndSaysWhy) {
  std::filesystem::remove(folder_.File("line.pem"));
  EXPECT_THAT(Others(), testing::ElementsAre("certificate line UNREADABLE"));
  const auto ends = CertificateEnds(config_, kNow);
  const auto line = std::find_if(ends.begin(), ends.end(), [](const auto& e) { return !e.unreadable.empty(); });
  EXPECT_THAT(line->unreadable, HasSubstr(folder_.File("line.pem")));
  EXPECT_THAT(line->unreadable, HasSubstr("No such file"));
}

TEST_F(CertificateEndsTest, ShowsWhatIsInForceWhateverTheFilesSayByNow) {
  for (const char* file : {"provider.pem", "provider-ca.pem", "admin.pem"}) Write(file, Until(kOver));
  std::filesystem::remove(folder_.File("line.pem"));
  const Time soon = kNow + std::chrono::hours(1);
  AllInForce in_force;
  in_force.provider_api = {Until(kNext), Until(soon), "app.certificate_expired: provider.pem"};
  in_force.line = {Until(soon), Until(kNext), ""};
  EXPECT_THAT(Others(in_force),
              testing::ElementsAre("certificate admin_api 2026-11-21T00:00:00",  // not known: what its file says
                                   "certificate line 2026-11-22T01:00:00", "certificate provider_api UNREADABLE",
                                   "trust provider_api 2026-11-22T01:00:00"));
  const auto ends = CertificateEnds(config_, kNow, in_force);
  const auto refused = std::find_if(ends.begin(), ends.end(), [](const auto& e) { return !e.unreadable.empty(); });
  ASSERT_NE(refused, ends.end());
  EXPECT_EQ(refused->unreadable, "the files are not in force: app.certificate_expired: provider.pem");
}

TEST_F(CertificateEndsTest, NamesATrustListWhoseFilesWereNotTaken) {
  AllInForce in_force;
  in_force.trust_refused = {{"sellers", "signature.trust: half a file"}};
  EXPECT_THAT(Others(in_force), testing::ElementsAre("trust sellers UNREADABLE"));
  EXPECT_EQ(CertificateEnds(config_, kNow, in_force).back().unreadable,
            "the files are not in force: signature.trust: half a file");
}

TEST_F(CertificateEndsTest, NamesAFileThatHoldsNoCertificate) {
  Write("sellers.pem", "# to come\n");
  EXPECT_THAT(Others(), testing::ElementsAre("trust sellers.pem UNREADABLE"));
}

TEST_F(CertificateEndsTest, NamesACertificateThatCannotBeReadBesideOthersThatCan) {
  Write("line-ca.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + Until(kNow + std::chrono::hours(1)));
  EXPECT_THAT(Others(), testing::ElementsAre("trust line 2026-11-22T01:00:00", "trust line UNREADABLE"));
}

}  // namespace
}  // namespace tvan
