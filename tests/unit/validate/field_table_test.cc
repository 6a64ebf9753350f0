// Field tables: what the reader takes and what it refuses, one change apart.
#include "gateway/validate/field_table.h"

#include <gmock/gmock.h>

#include "adapters/signature.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHead = "key\tvalue\nid\tp\nname_vi\tHồ sơ\nname_en\tProfile\nvalid_from\t2020-01-01\n";
const std::string kColumns =
    "object\tpath\toccurs\ttype\tdigits\tenumeration\tapplies\tmark\toccurs_mark\trule\tafter\tsource\tnote\n";

// One row; by itself a text of ten characters.
struct Row {
  std::string object = "o", path = "A", occurs = "1", type = "text", digits = "10", enumeration, applies;
  std::string mark = "sure", occurs_mark = "likely", rule, after, source = "protocol", note;
  std::string Line() const {
    std::string line;
    for (const std::string& cell :
         {object, path, occurs, type, digits, enumeration, applies, mark, occurs_mark, rule, after, source, note})
      line += cell + "\t";
    line.back() = '\n';
    return line;
  }
};
Row Object(const std::string& path) { return {.path = path, .type = "object", .digits = ""}; }

std::string Table(const std::vector<Row>& rows) {
  std::string text = kColumns;
  for (const Row& row : rows) text += row.Line();
  return text;
}

Result<std::vector<std::shared_ptr<const Profile>>> Load(const std::vector<ProfileSource>& sources) {
  return LoadProfiles(sources, *MakeDigester());
}

// Everything that is said of a table; empty: it is taken.
std::string FaultsOfTable(const std::string& fields) {
  const auto profiles = Load({{"p", kHead, fields}});
  return profiles.ok() ? "" : profiles.status().message();
}
std::string FaultsOf(const Row& row) { return FaultsOfTable(Table({row})); }
std::string FaultsOfRows(const std::vector<Row>& rows) { return FaultsOfTable(Table(rows)); }

FieldRow Read(const Row& row) {
  const auto profiles = Load({{"p", kHead, Table({row})}});
  EXPECT_TRUE(profiles.ok()) << profiles.status().message();
  return profiles.ok() ? profiles->front()->objects.at("o").rows.front() : FieldRow();
}

TEST(FieldTable, KeepsWhatARowSays) {
  const FieldRow row = Read({.occurs = "0..n", .rule = "field.a", .source = "protocol §7", .note = "as seen"});
  EXPECT_EQ(row.path, "A");
  EXPECT_EQ(row.min_occurs, 0u);
  EXPECT_EQ(row.max_occurs, FieldRow::kUnbounded);
  EXPECT_EQ(row.type, FieldType::kText);
  EXPECT_EQ(row.length, 10u);
  EXPECT_EQ(row.mark, Mark::kSure);
  EXPECT_EQ(row.occurs_mark, Mark::kLikely);
  EXPECT_EQ(row.rule, "field.a");
  EXPECT_EQ(row.source, "protocol §7");
  EXPECT_EQ(row.note, "as seen");
  EXPECT_EQ(row.place, "p/fields.tsv:2");
}

TEST(FieldTable, ReadsTheFormOfEachType) {
  EXPECT_TRUE(Read({.type = "code", .digits = "", .enumeration = "[A-Z]{2}"}).pattern.Matches("AB"));
  EXPECT_THAT(Read({.type = "enum", .digits = "", .enumeration = "1|2"}).values, ElementsAre("1", "2"));
  EXPECT_EQ(Read({.type = "number", .digits = "19,4"}).digits.decimals, 4);
  EXPECT_EQ(Read({.type = "int", .digits = "3"}).max, 999u);
  EXPECT_EQ(Read({.type = "int", .digits = "8", .enumeration = "1..99999999"}).min, 1u);
  EXPECT_EQ(Read({.type = "qr", .digits = "512"}).length, 512u);
  EXPECT_EQ(Read({.type = "date", .digits = ""}).type, FieldType::kDate);
  EXPECT_EQ(Read({.type = "int", .digits = "19"}).max, 9'999'999'999'999'999'999u);
}

