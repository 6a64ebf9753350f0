// The hand-over file: what never left is in it, whole and sealed; exporting changes nothing.
#include "gateway/reconcile/handover.h"

#include <cstdlib>

#include "store/keys.h"
#include "tests/unit/reconcile/reconcile_world.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Handover : public ReconcileWorld {
 protected:
  struct Export {
    std::string text;
    std::vector<HandoverPiece> seals;
    Status status;
  };
  Export Run(uint64_t after = 0, const std::string& provider = "acme") {
    Export result;
    HandoverOrder order;
    order.provider = ProviderId::Trusted(provider);
    order.after = after;
    order.take = [&](const HandoverPiece& piece) {
      result.text += piece.lines;
      if (piece.sealed) result.seals.push_back(piece);
      return true;
    };
    const HandoverParts parts{*store, sealer, *digester, *clock};
    result.status = ExportBuffer(parts, order);
    EXPECT_TRUE(result.status.ok()) << result.status.ToString();
    return result;
  }
  // What the n-th seal of a text says.
  static std::string SealOf(const std::string& text, size_t n = 0) {
    size_t at = 0;
    const std::string mark = "{\"seal\":\"tvan-handover+jws.";
    for (size_t i = 0; i <= n; ++i) at = text.find(mark, at) + mark.size();
    return Base64UrlDecode(text.substr(at, text.find('"', at) - at)).value();
  }
  static size_t Count(const std::string& text, const std::string& what) {
    size_t count = 0;
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
  }
};

