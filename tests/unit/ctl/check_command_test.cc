// tvanctl check --as …: what each way of looking at a file accepts and refuses, one change apart, and how it says so.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ops/ctl/sample.h"
#include "ops/ctl/tool.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan::ctl {
namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SigningWorld& W() { return SigningWorld::Get(); }

class CheckCommand : public testing::Test {
 protected:
  struct Outcome {
    int code = -1;
    std::string out;
    std::vector<Json> objects;  // with --json
    std::vector<std::string> rules(const std::string& severity, size_t file = 0) const {
      std::vector<std::string> rules;
      for (const Json& finding : objects.at(file)["findings"])
        if (finding["severity"] == severity) rules.push_back(finding["rule"]);
      return rules;
    }
  };

  std::string File(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_.File(name), std::ios::binary) << bytes;
    return folder_.File(name);
  }
  Outcome Run(std::vector<std::string> words, bool json = true) const {
    CLI::App app;
    Tool tool;
    tool.json = json;
    app.add_option("--profile", tool.profile);
    app.fallthrough();
    AddRelayCommands(app, tool);
    words.insert(words.begin(), "check");
    std::reverse(words.begin(), words.end());  // CLI11 wants the last first
    app.parse(words);
    testing::internal::CaptureStdout();
    Outcome outcome;
    outcome.code = tool.action();
    outcome.out = testing::internal::GetCapturedStdout();
    std::istringstream lines(outcome.out);
    for (std::string line; json && std::getline(lines, line);) outcome.objects.push_back(Json::parse(line));
    return outcome;
  }
  // As an accepting gateway of that day would see it.
  Outcome Look(const std::string& bytes, const std::string& as, const std::string& at = "2026-11-20T10:00:00") const {
    return Run({File("one.xml", bytes), "--as", as, "--trust", W().trust_file, "--at", at});
  }

  TempFolder folder_;
};

std::string Signed(MessageSpec spec) {
  spec.signing_time = W().now;
  return MakeTDiep(spec, W().seller.get());
}

TEST_F(CheckCommand, AGoodMessageIsAcceptedAndAChangedOneIsNot) {
  const Outcome good = Look(Signed(Spec203(1)), "submit");
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(
      good.objects.at(0),
      (Json{{"file", folder_.File("one.xml")}, {"verdict", "accept"}, {"stage", "-"}, {"findings", Json::array()}}));
  const Outcome changed = Look(Replaced(Signed(Spec203(1)), "Giờ", "Ngày"), "submit");
  EXPECT_EQ(changed.code, 1);
  EXPECT_EQ(changed.objects.at(0)["verdict"], "reject");
  EXPECT_EQ(changed.objects.at(0)["stage"], "signature");
  const Json finding = changed.objects.at(0)["findings"].at(0);
  EXPECT_EQ(finding["rule"], "signature.digest");
  EXPECT_EQ(finding["severity"], "error");
  EXPECT_EQ(finding["path"], "/TDiep/DLieu/HDon/DLHDon");
  EXPECT_THAT(finding["vi"].get<std::string>(), Not(IsEmpty()));
  EXPECT_THAT(finding["en"].get<std::string>(), HasSubstr("changed after signing"));
}

TEST_F(CheckCommand, SamplesAreLawful) {
  for (const int type : {200, 203, 206, 300}) {
    SampleSpec spec;
    spec.type = type;
    spec.provider_mst = "0105555555";
    spec.tvan_mst = "0104444444";
    spec.seller_mst = "0101234567";
    spec.mtdiep = SampleMessageId(spec.provider_mst, "sixteen bytes ok");
    spec.count = type == 200 ? 1 : 3;
    spec.lines = 4;
    spec.time = W().now;
    const std::string sample = *SignDocument(*MakeSample(spec), *W().seller, W().now);
    EXPECT_EQ(Look(sample, "submit").objects.at(0)["findings"], Json::array()) << type;
  }
}

