// Trust that changes while the gateway runs: when it is looked at, what is counted and said, and with real files what
// then counts.
#include "gateway/app/trust_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/signature/pki.h"
#include "gateway/core/log.h"
#include "tests/support/fake_clock.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const Time kNow = *ParseTime("2026-11-21T10:00:00+07:00");

template <class T>
T Take(Result<T> result) {
  if (!result.ok()) std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  TVAN_CHECK(result.ok());
  return *std::move(result);
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tvan-trust-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(File(name), std::ios::binary) << text;
    return File(name);
  }

 private:
  std::string path_;
};

// What Reload answers next, and what is loaded then. Written between two looks only.
class FakeVerifier final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>&, const VerifyContext&) const override {
    return {};
  }
  Result<bool> Reload() override {
    ++looks;
    return next;
  }
  TrustFacts Loaded() const override { return facts; }

  std::atomic<int> looks = 0;
  Result<bool> next = false;
  TrustFacts facts = {2, 1, 1, kNow + hours(24), std::string(64, 'a')};
};

Status Unreadable(const std::string& file) { return Status::Permanent("signature.trust"_reason, file); }

class TrustWatchTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(LogToFile(folder_.File("log")).ok()); }
  void TearDown() override {
    watch_.reset();
    ASSERT_TRUE(LogToFile("/dev/stderr").ok());
  }
  void Start() {
    watch_ = std::make_unique<TrustWatch>(
        minutes(1),
        std::vector<TrustWatch::List>{{"sellers", sellers_}, {"authority", authority_, [this] { ++changes_; }}},
        *clock_, *metrics_);
    watch_->Start();
  }
  void Look() { clock_->AdvanceBy(minutes(1)); }
  std::string Logged() const {
    std::ifstream in(folder_.File("log"), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  size_t Lines(const std::string& event, const std::string& list = "sellers") const {
    const std::string log = Logged(), sought = "event=" + event + " list=" + list;
    size_t lines = 0;
    for (size_t at = 0; (at = log.find(sought, at)) != std::string::npos; ++at) ++lines;
    return lines;
  }
  std::string Metric(const std::string& name, const std::string& list = "sellers") const {
    const std::string page = metrics_->Render(), line = "\n" + name + "{list=\"" + list + "\"} ";
    const size_t at = page.find(line);
    return at == std::string::npos ? "none" : page.substr(at + line.size(), page.find('\n', at + 1) - at - line.size());
  }

  const Folder folder_;
  const std::unique_ptr<TestClock> clock_ = MakeTestClock(kNow);
  const std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  FakeVerifier sellers_, authority_;
  std::atomic<int> changes_ = 0;  // of the authority's list that somebody was told of
  std::unique_ptr<TrustWatch> watch_;
};

TEST_F(TrustWatchTest, SaysAtTheStartWhatIsLoaded) {
  authority_.facts.roots = 7;
  authority_.facts.unverified_crls = 1;
  authority_.facts.crl_next_update = kForever;
  Start();
  EXPECT_EQ(Metric("tvan_trust_roots"), "2");
  EXPECT_EQ(Metric("tvan_trust_roots", "authority"), "7");
  EXPECT_EQ(std::stod(Metric("tvan_trust_crl_next_update_seconds")), static_cast<double>(kNow.us) / 1e6 + 86400);
  EXPECT_EQ(Metric("tvan_trust_crl_next_update_seconds", "authority"), "+Inf") << "there is no list";
  EXPECT_EQ(Metric("tvan_trust_loads_total"), "1");
  EXPECT_EQ(Metric("tvan_trust_load_failures_total"), "0");
  EXPECT_THAT(Logged(), HasSubstr("event=app.trust_loaded list=sellers roots=2 intermediates=1 crls=1 "
                                  "crls_unverified=0 sha256=aaaaaaaaaaaa\n"));
  EXPECT_THAT(Logged(), ContainsRegex("level=info event=app.trust_loaded list=sellers"));
  EXPECT_THAT(Logged(), ContainsRegex("level=warning event=app.trust_loaded list=authority .* crls_unverified=1 "));
}

TEST_F(TrustWatchTest, LooksAtBothListsEachTimeAndSaysNothingWhereNothingChanged) {
  Start();
  clock_->AdvanceBy(seconds(59));
  EXPECT_EQ(sellers_.looks, 0);
  clock_->AdvanceBy(seconds(1));
  EXPECT_EQ(sellers_.looks, 1);
  EXPECT_EQ(authority_.looks, 1);
  Look();
  EXPECT_EQ(sellers_.looks, 2);
  EXPECT_EQ(Lines("app.trust_loaded"), 1u) << "that of the start";
  EXPECT_EQ(Metric("tvan_trust_loads_total"), "1");
}

TEST_F(TrustWatchTest, TellsWhoeverAskedOfAChangeOfTheirListOnly) {
  Start();
  Look();
  sellers_.next = true;
  Look();
  sellers_.next = false;
  authority_.next = Unreadable("ca.pem");
  Look();
  EXPECT_EQ(changes_, 0);
  authority_.next = true;
  Look();
  EXPECT_EQ(changes_, 1);
}

TEST_F(TrustWatchTest, SaysAndCountsWhatChanged) {
  Start();
  sellers_.next = true;
  sellers_.facts = {3, 0, 2, kNow + hours(48), std::string(64, 'b')};
  Look();
  EXPECT_EQ(Metric("tvan_trust_loads_total"), "2");
  EXPECT_EQ(Metric("tvan_trust_loads_total", "authority"), "1");
  EXPECT_EQ(Metric("tvan_trust_roots"), "3");
  EXPECT_THAT(Logged(), HasSubstr("roots=3 intermediates=0 crls=2 crls_unverified=0 sha256=bbbbbbbbbbbb\n"));
}

TEST_F(TrustWatchTest, LogsAFailureOnceCountsItEachTimeAndTriesOn) {
  Start();
  sellers_.next = Unreadable("a.pem");
  Look();
  Look();
  EXPECT_EQ(Lines("app.trust_not_reloaded"), 1u);
  EXPECT_EQ(Lines("app.trust_not_reloaded", "authority"), 0u);
  EXPECT_EQ(Metric("tvan_trust_load_failures_total"), "2");
  EXPECT_EQ(Metric("tvan_trust_roots"), "2") << "what was loaded stays";
  EXPECT_EQ(authority_.looks, 2) << "the other list is looked at all the same";
  EXPECT_THAT(watch_->Refused(), testing::ElementsAre(testing::Pair("sellers", HasSubstr("a.pem"))));
  sellers_.next = Unreadable("b.pem");
  Look();
  EXPECT_EQ(Lines("app.trust_not_reloaded"), 2u) << "another failure";
  sellers_.next = false;
  Look();
  EXPECT_THAT(watch_->Refused(), testing::IsEmpty());
  sellers_.next = Unreadable("b.pem");
  Look();
  EXPECT_EQ(Lines("app.trust_not_reloaded"), 3u) << "it had been well in between";
}

TEST_F(TrustWatchTest, WarnsOnceOfARevocationListThatItsIssuerShouldHaveRenewed) {
  Start();
  clock_->AdvanceBy(hours(23));
  EXPECT_EQ(Lines("app.crl_expired"), 0u);
  clock_->AdvanceBy(hours(2));
  EXPECT_EQ(Lines("app.crl_expired"), 1u);
  sellers_.facts.crl_next_update = kNow + hours(49);
  sellers_.next = true;
  Look();
  EXPECT_EQ(Lines("app.crl_expired"), 1u) << "the new list is good";
  sellers_.next = false;
  clock_->AdvanceBy(hours(25));
  EXPECT_EQ(Lines("app.crl_expired"), 2u);
}

TEST_F(TrustWatchTest, WarnsAtTheStartOfAListThatIsOldAlready) {
  sellers_.facts.crl_next_update = kNow - seconds(1);
  authority_.facts.crl_next_update = kForever;
  Start();
  EXPECT_EQ(Lines("app.crl_expired"), 1u);
  EXPECT_EQ(Lines("app.crl_expired", "authority"), 0u) << "there is none";
}

TEST_F(TrustWatchTest, LooksNoMoreOnceStopped) {
  Start();
  watch_->Stop();
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(sellers_.looks, 0);
}

// Real keys and files, a real verifier, and a signature that stays as it is.
class TrustFilesTest : public TrustWatchTest {
 protected:
  TrustFilesTest() : ca_(Take(SandboxCa::Create("CA", PkiKey::kEcP256, Years()))) {
    CertificateSpec spec;
    spec.common_name = "Seller";
    spec.tax_code = "0101234567";
    spec.validity = Years();
    const KeyAndCertificate seller = Take(ca_->Issue(spec));
    certificate_ = seller.certificate_pem;
    const auto signer =
        Take(MakeXmlSigner(folder_.Write("seller.key", seller.key_pem), folder_.Write("seller.pem", certificate_)));
    const SignRequest request{"data", "/HDon/DSCKS/NBan", kNow, {}};
    document_ = Take(parser_->Parse(Take(signer->Sign("<HDon><DLHDon Id=\"data\">1</DLHDon></HDon>", request))));
    TrustOptions options;
    options.trust_files = {folder_.Write("ca.pem", ca_->pem().certificate_pem)};
    options.crl_files = {folder_.Write("crl.pem", Take(ca_->MakeCrl({}, kNow)))};
    verifier_ = Take(MakeSignatureVerifier(options, *clock_));
  }
  static PkiValidity Years() { return {*ParseTime("2025-01-01T00:00:00Z"), *ParseTime("2035-01-01T00:00:00Z")}; }
  void StartReal() {
    watch_ = std::make_unique<TrustWatch>(minutes(1), std::vector<TrustWatch::List>{{"sellers", *verifier_}}, *clock_,
                                          *metrics_);
    watch_->Start();
  }
  // The first fault, or "valid".
  std::string Judged() const {
    SignatureDemand demand;
    const XmlNode hdon = document_->root();
    demand.signature = hdon.Descend({"DSCKS", "NBan"}).first_child();
    demand.must_cover = {hdon.Child("DLHDon")};
    const SignatureCheck check = verifier_->Verify(*document_, {demand}, clock_->Now());
    return check.faults.empty() ? "valid" : std::string(check.faults[0].rule.text());
  }

  const std::unique_ptr<SandboxCa> ca_;
  const std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());
  std::string certificate_;
  std::unique_ptr<XmlDocument> document_;
  std::unique_ptr<SignatureVerifier> verifier_;
};

