// What tvanctl check says of the shared vectors: the verdict that their tables expect, and the expected cause among the
// findings. Every file must have a row and every cause a meaning; both verdicts are counted.
#include <gmock/gmock.h>

#include <iostream>
#include <set>

#include "ops/ctl/file_check.h"
#include "tests/unit/xml/vectors.h"

namespace tvan::ctl {
namespace {

namespace fs = std::filesystem;

// A cause as the tables word it, and the rules (or rooms, "field.") that find it.
struct Cause {
  std::string words;
  std::set<std::string> rules;
};
using Causes = std::vector<Cause>;

// Of messages: the whole cell.
const Causes kMessageCauses = {{"-", {}},
                               {"schema", {"envelope.", "field.", "count.", "notice."}},
                               {"no seller signature", {"signature.missing"}}};

// Of documents: each that stands in the reason. The parse ends at its first fault, so of two either is right; files of
// the productions below have a second one: a declaration that is not at the start, or says another encoding, or PIs.
const Causes kDocumentCauses = {{"not well-formed", {"xml.not_well_formed"}},
                                {"not namespace-well-formed", {"xml.namespace"}},
                                {"DOCTYPE", {"xml.doctype"}},
                                {"processing instruction", {"xml.processing_instruction"}},
                                {"not UTF-8", {"xml.encoding"}},
                                {"2.1 [1]", {"xml.processing_instruction"}},
                                {"2.2 [2]", {"xml.processing_instruction", "xml.encoding"}},
                                {"2.3 [3]", {"xml.encoding"}},
                                {"2.6 [16]", {"xml.processing_instruction"}},
                                {"2.6 [23, 17]", {"xml.processing_instruction"}},
                                {"2.8 [22]", {"xml.processing_instruction"}},
                                {"2.8 [23]", {"xml.processing_instruction"}},
                                {"4.3.3 [81]", {"xml.encoding"}}};

bool Finds(const FileVerdict& verdict, const std::set<std::string>& rules) {
  for (const Finding& finding : verdict.findings) {
    const std::string rule(finding.rule.text());
    const bool meant = rules.count(rule) != 0 || rules.count(rule.substr(0, rule.find('.') + 1)) != 0;
    if (finding.severity == Severity::kError && meant) return true;
  }
  return false;
}

std::string Errors(const FileVerdict& verdict) {
  std::string rules;
  for (const Finding& finding : verdict.findings)
    if (finding.severity == Severity::kError) rules += " " + std::string(finding.rule.text());
  return rules.empty() ? " none" : rules;
}

// Counts and compares the verdicts of one folder.
class Tally {
 public:
  explicit Tally(std::string folder) : folder_(std::move(folder)) {}
  ~Tally() {
    std::cout << folder_ << ": " << accepted_ << " accepted, " << rejected_ << " rejected, " << unlike_
              << " not as expected\n";
  }
  void Compare(const std::string& file, const std::string& expected, const FileVerdict& verdict) {
    ++(verdict.accepted ? accepted_ : rejected_);
    const std::string got = verdict.accepted ? "accept" : "reject";
    if (got != expected) ++unlike_;
    EXPECT_EQ(got, expected) << folder_ << '/' << file << ": errors" << Errors(verdict);
  }
  int accepted() const { return accepted_; }
  int rejected() const { return rejected_; }

 private:
  const std::string folder_;
  int accepted_ = 0, rejected_ = 0, unlike_ = 0;
};

FileVerdict Judge(const fs::path& file, FileCheckOptions options, const std::string& at) {
  static const auto clock = MakeSystemClock();
  options.at = *ParseTime(at);
  const auto checker = FileChecker::Make(options, *clock);
  if (!checker.ok()) {
    ADD_FAILURE() << checker.status().ToString();
    return {};
  }
  return (*checker)->Check(ReadWhole(file));
}

void EveryFileHasARow(const fs::path& folder, const std::vector<VectorRow>& rows) {
  std::set<std::string> expected;
  for (VectorRow row : rows) expected.insert(row["file"]);
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".xml") continue;
    EXPECT_EQ(expected.count(fs::relative(file.path(), folder).string()), 1u) << file.path() << " has no expectation";
  }
  for (const std::string& file : expected)
    EXPECT_TRUE(fs::exists(folder / file)) << file << " is expected but not there";
}

TEST(Vectors, InvoiceMessagesGetTheirVerdictForTheExpectedCause) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "invoices";
  const auto rows = ReadExpected(folder);
  EveryFileHasARow(folder, rows);
  Tally tally("invoices");
  for (VectorRow row : rows) {
    FileCheckOptions options;
    if (row["file"].substr(0, 4) == "999-") options.as = CheckAs::kAnswer;
    const FileVerdict verdict = Judge(folder / row["file"], options, "2026-11-20T10:00:00");
    tally.Compare(row["file"], row["gateway"], verdict);
    const auto cause = std::find_if(kMessageCauses.begin(), kMessageCauses.end(),
                                    [&](const Cause& one) { return one.words == row["cause"]; });
    ASSERT_NE(cause, kMessageCauses.end()) << row["file"] << ": nobody knows the cause \"" << row["cause"] << '"';
    EXPECT_EQ(Finds(verdict, cause->rules), row["gateway"] == "reject") << row["file"] << ":" << Errors(verdict);
  }
  EXPECT_GE(tally.accepted(), 2);
  EXPECT_GE(tally.rejected(), 3);
}

TEST(Vectors, TheConformanceSuiteGetsItsVerdictForTheExpectedCause) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xmlconf";
  const auto rows = ReadExpected(folder);
  EveryFileHasARow(folder, rows);
  Tally tally("xmlconf");
  FileCheckOptions options;
  options.as = CheckAs::kDocument;
  for (VectorRow row : rows) {
    const FileVerdict verdict = Judge(folder / row["file"], options, "2026-11-20T10:00:00");
    tally.Compare(row["file"], row["expected"], verdict);
    if (row["expected"] == "accept") continue;
    std::set<std::string> rules;
    for (const Cause& cause : kDocumentCauses)
      if (row["reason"].find(cause.words) != std::string::npos) rules.insert(cause.rules.begin(), cause.rules.end());
    EXPECT_FALSE(rules.empty()) << row["file"] << ": nobody knows the cause \"" << row["reason"] << '"';
    EXPECT_TRUE(Finds(verdict, rules)) << row["file"] << ": " << row["reason"] << ":" << Errors(verdict);
  }
  EXPECT_GE(tally.accepted(), 26);
  EXPECT_GE(tally.rejected(), 137);
}

TEST(Vectors, WrappingAttacksGetTheirVerdictAsDocuments) {
  TVAN_NEEDS_VECTORS(vectors);
  const fs::path folder = *vectors / "xsw";
  const auto rows = ReadExpected(folder);
  EveryFileHasARow(folder, rows);
  for (const bool sha1 : {false, true}) {
    Tally tally(sha1 ? "xsw with the SHA-1 switch" : "xsw");
    for (VectorRow row : rows) {
      FileCheckOptions options;
      options.as = CheckAs::kDocument;
      options.trust_files = {(folder / row["trust"]).string()};
      options.legacy_sha1 = sha1;
      tally.Compare(row["file"], row[sha1 ? "expected_with_sha1_switch" : "expected"],
                    Judge(folder / row["file"], options, row["at"]));
    }
  }
}

}  // namespace
}  // namespace tvan::ctl
