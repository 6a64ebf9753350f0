// Hand-over files as tvanctl reads them: what is genuine passes, what was touched anywhere does not.
#include "ops/ctl/handover_file.h"

#include <gmock/gmock.h>

#include <sstream>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/core/json.h"
#include "gateway/reconcile/columns.h"
#include "gateway/seal/seal.h"
#include "tests/support/message_maker.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan::ctl {
namespace {

class HandoverFile : public testing::Test {
 protected:
  HandoverFile() {
    TVAN_CHECK(WritePem(folder_.File("seal.key"), MakeEd25519KeyPem().value(), PemKind::kSecret).ok());
    sealer_ = Sealer::Load(folder_.File("seal.key")).value();
    keys_ = sealer_->KeySetJson();
  }

  static std::string Head(const std::string& version = "1", const std::string& incarnation = "first") {
    return R"({"handover":{"format":"tvan-handover","incarnation":")" + incarnation +
           R"(","provider":"acme","version":)" + version + "}}\n";
  }
  static std::string PayloadOf(int acceptance) { return "<a>" + std::to_string(acceptance) + "</a>"; }
  std::string Message(int acceptance, const std::string& receipt_of = "") const {
    const std::string payload = PayloadOf(acceptance);
    ReceiptFacts facts;
    facts.provider = ProviderId::Trusted("acme");
    facts.gateway_id = MessageId::Trusted("V" + std::to_string(acceptance));
    facts.digest = digester_->Sha256Of(receipt_of.empty() ? payload : receipt_of);
    const std::string receipt = sealer_->Seal(kReceiptType, ReceiptJson(facts));
    return R"({"message":{"acceptance":)" + std::to_string(acceptance) + R"(,"gateway_mtdiep":"V)" +
           std::to_string(acceptance) + R"(","payload":")" + Base64Encode(payload) + R"(","provider_mtdiep":"m)" +
           std::to_string(acceptance) + R"(","receipt":")" + receipt + R"(","sha256":")" +
           digester_->Sha256Of(payload).Hex() + "\"}}\n";
  }
  // The seal of these lines.
  std::string SealOf(const std::string& lines, int messages, int after, int through, bool complete,
                     const std::string& provider = "acme", const std::string& incarnation = "first") const {
    const std::string facts = R"({"after":)" + std::to_string(after) + R"(,"bytes":)" + std::to_string(lines.size()) +
                              R"(,"complete":)" + (complete ? "true" : "false") + R"(,"incarnation":")" + incarnation +
                              R"(","messages":)" + std::to_string(messages) + R"(,"provider":")" + provider +
                              R"(","sha256":")" + digester_->Sha256Of(lines).Hex() + R"(","through":)" +
                              std::to_string(through) + "}";
    return R"({"seal":")" + sealer_->Seal(kHandoverType, facts) + "\"}\n";
  }
  // Two segments, three messages.
  std::string First() const {
    const std::string lines = Head() + Message(3) + Message(5);
    return lines + SealOf(lines, 2, 0, 5, false);
  }
  std::string Second() const { return Message(8) + SealOf(Message(8), 1, 5, 9, true); }

  std::string Verdict(const std::string& text) const {
    std::istringstream file(text);
    const auto facts = ReadHandover(file, &keys_);
    return facts.ok() ? std::string(facts->complete ? "complete" : "more") : facts.status().ToString();
  }
  HandoverFacts Resume(const std::string& text) const {
    std::istringstream file(text);
    return ReadHandover(file, nullptr).value();
  }

  TempFolder folder_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::string keys_;
};

TEST_F(HandoverFile, AWholeOneIsGenuineAndItsIdsAreThoseToWithdraw) {
  std::istringstream file(First() + Second());
  std::vector<std::string> ids;
  const auto facts = ReadHandover(file, &keys_, [&](const HandoverId& id) { ids.push_back(id.kind + " " + id.value); });
  ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  EXPECT_TRUE(facts->complete);
  EXPECT_EQ(facts->provider, "acme");
  EXPECT_EQ(facts->messages, 3u);
  EXPECT_EQ(facts->segments, 2u);
  EXPECT_EQ(facts->through, 9u);
  EXPECT_THAT(ids, testing::ElementsAre("provider_mtdiep m3", "provider_mtdiep m5", "provider_mtdiep m8"));
  EXPECT_EQ(Verdict(First()), "more") << "genuine as far as it goes";
}

TEST_F(HandoverFile, AnotherKeyOpensNoSeal) {
  TVAN_CHECK(WritePem(folder_.File("other.key"), MakeEd25519KeyPem().value(), PemKind::kSecret).ok());
  keys_ = Sealer::Load(folder_.File("other.key")).value()->KeySetJson();
  EXPECT_THAT(Verdict(First() + Second()), testing::HasSubstr("seal.unknown_key"));
}