TEST_F(TrustFilesTest, ARevocationThatComesWhileTheGatewayRunsCountsWithoutARestart) {
  StartReal();
  EXPECT_EQ(Judged(), "valid");
  folder_.Write("crl.pem", Take(ca_->MakeCrl({{certificate_, kNow}}, kNow)));
  EXPECT_EQ(Judged(), "valid") << "nobody has looked yet";
  Look();
  EXPECT_EQ(Judged(), "signature.revoked");
  EXPECT_EQ(Metric("tvan_trust_loads_total"), "2");
}

TEST_F(TrustFilesTest, AFileThatCannotBeReadLeavesInForceWhatWasLoaded) {
  folder_.Write("crl.pem", Take(ca_->MakeCrl({{certificate_, kNow}}, kNow)));
  ASSERT_TRUE(Take(verifier_->Reload()));
  StartReal();
  folder_.Write("crl.pem", "half a fi");
  Look();
  EXPECT_EQ(Judged(), "signature.revoked") << "the list that was loaded";
  EXPECT_EQ(Lines("app.trust_not_reloaded"), 1u);
  EXPECT_EQ(Metric("tvan_trust_load_failures_total"), "1");
  folder_.Write("ca.pem", Take(SandboxCa::Create("Other", PkiKey::kEcP256, Years()))->pem().certificate_pem);
  folder_.Write("crl.pem", Take(ca_->MakeCrl({}, kNow)));
  Look();
  EXPECT_EQ(Judged(), "signature.untrusted") << "the root is another one now";
  EXPECT_EQ(Lines("app.trust_loaded"), 2u);
}

}  // namespace
}  // namespace tvan
