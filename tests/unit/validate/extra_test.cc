// The small rules beyond fields, each found and not found.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/validate/rules_extra.h"
#include "tests/unit/validate/facts_of.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Checked(const std::string& in_dlhdon, uint32_t most = 500) {
  const ParsedInvoice invoice = FactsOfInvoice("<HDon><DLHDon>" + in_dlhdon + "</DLHDon></HDon>");
  FindingList findings;
  CheckExtra(invoice.facts, most, findings);
  return Told(findings);
}

std::string TTin(const std::string& kind, const std::string& value) {
  return "<TTin><TTruong>a</TTruong><KDLieu>" + kind + "</KDLieu><DLieu>" + value + "</DLieu></TTin>";
}
std::string TTKhac(const std::string& rows) { return "<TTKhac>" + rows + "</TTKhac>"; }

TEST(ExtraRules, DataOfATTinReadAsItsKind) {
  struct Case {
    std::string kind, value;
    bool good;
  };
  const Case cases[] = {
      {"date", "2026-11-20", true},
      {"date", "20/11/2026", false},
      {"Date", "20/11/2026", false},
      {"dateTime", "2026-11-20T10:00:00", true},
      {"dateTime", "2026-11-20", false},
      {"numeric", "-12.5", true},
      {"numeric", "12,5", false},
      {"numberic", "12,5", false},
      {"NUMERIC", "12.5", true},
      {"string", "20/11/2026", true},
      {"other", "20/11/2026", true},
      {"", "20/11/2026", true},
      {"date", "", true},
      {"date", "<a>20/11/2026</a>", true},  // with elements in it nothing is asked
  };
  for (const Case& c : cases) {
    const auto told = Checked(TTKhac(TTin(c.kind, c.value)));
    if (c.good)
      EXPECT_THAT(told, IsEmpty()) << c.kind << " " << c.value;
    else
      EXPECT_THAT(told, ElementsAre("field.ttin_type /HDon/DLHDon/TTKhac/TTin/DLieu")) << c.kind << " " << c.value;
  }
}

TEST(ExtraRules, ATTKhacHoldsAtMostTheCharactersOfItsProfile) {
  const std::string full(500, 'x'), most_of(499, 'x');
  EXPECT_THAT(Checked(TTKhac(TTin("string", full))), IsEmpty());
  EXPECT_THAT(Checked(TTKhac(TTin("string", most_of + "e\u0302\u0301"))), IsEmpty());  // one letter
  EXPECT_THAT(Checked(TTKhac(TTin("string", full + "x"))),
              ElementsAre("!field.ttkhac_length /HDon/DLHDon/TTKhac/TTin/DLieu"));
  EXPECT_THAT(Checked(TTKhac(TTin("string", full + "x")), 0), IsEmpty());  // no limit in this profile
  EXPECT_THAT(Checked(TTKhac(TTin("string", most_of) + TTin("string", "x"))), IsEmpty());
  EXPECT_THAT(Checked(TTKhac(TTin("string", most_of) + TTin("string", "xx"))),
              ElementsAre("field.ttkhac_length /HDon/DLHDon/TTKhac"));
  EXPECT_THAT(Checked("<TTChung>" + TTKhac(TTin("string", full)) + "</TTChung>" + TTKhac(TTin("string", full))),
              IsEmpty());
}

std::string Buyer(const std::string& mst) { return "<NDHDon><NMua><MST>" + mst + "</MST></NMua></NDHDon>"; }

TEST(ExtraRules, ABuyersTaxCodeOfAnotherFormIsToldNotRefused) {
  EXPECT_THAT(Checked(Buyer("0102030405")), IsEmpty());
  EXPECT_THAT(Checked(Buyer("")), IsEmpty());
  EXPECT_THAT(Checked(Buyer("PASS123")), ElementsAre("field.buyer_mst /HDon/DLHDon/NDHDon/NMua/MST"));
}

TEST(ExtraRules, FormsWithoutAFieldTableAreTold) {
  const auto form = [](const std::string& value) {
    return Checked("<TTChung><KHMSHDon>" + value + "</KHMSHDon></TTChung>");
  };
  EXPECT_THAT(form("6"), IsEmpty());
  for (const std::string beyond : {"7", "8", "9"})
    EXPECT_THAT(form(beyond), ElementsAre("invoice.form_beyond /HDon/DLHDon/TTChung/KHMSHDon"));
}

TEST(ExtraRules, TheUnconfirmedNatureIsToldOnce) {
  const auto line = [](const std::string& nature) { return "<HHDVu><TChat>" + nature + "</TChat></HHDVu>"; };
  const auto lines = [](const std::string& all) { return Checked("<NDHDon><DSHHDVu>" + all + "</DSHHDVu></NDHDon>"); };
  EXPECT_THAT(lines(line("1") + line("4")), IsEmpty());
  EXPECT_THAT(lines(line("4") + line("5") + line("5")),
              ElementsAre("invoice.nature_beyond /HDon/DLHDon/NDHDon/DSHHDVu/HHDVu[2]/TChat"));
}

}  // namespace
}  // namespace tvan