TEST(FieldTable, RefusesAFormThatDoesNotFitItsType) {
  EXPECT_THAT(FaultsOf({.type = "number", .digits = "19"}), HasSubstr("digits \"19\" is not TOTAL,DECIMALS"));
  EXPECT_THAT(FaultsOf({.type = "number", .digits = "4,5"}), HasSubstr("is not TOTAL,DECIMALS"));
  EXPECT_THAT(FaultsOf({.type = "number", .digits = "19;4"}), HasSubstr("is not TOTAL,DECIMALS"));
  EXPECT_THAT(FaultsOf({.digits = "0"}), HasSubstr("digits \"0\" is no length"));
  EXPECT_THAT(FaultsOf({.digits = "ten"}), HasSubstr("digits \"ten\" is no length"));
  EXPECT_THAT(FaultsOf({.type = "int", .digits = "20"}), HasSubstr("digits \"20\" is not 1 to 19"));
  EXPECT_THAT(FaultsOf({.type = "int", .digits = ""}), HasSubstr("digits \"\" is not 1 to 19"));
  EXPECT_THAT(FaultsOf({.type = "int", .digits = "2", .enumeration = "1..100"}), HasSubstr("is not MIN..MAX"));
  EXPECT_THAT(FaultsOf({.type = "int", .digits = "2", .enumeration = "9..1"}), HasSubstr("is not MIN..MAX"));
  EXPECT_THAT(FaultsOf({.type = "enum", .digits = "", .enumeration = "1||2"}), HasSubstr("is not VALUE|VALUE"));
  EXPECT_THAT(FaultsOf({.type = "enum", .digits = "", .enumeration = "1|2|1"}), HasSubstr("has a value twice"));
  EXPECT_THAT(FaultsOf({.type = "enum", .digits = "1", .enumeration = "1|2"}), HasSubstr("digits \"1\" must be empty"));
  EXPECT_THAT(FaultsOf({.type = "code", .enumeration = "[A-Z]"}), HasSubstr("digits \"10\" must be empty"));
  EXPECT_THAT(FaultsOf({.type = "date"}), HasSubstr("digits \"10\" must be empty"));
  EXPECT_THAT(FaultsOf({.enumeration = "1|2"}), HasSubstr("enumeration \"1|2\" must be empty"));
}

TEST(FieldTable, RefusesAPatternThatDoesNotCompile) {
  EXPECT_THAT(FaultsOf({.type = "code", .digits = "", .enumeration = "[A-Z"}),
              HasSubstr("enumeration \"[A-Z\" is no pattern"));
  EXPECT_THAT(FaultsOf({.type = "code", .digits = ""}), HasSubstr("holds the pattern of a code"));
}

TEST(FieldTable, RefusesAnUnknownTypeOrMark) {
  EXPECT_THAT(FaultsOf({.type = "string"}), HasSubstr("p/fields.tsv:2: type \"string\" is not known"));
  EXPECT_THAT(FaultsOf({.type = "text:o"}), HasSubstr("type \"text:o\" is not known"));
  EXPECT_THAT(FaultsOf({.mark = "certain"}), HasSubstr("mark \"certain\" is not weak, likely or sure"));
  EXPECT_THAT(FaultsOf({.occurs_mark = ""}), HasSubstr("occurs_mark \"\" is not weak, likely or sure"));
}

TEST(FieldTable, RefusesACountThatIsNone) {
  for (const char* good : {"0", "1", "0..1", "0..n", "1..n", "2..5"})
    EXPECT_THAT(FaultsOf({.occurs = good}), IsEmpty());
  for (const char* bad : {"", "n", "n..1", "2..1", "1..", "1-2", "-1", "1..n..2"})
    EXPECT_THAT(FaultsOf({.occurs = bad}), HasSubstr("is not N, N..M or N..n")) << bad;
}

TEST(FieldTable, RefusesAPathThatIsNone) {
  for (const char* bad : {"", ".", "A//B", "/A", "A/", "9A", "@Id/A", "*/A", "@Name", "A B"})
    EXPECT_THAT(FaultsOf({.path = bad}), HasSubstr("is no path of names")) << bad;
  EXPECT_THAT(FaultsOf({.object = "an object"}), HasSubstr("object \"an object\" is no name"));
}

TEST(FieldTable, TakesAnIdAsAnAttributeOnly) {
  const Row id = {.path = "A/@Id", .type = "id", .digits = ""};
  EXPECT_THAT(FaultsOfRows({Row(), id}), IsEmpty());
  EXPECT_THAT(FaultsOfRows({Row(), {.path = "A/@Id"}}), HasSubstr("type \"text\" does not fit"));
  EXPECT_THAT(FaultsOf({.type = "id", .digits = ""}), HasSubstr("type \"id\" does not fit"));
}

TEST(FieldTable, TakesAStarForAnythingOnly) {
  EXPECT_THAT(FaultsOf({.path = "*", .occurs = "0..n", .type = "any", .digits = ""}), IsEmpty());
  EXPECT_THAT(FaultsOf({.path = "*", .occurs = "0..1", .type = "any", .digits = ""}), HasSubstr("* is any, 0..n"));
  EXPECT_THAT(FaultsOf({.path = "*", .occurs = "0..n"}), HasSubstr("* is any, 0..n"));
}

TEST(FieldTable, RefusesARowWhoseParentHoldsNoElements) {
  EXPECT_THAT(FaultsOfRows({Object("A"), {.path = "A/B"}}), IsEmpty());
  EXPECT_THAT(FaultsOf({.path = "A/B"}), HasSubstr("no row says that A holds elements"));
  EXPECT_THAT(FaultsOfRows({Row(), {.path = "A/B"}}), HasSubstr("no row says that A holds elements"));
  const Row other = {.path = "A", .type = "object:q", .digits = ""};
  EXPECT_THAT(FaultsOfRows({other, {.path = "A/B"}, {.object = "q"}}), HasSubstr("no row says that A holds elements"));
}