TEST_F(HandoverFile, WhatWasTouchedIsRefused) {
  const std::string whole = First() + Second();
  EXPECT_EQ(Verdict(whole), "complete");
  const auto without = [&](const std::string& part) { return Replaced(whole, part, ""); };
  EXPECT_THAT(Verdict(without(Message(5))), testing::HasSubstr("not those that were sealed"));
  EXPECT_THAT(Verdict(without(Message(8))), testing::HasSubstr("not those that were sealed"));
  EXPECT_THAT(Verdict(Replaced(whole, "\"m5\"", "\"m6\"")), testing::HasSubstr("not those that were sealed"));
  EXPECT_THAT(Verdict(Replaced(whole, Base64Encode(PayloadOf(5)), Base64Encode(PayloadOf(6)))),
              testing::HasSubstr("payload"));
  EXPECT_THAT(Verdict(Head() + Second()), testing::HasSubstr("a segment is missing"));
  EXPECT_THAT(Verdict(First() + First()), testing::HasSubstr("the head stands first"));
  EXPECT_THAT(Verdict(whole + Message(10)), testing::HasSubstr("something follows the last seal"));
  EXPECT_THAT(Verdict(First() + Message(8)), testing::HasSubstr("cut short"));
  EXPECT_THAT(Verdict(whole.substr(0, whole.size() - 1)), testing::HasSubstr("does not end"));
  EXPECT_THAT(Verdict(""), testing::HasSubstr("ctl.handover"));
}

TEST_F(HandoverFile, ASealThatLiesIsRefused) {
  const auto with = [this](const std::string& lines, const std::string& seal) { return Verdict(lines + seal); };
  const std::string lines = Head() + Message(3);
  EXPECT_EQ(with(lines, SealOf(lines, 1, 0, 3, true)), "complete");
  EXPECT_THAT(with(lines, SealOf(lines, 2, 0, 3, true)), testing::HasSubstr("not those that were sealed"));
  EXPECT_THAT(with(lines, SealOf(lines, 1, 0, 2, true)), testing::HasSubstr("speaks of less"));
  EXPECT_THAT(with(lines, SealOf(lines, 1, 1, 3, true)), testing::HasSubstr("a segment is missing"));
  EXPECT_THAT(with(lines, SealOf(lines, 1, 0, 3, true, "beta")), testing::HasSubstr("of another file"));
  const std::string twice = Head() + Message(3) + Message(3);
  EXPECT_THAT(with(twice, SealOf(twice, 2, 0, 3, true)), testing::HasSubstr("order of acceptance"));
  const std::string foreign = Head() + Message(3, "<other/>");
  EXPECT_THAT(with(foreign, SealOf(foreign, 1, 0, 3, true)), testing::HasSubstr("receipt is of another message"));
  const std::string newer = Head("2");
  EXPECT_THAT(with(newer, SealOf(newer, 0, 0, 3, true)), testing::HasSubstr("version 1"));
}

TEST_F(HandoverFile, ASegmentOfAnotherLifeOfTheStoreIsRefusedWithWhatToDo) {
  const auto second = [this](const std::string& incarnation) {
    return First() + Message(8) + SealOf(Message(8), 1, 5, 9, true, "acme", incarnation);
  };
  EXPECT_EQ(Verdict(second("first")), "complete");
  EXPECT_THAT(Verdict(second("restored")), testing::HasSubstr("Begin a new file"));
  const HandoverFacts facts = Resume(second("restored"));
  EXPECT_TRUE(facts.cut_short) << "an export does not go on behind it";
  EXPECT_EQ(facts.sealed_bytes, First().size());
}

TEST_F(HandoverFile, WhatIsNoSuchFileIsRefused) {
  for (const std::string& bad :
       std::vector<std::string>{"{}\n", "[]\n", "x\n", "\n", "{\"a\":{}}\n", "{\"seal\":\"a.b.c\"}\n",
                                Head() + "{\"seal\":1}\n", Head() + "{\"new\":{}}\n", Head() + "{\"message\":1}\n",
                                Head() + "{\"message\":{},\"seal\":1}\n", std::string(kMostHandoverLine + 10, ' ')})
    EXPECT_NE(Verdict(bad), "complete") << bad.substr(0, 40);
}

TEST_F(HandoverFile, AnExportGoesOnBehindTheLastSeal) {
  EXPECT_EQ(Resume(First()).sealed_bytes, First().size());
  EXPECT_FALSE(Resume(First()).complete);
  for (const std::string& piece : {Message(8), Message(8).substr(0, 40), std::string("{\"mess")}) {
    const HandoverFacts facts = Resume(First() + piece);
    EXPECT_TRUE(facts.cut_short);
    EXPECT_EQ(facts.sealed_bytes, First().size());
    EXPECT_EQ(facts.through, 5u);
  }
  EXPECT_EQ(Resume(Head() + Message(3)).sealed_bytes, 0u) << "without a seal it begins again";
  EXPECT_TRUE(Resume(First() + Second()).complete);
  std::istringstream letter("Dear Sir\n");
  EXPECT_FALSE(ReadHandover(letter, nullptr).ok()) << "somebody's file is not cut";
}

}  // namespace
}  // namespace tvan::ctl
