// The CSV of the snapshots: what goes in comes out, and nothing in it is a formula.
#include "gateway/reconcile/csv.h"

#include <gmock/gmock.h>

#include <sstream>

namespace tvan {
namespace {

using Cells = std::vector<std::string>;

std::string Written(const Cells& cells) {
  std::string text;
  AppendCsvRecord(cells, text);
  return text;
}

Result<bool> ReadFrom(const std::string& text, Cells& cells) {
  std::istringstream stream(text);
  return CsvReader(stream).Next(cells);
}

TEST(Csv, ReadsBackWhateverWasWritten) {
  const Cells nasty = {"",       "a",   "a,b",    "\"",    "a\"b\"", "two\r\nlines", " space ", "'",
                       "''",     "'=1", "=1",     "a;=1",  "a;'=1",  "a; =1",        "\t=1",    "x\n'y",
                       ";",      "a;",  "a;'",    "\r\n=", "-1x",    "\uff1d1+1",    "Thuế; =", "-12.50",
                       "'-12.5", "\n",  "\"=1\"", "a\t'b", "- 1",    ";;=;"};
  Cells read;
  const auto more = ReadFrom(Written(nasty), read);
  ASSERT_TRUE(more.ok()) << more.status().ToString();
  EXPECT_TRUE(*more);
  EXPECT_EQ(read, nasty);
}

TEST(Csv, AFormulaIsMadeTextAndItsHarmlessTwinIsLeftAlone) {
  for (const std::string& formula : Cells{"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1",
                                          "=cmd|' /C calc'!A0", "\uff1d1", "\uff201", "-", "1;=2"})
    EXPECT_NE(Harmless(formula), formula) << formula;
  EXPECT_EQ(Harmless("=1+1"), "'=1+1");
  EXPECT_EQ(Harmless("Tên;=HYPERLINK(1)"), "Tên;'=HYPERLINK(1)") << "a program that separates by ; begins a cell there";
  for (const std::string& plain :
       Cells{"1+1", "a=b", "-110000", "-0.5", "12.50", "", "Công ty", "a@b.vn", "2026-11-20", "a - b"})
    EXPECT_EQ(Harmless(plain), plain);
}

TEST(Csv, HasTheFormOfRfc4180) {
  EXPECT_EQ(Written({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(Written({"a,b", "say \"x\"", "a\nb", "a;b"}), "\"a,b\",\"say \"\"x\"\"\",\"a\nb\",\"a;b\"\r\n");
}

TEST(Csv, RefusesWhatIsCutShortOrMalformed) {
  const auto reason = [](const std::string& text) {
    Cells cells;
    const auto more = ReadFrom(text, cells);
    return more.ok() ? std::string(*more ? "a record" : "the end") : std::string(more.status().reason().text());
  };
  EXPECT_EQ(reason(""), "the end");
  EXPECT_EQ(reason("a,b\r\n"), "a record");
  EXPECT_EQ(reason("a,\"b\"\r\n"), "a record");
  for (const std::string& bad : Cells{"a,b", "a,\"b", "a,\"b\"", "a\nb\r\n", "a\"b\r\n", "\"a\"b\r\n", "a\rb\r\n",
                                      std::string(CsvReader::kMostBytes + 1, 'x') + "\r\n",
                                      "\"" + std::string(CsvReader::kMostBytes + 1, 'x') + "\"\r\n",
                                      std::string(CsvReader::kMostCells, ',') + "\r\n"})
    EXPECT_EQ(reason(bad), "reconcile.csv") << bad.substr(0, 20);
}

}  // namespace
}  // namespace tvan