TEST(FieldTable, RefusesAnObjectThatIsNowhere) {
  const Row other = {.path = "A", .type = "object:q", .digits = ""};
  EXPECT_THAT(FaultsOfRows({other, {.object = "q"}}), IsEmpty());
  EXPECT_THAT(FaultsOfRows({other}), HasSubstr("type: there is no object q"));
}

TEST(FieldTable, RefusesTheSameRowTwice) {
  EXPECT_THAT(FaultsOfRows({{.applies = "type=201"}, Row()}), IsEmpty());
  EXPECT_THAT(FaultsOfRows({Row(), Row()}), HasSubstr("p/fields.tsv:3: A stands twice under the same conditions"));
  EXPECT_THAT(FaultsOfRows({Row(), {.object = "q"}}), IsEmpty());
}

TEST(FieldTable, RefusesAPathThatHoldsElementsAndAValue) {
  Row object = Object("A");
  object.applies = "type=201";
  EXPECT_THAT(FaultsOfRows({object, Object("A")}), IsEmpty());
  EXPECT_THAT(FaultsOfRows({object, Row()}), HasSubstr("type: A holds something else at p/fields.tsv:3"));
}

TEST(FieldTable, ReadsConditions) {
  const auto profiles = Load({{"p", kHead, Table({{.applies = "type!=206,-1 form=1,2 B!=VND,VNĐ,-"}, {.path = "B"}})}});
  ASSERT_TRUE(profiles.ok()) << profiles.status().message();
  const auto& applies = profiles->front()->objects.at("o").rows.front().applies;
  ASSERT_EQ(applies.size(), 3u);
  EXPECT_EQ(applies[0], (Condition{"type", true, {"206", "-1"}}));
  EXPECT_EQ(applies[1], (Condition{"form", false, {"1", "2"}}));
  EXPECT_EQ(applies[2], (Condition{"B", true, {"VND", "VNĐ", "-"}}));
}

TEST(FieldTable, RefusesAConditionThatCannotBeAsked) {
  for (const char* bad : {"type", "=1", "type=", "type=abc", "B=1,,2", "type==206", "B=1  C=2"})
    EXPECT_THAT(FaultsOfRows({{.applies = bad}, {.path = "B"}}), HasSubstr("is not NAME=VALUE")) << bad;
  EXPECT_THAT(FaultsOf({.applies = "C=1"}), HasSubstr("applies: no C stands beside it"));
  EXPECT_THAT(FaultsOfRows({Object("A"), {.path = "A/B", .applies = "A=1"}}), HasSubstr("no A stands beside it"));
}

TEST(FieldTable, RefusesARuleThatIsNoName) {
  for (const char* good : {"field.a", "missing=field.a", "missing=field.a;form=field.b_2"})
    EXPECT_THAT(FaultsOf({.rule = good}), IsEmpty());
  for (const char* bad : {"field", "Field.a", "field.", ".a", "field.a;", "missing=", "other=field.a"})
    EXPECT_THAT(FaultsOf({.rule = bad}), HasSubstr("is neither a rule")) << bad;
}

TEST(FieldTable, WantsASourceForEveryRow) {
  EXPECT_THAT(FaultsOf({.source = ""}), HasSubstr("source \"\" says where the row comes from"));
}

TEST(FieldTable, RefusesOtherColumns) {
  EXPECT_THAT(FaultsOfTable("object\tpath\n"),
              HasSubstr("p/fields.tsv:1: the columns must be object path occurs type"));
  EXPECT_THAT(FaultsOfTable(""), HasSubstr("p/fields.tsv:1: the columns must be"));
  EXPECT_THAT(FaultsOfTable(kColumns + "o\tA\t1\n"), HasSubstr("p/fields.tsv:2: 3 cells, must be 13"));
  EXPECT_THAT(FaultsOfTable(kColumns + "\n" + Row().Line()), IsEmpty());
}

TEST(FieldTable, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(FaultsOf({.note = "\xFF"}), HasSubstr("p/fields.tsv: is not UTF-8"));
}

TEST(FieldTable, NamesEveryFaultAtOnce) {
  const std::string faults =
      FaultsOfRows({{.type = "string", .mark = "certain"}, {.path = "B", .occurs = "n"}, {.path = "C/D"}});
  EXPECT_THAT(faults, HasSubstr("p/fields.tsv:2: type"));
  EXPECT_THAT(faults, HasSubstr("p/fields.tsv:2: mark"));
  EXPECT_THAT(faults, HasSubstr("p/fields.tsv:3: occurs"));
  EXPECT_THAT(faults, HasSubstr("p/fields.tsv:4: no row says that C"));
}

}  // namespace
}  // namespace tvan
