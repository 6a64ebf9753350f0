// While a message or an answer is judged no file is opened, no socket made, no program started: everything is read when
// the parts are made, as the gateway makes them when it starts. Judged are the shared vectors, what other stacks
// signed, and our own messages, good and spoilt, on a fresh thread as on a pool's.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/validate/answer.h"
#include "gateway/validate/validator.h"
#include "ops/ctl/document_signatures.h"
#include "tests/integration/forbidden_calls.h"
#include "tests/support/hostile_signatures.h"
#include "tests/support/profiles.h"
#include "tests/unit/xml/vectors.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::StartsWith;

const Time kNow = *ParseTime("2026-11-20T10:00:00+07:00");

fs::path Foreign() {
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  return fs::path(source == nullptr ? "." : source) / "tests" / "data" / "foreign";
}

void AddFolder(const fs::path& folder, std::vector<std::string>* out) {
  for (const auto& file : fs::recursive_directory_iterator(folder))
    if (file.path().extension() == ".xml") out->push_back(ReadWhole(file.path()));
}

// Of every type, each with its attacks and their harmless twins.
void AddOwn(std::vector<std::string>* out) {
  for (const SignedMessage& message : SignedMessages()) {
    out->push_back(message.bytes);
    for (HostileVariant& variant : HostileVariants(message)) out->push_back(std::move(variant.bytes));
  }
}

// All parts, made as gateway/app makes them.
struct Parts {
  explicit Parts(const TrustOptions& trust) {
    parser = MakeXmlParser(XmlLimits());
    rendered = MakeXmlParser(LimitsOfRendered(XmlLimits()));
    digester = MakeDigester();
    auto made = MakeSignatureVerifier(trust, *clock);
    if (!made.ok()) std::abort();
    verifier = *std::move(made);
    validator =
        Validator::Make({.rendered = rendered.get(), .profiles = TestProfiles()}, *parser, *verifier, *digester);
    reader = AnswerReader::Make(*parser, *verifier, TestProfiles());
  }
  std::unique_ptr<Clock> clock = MakeSystemClock();
  std::unique_ptr<XmlParser> parser, rendered;
  std::unique_ptr<Digester> digester;
  std::unique_ptr<SignatureVerifier> verifier;
  std::unique_ptr<Validator> validator;
  std::unique_ptr<AnswerReader> reader;
};

bool Submit(const Parts& parts, const std::string& bytes) {
  CheckContext context;
  context.our_mst = TaxCode::Trusted("0309478306");
  context.provider_tax_codes = {TaxCode::Trusted("0109999999")};
  context.accepted_at = kNow;
  context.gateway_id = MessageId::Trusted("V0309478306" + std::string(32, 'A'));
  const ReadResult read = parts.validator->Read({bytes, 0, ""});
  return read.message && !HasError(read.findings) && !HasError(parts.validator->Check(*read.message, context).findings);
}

// Every signature in it, whatever document it is.
bool Verify(const Parts& parts, const std::string& bytes, const SignatureAllowances& allowed) {
  const auto document = parts.parser->Parse(bytes);
  if (!document.ok()) return false;
  const auto demands = ctl::DemandsOfDocument((*document)->root());
  VerifyContext context = kNow;
  context.allowed = allowed;
  return !demands.empty() && parts.verifier->Verify(**document, demands, context).faults.empty();
}

void JudgeAll(const Parts& parts, const std::vector<std::string>& documents, WorkTally* tally) {
  for (const std::string& bytes : documents) {
    const bool submitted = Submit(parts, bytes);
    const bool modern = Verify(parts, bytes, {}), legacy = Verify(parts, bytes, {true, true});
    static_cast<void>(parts.reader->Read(bytes, kNow));
    ++(submitted || modern || legacy ? tally->accepted : tally->refused);
  }
}

TEST(Validation, OpensNoFileMakesNoSocketAndPrintsNothing) {
  std::vector<std::string> documents;
  TrustOptions trust = HostileKeys::Get().trust();
  trust.trust_files.push_back((Foreign() / "ca.pem").string());
  AddOwn(&documents);
  AddFolder(Foreign(), &documents);
  const size_t ours = documents.size();
  if (const auto vectors = VectorsFolder()) {
    for (const char* folder : {"xmldsig", "xsw", "xml-attacks", "invoices", "xmlconf"})
      AddFolder(*vectors / folder, &documents);
    EXPECT_GE(documents.size() - ours, 350u);
    trust.trust_files.push_back((*vectors / "xsw" / "made" / "certs" / "ca.pem").string());
  }
  const Parts parts(trust);
  testing::internal::CaptureStderr();
  const Watched watched = WatchCalls([&](WorkTally* tally) { JudgeAll(parts, documents, tally); });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "a document writes into the gateway's log";
  if (!watched.possible) GTEST_SKIP() << "NOT RUN: no seccomp filters on this machine";
  EXPECT_TRUE(watched.finished);
  EXPECT_EQ(watched.attempts, 0u) << testing::PrintToString(watched.tried);
  EXPECT_GE(watched.tally.accepted, 40) << "nothing good was judged";
  EXPECT_EQ(static_cast<size_t>(watched.tally.accepted + watched.tally.refused), documents.size());
  std::cout << watched.tally.accepted << " accepted, " << watched.tally.refused << " refused, " << watched.attempts
            << " forbidden calls\n";
}

TEST(Validation, IsWatchedByAFilterThatSees) {
  const Watched watched = WatchCalls([](WorkTally* tally) {
    tally->accepted = 7;
    if (open("/etc/hosts", O_RDONLY) >= 0 || errno != EACCES) return;
    if (std::ifstream("/etc/passwd").is_open()) return;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return;
    static_cast<void>(execl("/bin/true", "true", nullptr));
  });
  if (!watched.possible) GTEST_SKIP() << "NOT RUN: no seccomp filters on this machine";
  EXPECT_TRUE(watched.finished);
  EXPECT_EQ(watched.attempts, 4u);
  EXPECT_EQ(watched.tally.accepted, 7);
  EXPECT_THAT(watched.tried, ElementsAre("openat /etc/hosts", "openat /etc/passwd", "socket", "execve /bin/true"));
}

// The allocator's own reading, when much is freed, is not the work's.
TEST(Validation, MayFreeMuchMemoryUnseen) {
  const Watched watched = WatchCalls([](WorkTally* tally) {
    std::vector<std::string> blocks(400);
    for (std::string& block : blocks) block.assign(100'000, 'x');
    while (!blocks.empty()) blocks.pop_back();
    tally->accepted = 1;
  });
  if (!watched.possible) GTEST_SKIP() << "NOT RUN: no seccomp filters on this machine";
  EXPECT_EQ(watched.attempts, 0u) << testing::PrintToString(watched.tried);
  EXPECT_EQ(watched.tally.accepted, 1);
}

// A verifier that reads a file only when it is asked: what such a part would look like here.
TEST(Validation, SeesAPartThatIsMadeTooLate) {
  const std::string file = (Foreign() / "ca.pem").string();
  const Watched watched = WatchCalls([&](WorkTally*) {
    TrustOptions trust;
    trust.trust_files = {file};
    static_cast<void>(MakeSignatureVerifier(trust, *MakeSystemClock()).ok());
  });
  if (!watched.possible) GTEST_SKIP() << "NOT RUN: no seccomp filters on this machine";
  EXPECT_GE(watched.attempts, 1u);
  EXPECT_THAT(watched.tried, testing::Contains("openat " + file));
}

}  // namespace
}  // namespace tvan