TEST_F(CheckCommand, TheStageIsTheFirstThatRefuses) {
  MessageSpec spec = Spec203(1);
  const auto stage = [&](const std::string& bytes) { return Look(bytes, "submit").objects.at(0)["stage"]; };
  EXPECT_EQ(stage(Signed(spec)), "-");
  EXPECT_EQ(stage(MakeTDiep(spec, nullptr)), "signature");
  spec.invoices[0].shdon = "0";
  EXPECT_EQ(stage(MakeTDiep(spec, nullptr)), "fields");
  spec.sluong = "2";
  EXPECT_EQ(stage(MakeTDiep(spec, nullptr)), "fields") << "before the rules beyond fields";
  spec.mst = "1";
  EXPECT_EQ(stage(MakeTDiep(spec, nullptr)), "header");
  EXPECT_EQ(stage("<TDiep>"), "parse");
}

TEST_F(CheckCommand, WhoSendsItAndToWhomIsWhatTheMessageSays) {
  MessageSpec spec = Spec203(1);
  spec.mngui = "0105555555";
  spec.mnnhan = "V0104444444";
  EXPECT_THAT(Look(Signed(spec), "submit").rules("error"), IsEmpty());
  spec.mngui = "V0104444444";
  spec.mnnhan = "TCT";
  const Outcome to_authority = Look(Signed(spec), "submit");
  EXPECT_EQ(to_authority.code, 0);
  EXPECT_THAT(to_authority.rules("warning"), Contains("header.authority_hop"));
}

TEST_F(CheckCommand, ABareInvoiceNeedsNoTypeAndMayBeGivenOne) {
  InvoiceSpec invoice;
  const std::string file = File("bare.xml", MakeBareHDon(invoice, W().seller.get(), W().now));
  const std::vector<std::string> words = {
      file, "--as", "submit", "--trust", W().trust_file, "--at", "2026-11-20T10:00:00"};
  EXPECT_EQ(Run(words).code, 0);
  const auto with = [&](const char* type) {
    std::vector<std::string> more = words;
    more.insert(more.end(), {"--type", type});
    return Run(more);
  };
  EXPECT_EQ(with("200").code, 0);
  EXPECT_THAT(with("206").rules("error"), Contains("envelope.bare_type"));
}

TEST_F(CheckCommand, AMessageIsJudgedByTheProfileOfItsVersionUnlessOneIsGiven) {
  MessageSpec spec = Spec203(1);
  spec.pban = "2.0.0";
  const std::string file = File("old.xml", Replaced(Signed(spec), "<TChat>1</TChat>", "<TChat>5</TChat>"));
  const auto errors = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {file, "--as", "submit", "--trust", W().trust_file, "--at", "2026-11-20T10:00:00"});
    return Run(more).rules("error");
  };
  EXPECT_THAT(errors({}), ElementsAre("field.enum"));
  EXPECT_THAT(errors({"--profile", "qd1450"}), ElementsAre("field.enum"));
  EXPECT_THAT(errors({"--profile", "qd1271"}), ElementsAre("signature.digest")) << "TChat 5 is new in it";
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run({file, "--as", "submit", "--profile", "qd1"}).code, 2);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("qd1"));
}

TEST_F(CheckCommand, WithoutTrustNoSignatureIsTrusted) {
  const std::string file = File("one.xml", Signed(Spec203(1)));
  for (const char* as : {"submit", "document"})
    EXPECT_THAT(Run({file, "--as", as, "--at", "2026-11-20T10:00:00"}).rules("error"),
                ElementsAre("signature.untrusted"))
        << as;
}

TEST_F(CheckCommand, AnAnswerIsReadLenientlyAndRefusedOnlyUnread) {
  const std::string answer =
      "<TDiep><TTChung><PBan>1.0.0</PBan><MNGui>TCT</MNGui><MNNhan>V0309478306</MNNhan><MLTDiep>999</MLTDiep>"
      "<MTDiep>TCT1</MTDiep><MTDTChieu>x</MTDTChieu></TTChung><DLieu><TBao><TTTNhan>0</TTTNhan></TBao></DLieu></TDiep>";
  const Outcome read = Look(answer, "answer");
  EXPECT_EQ(read.code, 0);
  EXPECT_THAT(read.rules("error"), IsEmpty());
  EXPECT_THAT(read.out, HasSubstr("answer.header"));
  const Outcome unread = Look(answer.substr(0, answer.size() - 1), "answer");
  EXPECT_EQ(unread.code, 1);
  EXPECT_EQ(unread.objects.at(0)["stage"], "parse");
  EXPECT_THAT(unread.rules("error"), ElementsAre("xml.not_well_formed"));
}

