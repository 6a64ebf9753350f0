#include "gateway/core/wrapping.h"

#include <gtest/gtest.h>

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

const std::string kBytes =
    "<TDiep xmlns:x=\"u\"><TTChung/><DLieu Id=\"d\">\xC4\x91&amp;</DLieu><CKSNNT>s</CKSNNT></TDiep>";

ByteRange RangeOf(std::string_view part) {
  return {static_cast<uint32_t>(kBytes.find(part)), static_cast<uint32_t>(part.size())};
}

WrappingPlan Plan() {
  WrappingPlan plan;
  plan.payload = RangeOf("<DLieu Id=\"d\">\xC4\x91&amp;</DLieu>");
  plan.cksnnt = RangeOf("<CKSNNT>s</CKSNNT>");
  plan.root_attributes = " xmlns:x=\"u\"";
  plan.pban = "2.1.0";
  plan.mltdiep = 206;
  plan.mst = "0101234567-001";
  plan.sluong = "3";
  return plan;
}

const HopHeader kHeader{"V0100000001", "TCT", "V0100000001ABC", ""};

TEST(RenderWrapped, SplicesPayloadAndSignatureIntoANewEnvelope) {
  EXPECT_EQ(RenderWrapped(Plan(), kBytes, kHeader),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<TDiep xmlns:x=\"u\"><TTChung><PBan>2.1.0</PBan><MNGui>V0100000001</MNGui><MNNhan>TCT</MNNhan>"
            "<MLTDiep>206</MLTDiep><MTDiep>V0100000001ABC</MTDiep><MTDTChieu/><MST>0101234567-001</MST>"
            "<SLuong>3</SLuong></TTChung><DLieu Id=\"d\">\xC4\x91&amp;</DLieu><CKSNNT>s</CKSNNT></TDiep>");
}

TEST(RenderWrapped, LeavesOutWhatATechnicalMessageDoesNotHave) {
  WrappingPlan plan = Plan();
  plan.cksnnt.reset();
  plan.root_attributes.clear();
  plan.mltdiep = -1;
  plan.mst.clear();
  plan.sluong.clear();
  HopHeader header = kHeader;
  header.mtdtchieu = "K1";
  EXPECT_EQ(RenderWrapped(plan, kBytes, header),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0100000001</MNGui><MNNhan>TCT</MNNhan>"
            "<MLTDiep>-1</MLTDiep><MTDiep>V0100000001ABC</MTDiep><MTDTChieu>K1</MTDTChieu></TTChung>"
            "<DLieu Id=\"d\">\xC4\x91&amp;</DLieu></TDiep>");
}

TEST(RenderWrapped, PutsABareInvoiceIntoDLieu) {
  WrappingPlan plan;
  plan.form = WrappingPlan::Form::kBareHDon;
  plan.payload = {0, 7};
  plan.pban = "2.1.0";
  plan.mltdiep = 200;
  plan.mst = "0101234567";
  plan.sluong = "1";
  const std::string out = RenderWrapped(plan, "<HDon/>", kHeader);
  EXPECT_NE(out.find("</TTChung><DLieu><HDon/></DLieu></TDiep>"), std::string::npos);
}

TEST(RenderWrapped, EscapesHeaderFields) {
  HopHeader header = kHeader;
  header.mtdtchieu = "a&<>\"'b";
  EXPECT_NE(RenderWrapped(Plan(), kBytes, header).find("<MTDTChieu>a&amp;&lt;&gt;&quot;&apos;b</MTDTChieu>"),
            std::string::npos);
}

TEST(RenderWrappedDeathTest, ARangeOutsideOfTheBytesIsABrokenInvariant) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  WrappingPlan plan = Plan();
  plan.payload = {static_cast<uint32_t>(kBytes.size()), 0};
  EXPECT_FALSE(RenderWrapped(plan, kBytes, kHeader).empty());
  plan.payload = {static_cast<uint32_t>(kBytes.size()), 1};
  EXPECT_DEATH(RenderWrapped(plan, kBytes, kHeader), "broken invariant");
  plan.payload = {UINT32_MAX, 1};  // their sum is zero in 32 bits
  EXPECT_DEATH(RenderWrapped(plan, kBytes, kHeader), "broken invariant");
}

TEST(WrappingPlan, ComesBackFromItsBytes) {
  WrappingPlan plan = Plan();
  EXPECT_EQ(*WrappingPlan::Decode(plan.Encode()), plan);
  plan.cksnnt.reset();
  plan.form = WrappingPlan::Form::kBareHDon;
  plan.mltdiep = -2;
  EXPECT_EQ(*WrappingPlan::Decode(plan.Encode()), plan);
}

TEST(WrappingPlan, HasTheBytesOfTheWrittenFormat) {
  WrappingPlan plan;
  plan.payload = {5, 300};
  plan.pban = "2.1.0";
  plan.mltdiep = 200;
  EXPECT_EQ(plan.Encode(), std::string("\x01\x01\x01\x02\x01\x05\x03\x02\xAC\x02\x06\x00\x07\x05"
                                       "2.1.0"
                                       "\x08\x02\x90\x03\x09\x00\x0A\x00",
                                       27));
}

TEST(WrappingPlan, DamagedIsRefused) {
  const std::string whole = Plan().Encode();
  EXPECT_TRUE(WrappingPlan::Decode(whole).ok());
  EXPECT_EQ(WrappingPlan::Decode("").status().reason().text(), "wrapping.damaged");
  EXPECT_FALSE(WrappingPlan::Decode(whole.substr(0, whole.size() - 1)).ok());
  TaggedWriter other_form;
  other_form.Unsigned(1, 3).Unsigned(2, 0).Unsigned(3, 0);
  EXPECT_FALSE(WrappingPlan::Decode(other_form.bytes()).ok());
  TaggedWriter half_range;
  half_range.Unsigned(1, 1).Unsigned(2, 0).Unsigned(3, 0).Unsigned(4, 0);
  EXPECT_FALSE(WrappingPlan::Decode(half_range.bytes()).ok());
  TaggedWriter too_far;
  too_far.Unsigned(1, 1).Unsigned(2, uint64_t{1} << 32).Unsigned(3, 0);
  EXPECT_FALSE(WrappingPlan::Decode(too_far.bytes()).ok());
}

TEST(WrappingPlan, SkipsFieldsOfALaterVersion) {
  TaggedWriter out;
  out.Unsigned(1, 1).Unsigned(2, 0).Unsigned(3, 4).Bytes(99, "later");
  EXPECT_TRUE(WrappingPlan::Decode(out.bytes()).ok());
}

}  // namespace
}  // namespace tvan