TEST_F(Handover, HasTheFormThatIsWrittenDown) {
  Accept({.id = "1", .cls = MessageClass::kUncoded, .type = 203}, "<TDiep>một</TDiep>");
  const MessageId held = Accept({.id = "2", .cls = MessageClass::kCoded, .type = 200, .bare = true}, "<HDon/>");
  Move(held, EventKind::kHeld, Stage::kHeld, "contract.taxpayer_stopped");
  const std::string text = Run().text;
  const std::string path = std::string(std::getenv("TVAN_SOURCE_DIR")) + "/tests/unit/reconcile/handover-v1.jsonl";
  std::ifstream file(path, std::ios::binary);
  const std::string golden((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text, golden) << "a change of the form is a new version, beside this one";
  EXPECT_THAT(SealOf(text), HasSubstr(R"("messages":2,)"));
}

TEST_F(Handover, HoldsWhatNeverLeftAndNothingElse) {
  using Outcome = Settlement::Outcome;
  const MessageId queued = Accept("queued"), held = Accept("held"), beta = Accept("other", 1, "beta");
  Move(held, EventKind::kHeld, Stage::kHeld, "contract.stopped");
  const MessageId not_sent = Accept("not sent"), doubt = Accept("doubt"), answered = Accept("answered");
  Send(not_sent, Outcome::kNotSent);
  Send(doubt, Outcome::kInDoubt);
  Send(answered);
  Answer(answered, Stage::kAnswered);
  const std::string text = Run().text;
  for (const MessageId& in : {queued, held}) EXPECT_THAT(text, HasSubstr(in.value()));
  for (const MessageId& out : {beta, not_sent, doubt, answered}) EXPECT_THAT(text, Not(HasSubstr("\"" + out.value())));
}

TEST_F(Handover, CarriesTheSubmittedBytesAndTheReceipt) {
  const MessageId id = Accept({.id = "1"}, "<TDiep>\xef\xbb\xbf&amp;\n</TDiep>");
  const std::string text = Run().text;
  EXPECT_THAT(text, HasSubstr("\"payload\":\"" + Base64Encode("<TDiep>\xef\xbb\xbf&amp;\n</TDiep>") + "\""));
  EXPECT_THAT(text, HasSubstr("\"receipt\":\"receipt-of-" + id.value() + "\""));
}

TEST_F(Handover, ChangesNothing) {
  const MessageId id = Accept("1");
  const auto before = store->position();
  Run();
  EXPECT_EQ(store->position().sequence, before.sequence);
  EXPECT_EQ(StageOf(*store, id), Stage::kQueued);
}

TEST_F(Handover, IsSealedInSegmentsOfWhichEachStandsAlone) {
  const size_t many = kSegmentMessages + 7;
  for (size_t i = 0; i < many; ++i) Accept({.id = std::to_string(i)}, "<x/>");
  const Export all = Run();
  ASSERT_EQ(all.seals.size(), 2u);
  EXPECT_FALSE(all.seals[0].complete);
  EXPECT_TRUE(all.seals[1].complete);
  EXPECT_EQ(all.seals[0].through, kSegmentMessages);
  const size_t first_end = all.text.find(all.seals[0].lines), second = first_end + all.seals[0].lines.size();
  const size_t second_end = all.text.find(all.seals[1].lines);
  EXPECT_THAT(SealOf(all.text, 0),
              HasSubstr("\"sha256\":\"" + digester->Sha256Of(all.text.substr(0, first_end)).Hex() + "\""));
  EXPECT_THAT(
      SealOf(all.text, 1),
      HasSubstr("\"sha256\":\"" + digester->Sha256Of(all.text.substr(second, second_end - second)).Hex() + "\""));
}

TEST_F(Handover, GoesOnBehindTheSealOfAFileThatWasCutShort) {
  for (size_t i = 0; i < kSegmentMessages + 7; ++i) Accept({.id = std::to_string(i)}, "<x/>");
  const Export all = Run();
  const Export rest = Run(all.seals.at(0).through);
  const size_t second = all.text.find(all.seals[0].lines) + all.seals[0].lines.size();
  EXPECT_EQ(rest.text, all.text.substr(second)) << "with the first segment it is the whole file";
  EXPECT_THAT(SealOf(rest.text), HasSubstr("\"after\":" + std::to_string(kSegmentMessages) + ","));
}

TEST_F(Handover, AnEmptyBufferIsACompleteFile) {
  const Export none = Run(0, "beta");
  ASSERT_EQ(none.seals.size(), 1u);
  EXPECT_TRUE(none.seals[0].complete);
  EXPECT_EQ(Count(none.text, "\n"), 2u);
}

TEST_F(Handover, WhatCannotBeReadIsNamedAndHidesNoOther) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Accept(std::to_string(i)));
  ASSERT_TRUE(store->Damage(Family::kMeta, ids[1].value()));
  ASSERT_TRUE(store->Damage(Family::kPayload, U64(4)));
  const std::string text = Run().text;
  EXPECT_EQ(Count(text, "{\"message\":"), 3u);
  EXPECT_THAT(text, HasSubstr("{\"unreadable\":{\"after\":1}}\n"));
  EXPECT_THAT(text, HasSubstr("{\"unreadable\":{\"after\":3}}\n"));
  EXPECT_THAT(SealOf(text), HasSubstr("\"unreadable\":2"));
}

TEST_F(Handover, ASealSaysWhatIsMissingInFrontOfItNotOnlyTheLast) {
  std::vector<MessageId> ids;
  for (size_t i = 0; i < kSegmentMessages + 7; ++i) ids.push_back(Accept({.id = std::to_string(i)}, "<x/>"));
  ASSERT_TRUE(store->Damage(Family::kMeta, ids[99].value()));
  const Export all = Run();
  ASSERT_EQ(all.seals.size(), 2u);
  EXPECT_THAT(SealOf(all.text, 0), HasSubstr("\"unreadable\":1")) << "who goes on behind it never meets it";
  EXPECT_THAT(SealOf(all.text, 1), HasSubstr("\"unreadable\":0"));
}

TEST_F(Handover, EndsWhenTheCallerIsGone) {
  for (int i = 0; i < 5; ++i) Accept(std::to_string(i));
  int pieces = 0;
  HandoverOrder order{ProviderId::Trusted("acme"), 0, [&](const HandoverPiece&) { return ++pieces < 3; }};
  const HandoverParts parts{*store, sealer, *digester, *clock};
  EXPECT_EQ(ExportBuffer(parts, order).reason(), "reconcile.stopped"_reason);
  EXPECT_EQ(pieces, 3);
}

}  // namespace
}  // namespace tvan