TEST_F(CheckCommand, ADocumentIsJudgedByItsParseAndTheSignaturesThatItHas) {
  EXPECT_EQ(Look("<a><HDon/></a>", "document").code, 0) << "nothing signed, nothing missing";
  EXPECT_EQ(Look("<a>", "document").objects.at(0)["stage"], "parse");
  EXPECT_EQ(Look("<!DOCTYPE a><a/>", "document").code, 1);
  const auto over = [](const std::string& id) {
    return *W().seller->Sign("<a Id=\"all\"><b Id=\"part\">1</b></a>", {id, "/a", W().now, {}});
  };
  EXPECT_EQ(Look(over("all"), "document").code, 0);
  EXPECT_THAT(Look(over("part"), "document").rules("error"), ElementsAre("signature.not_covered"));
  EXPECT_THAT(Look(Replaced(over("all"), ">1<", ">2<"), "document").rules("error"), ElementsAre("signature.digest"));
}

TEST_F(CheckCommand, EverySignatureOfADocumentMustVerify) {
  const std::string once = *W().seller->Sign("<a><b Id=\"x\"/></a>", {"x", "/a/DSCKS/NNT", W().now, {}});
  EXPECT_EQ(Look(once, "document").code, 0) << "what stands before DSCKS is what it signs";
  const SignRequest again{"x", "/a/DSCKS/CCKSKhac", W().now, {}};
  EXPECT_EQ(Look(*W().delegate->Sign(once, again), "document").code, 0);
  EXPECT_THAT(Look(*W().untrusted->Sign(once, again), "document").rules("error"), ElementsAre("signature.untrusted"));
}

TEST_F(CheckCommand, ASignedInvoiceMessageHidesNoUnsignedInvoice) {
  const std::string two = Signed(Spec203(2));
  EXPECT_EQ(Look(two, "document").code, 0);
  const size_t begin = two.rfind("<Signature xmlns"), end = two.rfind("</Signature>") + 12;
  EXPECT_THAT(Look(two.substr(0, begin) + two.substr(end), "document").rules("error"),
              ElementsAre("signature.missing"));
}

TEST_F(CheckCommand, SigningTimeAndTargetAreAskedOfMessagesOnly) {
  const std::string late = "2028-06-01T00:00:00";
  EXPECT_THAT(Look(Signed(Spec203(1)), "submit", late).rules("error"), ElementsAre("signature.time"));
  EXPECT_EQ(Look(Signed(Spec203(1)), "document", late).code, 0);
  const std::string message = Signed(Spec203(1));
  const size_t begin = message.find(" Target=\""), end = message.find('"', begin + 9) + 1;
  const std::string without = message.substr(0, begin) + message.substr(end);
  EXPECT_THAT(Look(without, "submit").rules("error"), ElementsAre("signature.target_missing"));
  EXPECT_THAT(Look(without, "document").rules("error"), ElementsAre("signature.digest")) << "the Object is signed";
}

TEST_F(CheckCommand, AFileThatCannotBeReadIsNoVerdictAndTheOthersAreStillJudged) {
  const std::string good = File("good.xml", "<a/>"), bad = File("bad.xml", "<a>");
  EXPECT_EQ(Run({good, "--as", "document"}).code, 0);
  EXPECT_EQ(Run({good, bad, "--as", "document"}).code, 1);
  testing::internal::CaptureStderr();
  const Outcome some = Run({good, folder_.File("none.xml"), bad, "--as", "document"});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("none.xml"));
  EXPECT_EQ(some.code, 2);
  EXPECT_EQ(some.objects.size(), 2u);
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run({good, "--as", "document", "--at", "yesterday"}).code, 2);
  EXPECT_EQ(Run({good, "--as", "document", "--trust", bad}).code, 2) << "no certificate";
  testing::internal::GetCapturedStderr();
  EXPECT_THROW(Run({good, "--as", "sheet"}), CLI::ParseError);
}

TEST_F(CheckCommand, PeopleGetATable) {
  const Outcome outcome = Run({File("bad.xml", "<a>"), File("good.xml", "<a/>"), "--as", "document"}, false);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("xml.not_well_formed"));
  EXPECT_THAT(outcome.out, HasSubstr("VERDICT"));
  EXPECT_THAT(outcome.out, HasSubstr("accept"));
}

}  // namespace
}  // namespace tvan::ctl
